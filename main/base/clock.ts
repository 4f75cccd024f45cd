import { uptime } from 'node:os';

/** A pending callback; `cancel` is safe to call more than once and after it fired. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in the product, so that tests can move it. */
export interface Clock {
  /** Wall time in integer milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that never run backwards; only differences have a meaning. */
  monotonic(): number;
  /** Milliseconds since the machine was started, those in which it slept included; whole seconds on some systems. */
  sinceBoot(): number;
  /** Calls `fn` once after `delayMs`. The timer does not keep the process alive. */
  setTimer(delayMs: number, fn: () => void): Timer;
}

/** setTimeout treats anything above this as 1 ms (a signed 32-bit overflow), so longer delays are chained. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The clock of the running machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sinceBoot: () => uptime() * 1000,
  setTimer(delayMs, fn) {
    let handle: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const step = Math.min(Math.max(leftMs, 0), MAX_TIMEOUT_MS);
      handle = setTimeout(() => (leftMs > step ? arm(leftMs - step) : fn()), step);
      handle.unref();
    };
    arm(delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** ISO 8601 in UTC, the form of every time at the API (DESIGN §5). */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
