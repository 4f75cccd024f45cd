import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Session } from './session-rows.ts';

/** The part of `Sessions` that knows what is over. */
export interface ExpiringSessions {
  overdue(): readonly Session[];
  nextExpiry(): number | null;
  carryOutEnd(session: Session): Promise<void>;
}

/** After a failure the same session is tried again, but not at once. */
const RETRY_MS = 60_000;

/** Ends sessions when their time has come, also those that ended while the core was not running. */
export class SessionExpiry {
  readonly #sessions: ExpiringSessions;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #timer: DueTimer;
  #sweeping: Promise<void> = Promise.resolve();
  #stopped = false;

  /** `onError` hears why the end of a session could not be carried out; it is tried again a minute later. */
  constructor(sessions: ExpiringSessions, clock: Clock, onError: (error: unknown) => void) {
    this.#sessions = sessions;
    this.#clock = clock;
    this.#onError = onError;
    this.#timer = new DueTimer(clock, () => void this.check());
  }

  /** Carries out what is overdue and waits for the next expiry. To be called at start, after a new session, after a suspend. */
  async check(): Promise<void> {
    this.#sweeping = this.#sweeping.then(async () => this.#sweep());
    await this.#sweeping;
  }

  /** Waits for a sweep in progress; nothing runs afterwards. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer.stop();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    if (this.#stopped) return;
    let next: number | null = null;
    let again = false;
    const looked = await this.#try(async () => {
      for (const session of this.#sessions.overdue()) again = !(await this.#try(async () => this.#sessions.carryOutEnd(session))) || again;
      next = this.#sessions.nextExpiry();
    });
    if (!this.#stopped) this.#timer.arm(looked && !again ? next : this.#clock.now() + RETRY_MS);
  }

  async #try(step: () => Promise<void>): Promise<boolean> {
    try {
      await step();
      return true;
    } catch (error) {
      this.#onError(error);
      return false;
    }
  }
}
