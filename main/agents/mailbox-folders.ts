import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { HeldFolder } from './mailbox-folder.ts';
import type { MailboxAnswer } from './mailbox-types.ts';
import { MAILBOX_FOLDERS } from './workspace.ts';

export interface MailboxFoldersParts {
  /** `data/ipc/<folder>`. */
  readonly dir: string;
  readonly clock: Clock;
  /** Shows the person what is in the way. */
  readonly tell: (place: string, what: string) => void;
}

/** Answers that nobody took: agents that read them take them away. */
const ANSWER_KEPT_MS = 600_000;
const ANSWERS_KEPT = 500;
/** The agent may run under another user of its container. */
const ANSWER_MODE = 0o644;
/** So much is told of what is in the way; more is noise. */
const MOST_TOLD = 20;

/** The folders of one group's mailbox. The agent may write in them, so what lies in their place is looked at each time. */
export class MailboxFolders {
  readonly #parts: MailboxFoldersParts;
  readonly #told = new Set<string>();

  constructor(parts: MailboxFoldersParts) {
    this.#parts = parts;
  }

  /** Makes those that are missing. */
  async make(): Promise<void> {
    await mkdir(this.#parts.dir, { recursive: true, mode: 0o700 });
    for (const folder of MAILBOX_FOLDERS) {
      // What lies in the place of a folder and is none is left there, and told when it is opened.
      await mkdir(join(this.#parts.dir, folder), { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }

  /** Works in one of the folders; null when it is not there, or is none, which is told. */
  async within<T>(name: (typeof MAILBOX_FOLDERS)[number], work: (folder: HeldFolder) => Promise<T>): Promise<T | null> {
    let folder: HeldFolder;
    try {
      folder = await HeldFolder.open(join(this.#parts.dir, name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Removed: the next check makes it again.
      if (code === 'ENOENT') return null;
      if (code !== 'ELOOP' && code !== 'ENOTDIR') throw error;
      this.tellOnce(name, `${name}/ is a link or a file; it is not used until that is removed`);
      return null;
    }
    this.#told.delete(name);
    try {
      return await work(folder);
    } finally {
      await folder.close();
    }
  }

  /** Rejects with the file system's error. */
  async putAnswer(name: string, answer: MailboxAnswer): Promise<void> {
    await this.within('answers', async (folder) => folder.put(name, JSON.stringify(answer), ANSWER_MODE));
  }

  async pruneAnswers(): Promise<void> {
    await this.within('answers', async (folder) => {
      const names = await folder.names(() => true);
      const dated = await Promise.all(names.map(async (name) => ({ name, at: (await folder.changedAt(name)) ?? 0 })));
      const oldest = this.#parts.clock.now() - ANSWER_KEPT_MS;
      for (const [place, { name, at }] of dated.sort((a, b) => b.at - a.at).entries()) if (place >= ANSWERS_KEPT || at < oldest) await folder.remove(name);
    });
  }

  tellOnce(place: string, what: string): void {
    if (!this.#told.has(place) && this.#told.size < MOST_TOLD) this.#parts.tell(place, what);
    this.#told.add(place);
  }
}
