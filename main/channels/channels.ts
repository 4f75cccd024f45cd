import type { Guard } from '../access/guard.ts';
import type { Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import type { Store, StoredEvent, Tx } from '../store/store.ts';
import type { Channel, ChannelEvents, CommandChannel, PairedChannel } from './channel.ts';
import { CHANNEL_TITLES, channelOf } from './channel-of.ts';
import { ChannelSettings } from './channel-settings.ts';
import { ChatMessages } from './chat-messages.ts';
import { ChatMoves } from './chat-moves.ts';
import { ChatUpkeep, type ChatRetention } from './chat-upkeep.ts';
import { Chats } from './chats.ts';
import { Conversations } from './conversations.ts';
import { Dispatcher } from './dispatcher.ts';
import { GroupSync } from './group-sync.ts';
import { Inbox } from './inbox.ts';
import { OutboundQueue } from './outbound-queue.ts';
import type { MovableGroups, ServedGroup, ServedGroups, Work } from './ports.ts';
import { StateLog, type StateLogParts } from './state-log.ts';
import { Typing } from './typing.ts';
import type { ChannelName, ChannelState } from './types.ts';

/** What an adapter gets to work with besides its own options. */
export interface ChannelContext {
  readonly events: ChannelEvents;
  readonly settings: ChannelSettings;
  readonly chats: Chats;
  readonly outbound: OutboundQueue;
}

/** Make the adapters; none of them does anything before it is connected. */
export interface ChannelAdapters {
  readonly console: (context: ChannelContext) => Channel;
  readonly whatsapp: (context: ChannelContext) => PairedChannel;
  readonly telegram: (context: ChannelContext) => CommandChannel;
}

export interface ChannelsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly guard: Guard;
  readonly groups: ServedGroups & MovableGroups;
  readonly work: Work;
  readonly adapters: ChannelAdapters;
  /** Under which name agents answer. */
  readonly assistantName: string;
  /** The folder of a group. */
  readonly folderOf: (group: ServedGroup) => string;
  /** How the person at the windows is called in a chat. */
  readonly personName: string;
  /** In which zone the agents read the times. */
  readonly zone: string;
  readonly maxPromptMessages: number;
  readonly maxAttachmentMb: number;
  readonly retention: ChatRetention;
  /** A channel is down for longer than a moment, or for good, since this wall ms; in the transaction that says so. See `StateLogParts.down`. */
  readonly channelDown: StateLogParts['down'];
  readonly report: (what: string, error: unknown) => void;
}

/** In both languages, because it may go to somebody else's phone. */
const TEST_TEXT = 'Wheelhouse: this is a test message. 테스트 메시지입니다.';

/** How one channel stands, for people. */
export interface ChannelStatus {
  readonly name: ChannelName;
  readonly paused: boolean;
  readonly state: ChannelState;
  /** When a message came in last, and when one went out. */
  readonly lastInAt: number | null;
  readonly lastOutAt: number | null;
  /** How many messages wait to be sent. */
  readonly waiting: number;
}

/** The room: all chats, what is said in them, and the networks behind them. */
export class Channels {
  readonly chats: Chats;
  readonly messages: ChatMessages;
  readonly outbound: OutboundQueue;
  readonly conversations: Conversations;
  readonly #parts: ChannelsParts;
  readonly #settings: ChannelSettings;
  readonly #inbox: Inbox;
  readonly #adapters: { readonly console: Channel; readonly whatsapp: PairedChannel; readonly telegram: CommandChannel };
  readonly #states: StateLog;
  readonly #dispatcher: Dispatcher;
  readonly #typing: Typing;
  readonly #groupSync: GroupSync;
  readonly #moves: ChatMoves;
  readonly #upkeep: ChatUpkeep;
  #unsubscribe: Unsubscribe | null = null;
  #reconnecting: Promise<void> = Promise.resolve();

