import type { Clock, Timer } from '../../main/base/clock.ts';

interface Pending {
  readonly dueMono: number;
  readonly fn: () => void;
}

/** A clock that moves only when told. Wall time can jump on its own, as after a suspend or a changed clock. */
export class FakeClock implements Clock {
  #wall: number;
  #mono = 0;
  #sinceBoot = 5_000_000;
  readonly #pending = new Set<Pending>();
  /** How many timers were ever set. */
  armed = 0;

  constructor(startMs = Date.UTC(2026, 10, 20, 9, 0, 0)) {
    this.#wall = startMs;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#mono;
  }

  sinceBoot(): number {
    return this.#sinceBoot;
  }

  setTimer(delayMs: number, fn: () => void): Timer {
    const pending: Pending = { dueMono: this.#mono + Math.max(0, delayMs), fn };
    this.#pending.add(pending);
    this.armed += 1;
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

  /** Moves wall time without running time, as a changed clock does. */
  jump(ms: number): void {
    this.#wall += ms;
  }

  /** Lets `ms` pass while the machine is suspended: its own clock goes on, running time does not. */
  sleep(ms: number): void {
    this.#wall += ms;
    this.#sinceBoot += ms;
  }

  /** Switches the machine off for `offMs` of wall time and starts it again. */
  reboot(offMs: number): void {
    this.#wall += offMs;
    this.#sinceBoot = 0;
  }

  /** How many timers are armed. */
  get timers(): number {
    return this.#pending.size;
  }

  #move(ms: number): void {
    this.#mono += ms;
    this.#sinceBoot += ms;
    this.#wall += ms;
  }
}
