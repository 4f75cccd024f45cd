import type { Statement } from 'better-sqlite3';
import type { Store, Tx } from '../store/store.ts';
import { KILL_SWITCH_KEYS, parseRecord, storedRecord, type KillSwitchRecord } from './kill-switch-state.ts';

/** The rows of the kill switch in `system_state`. Nothing is cached: another process may write them too. */
export class KillSwitchRecords {
  readonly #read: Statement;
  readonly #write: Statement;

  constructor(store: Store) {
    const keys = Object.values(KILL_SWITCH_KEYS);
    this.#read = store.db.prepare(`SELECT key, value FROM system_state WHERE key IN (${keys.map(() => '?').join(',')})`).raw().bind(...keys);
    this.#write = store.db.prepare('INSERT OR REPLACE INTO system_state (key, value, updated_at) VALUES (?,?,?)');
  }

  read(): KillSwitchRecord {
    return parseRecord(new Map(this.#read.all() as [string, string][]));
  }

  /** Only inside a transaction that has read the record before, which makes it a compare-and-swap. */
  write(tx: Tx, record: KillSwitchRecord): void {
    for (const [key, value] of storedRecord(record)) this.#write.run(key, value, tx.now);
  }
}
