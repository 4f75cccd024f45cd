import { discordCapacity, discordPayload } from '../payloads/discord.ts';
import { redact } from '../redact.ts';
import type { Words } from '../words/words.ts';
import { CHECK_TIMEOUT_MS, outcomeOfStatus, requestJson, SEND_TIMEOUT_MS } from './post-json.ts';
import type { Item, Outcome, Transport } from './transport.ts';

/** Five in five seconds, as Discord allows a webhook. */
const LIMITS = [{ count: 5, perMs: 5000 }] as const;

interface Said {
  readonly id?: string;
  readonly message?: string;
  /** Seconds, with a fraction. */
  readonly retry_after?: number;
}

/** Sends by a webhook, whose address is a secret as a whole. */
export class DiscordTransport implements Transport {
  readonly channel = 'discord';
  readonly target: string;
  readonly limits = LIMITS;
  readonly #webhook: string;
  readonly #words: () => Words;

  constructor(webhook: string, words: () => Words) {
    this.#webhook = webhook;
    this.#words = words;
    this.target = `${new URL(webhook).host}/…`;
  }

  unavailable(): string | null {
    return null;
  }

  capacity(items: readonly Item[]): number {
    return discordCapacity(items.map(({ draft }) => draft), this.#words());
  }

  async send(items: readonly Item[]): Promise<Outcome> {
    const url = new URL(this.#webhook);
    // Without it the answer comes before the message is stored, and has no id.
    url.searchParams.set('wait', 'true');
    return this.#call('POST', url.href, SEND_TIMEOUT_MS, discordPayload(items.map(({ draft }) => draft), this.#words()));
  }

  async check(): Promise<Outcome> {
    return this.#call('GET', this.#webhook, CHECK_TIMEOUT_MS);
  }

  async #call(method: 'POST' | 'GET', url: string, timeoutMs: number, body?: unknown): Promise<Outcome> {
    const secrets = [this.#webhook, new URL(this.#webhook).pathname];
    const answer = await requestJson({ method, url, timeoutMs, secrets, ...(body !== undefined && { body }) });
    if ('kind' in answer) return answer;
    const { id, message, retry_after } = (answer.body ?? {}) as Said;
    if (answer.status === 200 || answer.status === 204) return { kind: 'sent', providerId: id ?? null };
    return outcomeOfStatus(answer.status, redact(message ?? '', secrets), retry_after ?? secondsIn(answer.headers));
  }
}

function secondsIn(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
