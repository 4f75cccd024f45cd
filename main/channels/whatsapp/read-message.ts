import type { proto, WAMessage } from '@whiskeysockets/baileys';
import type { Attachment } from '../types.ts';

type Content = proto.IMessage;

/** What of a message is for the agent. */
export interface MessageContent {
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** The accounts that it mentions. */
  readonly mentions: readonly string[];
  /** The message that it replies to. */
  readonly quoted: { readonly id: string; readonly author: string; readonly text: string } | null;
}

export type Download = (maxBytes: number) => Promise<Uint8Array>;

/** Messages in messages: disappearing ones, ones to be seen once, ones with a caption. */
const WRAPPERS = ['ephemeralMessage', 'viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension', 'documentWithCaptionMessage', 'editedMessage', 'groupMentionedMessage', 'lottieStickerMessage'] as const;
const MOST_WRAPPERS = 6;
/** Parts of the protocol that nobody has said. A reaction says nothing that an agent could answer. */
const SILENT = new Set([
  'protocolMessage',
  'senderKeyDistributionMessage',
  'messageContextInfo',
  'reactionMessage',
  'encReactionMessage',
  'pollUpdateMessage',
  'keepInChatMessage',
  'pinInChatMessage',
  'deviceSentMessage',
  'encEventResponseMessage',
  'placeholderMessage',
  'messageHistoryNotice',
  'albumMessage',
]);

/** Null: nothing was said, so it is nothing but a sign that the chat exists. */
export function readContent(message: WAMessage, download: Download): MessageContent | null {
  const content = unwrap(message.message ?? undefined);
  if (content === undefined) return null;
  const found = textAndFiles(content, download);
  if (found === null || (found.text === '' && found.attachments.length === 0)) return null;
  const context = contextOf(content);
  const quotedText = context?.quotedMessage ? (textAndFiles(unwrap(context.quotedMessage) ?? {}, download)?.text ?? '') : '';
  return {
    ...found,
    mentions: context?.mentionedJid ?? [],
    quoted: context?.stanzaId ? { id: context.stanzaId, author: context.participant ?? '', text: quotedText } : null,
  };
}

/** Seconds or a 64-bit number of the protocol, as wall ms. */
export function timeOf(timestamp: WAMessage['messageTimestamp'], now: number): number {
  const seconds = typeof timestamp === 'number' ? timestamp : timestamp === null || timestamp === undefined ? Number.NaN : Number(timestamp.toString());
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : now;
}

function unwrap(content: Content | undefined): Content | undefined {
  let inner = content;
  for (let depth = 0; depth < MOST_WRAPPERS && inner !== undefined; depth += 1) {
    const wrapped: Content | null | undefined = WRAPPERS.map((key) => inner?.[key]?.message).find((message) => message !== null && message !== undefined);
    if (wrapped === null || wrapped === undefined) return inner;
    inner = wrapped;
  }
  return inner;
}

function textAndFiles(content: Content, download: Download): Pick<MessageContent, 'text' | 'attachments'> | null {
  const said = (text: string | null | undefined) => ({ text: text ?? '', attachments: [] });
  if (content.conversation) return said(content.conversation);
  if (content.extendedTextMessage) return said(content.extendedTextMessage.text);
  const file = fileIn(content, download);
  if (file !== null) return file;
  const line = nameOf(content);
  if (line !== null) return said(line);
  const kind = Object.entries(content).find(([key, value]) => value !== null && value !== undefined && !SILENT.has(key))?.[0];
  return kind === undefined ? null : said(`[A message of a kind that is not supported: ${kind.replace(/Message(?:V\d)?$/, '')}]`);
}

function fileIn(content: Content, download: Download): Pick<MessageContent, 'text' | 'attachments'> | null {
  const { imageMessage: image, videoMessage: video, ptvMessage: round, audioMessage: audio, documentMessage: document } = content;
  const part = image ?? video ?? round ?? audio ?? document;
  if (!part) return null;
  const attachment: Attachment = {
    kind: image ? 'image' : video || round ? 'video' : document ? 'document' : audio?.ptt === true ? 'voice' : 'audio',
    fileName: document?.fileName ?? null,
    mimeType: part.mimetype ?? null,
    bytes: part.fileLength === null || part.fileLength === undefined ? null : Number(part.fileLength.toString()),
    seconds: 'seconds' in part && typeof part.seconds === 'number' ? part.seconds : null,
    fetch: download,
  };
  return { text: (image ?? video ?? document)?.caption ?? '', attachments: [attachment] };
}

function nameOf(content: Content): string | null {
  const { stickerMessage: sticker, locationMessage, liveLocationMessage, contactMessage: contact, contactsArrayMessage: contacts, eventMessage: event, groupInviteMessage: invite } = content;
  const location = locationMessage ?? liveLocationMessage;
  const poll = content.pollCreationMessage ?? content.pollCreationMessageV2 ?? content.pollCreationMessageV3;
  const chosen = content.buttonsResponseMessage?.selectedDisplayText ?? content.listResponseMessage?.title ?? content.templateButtonReplyMessage?.selectedDisplayText;
  if (chosen) return chosen;
  if (sticker) return '[Sticker]';
  if (location) return `[Location: ${location.degreesLatitude ?? '?'}, ${location.degreesLongitude ?? '?'}]`;
  if (contact) return `[Contact: ${contact.displayName ?? '?'}]`;
  if (contacts) return `[Contacts: ${(contacts.contacts ?? []).map(({ displayName }) => displayName ?? '?').join(', ')}]`;
  if (poll) return `[Poll: ${poll.name ?? '?'}]`;
  if (event) return `[Event: ${event.name ?? '?'}]`;
  if (invite) return `[Invitation to the group ${invite.groupName ?? '?'}]`;
  return null;
}

function contextOf(content: Content): proto.IContextInfo | null {
  for (const part of Object.values(content) as unknown[]) {
    const context = (part as { readonly contextInfo?: proto.IContextInfo | null } | null)?.contextInfo;
    if (context) return context;
  }
  return null;
}
