import type { Clock } from '../base/clock.ts';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Beyond this many callers the full buckets are forgotten; a forgotten bucket is a full one. */
const MANY = 1000;

/** A token bucket per caller: a minute's share at once, then what flows in. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perMinute: number | null;
  readonly #buckets = new Map<string, Bucket>();

  /** `perMinute` null: no limit. */
  constructor(clock: Clock, perMinute: number | null) {
    this.#clock = clock;
    this.#perMinute = perMinute;
  }

  /** Takes one token. Returns null, or for how many seconds the caller should wait. */
  take(caller: string): number | null {
    if (this.#perMinute === null) return null;
    const bucket = this.#filled(caller, this.#perMinute);
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 60) / this.#perMinute);
    bucket.tokens -= 1;
    return null;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #filled(caller: string, perMinute: number): Bucket {
    const now = this.#clock.monotonic();
    const known = this.#buckets.get(caller);
    if (known !== undefined) {
      fill(known, now, perMinute);
      return known;
    }
    if (this.#buckets.size >= MANY) this.#forgetFull(now, perMinute);
    const fresh = { tokens: perMinute, filledAt: now };
    this.#buckets.set(caller, fresh);
    return fresh;
  }

  #forgetFull(now: number, perMinute: number): void {
    for (const [caller, bucket] of this.#buckets) {
      fill(bucket, now, perMinute);
      if (bucket.tokens >= perMinute) this.#buckets.delete(caller);
    }
  }
}

function fill(bucket: Bucket, now: number, perMinute: number): void {
  bucket.tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.filledAt) * perMinute) / 60_000);
  bucket.filledAt = now;
}
