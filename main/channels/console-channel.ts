import { type Channel, type ChannelEvents, SendError } from './channel.ts';
import type { TextRules } from './outbound-queue.ts';
import type { ServedGroups } from './ports.ts';
import type { SendRates } from './send-rates.ts';
import type { ChannelState, ChatInfo } from './types.ts';

/**
 * Chats in the window and on the command line; needs no account. What is said to a person there is read from the database,
 * so a message has arrived as soon as it is written.
 */
export class ConsoleChannel implements Channel {
  readonly name = 'console';
  readonly text: TextRules = { maxLength: 1_000_000, prefix: null };
  readonly rates: SendRates = { chat: [], group: [], all: [] };
  readonly typingLastsMs = 60_000;
  readonly #events: ChannelEvents;
  readonly #groups: ServedGroups;
  #state: ChannelState = { state: 'off', reason: null };

  constructor(events: ChannelEvents, groups: ServedGroups) {
    this.#events = events;
    this.#groups = groups;
  }

  async connect(): Promise<void> {
    if (this.#state.state === 'connected') return;
    this.#state = { state: 'connected', as: null };
    this.#events.stateChanged(this.#state);
  }

  async disconnect(): Promise<void> {
    if (this.#state.state === 'off') return;
    this.#state = { state: 'off', reason: null };
    this.#events.stateChanged(this.#state);
  }

  state(): ChannelState {
    return this.#state;
  }

  async send(jid: string): Promise<void> {
    if (this.#state.state !== 'connected') throw new SendError('later', 'The console is not connected.');
    if (!this.owns(jid)) throw new SendError('refused', `${jid} is no console chat.`);
  }

  async typing(): Promise<void> {
    // The window sees the run itself.
  }

  owns(jid: string): boolean {
    return jid.startsWith('console:');
  }

  home(): string | null {
    return this.#groups.all().find(({ jid }) => this.owns(jid))?.jid ?? null;
  }

  async listGroups(): Promise<readonly ChatInfo[]> {
    if (this.#state.state !== 'connected') throw new SendError('later', 'The console is not connected.');
    return this.#groups
      .all()
      .filter(({ jid }) => this.owns(jid))
      .map(({ jid, name }) => ({ jid, name, isGroup: true }));
  }
}
