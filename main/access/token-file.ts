import { closeSync, constants, fchmodSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { resolveDataDir } from '../config/data-dir.ts';
import { isTokenShaped, MAX_TOKEN_BYTES } from './token-shape.ts';
import { createTokenWriter } from './token-writer.ts';

/** Seed 000 asks for bare functions, so the machine's own parts are bound here; the state inside is "warned once". */
const writeToken = createTokenWriter({ platform: process.platform, warn });

/** Absolute path of the token file: `WAIAAS_DATA_DIR`, else `dataDir`, else `~/.waiaas`, and in it `mcp-token` (seed 000). */
export function getMcpTokenPath(dataDir?: string): string {
  return join(resolveDataDir(process.env, dataDir), 'mcp-token');
}

/**
 * Writes the token so that readers see the old one or the new one and never a part (seed 000, six steps; the last
 * writer wins). Throws TOKEN_FILE_REFUSED for a symbolic link, a foreign or shared directory, or a text that is no token.
 */
export async function writeMcpToken(filePath: string, token: string): Promise<void> {
  await writeToken(filePath, token);
}

/**
 * The token in the file, or null when there is none that can be trusted; says why on stderr unless the file is just
 * missing. A file that others may read is repaired to 0600 with a warning. Synchronous, as tool handlers need it (seed 000).
 */
export function readMcpToken(filePath: string): string | null {
  let handle: number | null = null;
  try {
    if (lstatSync(filePath).isSymbolicLink()) {
      warn(`${filePath}: refused, it is a symbolic link.`);
      return null;
    }
    // Non-blocking, because opening a FIFO would hang the whole process.
    handle = openSync(filePath, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(handle);
    if (!found.isFile() || found.size > MAX_TOKEN_BYTES) {
      warn(`${filePath}: refused, it is not a regular file of at most ${MAX_TOKEN_BYTES} bytes.`);
      return null;
    }
    if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) repairMode(filePath, handle);
    const bytes = Buffer.alloc(MAX_TOKEN_BYTES);
    const text = bytes.toString('utf-8', 0, readSync(handle, bytes, 0, bytes.length, 0)).trim();
    return isTokenShaped(text) ? text : null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT') warn(`${filePath}: cannot be read (${code ?? String(error)}).`);
    return null;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

function repairMode(filePath: string, handle: number): void {
  try {
    fchmodSync(handle, 0o600);
    warn(`${filePath}: other users could read the token; its mode was repaired to 0600.`);
  } catch (error) {
    warn(`${filePath}: other users can read the token and its mode cannot be repaired (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** Never stdout: in a bridge that carries JSON-RPC. */
function warn(line: string): void {
  // oxlint-disable-next-line no-console -- seed 000 names console.error, because there is no log in every process that reads tokens
  console.error(line);
}
