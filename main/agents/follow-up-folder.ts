import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { HeldFolder } from './mailbox-folder.ts';

/** The file that asks the agent to end when its turn is over (QUEUE-03). */
const CLOSE_FILE = '_close';
/** The agent may be another user in its container. */
const MODE = 0o644;

/**
 * The folder `input/` of one run: what is put there reaches the live agent (QUEUE-02). The agent may write in it as well,
 * so nothing in it is trusted: a link is never followed.
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
    await this.#within(async (folder) => {
      for (const name of folder.names(() => true)) folder.remove(name);
      // A folder that the agent made there is no follow-up; it goes with everything in it.
      for (const name of folder.names(() => true)) await rm(join(this.#dir, name), { recursive: true, force: true });
    });
  }

  /** Puts a text there; the names sort as the texts came. Rejects when it cannot be written. */
  async put(id: string, text: string): Promise<void> {
    // Two within a millisecond keep their order.
    this.#lastMs = Math.max(this.#clock.now(), this.#lastMs + 1);
    const name = `${this.#lastMs}-${id.replaceAll(/[^A-Za-z0-9-]/g, '')}.json`;
    await this.#within(async (folder) => folder.put(name, JSON.stringify({ type: 'message', text }), MODE));
    this.#written.set(id, name);
  }

  /** Asks the agent to end. */
  async close(): Promise<void> {
    await this.#within(async (folder) => folder.put(CLOSE_FILE, '', MODE));
  }

  /** The ids of the texts that the agent has not taken, in the order in which they came. */
  async unread(): Promise<readonly string[]> {
    if (this.#written.size === 0) return [];
    // Where the folder is gone, so are the texts, unread or not: then they count as unread rather than as lost.
    const left = await this.#within(async (folder) => folder.names((name) => name.endsWith('.json'))).catch(() => [...this.#written.values()]);
    return [...this.#written].flatMap(([id, name]) => (left.includes(name) ? [id] : []));
  }

  async #within<T>(work: (folder: HeldFolder) => Promise<T>): Promise<T> {
    const folder = HeldFolder.open(this.#dir);
    try {
      return await work(folder);
    } finally {
      folder.close();
    }
  }
}
