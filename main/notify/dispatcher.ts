import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { Store } from '../store/store.ts';
import { ChannelRecords, type OutageTold } from './channel-records.ts';
import { draftOf, hasRejectButton, type StoredNotice } from './draft.ts';
import type { Notifications } from './notifications.ts';
import type { NoticeUpkeep } from './notice-upkeep.ts';
import type { NoticeContexts } from './notices.ts';
import { Outbox, type LeasedRow } from './outbox.ts';
import { Planner } from './planner.ts';
import type { NotifyRules } from './rules.ts';
import { Settlement } from './settlement.ts';
import type { Item, Transport } from './transports/transport.ts';
import type { NoticeChannel } from './types.ts';
import type { Words } from './words/words.ts';

/** Makes the link by which the person can say no to a renewal. */
export interface RejectLinks {
  /** Null when there is nothing left to say no to. */
  issue(context: NoticeContexts['SESSION_RENEWED']): string | null;
}

export interface DispatcherParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly notifications: Notifications;
  /** The channels that are set up now. */
  readonly transports: () => readonly Transport[];
  readonly rules: () => NotifyRules;
  readonly words: () => Words;
  readonly rejectLinks: RejectLinks;
  /** When absent, every outage of a channel is told. */
  readonly outageTold?: OutageTold;
  /**
   * `core`: the one that runs for long, so that leases of an earlier one are void. `command`: a command without the core;
   * it leaves to the core what it has no channel for.
   */
  readonly kind: 'core' | 'command';
  /** Tells this process from others of its kind, as its process id does. */
  readonly processName: string;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Looked at with every check; it does something about once an hour. */
  readonly upkeep: Pick<NoticeUpkeep, 'check'> | null;
  readonly report: (what: string, error: unknown) => void;
}

/** What a command queued while this process was starting is found within this time; everything else is heard of at once. */
const LOOK_AGAIN_MS = 10 * 60_000;
const AFTER_TROUBLE_MS = 5000;
const MINUTE_MS = 60_000;

/** Sends what is in the outbox, each channel on its own so that none waits for another. Costs nothing while nothing is due. */
export class Dispatcher {
  readonly records: ChannelRecords;
  readonly #parts: DispatcherParts;
  readonly #outbox: Outbox;
  readonly #planner: Planner;
  readonly #settlement: Settlement;
  readonly #timer: DueTimer;
  /** Channels at work; free again in the same turn in which their work ends, so that nothing is overlooked in between. */
  readonly #busy = new Set<NoticeChannel>();
  readonly #work = new Map<NoticeChannel, Promise<void>>();
  /** When each channel has something to do next. */
  readonly #due = new Map<NoticeChannel, number>();
  #troubleUntil = 0;
  #unsubscribe: Unsubscribe | null = null;
  #stopped = false;
  #soon = false;

  constructor(parts: DispatcherParts) {
    const { store, notifications, transports, rules, random, kind } = parts;
    this.#parts = parts;
    this.records = new ChannelRecords(store, notifications, parts.outageTold);
    this.#outbox = new Outbox(store, this.records, `${kind}:${parts.processName}`);
    this.#planner = new Planner({ store, records: this.records, transports, rules, leaveWithoutChannel: kind === 'command' });
    this.#settlement = new Settlement({ store, records: this.records, random, retryMs: () => rules().retryMs });
    this.#timer = new DueTimer(parts.clock, () => this.check());
  }

  /** Sends what is due, then whatever comes. */
  start(): void {
    const { store, kind } = this.#parts;
    this.#unsubscribe = store.onCommit((events) => {
      if (events.some(({ kind: area, action }) => area === 'notification' && NEW_WORK.has(action))) this.#checkSoon();
    });
    this.#guarded('interrupted notices could not be opened again', () => this.#outbox.reopen(kind === 'core' ? 'core:' : null));
    this.check();
  }

  /** Many notices may be raised in a row; one look finds them all. */
  #checkSoon(): void {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      this.check();
    });
  }

  /** Looks for what is due now. To be called after a suspend, too. Never throws. */
  check(): void {
    if (this.#stopped) return;
    this.#guarded('notices could not be planned', () => {
      this.#outbox.reopen();
      this.#planner.planNew();
    });
    this.#guarded('old notices could not be forgotten', () => this.#parts.upkeep?.check());
    this.#startAll();
  }

  /** Ends after the messages that are on their way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#timer.stop();
    await Promise.all(this.#work.values());
  }

  /** Sends until nothing is due before `deadline` (wall time in ms), for a process that ends then. */
  async drain(deadline: number): Promise<void> {
    const { clock } = this.#parts;
    for (;;) {
      this.check();
      await Promise.all(this.#work.values());
      if (this.#busy.size > 0) continue;
      const next = Math.min(...this.#due.values(), ...(this.#troubleUntil > clock.now() ? [this.#troubleUntil] : []));
      if (next > deadline) return;
      await new Promise<void>((resolve) => {
        clock.setTimer(Math.max(0, next - clock.now()), resolve);
      });
    }
  }

  #startAll(): void {
    for (const transport of this.#parts.transports()) {
      if (!this.#busy.has(transport.channel)) this.#work.set(transport.channel, this.#pump(transport));
    }
    this.#arm();
  }

  async #pump(transport: Transport): Promise<void> {
    const { channel, limits } = transport;
    this.#busy.add(channel);
    this.#due.delete(channel);
    try {
      while (!this.#stopped && transport.unavailable() === null) {
        const lease = this.#outbox.lease({
          channel,
          limits,
          globalLimit: { count: this.#parts.rules().maxPerMinute, perMs: MINUTE_MS },
          capacity: (rows) => transport.capacity(this.#items(rows, false)),
        });
        if (lease.kind === 'wait') {
          if (lease.until !== null) this.#due.set(channel, lease.until);
          break;
        }
        const outcome = await transport.send(this.#items(lease.rows, true));
        this.#settlement.settle(channel, lease.rows, outcome);
        // Another channel may have been asked instead.
        if (outcome.kind !== 'sent') this.#startAll();
      }
    } catch (error) {
      this.#parts.report(`notices by ${channel} could not be sent`, error);
      this.#due.set(channel, this.#parts.clock.now() + AFTER_TROUBLE_MS);
    } finally {
      this.#busy.delete(channel);
      this.#arm();
    }
  }

  #items(rows: readonly LeasedRow[], withLinks: boolean): readonly Item[] {
    const words = this.#parts.words();
    return rows.map(({ notice, mayRepeat }) => ({ noticeId: notice.id, draft: draftOf(notice, words, mayRepeat, withLinks ? this.#linkOf(notice) : null) }));
  }

  #linkOf(notice: StoredNotice): string | null {
    if (!hasRejectButton(notice)) return null;
    return this.#parts.rejectLinks.issue(notice.context as NoticeContexts['SESSION_RENEWED']);
  }

  #arm(): void {
    if (this.#stopped) return;
    const now = this.#parts.clock.now();
    const trouble = this.#troubleUntil > now ? this.#troubleUntil : Infinity;
    this.#timer.arm(Math.min(trouble, ...this.#due.values(), this.#outbox.nextLeaseEnd() ?? Infinity, now + LOOK_AGAIN_MS));
  }

  #guarded(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#parts.report(what, error);
      this.#troubleUntil = this.#parts.clock.now() + AFTER_TROUBLE_MS;
    }
  }
}

const NEW_WORK: ReadonlySet<string> = new Set(['raised', 'resent', 'channel_up']);
