import type { Guard } from '../access/guard.ts';
import type { Store } from '../store/store.ts';
import { interruptedLine, saveAttachment } from './attachments.ts';
import { channelOf } from './channel-of.ts';
import type { ChatMessages } from './chat-messages.ts';
import type { Chats } from './chats.ts';
import type { ServedGroup, ServedGroups, Work } from './ports.ts';
import { localTime } from './prompt.ts';
import type { ChannelName, ChatInfo, IncomingMessage } from './types.ts';

export interface InboxParts {
  readonly store: Store;
  readonly guard: Guard;
  readonly groups: ServedGroups;
  readonly work: Work;
  readonly chats: Chats;
  readonly messages: ChatMessages;
  readonly paused: (channel: ChannelName) => boolean;
  /** The folder of a group, which holds its attachments. */
  readonly folderOf: (group: ServedGroup) => string;
  readonly zone: string;
  readonly maxAttachmentMb: number;
  readonly report: (what: string, error: unknown) => void;
}

/** Longer texts are cut: no person writes them, and they would fill the prompt. */
const LONGEST_TEXT = 65_536;

/** Takes what the networks deliver. Of chats that no group serves only the address, name and time are kept, never a word. */
export class Inbox {
  readonly #parts: InboxParts;
  /** Per chat, because fetching a picture must not let a later message pass. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the message is durable, which is before its attachments are. The same message twice is one. Rejects when
   * it could not be written, so that the network delivers it again.
   */
  async receive(heard: IncomingMessage): Promise<void> {
    const group = this.#parts.groups.byJid(heard.chat.jid);
    if (group === null) {
      this.seen(heard.chat, heard.sentAt);
      return;
    }
    // Under an address that the chat had before, it is the same chat.
    const { jid } = group;
    const message = { ...heard, chat: { ...heard.chat, jid } };
    const id = this.#write(message);
    if (id === null) return;
    if (message.attachments.length === 0) this.#arrived(group);
    else this.#inOrder(jid, async () => this.#fetch(group, id, message));
  }

  /** Something is known of a chat. */
  seen(chat: ChatInfo, at: number | null): void {
    this.#parts.store.transact((tx) => {
      this.#parts.chats.seen(tx, chat, at);
      if (at !== null) this.#parts.chats.moved(chat.jid, 'in', at);
    });
  }

  /** Waits until every attachment that is being fetched is settled. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  #write({ chat, id: networkId, text, attachments, ...message }: IncomingMessage): number | null {
    const { store, chats, messages } = this.#parts;
    const { jid } = chat;
    const cut = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}\n[cut: the message had ${text.length} characters]` : text;
    const content = withLines(cut, attachments.map(interruptedLine));
    return store.transact((tx) => {
      chats.seen(tx, chat, message.sentAt);
      const { sender, senderName, sentAt, fromBot, addressed } = message;
      const id = messages.add({ jid, networkId, sender, senderName, content, sentAt, kind: 'message', fromBot, addressed, ready: attachments.length === 0, runId: null });
      if (id === null) return null;
      chats.moved(jid, 'in', sentAt);
      const name = chats.get(jid)?.name ?? jid;
      tx.event({ kind: 'chat', action: 'received', subject: `chat:${jid}`, text: `${senderName} wrote in ${name}`, data: { jid, name, sender: senderName, message: id } });
      return id;
    });
  }

  async #fetch(group: ServedGroup, id: number, { chat, text, sentAt, attachments }: IncomingMessage): Promise<void> {
    const { store, messages, folderOf, maxAttachmentMb, zone, report } = this.#parts;
    const place = { folder: folderOf(group), messageId: id, day: localTime(sentAt, zone).slice(0, 10), maxMb: maxAttachmentMb };
    const lines = await Promise.all(attachments.map(async (attachment, index) => saveAttachment(attachment, { ...place, index }, report)));
    store.transact((tx) => {
      messages.complete(id, withLines(text, lines));
      tx.event({ kind: 'chat', action: 'saved', subject: `chat:${chat.jid}`, text: `${lines.length} attachments of a message in ${group.name} were taken care of`, data: { jid: chat.jid, message: id, attachments: lines.length } });
    });
    this.#arrived(group);
  }

  #inOrder(jid: string, work: () => Promise<void>): void {
    const chain = (this.#underWay.get(jid) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) => this.#parts.report(`the attachments of a message in ${jid}`, error))
      .finally(() => {
        if (this.#underWay.get(jid) === chain) this.#underWay.delete(jid);
      });
    this.#underWay.set(jid, chain);
  }

  /** While nothing may act, or the channel is paused, what comes is kept for later. */
  #arrived(group: ServedGroup): void {
    const { guard, paused, work } = this.#parts;
    const channel = channelOf(group.jid);
    if (guard.state() === 'NORMAL' && channel !== null && !paused(channel)) work.messagesArrived(group.id);
  }
}

function withLines(text: string, lines: readonly string[]): string {
  return [text, ...lines].filter((part) => part !== '').join('\n');
}
