import { chownSync, constants, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { Attachment, AttachmentKind } from './types.ts';

const ATTACHMENTS = 'attachments';
const MIB = 1024 * 1024;
const NAMES: Readonly<Record<AttachmentKind, string>> = { image: 'Image', video: 'Video', voice: 'Voice message', audio: 'Audio', document: 'Document' };
const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'video/mp4': 'mp4',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'application/pdf': 'pdf',
};
const FALLBACK: Readonly<Record<AttachmentKind, string>> = { image: 'jpg', video: 'mp4', voice: 'ogg', audio: 'mp3', document: 'bin' };
const LONGEST_NAME = 80;

/** A file name that is no path, no hidden file and not too long, whatever the sender called it. */
export function safeFileName(kind: AttachmentKind, fileName: string | null, mimeType: string | null): string {
  const given = (fileName ?? '')
    .normalize('NFC')
    .replaceAll(/[\p{C}/\\:*?"<>|]/gu, '_')
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '');
  if (given !== '') {
    const dot = given.lastIndexOf('.');
    const extension = dot > 0 && given.length - dot <= 12 ? given.slice(dot) : '';
    return [...given.slice(0, given.length - extension.length)].slice(0, LONGEST_NAME).join('') + extension;
  }
  const type = mimeType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return `${kind}.${EXTENSIONS[type] ?? FALLBACK[kind]}`;
}

/** What the agent reads while the file is being fetched, and for good when the program dies in between. */
export function interruptedLine(attachment: Attachment): string {
  return `[${nameOf(attachment)} was not saved: Wheelhouse was stopped while it was being fetched]`;
}

export interface SaveAttachmentOptions {
  /** The folder of the group, which its agent can write to as well. */
  readonly folder: string;
  /** Makes the name unique, so that nothing is ever overwritten. */
  readonly messageId: number;
  readonly index: number;
  /** `2026-11-25`: the subfolder. */
  readonly day: string;
  readonly maxMb: number;
}

/** Fetches and saves one attachment for the agent. Never throws: the line that the agent reads says what became of it. */
export async function saveAttachment(attachment: Attachment, options: SaveAttachmentOptions, report: (what: string, error: unknown) => void): Promise<string> {
  const name = nameOf(attachment);
  const limit = options.maxMb * MIB;
  const tooLarge = (bytes: number): string => `[${name} was not saved: it has ${(bytes / MIB).toFixed(1)} MB, the limit is ${options.maxMb} MB]`;
  if (attachment.bytes !== null && attachment.bytes > limit) return tooLarge(attachment.bytes);
  let bytes: Uint8Array;
  try {
    bytes = await attachment.fetch(limit);
  } catch (error) {
    report(`fetching an attachment (${name})`, error);
    return `[${name} was not saved: it could not be fetched]`;
  }
  if (bytes.byteLength > limit) return tooLarge(bytes.byteLength);
  try {
    return `[${name}: ${await writeInto(attachment, bytes, options)}]`;
  } catch (error) {
    report(`saving an attachment (${name})`, error);
    return `[${name} was not saved: it could not be written to the folder of the group]`;
  }
}

function nameOf({ kind, fileName, seconds }: Attachment): string {
  const named = fileName === null ? NAMES[kind] : `${NAMES[kind]} "${fileName.replaceAll(/\s+/g, ' ').slice(0, 120)}"`;
  return seconds === null ? named : `${named}, ${Math.round(seconds)} s`;
}

/** Returns the path as the agent sees it, from its folder. */
async function writeInto({ kind, fileName, mimeType }: Attachment, bytes: Uint8Array, { folder, messageId, index, day }: SaveAttachmentOptions): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const root = realpathSync(folder);
  // A contained agent may run as another user, who then owns its folder.
  const { uid, gid } = lstatSync(root);
  const place = join(root, ATTACHMENTS, day);
  for (const dir of [join(root, ATTACHMENTS), place]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const stats = lstatSync(dir);
    // The agent may have put a link there that leads out of its folder.
    if (!stats.isDirectory()) throw new Error(`${dir} is not a directory`);
    if (stats.uid !== uid) chownSync(dir, uid, gid);
  }
  const base = `${messageId}${index === 0 ? '' : `-${index}`}-${safeFileName(kind, fileName, mimeType)}`;
  const path = join(place, base);
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0), 0o600);
  try {
    // Between the look and the opening the folder may have been exchanged; nothing has been written yet.
    if (!realpathSync(path).startsWith(root + sep)) {
      await unlink(path);
      throw new Error(`${path} leads out of the folder of the group`);
    }
    await file.writeFile(bytes);
    if ((await file.stat()).uid !== uid) await file.chown(uid, gid);
  } finally {
    await file.close();
  }
  return [ATTACHMENTS, day, base].join('/');
}
