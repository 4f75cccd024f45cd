import { StatementCache } from '../store/statement-cache.ts';
import type { Store, Tx } from '../store/store.ts';
import { NOTICE_TABLE } from './notice-table.ts';
import type { Notice } from './notices.ts';
import type { NoticeType } from './types.ts';

/** Takes notices in: the door of this room for every other one. */
export class Notifications {
  readonly #statements: StatementCache;

  constructor(store: Store) {
    this.#statements = new StatementCache(store.db);
  }

  /**
   * Takes a notice in, inside the transaction of what it tells about, so that both are true or neither. It leaves after
   * the commit. Returns its id; that of the earlier one when the same `dedupeKey` was told already, and nothing happens.
   */
  enqueue(tx: Tx, { type, context, dedupeKey }: Notice): number {
    const { severity, reach, sameForMs } = NOTICE_TABLE[type];
    if (dedupeKey !== undefined) {
      const since = sameForMs === null ? 0 : tx.now - sameForMs;
      const earlier = this.#statements
        .get('SELECT id FROM notices WHERE type = ? AND dedupe_key = ? AND created_at > ? ORDER BY id DESC LIMIT 1')
        .pluck()
        .get(type, dedupeKey, since) as number | undefined;
      if (earlier !== undefined) return earlier;
    }
    const { lastInsertRowid } = this.#statements
      .get("INSERT INTO notices (type, severity, reach, context, dedupe_key, created_at, state) VALUES (?,?,?,?,?,?,'new')")
      .run(type, severity, reach, JSON.stringify(context), dedupeKey ?? null, tx.now);
    const id = Number(lastInsertRowid);
    tx.event({ kind: 'notification', action: 'raised', subject: `notice:${id}`, text: `A notice is to be told: ${type}`, data: { ids: [id], notice: type, severity } });
    return id;
  }

  /**
   * What these notices tell of is over, in the transaction in which it ends: nobody has to be told of it any more, or to
   * look at what nobody was told. What is on its way at this moment still arrives.
   */
  settle(tx: Tx, which: { readonly ids: readonly number[] } | { readonly type: NoticeType; readonly dedupeKey: string }): void {
    const ids = 'ids' in which ? which.ids : (this.#statements.get('SELECT id FROM notices WHERE type = ? AND dedupe_key = ?').pluck().all(which.type, which.dedupeKey) as number[]);
    const settled = ids.filter((id) => this.#settleOne(tx, id));
    if (settled.length === 0) return;
    tx.event({ kind: 'notification', action: 'settled', text: 'Nobody has to be told any more: it was settled meanwhile', data: { ids: settled } });
  }

  /** Returns whether that changed anything. */
  #settleOne(tx: Tx, id: number): boolean {
    const seen = this.#statements.get('UPDATE notices SET seen_at = ? WHERE id = ? AND seen_at IS NULL').run(tx.now, id).changes;
    this.#statements.get("UPDATE notice_deliveries SET state = 'dropped' WHERE notice_id = ? AND state IN ('pending','retry')").run(id);
    const withdrawn = this.#statements
      .get(
        `UPDATE notices SET state = 'suppressed', reason = 'settled' WHERE id = ? AND state IN ('new','waiting')
         AND NOT EXISTS (SELECT 1 FROM notice_deliveries WHERE notice_id = notices.id AND state IN ('leased','sent'))`,
      )
      .run(id).changes;
    return seen + withdrawn > 0;
  }

  /** Which of these notices a channel has taken. */
  deliveredAmong(ids: readonly number[]): readonly number[] {
    return this.#statements.get("SELECT id FROM notices WHERE state = 'delivered' AND id IN (SELECT value FROM json_each(?))").pluck().all(JSON.stringify(ids)) as number[];
  }
}
