/** At most `count` messages in any stretch of `perMs`. */
export interface RateLimit {
  readonly count: number;
  readonly perMs: number;
}

/**
 * When the next message may leave by one limit. `nth` is when the message that is `count` back left; null when there are
 * not that many. A clock that was set back does not hold messages up: what left in the future is not counted.
 */
export function mayLeaveAt({ perMs }: RateLimit, nth: number | null, now: number): number {
  if (nth === null || nth > now) return now;
  return Math.max(now, nth + perMs);
}
