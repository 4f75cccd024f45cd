import type { ConnectionState, WAMessage } from '@whiskeysockets/baileys';
import type { Clock, Timer } from '../../base/clock.ts';
import { backoffMs } from '../backoff.ts';
import { type ChannelEvents, type OutgoingMessage, type PairedChannel, SendError } from '../channel.ts';
import type { TextRules } from '../outbound-queue.ts';
import type { SendRates } from '../send-rates.ts';
import type { ChannelState, ChatInfo } from '../types.ts';
import { meaningOf, statusIn } from './close-reason.ts';
import { Lids, withoutDevice } from './lids.ts';
import { incomingFrom } from './incoming.ts';
import type { ConnectWhatsApp, WaConnection } from './socket.ts';

export interface WhatsAppChannelParts {
  readonly events: ChannelEvents;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connectSocket: ConnectWhatsApp;
  /** Removes the identity of this device. */
  readonly forgetCredentials: () => Promise<void>;
  /** Whether we sent the message with this id. */
  readonly isOurs: (id: string) => boolean;
  /** Whether a group serves this address. */
  readonly isServed: (jid: string) => boolean;
  /** The account is the agents' alone; else a person writes with it as well. */
  readonly ownNumber: boolean;
  readonly assistantName: string;
  readonly report: (what: string, error: unknown) => void;
}

const RETRY = { firstMs: 1000, mostMs: 300_000 };

/** One use of the channel, from connect to disconnect; events of an earlier one are not heard any more. */
interface Use {
  connection: WaConnection | null;
  retry: Timer | null;
  failures: number;
  /** Digits of the phone that is to be paired by a code; null: by a QR code. */
  readonly phone: string | null;
  codeAsked: boolean;
}

/** WhatsApp as a linked device of an account, by Baileys. */
export class WhatsAppChannel implements PairedChannel {
  readonly name = 'whatsapp';
  readonly text: TextRules;
  // WhatsApp publishes no limits; accounts that write faster than a person are the ones that get banned.
  readonly rates: SendRates = { chat: [{ count: 1, perMs: 1000 }, { count: 30, perMs: 60_000 }], group: [], all: [{ count: 5, perMs: 1000 }] };
  readonly typingLastsMs = 10_000;
  readonly #parts: WhatsAppChannelParts;
  readonly #lids = new Lids();
  #state: ChannelState = { state: 'off', reason: null };
  #use: Use | null = null;
  #incoming: Promise<void> = Promise.resolve();

  constructor(parts: WhatsAppChannelParts) {
    this.#parts = parts;
    this.text = { maxLength: 4096, prefix: parts.ownNumber ? null : (speaker) => `${speaker}: ` };
  }

