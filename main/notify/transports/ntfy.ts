import { ntfyCapacity, ntfyPayload } from '../payloads/ntfy.ts';
import { masked, redact } from '../redact.ts';
import type { Words } from '../words/words.ts';
import { CHECK_TIMEOUT_MS, outcomeOfStatus, requestJson, SEND_TIMEOUT_MS } from './post-json.ts';
import type { Item, Outcome, Transport } from './transport.ts';

export interface NtfySettings {
  readonly server: string;
  /** Whoever knows it reads along, so it is treated as a secret. */
  readonly topic: string;
  readonly token: string | null;
}

/** Far below what ntfy.sh gives one visitor: 60 at once, then one in five seconds. */
const LIMITS = [
  { count: 10, perMs: 10_000 },
  { count: 60, perMs: 300_000 },
] as const;

/** Publishes JSON to the root of an ntfy server: headers carry no Korean (waiaas.md §7.5). */
export class NtfyTransport implements Transport {
  readonly channel = 'ntfy';
  readonly target: string;
  readonly limits = LIMITS;
  readonly #settings: NtfySettings;
  readonly #words: () => Words;

  constructor(settings: NtfySettings, words: () => Words) {
    this.#settings = settings;
    this.#words = words;
    this.target = `${new URL(settings.server).host}/${masked(settings.topic)}`;
  }

  unavailable(): string | null {
    return null;
  }

  capacity(items: readonly Item[]): number {
    return ntfyCapacity(items.map(({ draft }) => draft), this.#words());
  }

  async send(items: readonly Item[]): Promise<Outcome> {
    return this.#call('', SEND_TIMEOUT_MS, ntfyPayload(this.#settings.topic, items.map(({ draft }) => draft), this.#words()));
  }

  async check(): Promise<Outcome> {
    return this.#call('v1/health', CHECK_TIMEOUT_MS);
  }

  async #call(path: string, timeoutMs: number, body?: unknown): Promise<Outcome> {
    const { server, topic, token } = this.#settings;
    const secrets = [topic, token ?? ''];
    const answer = await requestJson({
      method: body === undefined ? 'GET' : 'POST',
      url: `${server.replace(/\/$/, '')}/${path}`,
      timeoutMs,
      secrets,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body }),
    });
    if ('kind' in answer) return answer;
    const { id, error } = (answer.body ?? {}) as { readonly id?: string; readonly error?: string };
    if (answer.status === 200) return { kind: 'sent', providerId: id ?? null };
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
    return outcomeOfStatus(answer.status, redact(error ?? '', secrets), Number.isFinite(seconds) ? seconds : null);
  }
}
