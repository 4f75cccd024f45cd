import type { Clock, Timer } from './clock.ts';

/**
 * Sleeping this long at most keeps a deadline honest after the machine was suspended or its clock was moved:
 * timers count running time, deadlines are wall time. It is far above the 5 s floor for idle timers (DESIGN §18).
 */
const LONGEST_SLEEP_MS = 30_000;

/** One timer for the earliest of many deadlines. It costs nothing while nothing is due. */
export class DueTimer {
  readonly #clock: Clock;
  readonly #fire: () => void;
  #timer: Timer | null = null;
  #dueAt: number | null = null;

  /** `fire` runs when the deadline has passed; it must arm the timer again itself. */
  constructor(clock: Clock, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  /** Sets the deadline (wall time in ms); null disarms. The same deadline again changes nothing. */
  arm(dueAt: number | null): void {
    if (dueAt === this.#dueAt && this.#timer !== null) return;
    this.stop();
    this.#dueAt = dueAt;
    if (dueAt !== null) this.#sleep(dueAt);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#dueAt = null;
  }

  #sleep(dueAt: number): void {
    const leftMs = Math.max(0, dueAt - this.#clock.now());
    this.#timer = this.#clock.setTimer(Math.min(leftMs, LONGEST_SLEEP_MS), () => {
      if (this.#clock.now() < dueAt) {
        this.#sleep(dueAt);
        return;
      }
      this.stop();
      this.#fire();
    });
  }
}
