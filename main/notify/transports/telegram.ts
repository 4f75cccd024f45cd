import { telegramCapacity, telegramPayload, type TelegramPayload } from '../payloads/telegram.ts';
import { masked, redact } from '../redact.ts';
import type { Words } from '../words/words.ts';
import { CHECK_TIMEOUT_MS, outcomeOfStatus, requestJson, SEND_TIMEOUT_MS } from './post-json.ts';
import type { Item, Outcome, Transport } from './transport.ts';

export interface TelegramSettings {
  readonly apiRoot: string;
  readonly chatId: string;
  /** It is part of the address, so it never appears in a reason. */
  readonly token: string;
}

/** Telegram states no figures; these are what its FAQ advises per chat and group. A 429 is obeyed on top of it. */
const LIMITS = [
  { count: 1, perMs: 1000 },
  { count: 20, perMs: 60_000 },
] as const;
/** A button whose address Telegram does not like loses the whole message (waiaas.md §7.5). */
const BUTTON_TROUBLE = /button|wrong http url/i;

interface Said {
  readonly description?: string;
  readonly result?: { readonly message_id?: number };
  readonly parameters?: { readonly retry_after?: number };
}

/** Sends by the Bot API. There is no way to say a message twice and have it appear once: repeats are marked instead. */
export class TelegramTransport implements Transport {
  readonly channel = 'telegram';
  readonly target: string;
  readonly limits = LIMITS;
  readonly #settings: TelegramSettings;
  readonly #words: () => Words;

  constructor(settings: TelegramSettings, words: () => Words) {
    this.#settings = settings;
    this.#words = words;
    this.target = masked(settings.chatId);
  }

  unavailable(): string | null {
    return null;
  }

  capacity(items: readonly Item[]): number {
    return telegramCapacity(items.map(({ draft }) => draft), this.#words());
  }

  async send(items: readonly Item[]): Promise<Outcome> {
    const payload = telegramPayload(this.#settings.chatId, items.map(({ draft }) => draft), this.#words());
    const outcome = await this.#call('sendMessage', payload, SEND_TIMEOUT_MS);
    if (outcome.kind !== 'refused' || payload.reply_markup === undefined || !BUTTON_TROUBLE.test(outcome.reason)) return outcome;
    // Without the button it still tells what happened, and the window has the buttons.
    const { reply_markup: _button, ...plain } = payload;
    return this.#call('sendMessage', plain, SEND_TIMEOUT_MS);
  }

  async check(): Promise<Outcome> {
    return this.#call('getMe', undefined, CHECK_TIMEOUT_MS);
  }

  async #call(method: string, body: Partial<TelegramPayload> | undefined, timeoutMs: number): Promise<Outcome> {
    const { apiRoot, token } = this.#settings;
    const answer = await requestJson({ url: `${apiRoot.replace(/\/$/, '')}/bot${token}/${method}`, timeoutMs, secrets: [token], ...(body !== undefined && { body }) });
    if ('kind' in answer) return answer;
    const { description, result, parameters } = (answer.body ?? {}) as Said;
    if (answer.status === 200) return { kind: 'sent', providerId: result?.message_id === undefined ? null : String(result.message_id) };
    // Telegram says how long in the body; its header is not documented (bus.md §5, D6).
    return outcomeOfStatus(answer.status, redact(description ?? '', [token]), parameters?.retry_after ?? null);
  }
}