  constructor(parts: ChannelsParts) {
    const { store, clock, report } = parts;
    this.#parts = parts;
    this.#settings = new ChannelSettings(store);
    const paused = (channel: ChannelName): boolean => this.#settings.paused(channel);
    this.chats = new Chats(store);
    this.messages = new ChatMessages(store);
    this.outbound = new OutboundQueue({ store, chats: this.chats, rules: (channel) => this.#adapters[channel].text });
    this.#inbox = new Inbox({ ...parts, chats: this.chats, messages: this.messages, paused });
    this.#states = new StateLog({ store, clock, down: parts.channelDown, report });
    this.#adapters = {
      console: parts.adapters.console(this.#contextOf('console')),
      whatsapp: parts.adapters.whatsapp(this.#contextOf('whatsapp')),
      telegram: parts.adapters.telegram(this.#contextOf('telegram')),
    };
    this.#typing = new Typing({ clock, channelOf: (jid) => this.#channelFor(jid), report });
    this.#moves = new ChatMoves({ ...parts, chats: this.chats, typing: this.#typing });
    const shared = { ...parts, chats: this.chats, messages: this.messages, outbound: this.outbound, paused };
    this.conversations = new Conversations({ ...shared, typing: (jid, on) => this.#typing.set(jid, on) });
    this.#groupSync = new GroupSync({ chats: this.chats, clock, sync: async () => this.refreshGroups('whatsapp'), report });
    this.#upkeep = new ChatUpkeep({ ...shared, workingIn: () => this.workingIn() });
    // A chat of which nothing is known is treated as the kind with the stricter limits.
    this.#dispatcher = new Dispatcher({ ...shared, queue: this.outbound, channels: Object.values(this.#adapters), isGroup: (jid) => this.chats.get(jid)?.isGroup !== false });
  }

  /** Every channel begins on its own; none makes another or the start wait. Never throws. */
  start(): void {
    this.messages.completeInterrupted();
    this.outbound.recover();
    this.#unsubscribe = this.#parts.store.onCommit((events) => this.#committed(events));
    this.#upkeep.start();
    this.#connect('console');
    this.#connect('telegram');
    if (this.#settings.enabled('whatsapp')) this.#connect('whatsapp');
  }

  /** Resolves when nothing is received or sent any more. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#upkeep.stop();
    this.#typing.stop();
    this.#states.stop();
    this.#groupSync.stop();
    this.#unsubscribe = null;
    await this.#reconnecting;
    await Promise.all(Object.values(this.#adapters).map(async (channel) => channel.disconnect()));
    await this.#dispatcher.stop();
    await this.#inbox.idle();
  }

  /** The machine woke up: what waited for a time looks again. */
  wake(): void {
    this.#dispatcher.wake();
  }

  /** Ends the connection and begins a new one, as after a change of its token; one after the other. Before the start and after the stop, nothing happens. */
  reconnect(name: ChannelName): void {
    const again = async (): Promise<void> => {
      if (this.#unsubscribe === null) return;
      await this.#adapters[name].disconnect();
      if (this.#unsubscribe !== null) this.#connect(name);
    };
    this.#reconnecting = this.#reconnecting.then(again).catch((error: unknown) => this.#parts.report(`connecting ${name} anew`, error));
  }

  list(): readonly ChannelStatus[] {
    const moves = this.chats.lastMoves();
    return Object.values(this.#adapters).map((channel) => {
      const { name } = channel;
      return {
        name,
        paused: this.#settings.paused(name),
        state: channel.state(),
        ...(moves.get(name) ?? { lastInAt: null, lastOutAt: null }),
        waiting: this.outbound.waiting(name),
      };
    });
  }

  /** What comes in is kept and starts no work, what is to go out waits. Owner commands still work. */
  pause(name: ChannelName): void {
    this.#parts.store.transact((tx) => this.#settings.pause(tx, name, true));
  }

  resume(name: ChannelName): void {
    this.#parts.store.transact((tx) => this.#settings.pause(tx, name, false));
  }

  /** Begins a new pairing with an account of the person. `phone`: digits, for a code instead of a QR code. Throws INPUT_INVALID. */
  async pair(name: ChannelName, phone: string | null): Promise<void> {
    assertPaired(name);
    if (phone !== null && !/^\d{6,15}$/.test(phone)) throw new AppError('INPUT_INVALID', 'A phone number for the pairing code has 6 to 15 digits, with the country and without + or 0 before it, as 821012345678.', { field: 'phone' });
    this.#parts.guard.assertOperational();
    this.#parts.store.transact((tx) => this.#settings.enable(tx, name, true));
    await this.#adapters.whatsapp.pair(phone);
  }

  /** Ends the pairing and forgets its credentials. Throws INPUT_INVALID. */
  async unpair(name: ChannelName): Promise<void> {
    assertPaired(name);
    await this.#adapters.whatsapp.unpair();
    this.#parts.store.transact((tx) => this.#settings.enable(tx, 'whatsapp', false));
  }

  /** Queues a message that shows that the channel works; in a served chat it stands among the others. Without a chat, to the person. Throws SYSTEM_LOCKED, CONFLICT, INPUT_INVALID. */
  test(name: ChannelName, to: string | null): { readonly jid: string } {
    this.#parts.guard.assertOperational();
    const channel = this.#adapters[name];
    const jid = to ?? channel.home();
    if (jid === null) throw new AppError('CONFLICT', `It is not known to whom a test message on ${name} should go. Name a chat.`, { channel: name });
    if (!channel.owns(jid)) throw new AppError('INPUT_INVALID', `'${jid}' is no chat of ${name}.`, { jid });
    this.#parts.store.transact((tx) => {
      this.chats.seen(tx, { jid, name: null, isGroup: null });
      this.outbound.add(tx, { jid, text: TEST_TEXT, messageId: this.#testMessage(tx, jid), prefix: null });
      tx.event({ kind: 'channel', action: 'tested', subject: `channel:${name}`, text: `A test message was queued on ${CHANNEL_TITLES[name]}`, data: { channel: name, title: CHANNEL_TITLES[name], jid } });
    });
    return { jid };
  }

  /** No agent is given it, and no agent said it. Null in a chat of which nothing is kept. */
  #testMessage({ now }: Tx, jid: string): number | null {
    if (this.#parts.groups.byJid(jid) === null) return null;
    return this.messages.add({ jid, networkId: `out:${uuidv7(now)}`, sender: 'wheelhouse', senderName: 'Wheelhouse', content: TEST_TEXT, sentAt: now, kind: 'reply', fromBot: true, addressed: false, ready: true, runId: null });
  }

  /**
   * What the person says to the agent of a group from a window or the command line. It is not sent into the chat; the answer
   * is. `key`: the same twice is one message. Throws SYSTEM_LOCKED, NOT_FOUND, INPUT_INVALID.
   */
  async say(groupId: string, text: string, key: string | null): Promise<{ readonly messageId: number }> {
    const { guard, groups, clock, personName } = this.#parts;
    guard.assertOperational();
    const group = groups.byId(groupId);
    if (group === null) throw new AppError('NOT_FOUND', `There is no group ${groupId}.`, { group: groupId });
    if (text.trim() === '') throw new AppError('INPUT_INVALID', 'A message has at least one character.', { field: 'text' });
    const id = `person:${key ?? uuidv7(clock.now())}`;
    const chat = { jid: group.jid, name: this.chats.get(group.jid) === null ? group.name : null, isGroup: group.jid.startsWith('console:') ? true : null };
    await this.#inbox.receive({ chat, id, sender: 'person', senderName: personName, text, sentAt: clock.now(), fromBot: false, addressed: true, attachments: [] });
    return { messageId: this.messages.idOf(group.jid, id)! };
  }

  /** The groups of a channel, read anew; their names are taken down. Throws CONFLICT while it is not connected. */
  async refreshGroups(name: ChannelName): Promise<number> {
    try {
      const found = await this.#adapters[name].listGroups();
      for (const chat of found) this.#inbox.seen(chat, null);
      if (name === 'whatsapp') this.#parts.store.transact((tx) => this.chats.groupsSynced(tx, found.length));
      return found.length;
    } catch (error) {
      throw new AppError('CONFLICT', `The groups of ${name} cannot be read now: ${error instanceof Error ? error.message : String(error)}`, { channel: name }, { cause: error });
    }
  }

  /** The chats in which an agent works now. */
  workingIn(): readonly string[] {
    return this.#typing.active();
  }

  /** For the kill switch: nobody types any more. What waits to be sent is cancelled in its transaction. */
  async freeze(): Promise<void> {
    this.#typing.stop();
  }

  #contextOf(name: ChannelName): ChannelContext {
    const { report } = this.#parts;
    return {
      settings: this.#settings,
      chats: this.chats,
      outbound: this.outbound,
      events: {
        received: async (message) => this.#inbox.receive(message),
        seen: (chat, at) => {
          try {
            this.#inbox.seen(chat, at);
          } catch (error) {
            report(`what ${name} knows of a chat`, error);
          }
        },
        moved: (from, to) => this.#moves.move(from, to),
        stateChanged: (state) => {
          this.#states.changed(name, state);
          if (name === 'whatsapp') this.#groupSync.connected(state.state === 'connected');
          if (state.state === 'connected') this.#dispatcher.wake();
        },
      },
    };
  }

  #channelFor(jid: string): Channel | null {
    const name = channelOf(jid);
    return name === null ? null : this.#adapters[name];
  }

  #connect(name: ChannelName): void {
    this.#adapters[name].connect().catch((error: unknown) => this.#parts.report(`connecting ${name}`, error));
  }

  #committed(events: readonly StoredEvent[]): void {
    if (events.some(({ kind, data }) => kind === 'settings' && 'language' in data)) void this.#adapters.telegram.renameCommands();
    const gotGoing = events.some(({ kind, action }) => (kind === 'channel' && action === 'resumed') || (kind === 'kill_switch' && action === 'recovered') || (kind === 'system' && action === 'imported'));
    if (gotGoing) for (const groupId of this.conversations.groupsWithPending()) this.#parts.work.messagesArrived(groupId);
    if (gotGoing || events.some(({ kind, action }) => action !== 'sent' && (kind === 'chat' || kind === 'channel'))) this.#dispatcher.wake();
  }
}

function assertPaired(name: ChannelName): void {
  if (name === 'whatsapp') return;
  const how = name === 'telegram' ? 'Telegram takes the token of a bot: set ANU_BOT_TOKEN, in the window or with: wheelhouse secret set ANU_BOT_TOKEN' : 'The console needs no account.';
  throw new AppError('INPUT_INVALID', `Only WhatsApp is paired. ${how}`, { field: 'channel' });
}
