import type { ChannelName, ChannelState, ChatMessageKind, Delivery } from '../../main/channels/types.ts';
import type { Call } from './call.ts';

/** How a channel stands. Times are ISO 8601. */
export interface ChannelView {
  readonly name: ChannelName;
  readonly paused: boolean;
  readonly state: ChannelState['state'];
  /** Why, and what to do about it; null when there is nothing to say. */
  readonly reason: string | null;
  /** Under which name or number. */
  readonly as: string | null;
  /** What is to be scanned on the phone as a QR code, while it is being paired by one. */
  readonly qr: string | null;
  /** What is to be typed on the phone, while it is being paired by a number. */
  readonly code: string | null;
  /** When it is tried again. */
  readonly retryAt: string | null;
  readonly lastInAt: string | null;
  readonly lastOutAt: string | null;
  /** How many messages wait to be sent. */
  readonly waiting: number;
}

/** A chat that a channel has seen. Of one that no group serves this is all there is. */
export interface ChatView {
  readonly jid: string;
  readonly channel: ChannelName;
  readonly name: string;
  /** Null: not known yet. */
  readonly isGroup: boolean | null;
  readonly lastMessageAt: string | null;
  /** The group that serves it; null: none. */
  readonly group: ChatGroupView | null;
}

export interface ChatGroupView {
  readonly id: string;
  readonly name: string;
  readonly trigger: string;
  readonly requiresTrigger: boolean;
  readonly isMain: boolean;
  /** An agent works on what was said. */
  readonly working: boolean;
  /** The beginning of the last message, with the one who said it; null: nothing was said yet. */
  readonly last: { readonly id: number; readonly sender: string; readonly text: string } | null;
}

/** One message of a served chat. */
export interface ChatMessageView {
  readonly id: number;
  readonly jid: string;
  readonly senderName: string;
  /** Said by the person at a window, which the chat itself does not show. */
  readonly fromPerson: boolean;
  readonly fromBot: boolean;
  readonly content: string;
  readonly sentAt: string;
  readonly kind: ChatMessageKind;
  /** How far an answer got; null for what came in. */
  readonly delivery: Delivery | null;
  readonly deliveryError: string | null;
  readonly runId: string | null;
}

export interface ChannelCalls {
  /** Says something to the agent of a group. It is not sent into the chat; the answer is. The same `key` twice is one message. */
  'chat.send': Call<{ readonly group: string; readonly text: string; readonly key?: string }, { readonly message_id: number }>;
  /** Newest first. `group` is an id, a chat address, a folder or a name; the answer names the one that was found. */
  'chat.history': Call<
    { readonly group: string; readonly before_id?: number; readonly limit?: number },
    { readonly group: { readonly id: string; readonly folder: string }; readonly messages: readonly ChatMessageView[]; readonly has_more: boolean }
  >;
  /** A new chat in the console, with an agent of its own that needs no trigger. */
  'chat.create': Call<{ readonly name: string }, { readonly chat: ChatView }>;
  /** Lets an agent serve a chat that was seen. */
  'chat.register': Call<
    { readonly jid: string; readonly name?: string; readonly trigger?: string; readonly requires_trigger?: boolean; readonly main?: boolean },
    { readonly chat: ChatView }
  >;
  /** What comes in is kept, what is to go out waits, until it is resumed. */
  'channels.pause': Call<{ readonly channel: ChannelName }, { readonly channel: ChannelView }>;
  'channels.resume': Call<{ readonly channel: ChannelName }, { readonly channel: ChannelView }>;
  /** Begins a new pairing, by a QR code or for the phone with this number. Its progress is in `Snapshot.channels`. */
  'channels.pair': Call<{ readonly channel: ChannelName; readonly phone?: string }, { readonly channel: ChannelView }>;
  /** Takes this machine off the account and forgets the pairing. */
  'channels.unpair': Call<{ readonly channel: ChannelName }, { readonly channel: ChannelView }>;
  /** Queues a message that shows whether it works; without `to`, to the person. */
  'channels.test': Call<{ readonly channel: ChannelName; readonly to?: string }, { readonly jid: string }>;
  /** Reads the names of all groups anew. */
  'channels.refreshGroups': Call<{ readonly channel: ChannelName }, { readonly groups: number }>;
}
