const FIRST_MS = 5000;
const LONGEST_MS = 10 * 60_000;
const JITTER = 0.2;

/** How long a channel rests after `failures` in a row, in ms. `random` is from 0 to 1: it keeps many from coming back at once. */
export function restMs(failures: number, random: number): number {
  const rest = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 20), LONGEST_MS);
  return Math.round(rest * (1 - JITTER + 2 * JITTER * random));
}
