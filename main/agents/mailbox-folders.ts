import { mkdirSync } from 'node:fs';
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
  make(): void {
    mkdirSync(this.#parts.dir, { recursive: true, mode: 0o700 });
    for (const folder of MAILBOX_FOLDERS) {
      try {
        mkdirSync(join(this.#parts.dir, folder), { mode: 0o700 });
      } catch (error) {
        // What lies in the place of a folder and is none is left there, and told when it is opened.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
  }

  /** Works in one of the folders; null when it is not there, or is none, which is told. */
  within<T>(name: (typeof MAILBOX_FOLDERS)[number], work: (folder: HeldFolder) => T): T | null {
    let folder: HeldFolder;
    try {
      folder = HeldFolder.open(join(this.#parts.dir, name));
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
      return work(folder);
    } finally {
      folder.close();
    }
  }

  /** Throws the file system's error. */
  putAnswer(name: string, answer: MailboxAnswer): void {
    this.within('answers', (folder) => folder.put(name, JSON.stringify(answer), ANSWER_MODE));
  }

  pruneAnswers(): void {
    this.within('answers', (folder) => {
      const dated = folder.names(() => true).map((name) => ({ name, at: folder.changedAt(name) ?? 0 }));
      const oldest = this.#parts.clock.now() - ANSWER_KEPT_MS;
      for (const [place, { name, at }] of dated.sort((a, b) => b.at - a.at).entries()) if (place >= ANSWERS_KEPT || at < oldest) folder.remove(name);
    });
  }

  tellOnce(place: string, what: string): void {
    if (!this.#told.has(place) && this.#told.size < MOST_TOLD) this.#parts.tell(place, what);
    this.#told.add(place);
  }
}
