import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { openUnfollowed } from '../base/regular-file.ts';
import type { FileIdentity } from './identity.ts';
import type { Refusal } from './types.ts';

/** One look at a `.done` file. */
export type DoneFile =
  | { readonly kind: 'file'; readonly identity: FileIdentity; /** The last change in ms. */ readonly modifiedMs: number; /** When anything about it changed last, in ns. */ readonly changedNs: bigint }
  | { readonly kind: 'refused'; readonly why: Refusal };

/** Looks at the name itself, never through a link. Null when it is gone. Rejects with what the file system says otherwise. */
export async function lookAt(path: string, maxBytes: number): Promise<DoneFile | null> {
  const stats = await lstat(path, { bigint: true }).catch(goneIsNull);
  return stats === null ? null : judge(stats, maxBytes);
}

/**
 * Reads the file that {@link lookAt} saw. Null when the name now belongs to another one, which is looked at anew. Rejects
 * with what the file system says.
 */
export async function readDone(path: string, seen: FileIdentity, maxBytes: number): Promise<Buffer | null> {
  const file = await openUnfollowed(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ELOOP') return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile() || String(stats.ino) !== seen.inode) return null;
    const buffer = Buffer.alloc(Math.min(Number(stats.size), maxBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** When a marker file was made, in ns; null when there is none, or what has its name is not a file. */
export async function markerTime(path: string): Promise<bigint | null> {
  const stats = await lstat(path, { bigint: true }).catch(goneIsNull);
  return stats?.isFile() === true ? stats.mtimeNs : null;
}

function judge(stats: BigIntStats, maxBytes: number): DoneFile {
  if (stats.isSymbolicLink()) return { kind: 'refused', why: 'symlink' };
  if (stats.isDirectory()) return { kind: 'refused', why: 'directory' };
  if (!stats.isFile()) return { kind: 'refused', why: 'special' };
  if (Number(stats.size) > maxBytes) return { kind: 'refused', why: 'size' };
  return {
    kind: 'file',
    identity: { inode: String(stats.ino), born: String(stats.birthtimeNs), modified: String(stats.mtimeNs), size: Number(stats.size) },
    modifiedMs: Number(stats.mtimeMs),
    changedNs: stats.ctimeNs,
  };
}

function goneIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
