import type { BaileysEventMap, Contact, GroupMetadata, WAMessage } from '@whiskeysockets/baileys';

/** What is used of a Baileys socket, in its own words and shapes. */
export interface WaSocket {
  readonly ev: {
    on<E extends keyof BaileysEventMap>(event: E, listener: (arg: BaileysEventMap[E]) => void): void;
  };
  /** Who we are, once that is known. */
  readonly user: Contact | undefined;
  sendMessage(jid: string, content: { readonly text: string }, options: { readonly messageId: string }): Promise<unknown>;
  sendPresenceUpdate(type: 'available' | 'composing' | 'paused', jid?: string): Promise<void>;
  groupFetchAllParticipating(): Promise<Readonly<Record<string, Pick<GroupMetadata, 'id' | 'subject'>>>>;
  requestPairingCode(phone: string): Promise<string>;
  /** Takes this device off the account. */
  logout(): Promise<void>;
  end(error: Error | undefined): void | Promise<void>;
}

/** One connection to WhatsApp, from the making of its socket to its close; the next one has a socket of its own. */
export interface WaConnection {
  readonly socket: WaSocket;
  /** Writes the credentials down; called after each `creds.update`. */
  readonly save: () => Promise<void>;
  /** The phone number behind a hidden identity (`…@lid`), as far as the library knows it. */
  phoneOf(lid: string): Promise<string | null>;
  /** The file in a message; stops soon after `maxBytes`. */
  download(message: WAMessage, maxBytes: number): Promise<Uint8Array>;
}

/** Begins a connection. Rejects when that is not even begun, as without a network. */
export type ConnectWhatsApp = () => Promise<WaConnection>;
