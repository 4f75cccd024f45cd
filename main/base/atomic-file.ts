import { randomBytes } from 'node:crypto';
import { open, rename as renameFile, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface AtomicWriteOptions {
  /** Permissions of the new file, whatever the umask is. */
  readonly mode: number;
  /** How the finished file gets its name, how to wait, and what makes its temporary name unique; others than the machine's own are for tests. */
  readonly rename?: (from: string, to: string) => Promise<void>;
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Eight hexadecimal digits. */
  readonly suffix?: () => string;
}

/** A virus scanner or a reader on Windows holds files for moments; these errors mean "again, a little later". */
const BUSY = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** Seed 000: at most three retries, after a random 10 to 50 ms each. */
const MAX_RETRIES = 3;

/** How temporary files of {@link writeFileAtomic} are called, so that ones left by a crash can be found. */
export const TEMP_FILE = /^\..+\.\d+\.[0-9a-f]{8}\.tmp$/;

/**
 * Replaces the whole file, so that readers see the old text or the new one and a power cut leaves one of them. On failure
 * the old file is untouched and no temporary file stays; rejects with the file system's error.
 */
export async function writeFileAtomic(path: string, text: string, options: AtomicWriteOptions): Promise<void> {
  const { suffix = () => randomBytes(4).toString('hex') } = options;
  const temp = join(dirname(path), `.${basename(path)}.${process.pid}.${suffix()}.tmp`);
  // Exclusive, so that whatever somebody put there before, a link for example, is neither followed nor written.
  const file = await open(temp, 'wx', options.mode);
  try {
    try {
      await file.chmod(options.mode);
      await file.writeFile(text, 'utf-8');
      await file.sync();
    } finally {
      await file.close();
    }
    await renameWithRetry(options, temp, path);
  } catch (error) {
    await unlink(temp).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function renameWithRetry({ rename = renameFile, wait = sleep }: AtomicWriteOptions, from: string, to: string): Promise<void> {
  for (let retries = 0; ; retries += 1) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      if (retries === MAX_RETRIES || !BUSY.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      await wait(10 + Math.random() * 40);
    }
  }
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
