import type { Store } from '../store/store.ts';
import { printable } from './names.ts';
import { REFUSAL_WORDS } from './refusal-words.ts';
import type { Refusal } from './types.ts';

/** A file that claims to be a completion and was not taken for one. */
export interface RefusedFile {
  readonly folder: string;
  /** As it is on disk. */
  readonly name: string;
  readonly why: Refusal;
  /** Wall time in ms. */
  readonly seenAt: number;
}

/** Remembers refused files as long as they lie there, so that each is told once and people can see why. */
export class RefusedFiles {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Newest first, at most `limit`. */
  list(limit: number): readonly RefusedFile[] {
    return this.#store.db.prepare('SELECT folder, name, why, seen_at AS seenAt FROM refused_files ORDER BY seen_at DESC, name LIMIT ?').all(limit) as RefusedFile[];
  }

  /** What is refused in a folder now. `looked`: the names that were looked at; null: all, so the others are gone. */
  update(folder: string, refused: ReadonlyMap<string, Refusal>, looked: ReadonlySet<string> | null): void {
    const { db } = this.#store;
    const known = new Map((db.prepare('SELECT name, why FROM refused_files WHERE folder = ?').all(folder) as { name: string; why: Refusal }[]).map(({ name, why }) => [name, why]));
    const appeared = [...refused].filter(([name, why]) => known.get(name) !== why);
    const gone = [...known.keys()].filter((name) => !refused.has(name) && (looked === null || looked.has(name)));
    if (appeared.length === 0 && gone.length === 0) return;
    this.#store.transact((tx) => {
      for (const name of gone) db.prepare('DELETE FROM refused_files WHERE folder = ? AND name = ?').run(folder, name);
      for (const [name, why] of appeared) {
        db.prepare('INSERT INTO refused_files VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET why = excluded.why, seen_at = excluded.seen_at').run(folder, name, why, tx.now);
        tx.event({ kind: 'completion', action: 'refused', text: `${printable(name)} was not taken for a completion: ${REFUSAL_WORDS[why]}`, data: { folder, name: printable(name), why } });
      }
      if (gone.length > 0 && appeared.length === 0) {
        tx.event({ kind: 'completion', action: 'refusal_gone', text: `${gone.length} refused files are gone`, data: { folder, count: gone.length } });
      }
    });
  }
}
