/** At most `count` in any `perMs`. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** What a network takes without complaint: in one chat, in one group chat besides, and in all. */
export interface SendRates {
  readonly chat: readonly Rate[];
  readonly group: readonly Rate[];
  readonly all: readonly Rate[];
}

const ALL = '*';

/** Says how long a message has to wait so that no rate is broken. Times are monotonic ms. */
export class SendPace {
  readonly #rates: SendRates;
  readonly #isGroup: (jid: string) => boolean;
  readonly #sent = new Map<string, number[]>();

  constructor(rates: SendRates, isGroup: (jid: string) => boolean) {
    this.#rates = rates;
    this.#isGroup = isGroup;
  }

  /** 0: now. */
  waitMs(jid: string, now: number): number {
    return Math.max(0, ...this.#ratesOf(jid).map((rate) => waitFor(rate, this.#sent.get(jid) ?? [], now)), ...this.#rates.all.map((rate) => waitFor(rate, this.#sent.get(ALL) ?? [], now)));
  }

  /** One is being sent. */
  took(jid: string, now: number): void {
    for (const key of [jid, ALL]) {
      const kept = Math.max(0, ...[...this.#ratesOf(jid), ...this.#rates.all].map(({ perMs }) => perMs));
      this.#sent.set(key, [...(this.#sent.get(key) ?? []).filter((at) => at > now - kept), now]);
    }
    if (this.#sent.size > 1000) this.#forget(now);
  }

  #ratesOf(jid: string): readonly Rate[] {
    return this.#isGroup(jid) ? [...this.#rates.chat, ...this.#rates.group] : this.#rates.chat;
  }

  #forget(now: number): void {
    const kept = Math.max(0, ...[...this.#rates.chat, ...this.#rates.group, ...this.#rates.all].map(({ perMs }) => perMs));
    for (const [key, times] of this.#sent) if (times.every((at) => at <= now - kept)) this.#sent.delete(key);
  }
}

function waitFor({ count, perMs }: Rate, sent: readonly number[], now: number): number {
  const within = sent.filter((at) => at > now - perMs);
  return within.length < count ? 0 : within[within.length - count]! + perMs - now;
}
