import type { WAMessage } from '@whiskeysockets/baileys';
import type { ChatInfo, IncomingMessage } from '../types.ts';
import { type Lids, userOf, withoutDevice } from './lids.ts';
import { readContent, timeOf, type MessageContent } from './read-message.ts';
import type { WaConnection } from './socket.ts';

export interface IncomingContext {
  readonly connection: WaConnection;
  readonly lids: Lids;
  readonly isOurs: (id: string) => boolean;
  readonly isServed: (jid: string) => boolean;
  readonly ownNumber: boolean;
  readonly assistantName: string;
  readonly now: number;
}

/** `message` is null when nothing was said that concerns an agent; the chat is known all the same. */
export interface ReadIncoming {
  readonly chat: ChatInfo;
  readonly at: number;
  readonly message: IncomingMessage | null;
}

const QUOTED = 300;
/** Chats between people and groups; not the status, channels, lists. */
const CHAT = /@(?:g\.us|s\.whatsapp\.net|lid|hosted\.lid)$/;

/** What a message of WhatsApp is for us. Null: nothing, not even the sign of a chat. */
export async function incomingFrom(raw: WAMessage, context: IncomingContext): Promise<ReadIncoming | null> {
  const { connection, lids, isOurs, isServed, now } = context;
  const { key } = raw;
  const remote = key.remoteJid;
  if (!raw.message || !remote || !CHAT.test(remote)) return null;
  const isGroup = remote.endsWith('@g.us');
  const phoneOf = async (lid: string): Promise<string | null> => connection.phoneOf(lid);
  // A chat that was registered under its hidden identity keeps it.
  const jid = isServed(withoutDevice(remote)) ? withoutDevice(remote) : await lids.translate(remote, key.remoteJidAlt, phoneOf);
  const at = timeOf(raw.messageTimestamp, now);
  const fromMe = key.fromMe === true;
  // In a chat of two the name of our own account would be that of the other.
  const chat: ChatInfo = { jid, name: isGroup || fromMe ? null : (raw.pushName ?? null), isGroup };
  const content = readContent(raw, async (maxBytes) => connection.download(raw, maxBytes));
  const id = key.id ?? '';
  if (content === null || id === '' || (fromMe && isOurs(id))) return { chat, at, message: null };
  const author = isGroup ? await lids.translate(key.participant ?? remote, key.participantAlt, phoneOf) : fromMe ? (connection.socket.user?.id ?? jid) : jid;
  return {
    chat,
    at,
    message: {
      chat,
      id,
      sender: withoutDevice(author),
      senderName: raw.pushName || userOf(author),
      text: await textFor(content, context, phoneOf),
      sentAt: at,
      fromBot: isBot(content.text, fromMe, context),
      addressed: isAddressed(content, context),
      attachments: content.attachments,
    },
  };
}

/** With a number of their own, everything from it is the agents'; else they are told by the name before the text (WA-01). */
function isBot(text: string, fromMe: boolean, { ownNumber, assistantName }: IncomingContext): boolean {
  return ownNumber ? fromMe : text.startsWith(`${assistantName}:`);
}

/** A reply to what an agent wrote speaks to it. A mention of the account does only where the account is the agents' alone. */
function isAddressed({ mentions, quoted }: MessageContent, { connection, isOurs, ownNumber }: IncomingContext): boolean {
  if (quoted !== null && isOurs(quoted.id)) return true;
  if (!ownNumber) return false;
  const { user } = connection.socket;
  const own = new Set([user?.id, user?.lid].flatMap((jid) => (jid === undefined ? [] : [withoutDevice(jid)])));
  return mentions.some((jid) => own.has(withoutDevice(jid)));
}

async function textFor({ text, quoted }: MessageContent, { lids, isOurs, assistantName }: IncomingContext, phoneOf: (lid: string) => Promise<string | null>): Promise<string> {
  if (quoted === null) return text;
  const author = isOurs(quoted.id) ? assistantName : quoted.author === '' ? 'somebody' : userOf(await lids.translate(quoted.author, null, phoneOf));
  const words = [...quoted.text.replaceAll(/\s+/g, ' ')].slice(0, QUOTED).join('');
  return `${text}\n${words === '' ? `[in reply to ${author}]` : `[in reply to ${author}: "${words}"]`}`.trim();
}
