import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, opendir, rename, unlink, writeFile, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A listing ends here; what it left out is found by the next one. */
const MOST_NAMES = 5000;

/**
 * A folder in which somebody else may write, and put links in the place of what is there. On Linux everything below it is
 * reached through its descriptor, so what was checked once cannot be exchanged afterwards; elsewhere it is checked when it
 * is opened, which leaves a moment.
 */
export class HeldFolder {
  readonly #handle: FileHandle | null;
  /** Reaches the folder, whatever became of its name. */
  readonly #base: string;

  private constructor(handle: FileHandle | null, base: string) {
    this.#handle = handle;
    this.#base = base;
  }

  /** Rejects with ENOENT, ELOOP for a link, ENOTDIR. */
  static async open(path: string, platform: NodeJS.Platform = process.platform): Promise<HeldFolder> {
    if (platform === 'linux') {
      const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      return new HeldFolder(handle, `/proc/self/fd/${handle.fd}`);
    }
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) throw Object.assign(new Error(`${path} is a link`), { code: 'ELOOP' });
    if (!stats.isDirectory()) throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR' });
    return new HeldFolder(null, path);
  }

  /** Names that pass `wanted`, in no order; of very many only some. */
  async names(wanted: (name: string) => boolean): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of await opendir(this.#base)) {
      if (wanted(name)) names.push(name);
      if (names.length >= MOST_NAMES) break;
    }
    return names;
  }

  /** Moves an entry out of the folder, as it is: a link stays a link. Resolves with false when it is not there any more. */
  async moveOut(name: string, to: string): Promise<boolean> {
    try {
      await rename(this.#path(name), to);
      return true;
    } catch (error) {
      // It can also be the place it should go to that is missing.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && (await this.changedAt(name)) === null) return false;
      throw error;
    }
  }

  /**
   * Puts a whole file there, in place of whatever has its name. It outlives the program but not a power cut: who reads it
   * would not outlive that either.
   */
  async put(name: string, text: string, mode: number): Promise<void> {
    const temp = this.#path(`.${randomBytes(6).toString('hex')}.tmp`);
    try {
      // `wx` makes a new file or none: a link of this name is not followed.
      await writeFile(temp, text, { flag: 'wx', mode });
      await rename(temp, this.#path(name));
    } catch (error) {
      await unlink(temp).catch(() => undefined);
      throw error;
    }
  }

  /** When the entry was last changed, in ms; null when it is gone. */
  async changedAt(name: string): Promise<number | null> {
    const stats = await lstat(this.#path(name)).catch(() => null);
    return stats?.mtimeMs ?? null;
  }

  /** Removes a file or a link; what is gone already or is a folder stays as it is. */
  async remove(name: string): Promise<void> {
    await unlink(this.#path(name)).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#handle?.close();
  }

  #path(name: string): string {
    if (name !== basename(name) || name === '.' || name === '..') throw new Error(`'${name}' is not the name of an entry`);
    return join(this.#base, name);
  }
}
