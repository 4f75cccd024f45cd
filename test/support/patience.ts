/**
 * How long a test waits for what must come: long enough for a machine that has other work, in milliseconds. One that passes
 * never waits for it. Shorter than the time of any test, so that it is the wait that fails and says for what.
 */
export const PATIENCE_MS = 60_000;

/** How often it looks, in milliseconds. */
export const INTERVAL_MS = 50;
