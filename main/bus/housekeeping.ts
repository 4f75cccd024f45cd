import type { Clock, Timer } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { BusStore, Retention } from './store.ts';

const FIRST_PRUNE_MS = 60_000;
const PRUNE_EVERY_MS = 3_600_000;
/** A failed sweep, or a deadline that a sweep did not clear, is tried again after this long instead of in a loop. */
const RETRY_MS = 5000;

export interface HousekeepingOptions {
  readonly store: BusStore;
  readonly clock: Clock;
  readonly retention: Retention;
  /** Hears what went wrong; the work is tried again. */
  readonly onError: (what: string, error: unknown) => void;
}

/** Ends what is over at its time, with one timer for the earliest deadline, and removes what is too old every hour. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #timer: DueTimer;
  #pruneTimer: Timer | null = null;
  #running = false;
  /** The sweeps and the prunes under way, each one after another, so that stopping can wait for them. */
  #sweeping: Promise<void> = Promise.resolve();
  #pruning: Promise<void> = Promise.resolve();
  #armAsked = false;

  constructor(options: HousekeepingOptions) {
    this.#options = options;
    this.#timer = new DueTimer(options.clock, () => this.sweep());
  }

  start(): void {
    this.#running = true;
    this.#schedulePrune(FIRST_PRUNE_MS);
    this.sweep();
  }

  /** Returns when nothing touches the store any more. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#timer.stop();
    this.#pruneTimer?.cancel();
    await this.#sweeping;
    await this.#pruning;
  }

  /** Deadlines may have changed. */
  changed(): void {
    if (this.#armAsked) return;
    this.#armAsked = true;
    this.#enqueue(async () => {
      this.#armAsked = false;
      await this.#arm();
    });
  }

  /** Ends what is over now; also for a machine that woke up, whose timers slept with it. */
  sweep(): void {
    this.#enqueue(async () => {
      await this.#options.store.sweep();
      await this.#arm(this.#options.clock.now());
    });
  }

  async #arm(sweptAt?: number): Promise<void> {
    const due = await this.#options.store.nextDue();
    if (!this.#running) return;
    this.#timer.arm(due !== null && sweptAt !== undefined && due <= sweptAt ? sweptAt + RETRY_MS : due);
  }

  #enqueue(work: () => Promise<void>): void {
    const before = this.#sweeping;
    this.#sweeping = (async () => {
      await before;
      if (!this.#running) return;
      try {
        await work();
      } catch (error) {
        this.#options.onError('ending what is over', error);
        if (this.#running) this.#timer.arm(this.#options.clock.now() + RETRY_MS);
      }
    })();
  }

  #schedulePrune(delayMs: number): void {
    this.#pruneTimer = this.#options.clock.setTimer(delayMs, () => {
      const before = this.#pruning;
      this.#pruning = (async () => {
        await before;
        try {
          await this.#prune();
        } catch (error) {
          this.#options.onError('removing what is too old', error);
        }
      })();
      this.#schedulePrune(PRUNE_EVERY_MS);
    });
  }

  async #prune(): Promise<void> {
    while (this.#running) {
      const removed = await this.#options.store.prune(this.#options.retention);
      if (removed.messages + removed.events === 0) return;
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
  }
}
