import { randomBytes } from 'node:crypto';
import { open, rename as renameFile, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface AtomicWriteOptions {
  /** Permissions of the new file, whatever the umask is. */
  readonly mode: number;
  /** How the finished file gets its name; another one than the file system's is for tests. */
  readonly rename?: (from: string, to: string) => Promise<void>;
}

/** A virus scanner or a reader on Windows holds files for moments; these errors mean "again, a little later". */
const BUSY = new Set(['EPERM', 'EACCES', 'EBUSY']);
const RETRY_AFTER_MS = [10, 20, 40, 80];

/** How temporary files of {@link writeFileAtomic} are called, so that ones left by a crash can be found. */
export const TEMP_FILE = /^\..+\.\d+\.[0-9a-f]{8}\.tmp$/;

/**
 * Replaces the whole file, so that readers see the old text or the new one and a power cut leaves one of them. On failure
 * the old file is untouched and no temporary file stays; rejects with the file system's error.
 */
export async function writeFileAtomic(path: string, text: string, options: AtomicWriteOptions): Promise<void> {
  const temp = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  const file = await open(temp, 'wx', options.mode);
  try {
    try {
      await file.chmod(options.mode);
      await file.writeFile(text, 'utf-8');
      await file.sync();
    } finally {
      await file.close();
    }
    await renameWithRetry(options.rename ?? renameFile, temp, path);
  } catch (error) {
    await unlink(temp).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function renameWithRetry(rename: (from: string, to: string) => Promise<void>, from: string, to: string): Promise<void> {
  for (const delayMs of RETRY_AFTER_MS) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (!BUSY.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await wait(delayMs);
    }
  }
  await rename(from, to);
}

/** Makes the new name survive a power cut. Windows cannot open folders and needs no such thing. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
