import type { Statement } from 'better-sqlite3';
import { iso } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store, StoredEvent } from '../store/store.ts';
import type { LogEvent, LogPage, LogQuery, LogQueryPage, ReadLog } from './types.ts';

interface EventRow {
  readonly id: number;
  readonly ts: number;
  readonly kind: string;
  readonly action: string;
  readonly role: string | null;
  readonly subject: string | null;
  readonly text: string;
  readonly data: string;
}

const COLUMNS = 'id, ts, kind, action, role, subject, text, data';

function toEvent(row: EventRow): LogEvent {
  return { ...row, ts: iso(row.ts), data: JSON.parse(row.data) as LogEvent['data'] };
}

/** A committed event as the bus shows it: without the session, which is nobody else's business. */
export function toLogEvent(event: StoredEvent): LogEvent {
  const { id, ts, kind, action, role, subject, text, data } = event;
  return { id, ts: iso(ts), kind, action, role, subject, text, data };
}

/** Comparing without regard to case for every script; SQLite's own functions know only ASCII. */
const fold = (text: string): string => text.normalize('NFC').toLowerCase();

/** The activity log in SQLite. */
export class SqliteLog {
  readonly #newest: Statement;
  readonly #tail: Statement;
  readonly #after: Statement;
  readonly #list: Statement;
  readonly #listKinds: Statement;
  readonly #listRole: Statement;

  constructor(store: Store) {
    const { db } = store;
    db.function('fold', { deterministic: true }, (text) => fold(String(text)));
    this.#newest = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'").pluck();
    this.#tail = db.prepare(`SELECT * FROM (SELECT ${COLUMNS} FROM events ORDER BY id DESC LIMIT ?) ORDER BY id`);
    this.#after = db.prepare(`SELECT ${COLUMNS} FROM events WHERE id > ? ORDER BY id LIMIT ?`);
    const matching = "(@query = '' OR instr(fold(text), @query) > 0)";
    this.#list = db.prepare(`SELECT ${COLUMNS} FROM events NOT INDEXED WHERE id < @before AND ${matching} ORDER BY id DESC LIMIT @limit`);
    this.#listKinds = db.prepare(
      `SELECT ${COLUMNS} FROM events NOT INDEXED WHERE id < @before AND kind IN (SELECT value FROM json_each(@kinds))
       AND (@role IS NULL OR role = @role) AND ${matching} ORDER BY id DESC LIMIT @limit`,
    );
    this.#listRole = db.prepare(
      `SELECT ${COLUMNS} FROM events INDEXED BY events_by_role WHERE id < @before AND role = @role AND ${matching} ORDER BY id DESC LIMIT @limit`,
    );
  }

  /** Following with the cursor loses nothing. Throws CURSOR_AHEAD. */
  readLog(input: ReadLog): LogPage {
    const { after_id, limit } = input;
    const rows = (after_id === 0 ? this.#tail.all(limit) : this.#after.all(after_id, limit + 1)) as EventRow[];
    if (rows.length === 0) this.#refuseCursorAhead(after_id);
    const events = rows.slice(0, limit).map(toEvent);
    return { events, cursor: events.at(-1)?.id ?? after_id, has_more: rows.length > limit };
  }

  listLog(query: LogQuery): LogQueryPage {
    const { kinds, role, limit } = query;
    const named = { before: query.before_id ?? Number.MAX_SAFE_INTEGER, query: fold(query.query?.trim() ?? ''), limit: limit + 1 };
    const rows = (
      kinds !== undefined
        ? this.#listKinds.all({ ...named, kinds: JSON.stringify(kinds), role: role ?? null })
        : role !== undefined
          ? this.#listRole.all({ ...named, role })
          : this.#list.all(named)
    ) as EventRow[];
    return { events: rows.slice(0, limit).map(toEvent), has_more: rows.length > limit };
  }

  /** The id of the newest event ever; 0 before the first. */
  newestId(): number {
    return (this.#newest.get() as number | undefined) ?? 0;
  }

  #refuseCursorAhead(after_id: number): void {
    const newest = this.newestId();
    if (after_id <= newest) return;
    throw new AppError(
      'CURSOR_AHEAD',
      `after_id ${after_id} is ahead of the newest event (#${newest}): it does not come from this bus. Use the cursor of your last team_log, or 0 for the newest events.`,
      { after_id, newest },
    );
  }
}
