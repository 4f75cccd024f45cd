import { randomBytes } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, opendirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A listing ends here; what it left out is found by the next one. */
const MOST_NAMES = 5000;

/**
 * A folder in which somebody else may write, and put links in the place of what is there. On Linux everything below it is
 * reached through its descriptor, so what was checked once cannot be exchanged afterwards; elsewhere it is checked when it
 * is opened, which leaves a moment.
 *
 * Synchronous, like the database beside it: these are microseconds on a local disk, and every turn through the thread pool
 * would cost a busy machine milliseconds.
 */
export class HeldFolder {
  readonly #descriptor: number | null;
  /** Reaches the folder, whatever became of its name. */
  readonly #base: string;

  private constructor(descriptor: number | null, base: string) {
    this.#descriptor = descriptor;
    this.#base = base;
  }

  /** Throws ENOENT, ELOOP for a link, ENOTDIR. */
  static open(path: string, platform: NodeJS.Platform = process.platform): HeldFolder {
    if (platform === 'linux') {
      const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      return new HeldFolder(descriptor, `/proc/self/fd/${descriptor}`);
    }
    const stats = lstatSync(path);
    if (stats.isSymbolicLink()) throw Object.assign(new Error(`${path} is a link`), { code: 'ELOOP' });
    if (!stats.isDirectory()) throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR' });
    return new HeldFolder(null, path);
  }

  /** Names that pass `wanted`, in no order; of very many only some. */
  names(wanted: (name: string) => boolean): string[] {
    const names: string[] = [];
    const folder = opendirSync(this.#base);
    try {
      for (let entry = folder.readSync(); entry !== null && names.length < MOST_NAMES; entry = folder.readSync()) if (wanted(entry.name)) names.push(entry.name);
    } finally {
      folder.closeSync();
    }
    return names;
  }

  /** Moves an entry out of the folder, as it is: a link stays a link. Returns false when it is not there any more. */
  moveOut(name: string, to: string): boolean {
    try {
      renameSync(this.#path(name), to);
      return true;
    } catch (error) {
      // It can also be the place it should go to that is missing.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && this.changedAt(name) === null) return false;
      throw error;
    }
  }

  /**
   * Puts a whole file there, in place of whatever has its name. It outlives the program but not a power cut: who reads it
   * would not outlive that either.
   */
  put(name: string, text: string, mode: number): void {
    const temp = this.#path(`.${randomBytes(6).toString('hex')}.tmp`);
    try {
      // `wx` makes a new file or none: a link of this name is not followed.
      writeFileSync(temp, text, { flag: 'wx', mode });
      renameSync(temp, this.#path(name));
    } catch (error) {
      tryUnlink(temp);
      throw error;
    }
  }

  /** When the entry was last changed, in ms; null when it is gone. */
  changedAt(name: string): number | null {
    return lstatSync(this.#path(name), { throwIfNoEntry: false })?.mtimeMs ?? null;
  }

  /** Removes a file or a link; what is gone already or is a folder stays as it is. */
  remove(name: string): void {
    tryUnlink(this.#path(name));
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
  }

  #path(name: string): string {
    if (name !== basename(name) || name === '.' || name === '..') throw new Error(`'${name}' is not the name of an entry`);
    return join(this.#base, name);
  }
}

function tryUnlink(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already, or not a file: there is nothing of ours to clean up.
  }
}
