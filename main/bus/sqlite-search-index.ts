import type { Statement } from 'better-sqlite3';
import type { Store } from '../store/store.ts';
import { searchableText } from './search-text.ts';

/**
 * Messages enter the index this many at a time: one by one the index would cost as much as the message itself, which
 * is written far more often than it is searched for.
 */
const BATCH = 64;
const WATERMARK = 'messages_indexed';

/** The full-text index of messages. A search sees every message, because it adds first what is not indexed yet. */
export class SearchIndex {
  readonly #store: Store;
  readonly #behind: Statement;
  readonly #pending: Statement;
  readonly #insert: Statement;
  readonly #advance: Statement;

  constructor(store: Store) {
    this.#store = store;
    const { db } = store;
    const indexed = `coalesce((SELECT value FROM counters WHERE name = '${WATERMARK}'), 0)`;
    this.#behind = db.prepare(`SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'messages') > ${indexed}`).pluck();
    this.#pending = db.prepare(`SELECT id, body FROM messages WHERE id > ${indexed} ORDER BY id LIMIT ${BATCH}`);
    this.#insert = db.prepare('INSERT INTO messages_fts (rowid, tokens) VALUES (?,?)');
    this.#advance = db.prepare(
      `INSERT INTO counters (name, value) VALUES ('${WATERMARK}', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    );
  }

  /** Must be called in the transaction that wrote message `id`; keeps the index less than a batch behind. */
  written(id: number): void {
    if (id % BATCH === 0) this.#addBatch();
  }

  /** Adds the next messages that are not indexed; call again while it returns true. */
  catchUp(): boolean {
    return this.#behind.get() === 1 && this.#store.transact(() => this.#addBatch()) === BATCH;
  }

  #addBatch(): number {
    const pending = this.#pending.all() as { readonly id: number; readonly body: string }[];
    for (const { id, body } of pending) this.#insert.run(id, searchableText(body));
    if (pending.length > 0) this.#advance.run(pending.at(-1)!.id);
    return pending.length;
  }
}
