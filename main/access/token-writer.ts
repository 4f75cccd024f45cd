import { chmod, lstat, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomic, type AtomicWriteOptions } from '../base/atomic-file.ts';
import { AppError } from '../base/errors.ts';
import { isTokenShaped } from './token-shape.ts';

/** What differs between machines, so that tests can stand in for Windows. */
export interface TokenWriterParts extends Pick<AtomicWriteOptions, 'rename' | 'wait' | 'suffix'> {
  readonly platform: NodeJS.Platform;
  /** Shows one line to the person; must not be stdout, which carries JSON-RPC in a bridge. */
  readonly warn: (line: string) => void;
}

const STICKY = 0o1000;
const OTHERS = 0o077;

/** Makes the one writer of token files: a reader sees the old token or the new one, never a torn one (seed 000). */
export function createTokenWriter(parts: TokenWriterParts): (filePath: string, token: string) => Promise<void> {
  const { platform, warn, ...machine } = parts;
  const windows = platform === 'win32';
  let warned = false;

  return async (filePath, token) => {
    if (!isTokenShaped(token)) throw refused(filePath, 'what was to be written is not a session token (wai_sess_ and three parts)');
    if (windows && !warned) {
      warned = true;
      warn(`${filePath}: Windows has no owner-only file mode; the token is protected by your user profile alone.`);
    }
    const dir = dirname(filePath);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await checkDirectory(dir, windows);
    await checkTarget(filePath);
    await writeFileAtomic(filePath, token, { mode: 0o600, ...machine });
  };
}

/** mkdir leaves an existing directory as it is, and a linked one would lead the token elsewhere. */
async function checkDirectory(dir: string, windows: boolean): Promise<void> {
  const found = await lstat(dir);
  if (!found.isDirectory()) throw refused(dir, 'it is a symbolic link or no directory; use a real directory');
  if (windows) return;
  if (found.uid !== process.geteuid?.()) throw refused(dir, 'it belongs to another user');
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
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function refused(path: string, why: string): AppError {
  return new AppError('TOKEN_FILE_REFUSED', `${path} was not written: ${why}.`, { path });
}
