/** Over how long calls are counted, and how finely: a burst is forgotten within a slot of its five minutes. */
const RATE_WINDOW_MS = 300_000;
const SLOTS = 30;
const SLOT_MS = RATE_WINDOW_MS / SLOTS;

interface Counted {
  /** Calls by slot; the slot's number since the clock began tells whether it is still of this round. */
  readonly slots: { number: number; calls: number }[];
  /** Whether the limit was exceeded and said so; said again only after it was kept in between. */
  exceeded: boolean;
}

/** Counts calls per caller in a sliding window, in memory. `nowMs` is of the monotonic clock. */
export class CallRate {
  readonly #limit: number | null;
  readonly #callers = new Map<string, Counted>();

  /** `limit` null: nothing is counted. */
  constructor(limit: number | null) {
    this.#limit = limit;
  }

  /** Notes a call. True when it is the first beyond the limit. */
  note(caller: string, nowMs: number): boolean {
    if (this.#limit === null) return false;
    const counted = this.#callers.get(caller) ?? { slots: Array.from({ length: SLOTS }, () => ({ number: -1, calls: 0 })), exceeded: false };
    this.#callers.set(caller, counted);
    const number = Math.floor(nowMs / SLOT_MS);
    const slot = counted.slots[number % SLOTS]!;
    if (slot.number !== number) Object.assign(slot, { number, calls: 0 });
    slot.calls += 1;
    const calls = counted.slots.reduce((sum, other) => (number - other.number < SLOTS ? sum + other.calls : sum), 0);
    const first = calls > this.#limit && !counted.exceeded;
    counted.exceeded = calls > this.#limit;
    return first;
  }
}
