import type { Clock } from '../../base/clock.ts';
import { backoffMs } from '../backoff.ts';
import { type ChannelEvents, type CommandChannel, type OutgoingMessage, SendError } from '../channel.ts';
import type { ChannelSettings } from '../channel-settings.ts';
import type { Chats } from '../chats.ts';
import type { TextRules } from '../outbound-queue.ts';
import type { SendRates } from '../send-rates.ts';
import type { ChannelState, ChatInfo } from '../types.ts';
import { BotError, type BotClient } from './bot-client.ts';
import type { OwnerCommands } from './owner-commands.ts';
import { UpdateReader } from './update-reader.ts';
import { addressOf, jidOf } from './updates.ts';

/** A bot to connect, or the reason why there is none. */
export type BotSetUp = { readonly connect: () => Promise<BotClient> } | { readonly off: string };

export interface TelegramChannelParts {
  readonly events: ChannelEvents;
  readonly settings: ChannelSettings;
  readonly chats: Chats;
  readonly clock: Clock;
  readonly random: () => number;
  /** The bot as it is set up now, or why there is none. Asked with every {@link Channel.connect}. */
  readonly bot: () => BotSetUp;
  readonly owner: OwnerCommands;
  /** The ids of the owners. */
  readonly owners: ReadonlySet<number>;
  readonly isServed: (jid: string) => boolean;
  readonly report: (what: string, error: unknown) => void;
}

/** Stands before a message that may have arrived already. */
const REPEAT = '↻ ';
const LONGEST = 4096 - REPEAT.length;
const RETRY = { firstMs: 1000, mostMs: 60_000 };
/** How long one question for updates waits for one. */
const WAIT_SEC = 30;

/**
 * Telegram by a bot, in long polling: it alone asks for updates, so another program with the same token shows as a conflict.
 * What a bot cannot know is which chats it is in; a group is known once something was said in it or the bot was added.
 */
export class TelegramChannel implements CommandChannel {
  readonly name = 'telegram';
  readonly text: TextRules = { maxLength: LONGEST, prefix: null };
  // As Telegram's own questions and answers give them.
  readonly rates: SendRates = { chat: [{ count: 1, perMs: 1000 }], group: [{ count: 20, perMs: 60_000 }], all: [{ count: 30, perMs: 1000 }] };
  readonly typingLastsMs = 4500;
  readonly #parts: TelegramChannelParts;
  #state: ChannelState = { state: 'off', reason: null };
  #client: BotClient | null = null;
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;

  constructor(parts: TelegramChannelParts) {
    this.#parts = parts;
  }

  async connect(): Promise<void> {
    if (this.#running !== null) return;
    const bot = this.#parts.bot();
    if ('off' in bot) {
      this.#become({ state: 'off', reason: bot.off });
      return;
    }
    const stop = new AbortController();
    this.#running = { stop, done: this.#run(bot.connect, stop.signal) };
  }

  async disconnect(): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    running.stop.abort();
    await running.done;
    this.#running = null;
    this.#client = null;
    this.#become({ state: 'off', reason: null });
  }

  state(): ChannelState {
    return this.#state;
  }

  async send(jid: string, { text, maybeSent }: OutgoingMessage): Promise<void> {
    const address = addressOf(jid);
    if (address === null) throw new SendError('refused', `${jid} is no chat of Telegram.`);
    const client = this.#client;
    if (client === null || this.#state.state !== 'connected') throw new SendError('later', 'Telegram is not connected.');
    const send = async (chatId: number): Promise<void> => client.send({ ...address, chatId, text: maybeSent ? REPEAT + text : text });
    try {
      await send(address.chatId).catch(async (error: unknown) => {
        if (!(error instanceof BotError) || error.movedTo === null) throw error;
        // Telegram says so once and for all; what was refused for it was not sent.
        this.#parts.events.moved(jidOf(address.chatId, null), jidOf(error.movedTo, null));
        await send(error.movedTo);
      });
    } catch (error) {
      throw sendError(error);
    }
  }

  async typing(jid: string, on: boolean): Promise<void> {
    const address = addressOf(jid);
    // Telegram takes it away by itself when a message comes, or after five seconds.
    if (on && address !== null) await this.#client?.typing(address.chatId, address.topicId);
  }

  owns(jid: string): boolean {
    return addressOf(jid) !== null;
  }

  home(): string | null {
    const [owner] = this.#parts.owners;
    return owner === undefined ? null : jidOf(owner, null);
  }

  async listGroups(): Promise<readonly ChatInfo[]> {
    if (this.#state.state !== 'connected') throw new SendError('later', 'Telegram is not connected.');
    return this.#parts.chats
      .list(Number.MAX_SAFE_INTEGER)
      .filter(({ channel, isGroup }) => channel === 'telegram' && isGroup === true)
      .map(({ jid, name, isGroup }) => ({ jid, name, isGroup }));
  }

  async renameCommands(): Promise<void> {
    if (this.#client !== null) await this.#parts.owner.offer(this.#client);
  }

  #become(state: ChannelState): void {
    this.#state = state;
    this.#parts.events.stateChanged(state);
  }

  /** Connects and reads until it is stopped, or until only a person can help. Never rejects. */
  async #run(connectBot: () => Promise<BotClient>, signal: AbortSignal): Promise<void> {
    const { clock, random, report } = this.#parts;
    let bot: { readonly as: string; readonly reader: UpdateReader } | null = null;
    this.#become({ state: 'connecting' });
    for (let failures = 0; !signal.aborted; ) {
      try {
        bot ??= await this.#begin(connectBot, signal);
        // After a failure nothing is waited for, so that it shows at once whether all is well again.
        await bot.reader.read(this.#state.state === 'connected' ? WAIT_SEC : 0, signal);
        failures = 0;
        if (this.#state.state !== 'connected' && !signal.aborted) this.#become({ state: 'connected', as: bot.as });
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        const known = error instanceof BotError ? error : null;
        if (known === null) report('reading from Telegram', error);
        if (known?.kind === 'token') {
          this.#become({ state: 'failed', reason: known.message });
          return;
        }
        const waitMs = Math.max(known?.retryAfterMs ?? 0, backoffMs(failures, RETRY, random));
        this.#become({ state: 'waiting', reason: known === null ? 'something went wrong inside Wheelhouse; see the log' : reasonOf(known), retryAt: clock.now() + waitMs });
        await pause(clock, waitMs, signal);
      }
    }
  }

  async #begin(connectBot: () => Promise<BotClient>, signal: AbortSignal): Promise<{ readonly as: string; readonly reader: UpdateReader }> {
    const { events, settings, owner, isServed, report } = this.#parts;
    const client = await connectBot();
    const { id, username } = await client.me(signal);
    this.#client = client;
    await owner.offer(client);
    return { as: `@${username}`, reader: new UpdateReader({ client, bot: { id, username }, events, settings, owner, isServed, report }) };
  }
}

/** What a failed send means for the queue. */
function sendError(error: unknown): unknown {
  if (!(error instanceof BotError)) return error;
  const { kind, message, retryAfterMs, maybeDone } = error;
  if (kind === 'refused') return new SendError('refused', message);
  return new SendError('later', message, { maybeSent: maybeDone, ...(retryAfterMs !== null && { retryAfterMs }) });
}

function reasonOf({ kind, message }: BotError): string {
  return kind === 'conflict' ? `another program reads the messages of the same bot, or a webhook is set for it (${message})` : message;
}

/** Waits, but not longer than it is wanted. */
async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = clock.setTimer(ms, resolve);
    signal.addEventListener('abort', () => {
      timer.cancel();
      resolve();
    }, { once: true });
  });
}
