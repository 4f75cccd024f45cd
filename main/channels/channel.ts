import type { TextRules } from './outbound-queue.ts';
import type { SendRates } from './send-rates.ts';
import type { ChannelName, ChannelState, ChatInfo, IncomingMessage } from './types.ts';

/** Why a network did not take a message. Anything else that a send throws is a bug. */
export class SendError extends Error {
  override readonly name = 'SendError';
  /** `later`: tried again. `refused`: it never will be taken. */
  readonly outcome: 'later' | 'refused';
  /** How long the network asks to wait, in ms. */
  readonly retryAfterMs: number | null;
  /** Whether it may have arrived all the same, as when the answer was lost. */
  readonly maybeSent: boolean;

  constructor(outcome: 'later' | 'refused', message: string, options: { readonly retryAfterMs?: number; readonly maybeSent?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.outcome = outcome;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.maybeSent = options.maybeSent ?? false;
  }
}

/** One message on its way out. */
export interface OutgoingMessage {
  readonly text: string;
  /** The same at every attempt; a network that keeps ids of the sender takes it as one. */
  readonly sendKey: string;
  /** Whether an earlier attempt may have arrived. */
  readonly maybeSent: boolean;
}

/** What a channel tells the program. None of it throws, but where it says so. */
export interface ChannelEvents {
  /** Resolves when the message is in the database, which is when the network may forget it. */
  received(message: IncomingMessage): Promise<void>;
  /** Something is known of a chat; `at`: when something was said in it. */
  seen(chat: ChatInfo, at: number | null): void;
  /** The network gave a chat another address. Throws when that cannot be written; it is told again then. */
  moved(from: string, to: string): void;
  stateChanged(state: ChannelState): void;
}

/**
 * A network in which agents are spoken to. One contract suite holds for all of them. None blocks the start of the program:
 * `connect` only begins, and what becomes of it is told as states.
 */
export interface Channel {
  readonly name: ChannelName;
  readonly text: TextRules;
  readonly rates: SendRates;
  /** Begins to connect, and from then on connects again by itself. While it does already, nothing happens. */
  connect(): Promise<void>;
  /** Ends the connection and all tries; resolves when nothing is told any more. Safe to call twice. */
  disconnect(): Promise<void>;
  state(): ChannelState;
  /** Resolves when the network has taken it. Throws SendError. */
  send(jid: string, message: OutgoingMessage): Promise<void>;
  /** Shows or hides that somebody is typing. Best effort: what goes wrong is nobody's business. */
  typing(jid: string, on: boolean): Promise<void>;
  /** How long the network shows it, in ms. */
  readonly typingLastsMs: number;
  owns(jid: string): boolean;
  /** The chat with the person who runs this machine; null: not known. */
  home(): string | null;
  /** The group chats in which we are, with their names. Throws SendError while it is not connected. */
  listGroups(): Promise<readonly ChatInfo[]>;
}

/** A channel that offers its owner commands, with a word about each. */
export interface CommandChannel extends Channel {
  /** The language of the person is another now. Best effort; never rejects. */
  renameCommands(): Promise<void>;
}

/** A channel that a person connects with an account of theirs. */
export interface PairedChannel extends Channel {
  /** Begins anew without credentials. `phone` (digits, with the country): by a code that is typed on the phone instead of a QR code. */
  pair(phone: string | null): Promise<void>;
  /** Ends the pairing and forgets the credentials. */
  unpair(): Promise<void>;
}
