import type { Store, Tx } from '../store/store.ts';
import type { Notifications } from './notifications.ts';
import type { NoticeChannel } from './types.ts';

/** How a channel has done so far. Times are wall time in ms. */
export interface ChannelRecord {
  readonly blockedUntil: number | null;
  /** In a row. */
  readonly failures: number;
  readonly lastOkAt: number | null;
  readonly checkedAt: number | null;
  readonly lastError: string | null;
}

/** Whether people know from elsewhere that the service behind a channel is down, as from its chats. */
export type OutageTold = (tx: Tx, channel: NoticeChannel) => boolean;

/** So many failures in a row are worth a word on another channel (waiaas.md §7.3). The channel is never switched off. */
const DOWN_AFTER = 3;

const NONE: ChannelRecord = { blockedUntil: null, failures: 0, lastOkAt: null, checkedAt: null, lastError: null };

/** What is known about each channel, shared by every process on the database. */
export class ChannelRecords {
  readonly #store: Store;
  readonly #notifications: Notifications;
  readonly #outageTold: OutageTold;

  constructor(store: Store, notifications: Notifications, outageTold: OutageTold = () => false) {
    this.#store = store;
    this.#notifications = notifications;
    this.#outageTold = outageTold;
  }

  get(channel: NoticeChannel): ChannelRecord {
    const row = this.#store.db
      .prepare('SELECT blocked_until AS blockedUntil, failures, last_ok_at AS lastOkAt, checked_at AS checkedAt, last_error AS lastError FROM notice_channels WHERE channel = ?')
      .get(channel) as ChannelRecord | undefined;
    return row ?? NONE;
  }

  /** It works. */
  noteOk(tx: Tx, channel: NoticeChannel, checked: boolean): void {
    const { failures, checkedAt } = this.get(channel);
    this.#write(channel, { blockedUntil: null, failures: 0, lastOkAt: tx.now, checkedAt: checked ? tx.now : checkedAt, lastError: null });
    if (failures >= DOWN_AFTER) {
      tx.event({ kind: 'notification', action: 'channel_up', subject: `notice_channel:${channel}`, text: `Notices by ${channel} arrive again`, data: { channel } });
    }
  }

  /** It is asked again at once, because the person says so. */
  endPause(channel: NoticeChannel): void {
    this.#write(channel, { ...this.get(channel), blockedUntil: null });
  }

  /** It asked for silence, which is no failure. */
  noteSilence(channel: NoticeChannel, until: number): void {
    this.#write(channel, { ...this.get(channel), blockedUntil: until });
  }

  /** It does not work. Warns by another channel when that was so often enough, or is `final`. Returns the failures in a row. */
  noteFailure(tx: Tx, channel: NoticeChannel, failure: { readonly reason: string; readonly final: boolean; readonly checked: boolean; readonly restMs: (failures: number) => number }): number {
    const before = this.get(channel);
    const failures = failure.final ? Math.max(DOWN_AFTER, before.failures + 1) : before.failures + 1;
    this.#write(channel, {
      blockedUntil: tx.now + failure.restMs(failures),
      failures,
      lastOkAt: before.lastOkAt,
      checkedAt: failure.checked ? tx.now : before.checkedAt,
      lastError: failure.reason,
    });
    if (before.failures < DOWN_AFTER && failures >= DOWN_AFTER) this.#noteDown(tx, channel, failure.reason);
    if (failures >= DOWN_AFTER && !this.#wasTold(channel, before.lastOkAt ?? 0) && !this.#outageTold(tx, channel)) {
      this.#notifications.enqueue(tx, { type: 'NOTICE_CHANNEL_DOWN', context: { channel, reason: failure.reason, failures }, dedupeKey: channel });
    }
    return failures;
  }

  /** Whether this outage, which began after `since`, was told already. */
  #wasTold(channel: NoticeChannel, since: number): boolean {
    return this.#store.db.prepare("SELECT 1 FROM notices WHERE type = 'NOTICE_CHANNEL_DOWN' AND dedupe_key = ? AND created_at > ?").get(channel, since) !== undefined;
  }

  #noteDown(tx: Tx, channel: NoticeChannel, reason: string): void {
    tx.event({ kind: 'notification', action: 'channel_down', subject: `notice_channel:${channel}`, text: `Notices by ${channel} do not arrive: ${reason}`, data: { channel, reason } });
  }

  #write(channel: NoticeChannel, { blockedUntil, failures, lastOkAt, checkedAt, lastError }: ChannelRecord): void {
    this.#store.db
      .prepare('INSERT OR REPLACE INTO notice_channels (channel, blocked_until, failures, last_ok_at, checked_at, last_error) VALUES (?,?,?,?,?,?)')
      .run(channel, blockedUntil, failures, lastOkAt, checkedAt, lastError);
  }
}
