import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { isTokenShaped } from './token-shape.ts';
import { tempFileName } from './token-temp-files.ts';

/** What differs between machines, so that tests can stand in for Windows. */
export interface TokenWriterParts {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => Promise<void>;
  /** Resolves after `ms` milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** Shows one line to the person; must not be stdout, which carries JSON-RPC in a bridge. */
  readonly warn: (line: string) => void;
}

/** Another process (a virus scanner, a reader) may hold the file for a moment on Windows. */
const BUSY_CODES: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY'];
const MAX_RETRIES = 3;
const STICKY = 0o1000;
const OTHERS = 0o077;

/** Makes the one writer of token files: a reader sees the old token or the new one, never a torn one (seed 000). */
export function createTokenWriter(parts: TokenWriterParts): (filePath: string, token: string) => Promise<void> {
  const windows = parts.platform === 'win32';
  let warned = false;

  return async (filePath, token) => {
    if (!isTokenShaped(token)) throw refused(filePath, 'what was to be written is not a session token (wai_sess_ and three parts)');
    if (windows && !warned) {
      warned = true;
      parts.warn(`${filePath}: Windows has no owner-only file mode; the token is protected by your user profile alone.`);
    }
    const dir = dirname(filePath);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await checkDirectory(dir, windows);
    await checkTarget(filePath);
    const temp = join(dir, tempFileName());
    try {
      await writeWhole(temp, token, windows);
      await renameOver(parts, windows, temp, filePath);
    } catch (error) {
      await unlink(temp).catch((left: unknown) => {
        if (codeOf(left) !== 'ENOENT') parts.warn(`${temp}: a temporary file could not be removed (${String(codeOf(left))}).`);
      });
      throw error;
    }
    if (!windows) await syncDirectory(dir);
  };
}

/** mkdir leaves an existing directory as it is, and a linked one would lead the token elsewhere. */
async function checkDirectory(dir: string, windows: boolean): Promise<void> {
  const found = await lstat(dir);
  if (!found.isDirectory()) throw refused(dir, 'it is a symbolic link or no directory; use a real directory');
  if (windows) return;
  if (process.getuid !== undefined && found.uid !== process.getuid()) throw refused(dir, 'it belongs to another user');
  // Taking a shared directory such as /tmp away from everybody else would break the machine.
  if ((found.mode & STICKY) !== 0) throw refused(dir, 'it is shared with other users; use a directory of your own');
  if ((found.mode & OTHERS) !== 0) await chmod(dir, 0o700);
}

async function checkTarget(filePath: string): Promise<void> {
  try {
    const found = await lstat(filePath);
    if (found.isSymbolicLink()) throw refused(filePath, 'it is a symbolic link; remove it');
    if (!found.isFile()) throw refused(filePath, 'it is not a regular file; remove it');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function writeWhole(temp: string, token: string, windows: boolean): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (windows ? 0 : constants.O_NOFOLLOW);
  const file = await open(temp, flags, 0o600);
  try {
    await file.writeFile(token, 'utf-8');
    // The umask may have taken bits away from the mode given to open.
    if (!windows) await file.chmod(0o600);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits 10 to 50 ms between tries, at most three retries (seed 000, Windows rule). */
async function renameOver(parts: TokenWriterParts, windows: boolean, from: string, to: string): Promise<void> {
  for (let retries = 0; ; retries += 1) {
    try {
      await parts.rename(from, to);
      return;
    } catch (error) {
      if (!windows || retries === MAX_RETRIES || !BUSY_CODES.includes(codeOf(error))) throw error;
      await parts.wait(10 + Math.random() * 40);
    }
  }
}

/** Without this a power cut after the rename may bring the old name, or an empty file, back. */
async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function refused(path: string, why: string): AppError {
  return new AppError('TOKEN_FILE_REFUSED', `${path} was not written: ${why}.`, { path });
}

function codeOf(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code;
}
