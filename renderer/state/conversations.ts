import type { Message } from '../../preload/contract.ts';
import { waitsFor } from './lookout.ts';

/** Messages that belong together: one thread, or what two roles write to each other outside of threads. */
export interface Conversation {
  readonly key: string;
  /** Null for the messages of two roles outside of threads. */
  readonly thread: string | null;
  /** Everybody who wrote or was written to, in order of first appearance. */
  readonly roles: readonly string[];
  readonly last: Message;
  /** Messages to the person that nobody has marked read. */
  readonly unread: number;
  /** Messages that wait for the person's acknowledgement or reading. */
  readonly waiting: number;
}

/** Cannot occur in the name of a role, which is printable. */
const BETWEEN = '\n';

export function conversationKey({ thread_id, from_role, to_role }: Pick<Message, 'thread_id' | 'from_role' | 'to_role'>): string {
  return thread_id === '' ? `p:${[from_role, to_role].sort().join(BETWEEN)}` : `t:${thread_id}`;
}

/** What a key stands for: a thread, or two roles. */
export function readConversationKey(key: string): { readonly thread: string } | { readonly pair: readonly string[] } | null {
  if (key.startsWith('t:')) return { thread: key.slice(2) };
  return key.startsWith('p:') ? { pair: key.slice(2).split(BETWEEN) } : null;
}

/** Groups messages (any order of conversations, oldest first); the conversation with the newest message comes first. */
export function conversationsOf(messages: readonly Message[], person: string): readonly Conversation[] {
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const key = conversationKey(message);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [message]);
    else group.push(message);
  }
  const conversations: Conversation[] = [];
  for (const [key, group] of groups) {
    const last = group.at(-1);
    if (last === undefined) continue;
    conversations.push({
      key,
      thread: last.thread_id === '' ? null : last.thread_id,
      roles: [...new Set(group.flatMap((message) => [message.from_role, message.to_role]))],
      last,
      unread: group.filter((message) => message.to_role === person && message.read_at === null).length,
      waiting: group.filter((message) => waitsFor(message, person)).length,
    });
  }
  return conversations.sort((a, b) => b.last.id - a.last.id);
}

/** How far a message got, as one word. */
export type Reached = 'accepted' | 'delivered' | 'read' | 'acked';
export function reachedBy(message: Pick<Message, 'delivered_at' | 'read_at' | 'acked_at'>): Reached {
  if (message.acked_at !== null) return 'acked';
  if (message.read_at !== null) return 'read';
  return message.delivered_at === null ? 'accepted' : 'delivered';
}

/**
 * Up to which message the person's inbox may be marked read. The core marks everything up to an id, so this stops
 * before the first unread message that was not on the screen: nothing is called read earlier than it is true. Null
 * when there is nothing to mark, or when older unread messages are not known here.
 */
export function readableUpTo(messages: readonly Message[], person: string, seen: ReadonlySet<number>, unread: number): number | null {
  const waiting = messages.filter((message) => message.to_role === person && message.read_at === null);
  if (waiting.length < unread) return null;
  let upTo: number | null = null;
  for (const message of waiting) {
    if (!seen.has(message.id)) break;
    upTo = message.id;
  }
  return upTo;
}
