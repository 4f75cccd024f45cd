import { EventEmitter } from 'node:events';
import type { BaileysEventMap, Contact, proto, WAMessage } from '@whiskeysockets/baileys';
import type { ConnectWhatsApp, WaConnection, WaSocket } from '../../../main/channels/whatsapp/socket.ts';

export const OUR_PHONE = '821055550000';
export const OUR_LID = '199900000000001';
export const GROUP = '120363000000000001@g.us';

/** An error in the shape in which the library closes connections. */
export function closedWith(statusCode: number): Error {
  return Object.assign(new Error(`closed with ${statusCode}`), { isBoom: true, output: { statusCode, payload: {}, headers: {} } });
}

/** One socket, as the library makes one for each connection. */
export class SocketDouble implements WaSocket {
  readonly sent: { readonly jid: string; readonly text: string; readonly messageId: string }[] = [];
  readonly presences: { readonly type: string; readonly jid: string | undefined }[] = [];
  readonly pairingPhones: string[] = [];
  ended = false;
  loggedOut = false;
  groups: Record<string, { readonly id: string; readonly subject: string }> = {};
  user: Contact | undefined;
  /** Called for each message before it is taken; what it throws, the send throws. */
  onSend: () => Promise<void> = async () => undefined;
  pairingCode: () => Promise<string> = async () => 'WHEELHSE';
  readonly #emitter = new EventEmitter();

  readonly ev = {
    on: <E extends keyof BaileysEventMap>(event: E, listener: (arg: BaileysEventMap[E]) => void): void => void this.#emitter.on(event, listener),
  };

  emit<E extends keyof BaileysEventMap>(event: E, arg: BaileysEventMap[E]): void {
    this.#emitter.emit(event, arg);
  }

  async sendMessage(jid: string, { text }: { readonly text: string }, { messageId }: { readonly messageId: string }): Promise<unknown> {
    await this.onSend();
    this.sent.push({ jid, text, messageId });
    return { key: { remoteJid: jid, fromMe: true, id: messageId } };
  }

  async sendPresenceUpdate(type: 'available' | 'composing' | 'paused', jid?: string): Promise<void> {
    this.presences.push({ type, jid });
  }

  async groupFetchAllParticipating() {
    return this.groups;
  }

  async requestPairingCode(phone: string): Promise<string> {
    this.pairingPhones.push(phone);
    return this.pairingCode();
  }

  async logout(): Promise<void> {
    this.loggedOut = true;
    this.close(401);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.emit('connection.update', { connection: 'close', lastDisconnect: { error: undefined, date: new Date() } });
  }

  // What the network does:

  open(): void {
    this.user = { id: `${OUR_PHONE}:4@s.whatsapp.net`, lid: `${OUR_LID}:4@lid`, name: 'Anu' };
    this.emit('connection.update', { connection: 'open', receivedPendingNotifications: true });
  }

  close(statusCode: number): void {
    this.emit('connection.update', { connection: 'close', lastDisconnect: { error: closedWith(statusCode), date: new Date() } });
  }

  showQr(qr: string): void {
    this.emit('connection.update', { qr });
  }

  deliver(message: WAMessage, type: 'notify' | 'append' = 'notify'): void {
    this.emit('messages.upsert', { messages: [message], type });
  }
}

/** WhatsApp at the boundary of the library: every connection has a socket of its own, and the newest is the one that lives. */
export class WhatsAppDouble {
  readonly sockets: SocketDouble[] = [];
  saves = 0;
  forgets = 0;
  /** The phone numbers that the library knows, by hidden identity. */
  readonly phones = new Map<string, string>();
  files: (message: WAMessage) => Promise<Uint8Array> = async () => Buffer.from('file');
  /** Called for each connection that is begun; what it throws, the beginning throws. */
  onConnect: () => Promise<void> = async () => undefined;
  /** Whether each new socket opens by itself. */
  opens = true;
  groups: SocketDouble['groups'] = {};

  readonly connect: ConnectWhatsApp = async (): Promise<WaConnection> => {
    await this.onConnect();
    const socket = new SocketDouble();
    socket.groups = this.groups;
    this.sockets.push(socket);
    if (this.opens) setImmediate(() => socket.open());
    return {
      socket,
      save: async () => void (this.saves += 1),
      phoneOf: async (lid) => this.phones.get(lid) ?? null,
      download: async (message) => this.files(message),
    };
  };

  get socket(): SocketDouble {
    return this.sockets.at(-1)!;
  }
}

export type MessageFields = Omit<Partial<WAMessage>, 'message'> & { readonly message?: proto.IMessage | null };

let last = 0;
/** A text from Mia in the group, unless said otherwise. */
export function whatsAppMessage({ key, message, ...fields }: MessageFields = {}): WAMessage {
  last += 1;
  return {
    key: { remoteJid: GROUP, fromMe: false, id: `3A${String(last).padStart(18, '0')}`, participant: '821011112222@s.whatsapp.net', ...key },
    message: message === undefined ? { conversation: 'hello' } : message,
    messageTimestamp: Math.floor(Date.now() / 1000),
    pushName: 'Mia',
    ...fields,
  };
}
