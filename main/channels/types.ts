/**
 * The words of the room: chats, what is said in them, and how the networks stand. Times are wall time in ms; null means
 * "none" or "not known". The contract with the windows may import this file, so it holds types only.
 */

export const CHANNEL_NAMES = ['console', 'whatsapp', 'telegram'] as const;
/** A network in which agents are spoken to. */
export type ChannelName = (typeof CHANNEL_NAMES)[number];

/** How a channel stands. What a person can do about it is in the words of `reason`. */
export type ChannelState =
  /** Nobody asked for it, or what it needs is not set. */
  | { readonly state: 'off'; readonly reason: string | null }
  | { readonly state: 'connecting' }
  /** Waits for the person: one of both, whichever was asked for. */
  | { readonly state: 'pairing'; readonly qr: string | null; readonly code: string | null }
  /** `as`: under which name or number. */
  | { readonly state: 'connected'; readonly as: string | null }
  /** Lost; tried again at `retryAt`. */
  | { readonly state: 'waiting'; readonly reason: string; readonly retryAt: number }
  /** The network ended the pairing; only a new one helps. */
  | { readonly state: 'logged_out'; readonly reason: string }
  /** Not tried again by itself: only the person can mend it. */
  | { readonly state: 'failed'; readonly reason: string };

/** What a network tells of a chat; what is null is not known and changes nothing. */
export interface ChatInfo {
  readonly jid: string;
  readonly name: string | null;
  readonly isGroup: boolean | null;
}

/** One chat that was seen, served or not. */
export interface Chat {
  readonly jid: string;
  readonly channel: ChannelName;
  /** The address as long as no name is known. */
  readonly name: string;
  readonly isGroup: boolean | null;
  readonly lastMessageAt: number | null;
  readonly lastInAt: number | null;
  readonly lastOutAt: number | null;
}

export type AttachmentKind = 'image' | 'video' | 'voice' | 'audio' | 'document';

/** A file that came with a message and is not fetched yet. */
export interface Attachment {
  readonly kind: AttachmentKind;
  /** As the sender named it; null: it has no name. */
  readonly fileName: string | null;
  readonly mimeType: string | null;
  /** As the network says it; null: it does not. */
  readonly bytes: number | null;
  readonly seconds: number | null;
  /** Fetches it; refuses to go beyond `maxBytes`. */
  readonly fetch: (maxBytes: number) => Promise<Uint8Array>;
}

/** A message as a network delivers it. */
export interface IncomingMessage {
  readonly chat: ChatInfo;
  /** The id that the network gave it, unique within the chat. */
  readonly id: string;
  readonly sender: string;
  readonly senderName: string;
  readonly text: string;
  readonly sentAt: number;
  /** Written by an agent, ours or another. */
  readonly fromBot: boolean;
  /** Whether the network itself says that the agent was spoken to, as by a mention or a reply. */
  readonly addressed: boolean;
  readonly attachments: readonly Attachment[];
}

/** What a message of the conversation is: said by somebody, or what the agent or Wheelhouse answered. */
export type ChatMessageKind = 'message' | 'reply' | 'error' | 'progress';

/** How far an answer got. `possibly_repeated`: it was sent, and an earlier attempt may have arrived as well. */
export type Delivery = 'waiting' | 'sent' | 'possibly_repeated' | 'failed' | 'cancelled';

/** One message of a served chat. */
export interface ChatMessage {
  readonly id: number;
  readonly jid: string;
  readonly sender: string;
  readonly senderName: string;
  readonly content: string;
  readonly sentAt: number;
  readonly kind: ChatMessageKind;
  readonly fromBot: boolean;
  readonly addressed: boolean;
  readonly runId: string | null;
  /** Null for what came in. */
  readonly delivery: Delivery | null;
  /** Why it could not be sent, or not yet. */
  readonly deliveryError: string | null;
}

/** What is still to be sent, or was. */
export interface OutboundItem {
  readonly id: number;
  readonly jid: string;
  readonly channel: ChannelName;
  readonly messageId: number | null;
  readonly text: string;
  readonly sendKey: string;
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly maybeSent: boolean;
  readonly nextAt: number;
  readonly error: string | null;
  readonly createdAt: number;
}
