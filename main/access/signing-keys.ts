import { randomBytes } from 'node:crypto';
import type { Statement } from 'better-sqlite3';
import { uuidv7 } from '../base/ids.ts';
import type { Store, Tx } from '../store/store.ts';

/** A key that signs session tokens; its id travels in the token's header (`kid`). */
export interface SigningKey {
  readonly id: string;
  readonly secret: Uint8Array;
}

const KEY_BYTES = 32;
/** A token may be signed and not yet written down when the key is replaced, so a key is never dropped at once. */
const DROPPED_AFTER_MS = 3_600_000;

/** The keys that sign and verify session tokens. They live in the database, which only its owner can read. */
export class SigningKeys {
  readonly #store: Store;
  readonly #newestKey: Statement;
  readonly #keyById: Statement;
  readonly #knowsKey: Statement;

  constructor(store: Store) {
    this.#store = store;
    this.#newestKey = store.db.prepare('SELECT id, secret FROM signing_keys ORDER BY created_at DESC, rowid DESC LIMIT 1');
    this.#keyById = store.db.prepare('SELECT id, secret FROM signing_keys WHERE id = ?');
    this.#knowsKey = store.db.prepare('SELECT 1 FROM signing_keys WHERE id = ?').pluck();
  }

  /** The key that signs; the first call on a fresh database makes it. */
  current(): SigningKey {
    return this.#newest() ?? this.#make();
  }

  /** The key of this id, or null: tokens stay valid as long as their key is kept. */
  find(id: string): SigningKey | null {
    return keyFrom(this.#keyById.get(id));
  }

  /** Whether tokens of this key are still good. Asked for every request, so it reads nothing that it does not need. */
  has(id: string): boolean {
    return this.#knowsKey.get(id) !== undefined;
  }

  /** Signs with a new key from now on. Older keys go on verifying what they signed; see {@link dropUnused}. */
  rotate(tx: Tx): SigningKey {
    const { db } = this.#store;
    db.prepare('UPDATE signing_keys SET retired_at = ? WHERE retired_at IS NULL').run(tx.now);
    return this.#insert(tx);
  }

  /** Drops the retired keys that no session needs any more. Returns how many. */
  dropUnused(tx: Tx): number {
    return this.#store.db
      .prepare(
        `DELETE FROM signing_keys WHERE retired_at <= @retired AND NOT EXISTS (SELECT 1 FROM sessions WHERE key_id = signing_keys.id)
         AND NOT EXISTS (SELECT 1 FROM sessions WHERE previous_until > @now)`,
      )
      .run({ retired: tx.now - DROPPED_AFTER_MS, now: tx.now }).changes;
  }

  #newest(): SigningKey | null {
    return keyFrom(this.#newestKey.get());
  }

  #make(): SigningKey {
    return this.#store.transact((tx) => {
      // Another process may have made it between the look and this transaction.
      const made = this.#newest();
      if (made !== null) return made;
      return this.#insert(tx);
    });
  }

  #insert(tx: Tx): SigningKey {
    const key = { id: uuidv7(tx.now), secret: randomBytes(KEY_BYTES) };
    this.#store.db.prepare('INSERT INTO signing_keys (id, secret, created_at) VALUES (?,?,?)').run(key.id, key.secret.toString('hex'), tx.now);
    return key;
  }
}

function keyFrom(row: unknown): SigningKey | null {
  if (row === undefined) return null;
  const { id, secret } = row as { id: string; secret: string };
  return { id, secret: Buffer.from(secret, 'hex') };
}