  async connect(): Promise<void> {
    if (this.#use === null) this.#begin(null);
  }

  async disconnect(): Promise<void> {
    await this.#end();
    await this.#incoming;
    if (this.#state.state !== 'off') this.#become({ state: 'off', reason: null });
  }

  async pair(phone: string | null): Promise<void> {
    await this.#end();
    await this.#parts.forgetCredentials();
    this.#begin(phone);
  }

  async unpair(): Promise<void> {
    const connection = this.#state.state === 'connected' ? this.#use?.connection : null;
    // The phone is told when it can be; the credentials go in any case.
    await connection?.socket.logout().catch((error: unknown) => this.#parts.report('taking the device off the WhatsApp account', error));
    await this.disconnect();
    await this.#parts.forgetCredentials();
  }

  state(): ChannelState {
    return this.#state;
  }

  async send(jid: string, { text, sendKey }: OutgoingMessage): Promise<void> {
    if (!this.owns(jid)) throw new SendError('refused', `${jid} is no chat of WhatsApp.`);
    const socket = this.#socket();
    try {
      // The same id at every attempt: receivers take it as one message.
      await socket.sendMessage(jid, { text }, { messageId: sendKey });
    } catch (error) {
      const status = statusIn(error);
      const message = error instanceof Error ? error.message : String(error);
      if (status === 403 || status === 404 || status === 406) throw new SendError('refused', `WhatsApp refused the message (${status}).`, { cause: error });
      throw new SendError('later', `WhatsApp did not take the message: ${message}`, { maybeSent: status !== 428, cause: error });
    }
  }

  async typing(jid: string, on: boolean): Promise<void> {
    if (this.#state.state === 'connected') await this.#use?.connection?.socket.sendPresenceUpdate(on ? 'composing' : 'paused', jid);
  }

  owns(jid: string): boolean {
    return /@(?:g\.us|s\.whatsapp\.net|lid)$/.test(jid);
  }

  home(): string | null {
    const id = this.#use?.connection?.socket.user?.id;
    return id === undefined || this.#state.state !== 'connected' ? null : withoutDevice(id);
  }

  async listGroups(): Promise<readonly ChatInfo[]> {
    const groups = Object.values(await this.#socket().groupFetchAllParticipating());
    return groups.flatMap(({ id, subject }) => (subject ? [{ jid: id, name: subject, isGroup: true }] : []));
  }

  #socket(): WaConnection['socket'] {
    const socket = this.#use?.connection?.socket;
    if (socket === undefined || this.#state.state !== 'connected') throw new SendError('later', 'WhatsApp is not connected.');
    return socket;
  }

  #become(state: ChannelState): void {
    this.#state = state;
    this.#parts.events.stateChanged(state);
  }

  #begin(phone: string | null): void {
    const use: Use = { connection: null, retry: null, failures: 0, phone, codeAsked: false };
    this.#use = use;
    void this.#open(use);
  }

  async #end(): Promise<void> {
    const use = this.#use;
    this.#use = null;
    use?.retry?.cancel();
    await use?.connection?.socket.end(undefined);
  }

  /** Never rejects. */
  async #open(use: Use): Promise<void> {
    use.retry = null;
    use.codeAsked = false;
    this.#become({ state: 'connecting' });
    let connection: WaConnection;
    try {
      connection = await this.#parts.connectSocket();
    } catch (error) {
      this.#parts.report('beginning a connection to WhatsApp', error);
      if (this.#use === use) this.#later(use, `a connection could not be begun (${error instanceof Error ? error.message : String(error)})`, 0);
      return;
    }
    if (this.#use !== use) {
      await connection.socket.end(undefined);
      return;
    }
    use.connection = connection;
    this.#listen(use, connection);
  }

  #listen(use: Use, connection: WaConnection): void {
    const { report, events } = this.#parts;
    const { ev } = connection.socket;
    const current = (): boolean => this.#use === use && use.connection === connection;
    ev.on('creds.update', () => {
      connection.save().catch((error: unknown) => report('writing the WhatsApp credentials', error));
    });
    ev.on('connection.update', (update) => {
      if (current()) void this.#connectionChanged(use, connection, update);
    });
    ev.on('lid-mapping.update', ({ lid, pn }) => this.#lids.learn(lid, pn));
    ev.on('messages.upsert', ({ messages }) => {
      if (current()) for (const message of messages) this.#take(connection, message);
    });
    const named = (groups: readonly { readonly id?: string; readonly subject?: string }[]): void => {
      if (current()) for (const { id, subject } of groups) if (id && subject) events.seen({ jid: id, name: subject, isGroup: true }, null);
    };
    ev.on('groups.upsert', named);
    ev.on('groups.update', named);
  }

  async #connectionChanged(use: Use, connection: WaConnection, { qr, connection: to, lastDisconnect }: Partial<ConnectionState>): Promise<void> {
    if (qr !== undefined) await this.#offerCode(use, connection, qr);
    if (to === 'open') await this.#opened(use, connection);
    if (to === 'close') await this.#closed(use, lastDisconnect?.error);
  }

  async #offerCode(use: Use, connection: WaConnection, qr: string): Promise<void> {
    if (use.phone === null) {
      this.#become({ state: 'pairing', qr, code: null });
      return;
    }
    if (use.codeAsked) return;
    use.codeAsked = true;
    try {
      const code = await connection.socket.requestPairingCode(use.phone);
      if (this.#use === use && use.connection === connection) this.#become({ state: 'pairing', qr: null, code });
    } catch (error) {
      if (this.#use !== use) return;
      await this.#end();
      this.#become({ state: 'failed', reason: `WhatsApp gave no pairing code (${error instanceof Error ? error.message : String(error)}). Check the number, or pair by the QR code.` });
    }
  }

  async #opened(use: Use, { socket }: WaConnection): Promise<void> {
    use.failures = 0;
    this.#lids.learn(socket.user?.lid, socket.user?.id);
    this.#become({ state: 'connected', as: socket.user === undefined ? null : `+${withoutDevice(socket.user.id).split('@', 1)[0]}` });
    try {
      // Without it WhatsApp does not pass on that we type.
      await socket.sendPresenceUpdate('available');
    } catch (error) {
      this.#parts.report('showing WhatsApp that we are there', error);
    }
  }

  async #closed(use: Use, error: unknown): Promise<void> {
    use.connection = null;
    const meaning = meaningOf(statusIn(error), this.#state.state === 'pairing');
    switch (meaning.next) {
      case 'again':
        return this.#open(use);
      case 'later':
        return this.#later(use, meaning.reason, meaning.atLeastMs);
      case 'logged_out':
        this.#use = null;
        // They open nothing any more, and the next pairing begins without them.
        await this.#parts.forgetCredentials().catch((failure: unknown) => this.#parts.report('removing the WhatsApp credentials', failure));
        this.#become({ state: 'logged_out', reason: meaning.reason });
        return;
      case 'failed':
        this.#use = null;
        this.#become({ state: 'failed', reason: meaning.reason });
    }
  }

  #later(use: Use, reason: string, atLeastMs: number): void {
    const { clock, random } = this.#parts;
    use.failures += 1;
    const waitMs = Math.max(atLeastMs, backoffMs(use.failures, RETRY, random));
    use.retry = clock.setTimer(waitMs, () => void this.#open(use));
    this.#become({ state: 'waiting', reason, retryAt: clock.now() + waitMs });
  }

  /** One after another, so that messages keep their order while addresses are looked up. */
  #take(connection: WaConnection, message: WAMessage): void {
    this.#incoming = this.#takeAfter(this.#incoming, connection, message);
  }

  async #takeAfter(earlier: Promise<void>, connection: WaConnection, raw: WAMessage): Promise<void> {
    const { events, report, clock } = this.#parts;
    await earlier;
    try {
      const read = await incomingFrom(raw, { ...this.#parts, connection, lids: this.#lids, now: clock.now() });
      if (read === null) return;
      if (read.message === null) events.seen(read.chat, read.at);
      else await events.received(read.message);
    } catch (error) {
      report('a message from WhatsApp could not be taken in', error);
    }
  }
}
