import type { Store, Tx } from '../store/store.ts';

const KEY = 'update_told';

/** Of which version people were told last; it outlives restarts and the notice itself. */
export class Told {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** True the first time it is asked for a version that is not the one before. */
  isNews(tx: Tx, version: string): boolean {
    const { db } = this.#store;
    if (db.prepare('SELECT value FROM system_state WHERE key = ?').pluck().get(KEY) === JSON.stringify(version)) return false;
    db.prepare('INSERT OR REPLACE INTO system_state (key, value, updated_at) VALUES (?,?,?)').run(KEY, JSON.stringify(version), tx.now);
    return true;
  }
}
