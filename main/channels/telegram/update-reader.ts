import type { Update } from 'grammy/types';
import type { ChannelEvents } from '../channel.ts';
import type { ChannelSettings } from '../channel-settings.ts';
import { BotError, type BotClient } from './bot-client.ts';
import { BOT_COMMANDS, type OwnerCommands } from './owner-commands.ts';
import { readUpdate, type BotIdentity, type ReadUpdate } from './updates.ts';

export interface UpdateReaderParts {
  readonly client: BotClient;
  readonly bot: BotIdentity;
  readonly events: ChannelEvents;
  readonly settings: ChannelSettings;
  readonly owner: OwnerCommands;
  readonly isServed: (jid: string) => boolean;
  readonly report: (what: string, error: unknown) => void;
}

/** Ids begin anew at any number after a quiet week, so an id far below the last one is a new one. */
const SAME_COUNT = 1000;
/** An update that cannot be taken in this often is left behind, or nothing after it would ever be read. */
const MOST_TRIES = 5;

/**
 * Reads updates in order. Telegram forgets one when the next is asked for, so a message is in the database by then; a
 * command counts as read before it is carried out, because twice would be worse than never.
 */
export class UpdateReader {
  readonly #parts: UpdateReaderParts;
  /** 0: whatever is there. Telegram keeps what was not forgotten for a day. */
  #offset = 0;
  #tries = 0;

  constructor(parts: UpdateReaderParts) {
    this.#parts = parts;
  }

  /** Waits for up to `waitSec` seconds. Rejects with BotError, and with what kept a message from being written. */
  async read(waitSec: number, signal: AbortSignal): Promise<void> {
    const updates = await this.#parts.client.updates(this.#offset, waitSec, signal);
    for (const update of updates) {
      if (signal.aborted) return;
      if (!this.#isKnown(update.update_id)) await this.#take(update);
      this.#offset = update.update_id + 1;
      this.#tries = 0;
    }
  }

  async #take(update: Update): Promise<void> {
    const { settings, report, events, isServed, bot, client } = this.#parts;
    let read: ReadUpdate;
    try {
      read = readUpdate(update, { bot, commands: BOT_COMMANDS, isServed, fetch: async (id, maxBytes) => client.download(id, maxBytes) });
    } catch (error) {
      report('an update from Telegram that could not be understood', error);
      return;
    }
    try {
      if (read.kind === 'message') await events.received(read.message);
      if (read.kind === 'moved') events.moved(read.from, read.to);
    } catch (error) {
      this.#tries += 1;
      if (this.#tries < MOST_TRIES) throw error;
      report('a message from Telegram was left behind', error);
    }
    settings.setPosition('telegram', update.update_id);
    if (read.kind === 'chat') events.seen(read.chat, null);
    if (read.kind === 'command' || read.kind === 'button') await this.#obey(read);
  }

  /** An answer that cannot be sent keeps nothing from being read. */
  async #obey(read: Extract<ReadUpdate, { kind: 'command' | 'button' }>): Promise<void> {
    const { owner, client, report } = this.#parts;
    try {
      if (read.kind === 'command') await owner.command(client, read.command);
      else await owner.button(client, read.button);
    } catch (error) {
      report(error instanceof BotError ? `answering the owner on Telegram (${error.kind})` : 'a command from Telegram', error);
    }
  }

  #isKnown(id: number): boolean {
    const position = this.#parts.settings.position('telegram');
    return id <= position && id > position - SAME_COUNT;
  }
}
