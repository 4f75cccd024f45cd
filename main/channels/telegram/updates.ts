import type { Message, MessageEntity, Update, User } from 'grammy/types';
import type { Attachment, IncomingMessage } from '../types.ts';

/** Who the bot is. */
export interface BotIdentity {
  readonly id: number;
  readonly username: string;
}

/** A command that somebody gave the bot, as `/status`. */
export interface BotCommand {
  readonly name: string;
  readonly fromId: number;
  readonly chatId: number;
  readonly topicId: number | null;
  /** A chat between one person and the bot. */
  readonly isPrivate: boolean;
}

/** A button that was pressed below a message of the bot. */
export interface PressedButton {
  readonly id: string;
  readonly fromId: number;
  readonly chatId: number;
  readonly messageId: number;
  readonly data: string;
}

export type ReadUpdate =
  | { readonly kind: 'message'; readonly message: IncomingMessage }
  | { readonly kind: 'command'; readonly command: BotCommand }
  | { readonly kind: 'button'; readonly button: PressedButton }
  | { readonly kind: 'chat'; readonly chat: IncomingMessage['chat'] }
  /** A group became a supergroup: both of them say so. */
  | { readonly kind: 'moved'; readonly from: string; readonly to: string }
  | { readonly kind: 'nothing' };

export interface ReadOptions {
  readonly bot: BotIdentity;
  /** The commands that the bot itself answers; others are for the agents. */
  readonly commands: ReadonlySet<string>;
  /** Whether a group serves this address; a topic without a group of its own belongs to that of the whole chat. */
  readonly isServed: (jid: string) => boolean;
  readonly fetch: (fileId: string, maxBytes: number) => Promise<Uint8Array>;
}

/** What an update is about. Pure but for the fetching of files, which comes later. */
export function readUpdate(update: Update, options: ReadOptions): ReadUpdate {
  if (update.callback_query !== undefined) return readButton(update.callback_query);
  if (update.my_chat_member !== undefined) return { kind: 'chat', chat: chatOf(update.my_chat_member.chat, jidOf(update.my_chat_member.chat.id, null)) };
  const { message } = update;
  if (message === undefined) return { kind: 'nothing' };
  if (message.migrate_to_chat_id !== undefined) return { kind: 'moved', from: jidOf(message.chat.id, null), to: jidOf(message.migrate_to_chat_id, null) };
  if (message.migrate_from_chat_id !== undefined) return { kind: 'moved', from: jidOf(message.migrate_from_chat_id, null), to: jidOf(message.chat.id, null) };
  const command = commandIn(message, options);
  if (command !== null) return { kind: 'command', command };
  const read = readMessage(message, options);
  return read === null ? { kind: 'nothing' } : { kind: 'message', message: read };
}

export function jidOf(chatId: number, topicId: number | null): string {
  return topicId === null ? `tg:${chatId}` : `tg:${chatId}/${topicId}`;
}

/** The chat and the topic in an address. */
export function addressOf(jid: string): { readonly chatId: number; readonly topicId: number | null } | null {
  const match = /^tg:(-?\d+)(?:\/(\d+))?$/.exec(jid);
  return match === null ? null : { chatId: Number(match[1]), topicId: match[2] === undefined ? null : Number(match[2]) };
}

function readButton(query: NonNullable<Update['callback_query']>): ReadUpdate {
  const { id, from, data, message } = query;
  if (data === undefined || message === undefined) return { kind: 'nothing' };
  return { kind: 'button', button: { id, fromId: from.id, chatId: message.chat.id, messageId: message.message_id, data } };
}

function topicOf(message: Message): number | null {
  return message.is_topic_message === true ? (message.message_thread_id ?? null) : null;
}

function commandIn(message: Message, { bot, commands }: ReadOptions): BotCommand | null {
  const entity = message.entities?.[0];
  if (message.text === undefined || message.from === undefined || entity?.type !== 'bot_command' || entity.offset !== 0) return null;
  const [name = '', addressee] = message.text.slice(1, entity.length).toLowerCase().split('@', 2);
  if (!commands.has(name) || (addressee !== undefined && addressee !== bot.username.toLowerCase())) return null;
  return { name, fromId: message.from.id, chatId: message.chat.id, topicId: topicOf(message), isPrivate: message.chat.type === 'private' };
}

