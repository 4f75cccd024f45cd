import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';

/** The file that asks the agent to end when its turn is over (QUEUE-03). */
export const CLOSE_FILE = '_close';

/**
 * The folder `input/` of one run: what is put there reaches the live agent (QUEUE-02). The agent may write in it as well,
 * so nothing in it is trusted: a link is never followed, and a name never used twice.
 */
export class FollowUpFolder {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #written = new Map<string, string>();
  #lastMs = 0;

  constructor(dir: string, clock: Clock) {
    this.#dir = dir;
    this.#clock = clock;
  }

  /** Makes the folder and empties it: what is left of an earlier run must not leak into this one. Rejects when that fails. */
  async clear(): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    await this.#assertFolder();
    await Promise.all((await readdir(this.#dir)).map(async (name) => rm(join(this.#dir, name), { recursive: true, force: true })));
  }

  /** Puts a text there; the names sort as the texts came. Rejects when it cannot be written. */
  async put(id: string, text: string): Promise<void> {
    // Two within a millisecond keep their order.
    this.#lastMs = Math.max(this.#clock.now(), this.#lastMs + 1);
    const name = `${this.#lastMs}-${id.replaceAll(/[^A-Za-z0-9-]/g, '')}.json`;
    await this.#write(name, JSON.stringify({ type: 'message', text }));
    this.#written.set(id, name);
  }

  /** Asks the agent to end. */
  async close(): Promise<void> {
    await this.#write(CLOSE_FILE, '');
  }

  /** The ids of the texts that the agent has not taken, in the order in which they came. */
  async unread(): Promise<readonly string[]> {
    if (this.#written.size === 0) return [];
    const left = new Set(await readdir(this.#dir).catch((): string[] => []));
    return [...this.#written].flatMap(([id, name]) => (left.has(name) ? [id] : []));
  }

  async #write(name: string, text: string): Promise<void> {
    await this.#assertFolder();
    const path = join(this.#dir, name);
    // `wx` follows no link and takes no file that is there; the agent takes only names that end in .json.
    const file = await open(`${path}.tmp`, 'wx', 0o644);
    try {
      await file.writeFile(text, 'utf-8');
    } finally {
      await file.close();
    }
    await rename(`${path}.tmp`, path);
  }

  async #assertFolder(): Promise<void> {
    const stats = await lstat(this.#dir);
    if (!stats.isDirectory()) throw new Error(`${this.#dir} is not a folder`);
  }
}
