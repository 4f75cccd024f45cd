import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileAtomic, type AtomicWriteOptions } from '../base/atomic-file.ts';
import { AppError } from '../base/errors.ts';
import { tryProcessLock, type ProcessLock } from '../base/process-lock.ts';
import { sweepTempFiles } from '../base/temp-files.ts';

/** Far more than any number of tokens takes. */
const MAX_FILE_BYTES = 1_048_576;
const LOCK_TRIES = 1500;
const LOCK_WAIT_MS = 10;

/** Hears that a mode was repaired; null leaves it as it is. */
export type WarnOfMode = ((line: string) => void) | null;

export interface SecretFileChange extends Pick<AtomicWriteOptions, 'rename' | 'wait'> {
  readonly file: string;
  /** The new text of the old one. */
  readonly change: (text: string) => string;
  /** Wall time in ms. */
  readonly now: number;
  readonly warn: WarnOfMode;
}

/** The secret store of a data directory. */
export function secretFile(dataDir: string): string {
  return join(dataDir, '.env');
}

/**
 * The text of the store; empty when there is none. A file that others may read is closed to them, which `warn` hears. Throws
 * SECRET_FILE_REFUSED for a link, for what is no regular file, for one that cannot be read, or that is no UTF-8 text.
 */
export function readSecretFile(file: string, warn: WarnOfMode): string {
  let handle: number | null = null;
  try {
    if (lstatSync(file).isSymbolicLink()) throw refused(file, 'it is a symbolic link. Put a file in its place.');
    // Non-blocking, because opening a FIFO would hang the whole process.
    handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(handle);
    if (!found.isFile() || found.size > MAX_FILE_BYTES) throw refused(file, `it is not a regular file of at most ${MAX_FILE_BYTES} bytes. Move it away.`);
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0 && warn !== null) repairMode(file, handle, warn);
    const bytes = Buffer.alloc(found.size);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0)));
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (error instanceof TypeError) throw refused(file, 'it is not UTF-8 text. Save it as UTF-8.', error);
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOENT') return '';
    throw refused(file, `it cannot be read (${code}). Make it a file that you can read.`, error);
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/**
 * Replaces the text of the store by what `change` makes of it; readers see the old or the new one, and of changes at the
 * same time, in this process or others, none is lost. Throws SECRET_FILE_REFUSED, and what `change` throws.
 */
export async function changeSecretFile({ file, change, now, warn, wait = sleep, ...machine }: SecretFileChange): Promise<void> {
  const lock = await waitForLock(join(dirname(file), 'data', 'secrets.mutex'), wait);
  try {
    // A writer that was killed leaves a temporary file with every secret in it.
    await sweepTempFiles(dirname(file), now);
    const before = readSecretFile(file, warn);
    const after = change(before);
    if (Buffer.byteLength(after) > MAX_FILE_BYTES) throw refused(file, `it would grow beyond ${MAX_FILE_BYTES} bytes. Remove secrets that nothing uses.`);
    if (after !== before) await writeFileAtomic(file, after, { mode: 0o600, wait, ...machine });
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw refused(file, `it cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). Make its directory writable for you.`, error);
  } finally {
    lock.release();
  }
}

async function waitForLock(file: string, wait: (ms: number) => Promise<unknown>): Promise<ProcessLock> {
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    let lock: ProcessLock | null;
    try {
      lock = tryProcessLock(file);
    } catch (error) {
      throw refused(file, 'this file cannot be made or opened, so nobody could change secrets safely. Start Wheelhouse once, or mend the directory.', error);
    }
    if (lock !== null) return lock;
    await wait(LOCK_WAIT_MS);
  }
  throw refused(file, `another process has held it for ${(LOCK_TRIES * LOCK_WAIT_MS) / 1000} seconds. Try again when it has ended.`);
}

function repairMode(file: string, handle: number, warn: (line: string) => void): void {
  try {
    fchmodSync(handle, 0o600);
    warn(`${file}: other users could read the secrets; its mode was repaired to 0600.`);
  } catch (error) {
    warn(`${file}: other users can read the secrets and its mode cannot be repaired (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function refused(file: string, why: string, cause?: unknown): AppError {
  return new AppError('SECRET_FILE_REFUSED', `The secret store ${file} was refused: ${why}`, { file }, { cause });
}
