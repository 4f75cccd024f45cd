import { createHash, randomBytes } from 'node:crypto';
import { iso } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';

/** Long enough to sign something by hand (DESIGN §6). */
export const NONCE_LIFE_MS = 5 * 60_000;
const NONCE_BYTES = 16;
/** Anybody may ask for a nonce; beyond this many the oldest make room. */
const MAX_NONCES = 50_000;

/** Numbers that an owner signs, each good once and for five minutes. Only their hashes are stored. */
export class Nonces {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** A new one: 32 hexadecimal digits. `expiresAt` is ISO 8601. */
  issue(): { readonly nonce: string; readonly expiresAt: string } {
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    return this.#store.transact((tx) => {
      const { db } = this.#store;
      const expiresAt = tx.now + NONCE_LIFE_MS;
      db.prepare('DELETE FROM nonces WHERE expires_at <= ?').run(tx.now);
      db.prepare('INSERT INTO nonces (hash, expires_at) VALUES (?,?)').run(hashOf(nonce), expiresAt);
      db.prepare('DELETE FROM nonces WHERE id <= (SELECT MAX(id) FROM nonces) - ?').run(MAX_NONCES);
      return { nonce, expiresAt: iso(expiresAt) };
    });
  }

  /** Uses it up inside the transaction. False when it was used, is too old, or was never issued here. */
  spend(tx: Tx, nonce: string): boolean {
    return this.#store.db.prepare('DELETE FROM nonces WHERE hash = ? AND expires_at > ?').run(hashOf(nonce), tx.now).changes === 1;
  }
}

function hashOf(nonce: string): string {
  return createHash('sha256').update(nonce).digest('hex');
}
