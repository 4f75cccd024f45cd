import { createHash } from 'node:crypto';
import type { Statement } from 'better-sqlite3';
import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Caller, Idempotent, Replayable } from './types.ts';

/**
 * Runs every changing call of the bus: one transaction each, and an idempotency key that was seen before is answered
 * with the first answer instead of a second effect (DESIGN §7). Keys belong to a session, so two sessions cannot collide.
 */
export class Mutations {
  readonly #store: Store;
  readonly #find: Statement;
  readonly #keep: Statement;

  constructor(store: Store) {
    this.#store = store;
    this.#find = store.db.prepare('SELECT request_hash, response FROM idempotency WHERE scope = ? AND key = ?');
    this.#keep = store.db.prepare('INSERT INTO idempotency (scope, key, request_hash, response, created_at) VALUES (?,?,?,?,?)');
  }

  /**
   * Only answers that `settled` accepts are kept under the key: an answer without effect, such as "still waiting", must
   * not be replayed for ever. Throws IDEMPOTENCY_KEY_REUSED when the key came with another call or other arguments before.
   */
  run<T extends object>(
    caller: Caller,
    name: string,
    input: Idempotent,
    change: (tx: Tx) => T,
    settled: (answer: T) => boolean = () => true,
  ): T & Replayable {
    const { idempotency_key: key, ...rest } = input;
    if (key === undefined) return this.#store.transact(change);
    const args = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
    const hash = createHash('sha256').update(JSON.stringify([name, args.filter(([, value]) => value !== undefined)])).digest('base64url');
    return this.#store.transact((tx) => {
      const seen = this.#find.get(caller.sessionId, key) as { request_hash: string; response: string } | undefined;
      if (seen !== undefined) {
        if (seen.request_hash !== hash) {
          throw new AppError(
            'IDEMPOTENCY_KEY_REUSED',
            `idempotency_key '${key}' was used by this session for another call. Use a new key for a new call, and the same arguments for a retry.`,
            { key },
          );
        }
        return { ...(JSON.parse(seen.response) as T), replayed: true as const };
      }
      const answer = change(tx);
      if (settled(answer)) this.#keep.run(caller.sessionId, key, hash, JSON.stringify(answer), tx.now);
      return answer;
    });
  }
}
