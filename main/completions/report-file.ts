import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import { openUnfollowed } from '../base/regular-file.ts';
import type { ReportRefusal } from './types.ts';

/** The text of a report, for eyes only. */
export interface ReportText {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** Whether more stands behind it. */
  readonly cut: boolean;
}

/** What a `.done` file named as its report, and where that file lay: from there a relative path counts. */
export interface ReportPlace {
  readonly id: number;
  readonly folder: string;
  readonly report: string | null;
}

const ADDRESS = /^[a-z][a-z\d+.-]+:\/\//i;

/**
 * Reads the beginning of a report as text, up to `maxBytes`. Nothing is followed, run, or waited for. Throws REPORT_UNREADABLE
 * with `details.why` when there is no text to be had.
 */
export async function readReport({ id, folder, report }: ReportPlace, maxBytes: number): Promise<ReportText> {
  if (report === null) throw refusal(id, 'none', `Completion ${id} names no report.`);
  if (ADDRESS.test(report)) throw refusal(id, 'address', `The report of completion ${id} is an address: open ${report} in a browser.`);
  const path = resolve(folder, report);
  const refuse = (why: keyof typeof SAYS, cause?: NodeJS.ErrnoException): AppError => {
    const said = cause?.code === undefined || why === 'gone' ? '' : ` (${cause.code})`;
    return refusal(id, why, `The report ${path} ${SAYS[why]}${said}`, cause);
  };
  // Opening a device can already do something, so it is looked at first.
  const seen = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(reasonOf(error), error);
  });
  if (seen.isSymbolicLink()) throw refuse('symlink');
  if (seen.isDirectory()) throw refuse('directory');
  if (!seen.isFile()) throw refuse('special');
  const file = await openUnfollowed(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(reasonOf(error), error);
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw refuse('special');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(stats.size, maxBytes)), 0);
    const cut = stats.size > bytesRead;
    const text = textOf(buffer.subarray(0, bytesRead), cut);
    if (text === null) throw refuse('binary');
    return { path, text, bytes: stats.size, cut };
  } finally {
    await file.close();
  }
}

const SAYS = {
  gone: 'is not there (any more).',
  symlink: 'is a symbolic link, and links are not followed. Name the file itself.',
  directory: 'is a folder. Name a file in it.',
  special: 'is not a regular file.',
  unreadable: 'cannot be read. Look at its name and permissions.',
  binary: 'is not text in UTF-8. Open it with a program of your choice.',
} as const satisfies Partial<Record<ReportRefusal, string>>;

function refusal(id: number, why: ReportRefusal, message: string, cause?: unknown): AppError {
  return new AppError('REPORT_UNREADABLE', message, { completion_id: id, why }, { cause });
}

function reasonOf({ code }: NodeJS.ErrnoException): keyof typeof SAYS {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
  return code === 'ELOOP' ? 'symlink' : 'unreadable';
}

/** Null when it is not text. A character that was cut in two is left out. */
function textOf(bytes: Uint8Array, cut: boolean): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
  } catch {
    return null;
  }
}
