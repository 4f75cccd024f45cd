import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, lstatSync, mkdirSync, openSync, readdirSync, readlinkSync, readSync, renameSync, rmSync } from 'node:fs';
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

  prepare(): void {
    mkdirSync(this.#dir, { recursive: true, mode: PRIVATE });
  }

  /** Takes a request out of its box; null when it is gone. A name that breaks the rule is kept as `odd.json`. */
  take(from: HeldFolder, box: Box, name: string): Claim | null {
    this.#count += 1;
    const id = `${this.#clock.now()}-${String(this.#count).padStart(6, '0')}-${randomBytes(4).toString('hex')}`;
    const kept = isRequestName(name) ? name : 'odd.json';
    const file = join(this.#dir, [id, box, kept].join(SEPARATOR));
    return from.moveOut(name, file) ? { id, box, name, file, begun: false } : null;
  }

  /** What a crash left behind, oldest first. */
  left(): readonly Claim[] {
    return readdirSync(this.#dir)
      .sort()
      .flatMap((entry) => {
      const parts = entry.split(SEPARATOR);
      const begun = parts.at(-1) === BEGUN;
      const [id, box, name] = parts;
      if (id === undefined || name === undefined || !BOXES.some((known) => known === box)) return [];
      return [{ id, box: box as Box, name, file: join(this.#dir, entry), begun }];
    });
  }

  /** Notes that something begins which must not happen twice. */
  begin(claim: Claim): Claim {
    if (claim.begun) return claim;
    const file = `${claim.file}${SEPARATOR}${BEGUN}`;
    renameSync(claim.file, file);
    return { ...claim, file, begun: true };
  }

  /** It is settled, and its answer written. */
  finish(claim: Claim): void {
    rmSync(claim.file, { force: true });
  }
}

/**
 * Reads a claimed file. Only a plain file of its own is read: a link could lead to what the agent may not see, a FIFO would
 * never end. `settled` is false when a writer may still be at it: read it again in a moment.
 */
export function readRequest(claim: Claim, maxBytes: number): ReadRequest {
  const stats = lstatSync(claim.file);
  if (stats.isSymbolicLink()) return no(`it is a link (to ${JSON.stringify(readlinkSync(claim.file))}); links are not followed`);
  if (stats.isDirectory()) return no('it is a folder');
  if (!stats.isFile()) return no('it is not a plain file');
  if (stats.nlink > 1) return no('the file has other names as well; write a file of its own');
  let file: number;
  try {
    // Nobody can exchange it in this place; the flags are for what was overlooked.
    file = openSync(claim.file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return no('its permissions keep Wheelhouse from reading it');
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    if (size > maxBytes) return no(`it has ${size} bytes, a request may have ${maxBytes}`);
    // Its writer may still be at it, so it may have grown since.
    const buffer = Buffer.alloc(maxBytes + 1);
    const bytes = readSync(file, buffer, 0, maxBytes + 1, 0);
    return bytes > maxBytes ? no(`it has more than ${maxBytes} bytes`) : parse(buffer.subarray(0, bytes));
  } finally {
    closeSync(file);
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
