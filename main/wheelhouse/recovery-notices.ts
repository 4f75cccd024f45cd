import type { KillSwitch } from '../access/kill-switch.ts';
import { iso, type Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { Store } from '../store/store.ts';

export interface RecoveryNoticesParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly killSwitch: Pick<KillSwitch, 'status'>;
  readonly notifications: Pick<Notifications, 'enqueue'>;
  readonly report: (what: string, error: unknown) => void;
}

const TEXT = 'The wait of the recovery is over: it can be finished now. If that was not you, cancel it now.';

/**
 * Tells people, once, that the wait of a recovery is over: it may take a day, nothing goes on without them, and it is the
 * last moment to cancel a recovery that somebody else has begun.
 */
export class RecoveryNotices {
  readonly #parts: RecoveryNoticesParts;
  readonly #timer: DueTimer;
  #unsubscribe: Unsubscribe | null = null;

  constructor(parts: RecoveryNoticesParts) {
    this.#parts = parts;
    this.#timer = new DueTimer(parts.clock, () => this.check());
  }

  start(): void {
    this.#unsubscribe = this.#parts.store.onCommit((events) => {
      if (events.some(({ kind }) => kind === 'kill_switch')) this.check();
    });
    this.check();
  }

  /** To be called after a suspend, too. Never throws. */
  check(): void {
    const { clock, killSwitch, report } = this.#parts;
    try {
      const { state, remainingSeconds } = killSwitch.status();
      if (state !== 'RECOVERING' || remainingSeconds === null) this.#timer.arm(null);
      else if (remainingSeconds > 0) this.#timer.arm(clock.now() + remainingSeconds * 1000);
      else this.#tell();
    } catch (error) {
      report('that the wait of a recovery is over could not be told', error);
    }
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#timer.stop();
  }

  #tell(): void {
    const { store, notifications } = this.#parts;
    // Each recovery has one line that began it; a restart finds the same one.
    const begun = store.db.prepare("SELECT MAX(id) FROM events WHERE kind = 'kill_switch' AND action = 'recovery_started'").pluck().get() as number | null;
    store.transact((tx) => notifications.enqueue(tx, { type: 'KILL_SWITCH_RECOVERY_READY', context: { at: iso(tx.now), text: TEXT, failedSteps: [] }, dedupeKey: String(begun) }));
  }
}
