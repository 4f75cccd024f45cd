import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store } from '../store/store.ts';
import type { ChannelRecords } from './channel-records.ts';
import type { NoticeHistory } from './history.ts';
import type { Notifications } from './notifications.ts';
import { howToSetUp } from './transports/open-transports.ts';
import type { Transport } from './transports/transport.ts';
import type { NoticeChannel } from './types.ts';

export interface ChannelTestParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly notifications: Notifications;
  readonly history: NoticeHistory;
  readonly records: ChannelRecords;
  /** The channels that are set up now. */
  readonly transports: () => readonly Transport[];
  /** Sends what is due now; a core does so by itself. */
  readonly kick: () => void;
}

export interface ChannelTestResult {
  readonly noticeId: number;
  readonly delivered: boolean;
  /** What the channel said against it; null when it took it. */
  readonly reason: string | null;
}

/** A request takes ten seconds at most, and it may follow another one. */
const PATIENCE_MS = 25_000;

/** "Send a test": a real notice by the real way, to one channel. */
export class ChannelTest {
  readonly #parts: ChannelTestParts;

  constructor(parts: ChannelTestParts) {
    this.#parts = parts;
  }

  /** Resolves when the channel has answered, whatever it said. Rejects with NOTICE_CHANNEL_UNUSABLE when it is not set up. */
  async run(channel: NoticeChannel): Promise<ChannelTestResult> {
    const transport = this.#parts.transports().find((other) => other.channel === channel);
    const missing = transport === undefined ? howToSetUp(channel) : transport.unavailable();
    if (missing !== null) throw new AppError('NOTICE_CHANNEL_UNUSABLE', `Notices cannot go by ${channel}: ${missing}`, { channel });
    const { store, notifications, records } = this.#parts;
    const noticeId = store.transact((tx) => {
      // Whoever presses the button has mended something and does not want to wait for the pause to end.
      records.endPause(channel);
      return notifications.enqueue(tx, { type: 'TEST', context: { channel } });
    });
    const answered = this.#answered(noticeId);
    this.#parts.kick();
    await answered;
    return this.#resultOf(noticeId);
  }

  async #answered(noticeId: number): Promise<void> {
    const { store, clock, history } = this.#parts;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(PATIENCE_MS, finish);
      const stop = store.onCommit(() => {
        if (history.attempts(noticeId).length > 0) finish();
      });
      function finish(): void {
        timer.cancel();
        stop();
        resolve();
      }
      if (history.attempts(noticeId).length > 0) finish();
    });
  }

  #resultOf(noticeId: number): ChannelTestResult {
    const { history } = this.#parts;
    const last = history.attempts(noticeId).at(-1);
    if (last === undefined) return { noticeId, delivered: false, reason: 'There was no answer yet; the history shows what becomes of it.' };
    return { noticeId, delivered: last.outcome === 'sent', reason: last.outcome === 'sent' ? null : last.reason };
  }
}
