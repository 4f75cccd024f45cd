import type { Statement } from 'better-sqlite3';
import { iso } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store, StoredEvent } from '../store/store.ts';
import { newestFirst } from './newest-first.ts';
import { StatementCache } from '../store/statement-cache.ts';
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

/** Comparing without regard to case for every script; SQLite's own functions know only ASCII, but are much faster. */
const fold = (text: string): string => text.normalize('NFC').toLowerCase();
const ASCII = /^[\x20-\x7e]*$/;

/** Newest first, through the index of the narrowest filter; only a list of several kinds has none. */
function listSql({ kinds, role, query }: LogQuery): string {
  const one = kinds?.length === 1;
  const index = one ? 'INDEXED BY events_by_kind' : kinds === undefined && role !== undefined ? 'INDEXED BY events_by_role' : 'NOT INDEXED';
  const filters = [
    'id >= @from AND id < @before',
    ...(one ? ['kind = @kinds'] : kinds === undefined ? [] : ['kind IN (SELECT value FROM json_each(@kinds))']),
    ...(role === undefined ? [] : ['role = @role']),
    ...(query === undefined ? [] : [ASCII.test(query) ? 'instr(lower(text), @query) > 0' : 'instr(fold(text), @query) > 0']),
  ];
  return `SELECT ${COLUMNS} FROM events ${index} WHERE ${filters.join(' AND ')} ORDER BY id DESC LIMIT @limit`;
}

/** The activity log in SQLite. */
export class SqliteLog {
  readonly #newest: Statement;
  readonly #tail: Statement;
  readonly #after: Statement;
  readonly #oldest: Statement;
  readonly #lists: StatementCache;

  constructor(store: Store) {
    const { db } = store;
    this.#lists = new StatementCache(db);
    db.function('fold', { deterministic: true }, (text) => fold(String(text)));
    this.#newest = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'events'").pluck();
    this.#tail = db.prepare(`SELECT * FROM (SELECT ${COLUMNS} FROM events ORDER BY id DESC LIMIT ?) ORDER BY id`);
    this.#after = db.prepare(`SELECT ${COLUMNS} FROM events WHERE id > ? ORDER BY id LIMIT ?`);
    this.#oldest = db.prepare('SELECT min(id) FROM events').pluck();
  }

  /** Following with the cursor loses nothing. Throws CURSOR_AHEAD. */
  readLog(input: ReadLog): LogPage {
    const { after_id, limit } = input;
    const rows = (after_id === 0 ? this.#tail.all(limit) : this.#after.all(after_id, limit + 1)) as EventRow[];
    if (rows.length === 0) this.#refuseCursorAhead(after_id);
    const events = rows.slice(0, limit).map(toEvent);
    return { events, cursor: events.at(-1)?.id ?? after_id, has_more: rows.length > limit };
  }

  async listLog(query: LogQuery): Promise<LogQueryPage> {
    const { kinds, role, limit } = query;
    const typed = query.query?.trim() ?? '';
    const asked = { ...query, query: typed === '' ? undefined : fold(typed) };
    const statement = this.#lists.get(listSql(asked));
    const named = { role, kinds: kinds?.length === 1 ? kinds[0] : JSON.stringify(kinds), query: asked.query };
    const oldest = (this.#oldest.get() as number | null) ?? 0;
    const before = Math.min(query.before_id ?? Infinity, this.newestId() + 1);
    const rows = await newestFirst({ before, oldest, limit: limit + 1 }, (stretch) => statement.all({ ...named, ...stretch }) as EventRow[]);
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
