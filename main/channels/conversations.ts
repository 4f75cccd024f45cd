import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import type { Store, Tx } from '../store/store.ts';
import { channelOf } from './channel-of.ts';
import type { ChatMessages } from './chat-messages.ts';
import type { Chats } from './chats.ts';
import type { OutboundQueue } from './outbound-queue.ts';
import { stripInternal } from './outgoing-text.ts';
import type { ServedGroup, ServedGroups } from './ports.ts';
import { formatMessages } from './prompt.ts';
import { matchesTrigger } from './trigger.ts';
import type { ChannelName, ChatMessage } from './types.ts';

export interface ConversationsParts {
  readonly store: Store;
  readonly groups: ServedGroups;
  readonly chats: Chats;
  readonly messages: ChatMessages;
  readonly outbound: OutboundQueue;
  /** Under which name agents answer. */
  readonly assistantName: string;
  readonly paused: (channel: ChannelName) => boolean;
  readonly typing: (jid: string, on: boolean) => void;
  /** In which zone the agents read the times. */
  readonly zone: string;
  /** The most messages in one prompt; of more, the newest. */
  readonly maxPromptMessages: number;
}

/** Whether one of these messages wakes the agent of the group (ROUTER-01). */
function wakes(group: Pick<ServedGroup, 'isMain' | 'requiresTrigger' | 'trigger'>, messages: readonly Pick<ChatMessage, 'content' | 'addressed'>[]): boolean {
  if (group.isMain || !group.requiresTrigger) return messages.length > 0;
  return messages.some(({ content, addressed }) => addressed || matchesTrigger(content, group.trigger));
}

/** The agents' side of the chats: what waits for an agent, and what it answers. */
export class Conversations {
  readonly #parts: ConversationsParts;

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
  }

  /** The messages after the group's cursor when one of them wakes the agent, else null. Changes nothing. */
  next(groupId: string): { readonly prompt: string; readonly upTo: number; readonly count: number } | null {
    const { messages, zone, maxPromptMessages } = this.#parts;
    const group = this.#listening(groupId);
    if (group === null) return null;
    const pending = messages.since(group.jid, messages.cursor(groupId), maxPromptMessages);
    const last = pending.messages.at(-1);
    if (last === undefined || !wakes(group, pending.messages)) return null;
    const omitted = pending.total - pending.messages.length;
    return { prompt: formatMessages(pending.messages, zone, omitted), upTo: last.id, count: pending.messages.length };
  }

  /** Moves the cursor in the transaction that records who takes the messages. Returns where it stood. */
  advance(tx: Tx, groupId: string, upTo: number): number {
    const previous = this.#parts.messages.cursor(groupId);
    this.#parts.messages.setCursor(tx, groupId, upTo);
    return previous;
  }

  /** Puts the cursor back to where {@link advance} found it. */
  rollBack(tx: Tx, groupId: string, previous: number): void {
    this.#parts.messages.setCursor(tx, groupId, previous);
  }

  /**
   * Puts a text into the durable outbound queue, without its `<internal>` parts. Returns whether anything was left to send.
   * Throws NOT_FOUND for a group that is gone.
   */
  reply(tx: Tx, groupId: string, text: string, { runId, kind }: { readonly runId: string | null; readonly kind: 'reply' | 'error' | 'progress' }): boolean {
    const group = this.#parts.groups.byId(groupId);
    if (group === null) throw new AppError('NOT_FOUND', `There is no group ${groupId}.`, { group: groupId });
    const content = stripInternal(text);
    if (content === '') return false;
    this.#say(tx, group, content, runId, kind);
    return true;
  }

  /** A message of the agent to any chat, as the mailbox asks for it. Returns whether anything was left to send. Throws INPUT_INVALID. */
  send(tx: Tx, jid: string, text: string): boolean {
    const group = this.#parts.groups.byJid(jid);
    if (group !== null) return this.reply(tx, group.id, text, { runId: null, kind: 'reply' });
    const content = stripInternal(text);
    if (content === '') return false;
    this.#parts.chats.seen(tx, { jid, name: null, isGroup: null });
    this.#parts.outbound.add(tx, { jid, text: content, messageId: null, prefix: this.#parts.assistantName });
    tx.event({ kind: 'chat', action: 'sending', subject: `chat:${jid}`, text: `A message for ${this.#parts.chats.get(jid)?.name ?? jid} (${count(content)})`, data: { jid } });
    return true;
  }

  /** Shows or hides that somebody is typing; best effort, never throws. */
  working(groupId: string, on: boolean): void {
    const group = this.#parts.groups.byId(groupId);
    if (group !== null) this.#parts.typing(group.jid, on);
  }

  /** The groups with messages for their agent. */
  groupsWithPending(): readonly string[] {
    const lastIds = new Map(this.#parts.messages.chatsWithUnseen().map(({ jid, lastId }) => [jid, lastId]));
    return this.#parts.groups
      .all()
      .filter(({ id, jid }) => (lastIds.get(jid) ?? 0) > this.#parts.messages.cursor(id) && this.next(id) !== null)
      .map(({ id }) => id);
  }

  /** Null for a group that is gone, and while its channel is paused. */
  #listening(groupId: string): ServedGroup | null {
    const group = this.#parts.groups.byId(groupId);
    const channel = group === null ? null : channelOf(group.jid);
    return group === null || channel === null || this.#parts.paused(channel) ? null : group;
  }

  #say(tx: Tx, group: ServedGroup, content: string, runId: string | null, kind: 'reply' | 'error' | 'progress'): void {
    const { chats, messages, outbound, assistantName: senderName } = this.#parts;
    const { jid } = group;
    chats.seen(tx, { jid, name: chats.get(jid) === null ? group.name : null, isGroup: null });
    const id = messages.add({
      jid,
      networkId: `out:${uuidv7(tx.now)}`,
      sender: `group:${group.id}`,
      senderName,
      content,
      sentAt: tx.now,
      kind,
      fromBot: true,
      addressed: false,
      ready: true,
      runId,
    })!;
    outbound.add(tx, { jid, text: content, messageId: id, prefix: senderName });
    tx.event({
      kind: 'chat',
      action: kind === 'reply' ? 'replied' : kind,
      subject: `chat:${jid}`,
      text: `${kind === 'error' ? 'A problem was told' : 'An answer'} for ${group.name} (${count(content)})`,
      data: { jid, group: group.name, message: id },
    });
  }
}

/** The log says how much was written and not what: chats are private. */
function count(content: string): string {
  return `${[...content].length} characters`;
}
