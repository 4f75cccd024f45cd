import { type ChannelEvents, type CommandChannel, type OutgoingMessage, SendError } from '../../../main/channels/channel.ts';
import type { SendRates } from '../../../main/channels/send-rates.ts';
import type { ChannelName, ChannelState, ChatInfo } from '../../../main/channels/types.ts';

export interface WireOptions {
  readonly name: Extract<ChannelName, 'telegram' | 'whatsapp'>;
  readonly rates?: SendRates;
  readonly maxLength?: number;
}

/** A network whose every answer the test decides. */
export class WireChannel implements CommandChannel {
  readonly name: ChannelName;
  readonly text;
  readonly rates: SendRates;
  readonly typingLastsMs = 4000;
  /** What the network took, in order. */
  readonly taken: { readonly jid: string; readonly text: string; readonly sendKey: string; readonly maybeSent: boolean }[] = [];
  readonly typed: { readonly jid: string; readonly on: boolean }[] = [];
  readonly events: ChannelEvents;
  groups: readonly ChatInfo[] = [];
  /** Called for each send before it is taken; what it throws, the send throws. */
  onSend: (jid: string, message: OutgoingMessage) => Promise<void> = async () => undefined;
  #state: ChannelState = { state: 'off', reason: null };

  constructor({ name, rates = { chat: [], group: [], all: [] }, maxLength = 4096 }: WireOptions, events: ChannelEvents) {
    this.name = name;
    this.rates = rates;
    this.text = { maxLength, prefix: null };
    this.events = events;
  }

  async connect(): Promise<void> {
    this.become({ state: 'connected', as: 'wire' });
  }

  async disconnect(): Promise<void> {
    this.become({ state: 'off', reason: null });
  }

  become(state: ChannelState): void {
    this.#state = state;
    this.events.stateChanged(state);
  }

  state(): ChannelState {
    return this.#state;
  }

  async send(jid: string, message: OutgoingMessage): Promise<void> {
    if (this.#state.state !== 'connected') throw new SendError('later', 'not connected');
    await this.onSend(jid, message);
    this.taken.push({ jid, ...message });
  }

  async typing(jid: string, on: boolean): Promise<void> {
    this.typed.push({ jid, on });
  }

  async renameCommands(): Promise<void> {
    // This network has no commands.
  }

  owns(jid: string): boolean {
    return this.name === 'telegram' ? jid.startsWith('tg:') : jid.endsWith('@g.us') || jid.endsWith('@s.whatsapp.net');
  }

  home(): string | null {
    return null;
  }

  async listGroups(): Promise<readonly ChatInfo[]> {
    return this.groups;
  }

  async pair(): Promise<void> {
    this.become({ state: 'pairing', qr: 'wire', code: null });
  }

  async unpair(): Promise<void> {
    this.become({ state: 'off', reason: null });
  }
}
