import type { Clock, Timer } from '../../main/base/clock.ts';

interface Pending {
  readonly dueMono: number;
  readonly fn: () => void;
}

/** A clock that moves only when told. Wall time can jump on its own, as after a suspend or a changed clock. */
export class FakeClock implements Clock {
  #wall: number;
  #mono = 0;
  readonly #pending = new Set<Pending>();

  constructor(startMs = Date.UTC(2026, 10, 20, 9, 0, 0)) {
    this.#wall = startMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#mono;
  }

  setTimer(delayMs: number, fn: () => void): Timer {
    const pending: Pending = { dueMono: this.#mono + Math.max(0, delayMs), fn };
    this.#pending.add(pending);
    return { cancel: () => void this.#pending.delete(pending) };
  }

  /** Lets `ms` pass and runs the timers that come due, in order. */
  advance(ms: number): void {
    const end = this.#mono + ms;
    for (;;) {
      const next = [...this.#pending].filter((p) => p.dueMono <= end).sort((a, b) => a.dueMono - b.dueMono)[0];
      if (!next) break;
      this.#pending.delete(next);
      this.#move(next.dueMono - this.#mono);
      next.fn();
    }
    this.#move(end - this.#mono);
  }

  /** Moves wall time without running time, as a suspended machine or a changed clock does. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** How many timers are armed. */
  get timers(): number {
    return this.#pending.size;
  }

  #move(ms: number): void {
    this.#mono += ms;
    this.#wall += ms;
  }
}