function readMessage(message: Message, options: ReadOptions): IncomingMessage | null {
  const { chat, from, sender_chat: asChat } = message;
  const { attachments, lines } = contentOf(message, options.fetch);
  const text = [message.text ?? message.caption ?? '', ...lines, ...quoteIn(message)].filter((part) => part !== '').join('\n');
  if (text === '' && attachments.length === 0) return null;
  const topic = topicOf(message);
  const own = jidOf(chat.id, topic);
  const jid = topic !== null && !options.isServed(own) && options.isServed(jidOf(chat.id, null)) ? jidOf(chat.id, null) : own;
  const sender = asChat?.title ?? (from === undefined ? 'somebody' : nameOf(from));
  return {
    chat: chatOf(chat, jid),
    id: String(message.message_id),
    sender: String(asChat?.id ?? from?.id ?? chat.id),
    senderName: sender,
    text,
    sentAt: message.date * 1000,
    fromBot: from?.is_bot === true && asChat === undefined,
    addressed: chat.type === 'private' || isAddressed(message, options.bot),
    attachments,
  };
}

function chatOf(chat: Message['chat'], jid: string): IncomingMessage['chat'] {
  const name = chat.title ?? [chat.first_name, chat.last_name].filter((part) => part !== undefined).join(' ');
  return { jid, name: name === '' ? (chat.username ?? null) : name, isGroup: chat.type !== 'private' };
}

function nameOf({ first_name, last_name, username }: User): string {
  const name = [first_name, last_name].filter((part) => part !== undefined && part !== '').join(' ');
  return name === '' ? (username ?? 'somebody') : name;
}

function isAddressed(message: Message, bot: BotIdentity): boolean {
  if (message.reply_to_message?.from?.id === bot.id) return true;
  const text = message.text ?? message.caption ?? '';
  const entities = message.entities ?? message.caption_entities ?? [];
  return entities.some((entity) => mentions(entity, text, bot));
}

function mentions(entity: MessageEntity, text: string, bot: BotIdentity): boolean {
  if (entity.type === 'text_mention') return entity.user.id === bot.id;
  return entity.type === 'mention' && text.slice(entity.offset, entity.offset + entity.length).toLowerCase() === `@${bot.username.toLowerCase()}`;
}

const QUOTED = 300;

/** What a reply replies to, after the text, so that a trigger stays at its beginning. */
function quoteIn(message: Message): readonly string[] {
  const replied = message.reply_to_message;
  // In a topic every message that answers none "replies" to the one that opened it.
  if (replied === undefined || replied.forum_topic_created !== undefined) return [];
  const text = message.quote?.text ?? replied.text ?? replied.caption ?? '';
  const whose = replied.from === undefined ? 'somebody' : nameOf(replied.from);
  return [text === '' ? `[in reply to ${whose}]` : `[in reply to ${whose}: "${[...text.replaceAll(/\s+/g, ' ')].slice(0, QUOTED).join('')}"]`];
}

/** Kinds of content that are only named to the agent. Everything else without text is a notice of the chat itself, as of a new member. */
function contentOf(message: Message, fetch: ReadOptions['fetch']): { readonly attachments: readonly Attachment[]; readonly lines: readonly string[] } {
  const file = (kind: Attachment['kind'], source: { readonly file_id: string; readonly file_size?: number; readonly file_name?: string; readonly mime_type?: string; readonly duration?: number }) => ({
    attachments: [
      {
        kind,
        fileName: source.file_name ?? null,
        mimeType: source.mime_type ?? null,
        bytes: source.file_size ?? null,
        seconds: source.duration ?? null,
        fetch: async (maxBytes: number) => fetch(source.file_id, maxBytes),
      },
    ],
    lines: [],
  });
  const named = (line: string) => ({ attachments: [], lines: [line] });
  const photo = message.photo?.at(-1);
  if (photo !== undefined) return file('image', photo);
  if (message.voice !== undefined) return file('voice', message.voice);
  if (message.audio !== undefined) return file('audio', message.audio);
  if (message.video !== undefined) return file('video', message.video);
  if (message.video_note !== undefined) return file('video', message.video_note);
  if (message.animation !== undefined) return file('video', message.animation);
  if (message.document !== undefined) return file('document', message.document);
  if (message.sticker !== undefined) return named(`[Sticker ${message.sticker.emoji ?? ''}]`.replace(' ]', ']'));
  if (message.venue !== undefined) return named(`[Place: ${message.venue.title}, ${message.venue.address}]`);
  if (message.location !== undefined) return named(`[Location: ${message.location.latitude}, ${message.location.longitude}]`);
  if (message.contact !== undefined) return named(`[Contact: ${[message.contact.first_name, message.contact.last_name ?? ''].join(' ').trim()}, ${message.contact.phone_number}]`);
  if (message.poll !== undefined) return named(`[Poll: ${message.poll.question}]`);
  if (message.dice !== undefined) return named(`[Dice: ${message.dice.emoji} ${message.dice.value}]`);
  if (message.story !== undefined) return named('[Story, which is not supported]');
  if (message.game !== undefined) return named(`[Game: ${message.game.title}]`);
  if (message.paid_media !== undefined) return named('[Paid media, which is not supported]');
  return { attachments: [], lines: [] };
}
