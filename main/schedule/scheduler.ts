import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import { AppError } from '../base/errors.ts';
import type { Store } from '../store/store.ts';
import type { Claims } from './claims.ts';
import type { Revival } from './revival.ts';
import type { TaskRows } from './task-rows.ts';

export interface SchedulerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly rows: Pick<TaskRows, 'earliest'>;
  readonly claims: Claims;
  readonly revival: Revival;
  readonly report: (what: string, error: unknown) => void;
}

/** How many tasks are claimed in one transaction: few enough that others get their turn. */
const BATCH = 100;
/** How many tasks are reckoned ahead at a time. */
const PIECE = 10;
/** After a failure the same tasks are tried again, but not at once. */
const RETRY_MS = 30_000;
const CONCERNED = new Set(['schedule', 'kill_switch']);

/**
 * Waits for the earliest due task and has it claimed in time. One timer for all; it is set anew when a task changed, when
 * the machine woke up, and, within half a minute, when its clock was moved. Costs nothing in between.
 */
export class Scheduler {
  readonly #parts: SchedulerParts;
  readonly #timer: DueTimer;
  #unsubscribe: (() => void) | null = null;
  #work: Promise<void> = Promise.resolve();
  #again = false;
  #reckoning: Generator | null = null;
  #stopped = false;

  constructor(parts: SchedulerParts) {
    this.#parts = parts;
    this.#timer = new DueTimer(parts.clock, () => void this.check());
  }

  /** Runs what is overdue, and everything else at its time from then on. */
  start(): void {
    this.#unsubscribe = this.#parts.store.onCommit((events) => {
      if (events.some(({ kind, action }) => kind === 'group' && action === 'removed')) this.#try(() => this.#parts.revival.afterGroupsRemoved());
      if (events.some(({ kind }) => CONCERNED.has(kind))) void this.check();
    });
    this.resume();
  }

  /** The machine woke up: what was measured before it slept does not count. */
  resume(): void {
    this.#timer.stop();
    this.#try(() => this.#parts.revival.afterAway());
    void this.check();
  }

  /** Claims what is due, then waits for the next. Never rejects. Calls that come meanwhile share one further pass. */
  async check(): Promise<void> {
    if (this.#stopped) return;
    if (this.#again) {
      await this.#work;
      return;
    }
    this.#again = true;
    this.#work = this.#passAfter(this.#work);
    await this.#work;
  }

  /** Resolves when what was begun is done. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Waits for a pass under way; nothing runs afterwards. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#timer.stop();
    await this.settled();
  }

  async #passAfter(earlier: Promise<void>): Promise<void> {
    await earlier;
    this.#again = false;
    await this.#pass();
  }

  async #pass(): Promise<void> {
    const { revival, clock } = this.#parts;
    let well = this.#try(() => revival.afterKillSwitch());
    while (well && !this.#stopped && this.#isDue()) {
      well = this.#claim(BATCH) || (await this.#oneByOne());
      await breathe();
    }
    if (this.#stopped) return;
    this.#timer.arm(well ? this.#earliest() : clock.now() + RETRY_MS);
    void this.#reckonAhead();
  }

  /** Uses the time until then, in pieces too small to be in anybody's way. */
  async #reckonAhead(): Promise<void> {
    const reckoning = this.#parts.claims.reckonAhead();
    this.#reckoning = reckoning;
    let done = false;
    while (!done && !this.#stopped && this.#reckoning === reckoning) {
      this.#try(() => {
        for (let left = PIECE; left > 0 && !done; left -= 1) done = reckoning.next().done === true;
      });
      await breathe();
    }
  }

  /** One task that cannot be claimed must not keep the others from running. Returns false when the machine is at fault. */
  async #oneByOne(): Promise<boolean> {
    for (let left = BATCH; left > 0 && this.#isDue(); left -= 1) {
      try {
        this.#parts.claims.claim(1);
      } catch (error) {
        if (error instanceof AppError && error.status >= 500) return false;
        if (!this.#try(() => this.#parts.claims.setAside(`It could not be started: ${error instanceof Error ? error.message : String(error)}`))) return false;
      }
      await breathe();
    }
    return true;
  }

  #isDue(): boolean {
    const earliest = this.#earliest();
    return earliest !== null && earliest <= this.#parts.clock.now();
  }

  #earliest(): number | null {
    return this.#parts.revival.mayRun() ? this.#parts.rows.earliest() : null;
  }

  #claim(limit: number): boolean {
    return this.#try(() => this.#parts.claims.claim(limit));
  }

  #try(step: () => unknown): boolean {
    try {
      step();
      return true;
    } catch (error) {
      this.#parts.report('scheduled tasks could not be started', error);
      return false;
    }
  }
}
