import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readlink, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { HeldFolder } from './mailbox-folder.ts';
import { BOXES, type Box } from './mailbox-types.ts';

/** A request that was taken out of the reach of whoever wrote it. */
export interface Claim {
  /** Unique on this machine, whatever the writer called the file. */
  readonly id: string;
  readonly box: Box;
  /** What the writer called it; the answer has the same name. */
  readonly name: string;
  /** The one file that holds it. */
  readonly file: string;
  /** Whether it was begun: what cannot be undone or repeated may have happened. */
  readonly begun: boolean;
}

/** What a file held, or why it is not read. */
export type ReadRequest = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly settled: boolean; readonly reason: string };

/** Parts of a claim's file name; no name of a request has it. */
const SEPARATOR = '~';
const BEGUN = 'begun';
const NAME = /^[A-Za-z0-9_.@+-]{1,180}\.json$/;
const PRIVATE = 0o700;

/** Whether a request may be called so. */
export function isRequestName(name: string): boolean {
  return NAME.test(name) && !name.startsWith('.');
}

/**
 * The folder of claims: on the file system of the mailbox, but outside of what agents see. Taking a request is one rename,
 * so a crash leaves it in one place or the other, and nobody can change it once it was taken.
 */
export class Claims {
  readonly #dir: string;
  readonly #clock: Clock;
  #count = 0;

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
  }

  async prepare(): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: PRIVATE });
  }

  /** Takes a request out of its box; null when it is gone. A name that breaks the rule is kept as `odd.json`. */
  async take(from: HeldFolder, box: Box, name: string): Promise<Claim | null> {
    this.#count += 1;
    const id = `${this.#clock.now()}-${String(this.#count).padStart(6, '0')}-${randomBytes(4).toString('hex')}`;
    const kept = isRequestName(name) ? name : 'odd.json';
    const file = join(this.#dir, [id, box, kept].join(SEPARATOR));
    return (await from.moveOut(name, file)) ? { id, box, name, file, begun: false } : null;
  }

  /** What a crash left behind, oldest first. */
  async left(): Promise<readonly Claim[]> {
    return (await readdir(this.#dir)).sort().flatMap((entry) => {
      const parts = entry.split(SEPARATOR);
      const begun = parts.at(-1) === BEGUN;
      const [id, box, name] = parts;
      if (id === undefined || name === undefined || !BOXES.some((known) => known === box)) return [];
      return [{ id, box: box as Box, name, file: join(this.#dir, entry), begun }];
    });
  }

  /** Notes that something begins which must not happen twice. */
  async begin(claim: Claim): Promise<Claim> {
    if (claim.begun) return claim;
    const file = `${claim.file}${SEPARATOR}${BEGUN}`;
    await rename(claim.file, file);
    return { ...claim, file, begun: true };
  }

  /** It is settled, and its answer written. */
  async finish(claim: Claim): Promise<void> {
    await unlink(claim.file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/**
 * Reads a claimed file. Only a plain file of its own is read: a link could lead to what the agent may not see, a FIFO would
 * never end. `settled` is false when a writer may still be at it: read it again in a moment.
 */
export async function readRequest(claim: Claim, maxBytes: number): Promise<ReadRequest> {
  const stats = await lstat(claim.file);
  if (stats.isSymbolicLink()) return no(`it is a link (to ${JSON.stringify(await readlink(claim.file))}); links are not followed`);
  if (stats.isDirectory()) return no('it is a folder');
  if (!stats.isFile()) return no('it is not a plain file');
  if (stats.nlink > 1) return no('the file has other names as well; write a file of its own');
  // Nobody can exchange it in this place; the flags are for what was overlooked.
  const file = await open(claim.file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES') return null;
    throw error;
  });
  if (file === null) return no('its permissions keep Wheelhouse from reading it');
  try {
    const { size } = await file.stat();
    if (size > maxBytes) return no(`it has ${size} bytes, a request may have ${maxBytes}`);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
    if (bytesRead > maxBytes) return no(`it has more than ${maxBytes} bytes`);
    return parse(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function parse(bytes: Buffer): ReadRequest {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return no('it is not UTF-8 text', false);
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return no(text.trim() === '' ? 'it is empty' : 'it is not JSON, or was only half-written; write NAME.json.tmp and rename it to NAME.json', false);
  }
}

function no(reason: string, settled = true): ReadRequest {
  return { ok: false, settled, reason };
}
