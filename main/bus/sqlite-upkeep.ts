import type { Statement } from 'better-sqlite3';
import { iso, type Clock } from '../base/clock.ts';
import type { Store } from '../store/store.ts';
import type { Pruned, Retention } from './store.ts';
import type { Caller } from './types.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A sign of life is written this seldom, so that reading costs no write. Silence is measured in minutes to hours. */
const TOUCH_EVERY_MS = MINUTE_MS;
/** Longer than any claim may be silent, so that forgetting a session ends no claim. */
const PRESENCE_KEPT_MS = 30 * DAY_MS;
/** Rows of each kind per transaction: other writers wait for a few milliseconds at most. */
const PRUNE_BATCH = 500;

/** What keeps the bus's tables small and knows who is alive. */
export class SqliteUpkeep {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #touched = new Map<string, number>();
  readonly #touch: Statement;
  readonly #seen: Statement;
  readonly #oldMessages: Statement;
  readonly #undelivered: Statement;
  readonly #dropMessages: Statement;
  readonly #dropIndex: Statement;
  readonly #oldEvents: Statement;
  readonly #dropEvents: Statement;
  readonly #dropKeys: Statement;
  readonly #dropPresence: Statement;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    const { db } = store;
    const chosen = '(SELECT value FROM json_each(?))';
    const oldest = (table: string): string =>
      `SELECT id FROM (SELECT id, ts FROM ${table} ORDER BY id LIMIT ${PRUNE_BATCH})
       WHERE ts < @before OR id <= (SELECT seq FROM sqlite_sequence WHERE name = '${table}') - @max`;
    this.#seen = db.prepare('SELECT session_id, last_seen_at FROM presence WHERE session_id IN (SELECT value FROM json_each(?))');
    this.#touch = db.prepare(
      `INSERT INTO presence (session_id, role, last_seen_at) VALUES (?,?,?)
       ON CONFLICT (session_id) DO UPDATE SET role = excluded.role, last_seen_at = max(last_seen_at, excluded.last_seen_at)`,
    );
    this.#oldMessages = db.prepare(oldest('messages')).pluck();
    this.#undelivered = db.prepare(`SELECT count(*) FROM messages WHERE delivered_at IS NULL AND id IN ${chosen}`).pluck();
    this.#dropMessages = db.prepare(`DELETE FROM messages WHERE id IN ${chosen}`);
    this.#dropIndex = db.prepare(`DELETE FROM messages_fts WHERE rowid IN ${chosen}`);
    this.#oldEvents = db.prepare(oldest('events')).pluck();
    this.#dropEvents = db.prepare(`DELETE FROM events WHERE id IN ${chosen}`);
    this.#dropKeys = db.prepare(
      `DELETE FROM idempotency WHERE (scope, key) IN (SELECT scope, key FROM idempotency WHERE created_at < ? ORDER BY created_at LIMIT ${PRUNE_BATCH})`,
    );
    this.#dropPresence = db.prepare('DELETE FROM presence WHERE last_seen_at < ?');
  }

  lastSeen(sessionIds: readonly string[]): ReadonlyMap<string, string> {
    const rows = this.#seen.all(JSON.stringify(sessionIds)) as { session_id: string; last_seen_at: number }[];
    return new Map(rows.map((row) => [row.session_id, iso(row.last_seen_at)]));
  }

  /** Remembers that the caller's session is alive. */
  touch(caller: Caller): void {
    const now = this.#clock.now();
    const before = this.#touched.get(caller.sessionId);
    if (before !== undefined && Math.abs(now - before) < TOUCH_EVERY_MS) return;
    this.#store.transact((tx) => this.#touch.run(caller.sessionId, caller.role, tx.now));
    this.#touched.set(caller.sessionId, now);
  }

  /** Removes at most {@link PRUNE_BATCH} rows of each kind. */
  prune(retention: Retention): Pruned {
    const now = this.#clock.now();
    for (const [session, at] of this.#touched) if (now - at >= TOUCH_EVERY_MS) this.#touched.delete(session);
    const limits = (days: number | null, max: number | null): { before: number; max: number } => ({
      before: days === null ? Number.MIN_SAFE_INTEGER : now - days * DAY_MS,
      max: max ?? Number.MAX_SAFE_INTEGER,
    });
    const messages = limits(retention.messageDays, retention.maxMessages);
    const events = limits(retention.eventDays, retention.maxEvents);
    return this.#store.transact((tx) => {
      this.#dropKeys.run(now - retention.idempotencyHours * HOUR_MS);
      this.#dropPresence.run(now - PRESENCE_KEPT_MS);

      const oldEvents = this.#oldEvents.all(events) as number[];
      this.#dropEvents.run(JSON.stringify(oldEvents));

      const oldMessages = this.#oldMessages.all(messages) as number[];
      if (oldMessages.length > 0) {
        const ids = JSON.stringify(oldMessages);
        const undelivered = this.#undelivered.get(ids) as number;
        this.#dropMessages.run(ids);
        this.#dropIndex.run(ids);
        tx.event({
          kind: 'message',
          action: 'pruned',
          text: `Removed ${oldMessages.length} old messages (#${oldMessages[0]}–#${oldMessages.at(-1)}), ${undelivered} of them never received`,
          data: { first_id: oldMessages[0], last_id: oldMessages.at(-1), undelivered },
        });
      }
      return { messages: oldMessages.length, events: oldEvents.length };
    });
  }
}
