import { vi } from 'vitest';
import { INTERVAL_MS, PATIENCE_MS } from './patience.ts';

/** Waits until the condition holds, and returns what it gave. A condition that throws fails the test at once. */
export async function until<T>(condition: () => T | Promise<T>) {
  return vi.waitUntil(condition, { timeout: PATIENCE_MS, interval: INTERVAL_MS });
}

/** Waits until the assertions pass, and returns what they gave. Fails with what the last try said. */
export async function eventually<T>(assertions: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertions, { timeout: PATIENCE_MS, interval: INTERVAL_MS });
}
