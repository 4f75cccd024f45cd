/** A bucket of requests that fills evenly: `perMinute` in all, at once or spread. Times are of the monotonic clock, in ms. */
export class RequestRate {
  readonly #perMinute: number;
  #left: number;
  #at: number;
  #refusing = false;

  constructor(perMinute: number, nowMs: number) {
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#at = nowMs;
  }

  /** Takes one. `first` is true for the first refusal since one was granted: once is enough to say it. */
  take(nowMs: number): { readonly granted: true } | { readonly granted: false; readonly first: boolean; readonly retryAfterMs: number } {
    this.#left = Math.min(this.#perMinute, this.#left + ((nowMs - this.#at) / 60_000) * this.#perMinute);
    this.#at = nowMs;
    if (this.#left >= 1) {
      this.#left -= 1;
      this.#refusing = false;
      return { granted: true };
    }
    const first = !this.#refusing;
    this.#refusing = true;
    return { granted: false, first, retryAfterMs: Math.ceil(((1 - this.#left) * 60_000) / this.#perMinute) };
  }
}
