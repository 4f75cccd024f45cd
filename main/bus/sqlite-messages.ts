import type { Statement } from 'better-sqlite3';
import { iso } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import type { AckWatch } from './ack-watch.ts';
import { breathe, newestFirst, type Stretch } from './newest-first.ts';
import { searchExpression } from './search-text.ts';
import { excerpt, type MessageWriter } from './sqlite-message-writer.ts';
import type { Mutations } from './sqlite-mutations.ts';
import type { SearchIndex } from './sqlite-search-index.ts';
import { StatementCache } from '../store/statement-cache.ts';
import {
  COUNT_CAP, type Acked, type AckMessage, type Caller, type Importance, type InboxCounts, type InboxPage, type MarkRead, type Message,
  type MessagePage, type MessageQuery, type Posted, type PostMessage, type ReadInbox,
} from './types.ts';

interface MessageRow {
  readonly id: number;
  readonly ts: number;
  readonly from_role: string;
  readonly to_role: string;
  readonly body: string;
  readonly thread_id: string;
  readonly reply_to: number | null;
  readonly importance: Importance;
  readonly ack_required: number;
  readonly verified: number;
  readonly delivered_at: number | null;
  readonly read_at: number | null;
  readonly acked_at: number | null;
}

const COLUMNS = `m.id, m.ts, m.from_role, m.to_role, m.body, m.thread_id, m.reply_to, m.importance, m.ack_required, m.verified,
  m.delivered_at, m.read_at, m.acked_at`;

/** How many messages one transaction of {@link SqliteMessages.markSomeRead} changes. */
const MARK_BATCH = 500;

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

function toMessage(row: MessageRow): Message {
  return {
    ...row,
    ts: iso(row.ts),
    ack_required: row.ack_required === 1,
    verified: row.verified === 1,
    delivered_at: isoOrNull(row.delivered_at),
    read_at: isoOrNull(row.read_at),
    acked_at: isoOrNull(row.acked_at),
  };
}

/** `messages #5–#7` in the log: which ones exactly is in the event's data. */
function nameMessages(ids: readonly number[]): string {
  return ids.length === 1 ? `message #${ids[0]}` : `${ids.length} messages (#${ids[0]}–#${ids.at(-1)})`;
}

/**
 * An inbox page starts at the cursor inside an index and ends at the limit, so its cost does not grow with the inbox.
 * The index is named because the planner has no statistics of a young database.
 */
function inboxSql(unread: boolean, thread: boolean): string {
  const index = thread ? 'messages_thread' : unread ? 'messages_unread' : 'messages_inbox';
  return `SELECT ${COLUMNS} FROM messages m INDEXED BY ${index} WHERE m.to_role = @role AND m.id > @after
    ${unread ? 'AND m.read_at IS NULL' : ''} ${thread ? "AND m.thread_id = @thread AND m.thread_id <> ''" : ''}
    ORDER BY m.id LIMIT @limit`;
}

/** Messages in SQLite: one INSERT gives the order of delivery, and every state is written when it is true. */
export class SqliteMessages {
  readonly #store: Store;
  readonly #mutations: Mutations;
  readonly #writer: MessageWriter;
  readonly #index: SearchIndex;
  readonly #acks: AckWatch | undefined;
  readonly #inbox: ReadonlyMap<string, Statement>;
  readonly #newest: Statement;
  readonly #oldest: Statement;
  readonly #byId: Statement;
  readonly #byIds: Statement;
  readonly #deliver: Statement;
  readonly #read: Statement;
  readonly #ack: Statement;
  readonly #unreadUpTo: Statement;
  readonly #countUnread: Statement;
  readonly #countUnacked: Statement;
  readonly #countReadUnacked: Statement;
  readonly #lastSeen: Statement;
  readonly #lists: StatementCache;

  constructor(store: Store, mutations: Mutations, writer: MessageWriter, index: SearchIndex, acks?: AckWatch) {
    this.#store = store;
    this.#mutations = mutations;
    this.#writer = writer;
    this.#index = index;
    this.#acks = acks;
    const { db } = store;
    this.#lists = new StatementCache(db);
    this.#inbox = new Map(
      [true, false].flatMap((unread) => [true, false].map((thread) => [`${unread} ${thread}`, db.prepare(inboxSql(unread, thread))] as const)),
    );
    this.#newest = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'messages'").pluck();
    this.#oldest = db.prepare('SELECT min(id) FROM messages').pluck();
    this.#byId = db.prepare(`SELECT ${COLUMNS} FROM messages m WHERE m.id = ?`);
    this.#byIds = db.prepare(`SELECT ${COLUMNS} FROM messages m WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY m.id`);
    this.#deliver = db.prepare('UPDATE messages SET delivered_at = ?, delivered_session = ? WHERE id = ? AND delivered_at IS NULL');
    this.#read = db.prepare('UPDATE messages SET read_at = ?, read_session = ? WHERE id = ? AND read_at IS NULL');
    this.#ack = db.prepare('UPDATE messages SET acked_at = ?, acked_session = ? WHERE id = ?');
    this.#unreadUpTo = db
      .prepare('SELECT id FROM messages INDEXED BY messages_unread WHERE to_role = ? AND read_at IS NULL AND id <= ? ORDER BY id LIMIT ?')
      .pluck();
    this.#countUnread = db
      .prepare(`SELECT count(*) FROM (SELECT 1 FROM messages INDEXED BY messages_unread WHERE to_role = ? AND read_at IS NULL LIMIT ${COUNT_CAP})`)
      .pluck();
    this.#countUnacked = db
      .prepare(
        `SELECT count(*) FROM (SELECT 1 FROM messages INDEXED BY messages_unacked
         WHERE to_role = ? AND ack_required = 1 AND acked_at IS NULL LIMIT ${COUNT_CAP})`,
      )
      .pluck();
    this.#countReadUnacked = db
      .prepare(
        `SELECT count(read_at) FROM (SELECT read_at FROM messages INDEXED BY messages_unacked
         WHERE to_role = ? AND ack_required = 1 AND acked_at IS NULL LIMIT ${COUNT_CAP})`,
      )
      .pluck();
    this.#lastSeen = db.prepare('SELECT max(last_seen_at) FROM presence WHERE role = ?').pluck();
  }

  /** An answer stays in the thread of what it answers unless it names another. */
  postMessage(caller: Caller, input: PostMessage): Posted {
    return this.#mutations.run(caller, 'postMessage', input, (tx) => {
      const { reply_to, thread_id } = input;
      const answered = reply_to === undefined ? null : this.#require(reply_to);
      const message_id = this.#writer.write(tx, caller, { ...input, thread_id: thread_id ?? answered?.thread_id });
      return { message_id, ts: iso(tx.now) };
    });
  }

  readInbox(caller: Caller, input: ReadInbox): InboxPage {
    const { mark_read } = input;
    let rows = this.#inboxRows(caller.role, input);
    if (rows.length === 0) this.#refuseCursorAhead('after_id', input.after_id);
    const changes = (row: MessageRow): boolean => row.delivered_at === null || (mark_read && row.read_at === null);
    if (rows.slice(0, input.limit).some(changes)) {
      rows = this.#store.transact((tx) => {
        const current = this.#inboxRows(caller.role, input);
        const page = current.slice(0, input.limit);
        this.#record(tx, caller, page, mark_read);
        return current.map((row, at) => (at < page.length ? reached(row, tx.now, mark_read) : row));
      });
    }
    const messages = rows.slice(0, input.limit).map(toMessage);
    return {
      messages,
      cursor: messages.at(-1)?.id ?? input.after_id,
      has_more: rows.length > input.limit,
      unread: this.#count(this.#countUnread, caller.role),
    };
  }

  /** Marks the oldest of them in one short transaction; call again while it returns true. */
  markSomeRead(caller: Caller, input: MarkRead): boolean {
    this.#refuseCursorAhead('up_to_id', input.up_to_id);
    const waiting = (): readonly number[] => this.#unreadUpTo.all(caller.role, input.up_to_id, MARK_BATCH) as number[];
    if (waiting().length === 0) return false;
    return this.#store.transact((tx) => {
      const ids = waiting();
      const rows = this.#byIds.all(JSON.stringify(ids)) as MessageRow[];
      this.#record(tx, caller, rows, true);
      return ids.length === MARK_BATCH;
    });
  }

  unread(role: string): number {
    return this.#count(this.#countUnread, role);
  }

  ackMessage(caller: Caller, input: AckMessage): Acked {
    return this.#mutations.run(caller, 'ackMessage', input, (tx) => {
      const { message_id, note } = input;
      const row = this.#byId.get(message_id) as MessageRow | undefined;
      if (row === undefined || row.to_role !== caller.role) throw notInInbox(caller.role, message_id);
      if (row.acked_at !== null) return { message_id, acked_at: iso(row.acked_at), first: false };
      this.#deliver.run(tx.now, caller.sessionId, message_id);
      this.#read.run(tx.now, caller.sessionId, message_id);
      this.#ack.run(tx.now, caller.sessionId, message_id);
      const remark = note === undefined ? '' : `: ${excerpt(note)}`;
      const data = note === undefined ? {} : { note };
      this.#log(tx, caller, 'acked', `${caller.role} acknowledged message #${message_id}${remark}`, [message_id], data);
      if (row.ack_required === 1) this.#acks?.acked(tx, message_id);
      return { message_id, acked_at: iso(tx.now), first: true };
    });
  }

  /** A blank query is no filter; one without a letter or digit finds nothing. */
  async listMessages(query: MessageQuery): Promise<MessagePage> {
    const { role, thread_id, limit } = query;
    const typed = query.query?.trim() ?? '';
    const expression = typed === '' ? undefined : searchExpression(typed);
    if (expression === null) return { messages: [], has_more: false };
    if (expression !== undefined) while (this.#index.catchUp()) await breathe();

    const statement = this.#lists.get(listSql({ role, thread_id, expression }));
    const read = (stretch: Stretch) => statement.all({ role, thread_id, expression, ...stretch }) as MessageRow[];
    const before = Math.min(query.before_id ?? Infinity, this.newestId() + 1);
    // Only a search that is narrowed looks at more rows than it returns.
    const rows =
      expression !== undefined && (role !== undefined || thread_id !== undefined)
        ? await newestFirst({ before, oldest: (this.#oldest.get() as number | null) ?? 0, limit: limit + 1 }, read)
        : read({ from: 0, before, limit: limit + 1 });
    return { messages: rows.slice(0, limit).map(toMessage), has_more: rows.length > limit };
  }

  getMessages(ids: readonly number[]): readonly Message[] {
    return (this.#byIds.all(JSON.stringify(ids)) as MessageRow[]).map(toMessage);
  }

  inboxCounts(roles: readonly string[]): readonly InboxCounts[] {
    return roles.map((role) => {
      const unread = this.#count(this.#countUnread, role);
      return {
        role,
        unread,
        unacked: this.#count(this.#countUnacked, role),
        waiting: Math.min(COUNT_CAP, unread + this.#count(this.#countReadUnacked, role)),
        last_seen_at: isoOrNull(this.#lastSeen.get(role) as number | null),
      };
    });
  }

  /** The id of the newest message ever, also when it was pruned; 0 before the first. */
  newestId(): number {
    return (this.#newest.get() as number | undefined) ?? 0;
  }

  /** One row more than the page, to know whether there is another page. */
  #inboxRows(role: string, input: ReadInbox): readonly MessageRow[] {
    const { thread_id: thread, after_id: after, limit } = input;
    const statement = this.#inbox.get(`${input.unread_only} ${thread !== undefined}`)!;
    return statement.all({ role, after, limit: limit + 1, ...(thread === undefined ? {} : { thread }) }) as MessageRow[];
  }

  /** Records and reports what these rows newly reach: delivered, and read when `read`. */
  #record(tx: Tx, caller: Caller, rows: readonly MessageRow[], read: boolean): void {
    const delivered = rows.filter((row) => row.delivered_at === null).map((row) => row.id);
    for (const id of delivered) this.#deliver.run(tx.now, caller.sessionId, id);
    if (delivered.length > 0) this.#log(tx, caller, 'delivered', `${caller.role} received ${nameMessages(delivered)}`, delivered);
    if (!read) return;
    const seen = rows.filter((row) => row.read_at === null).map((row) => row.id);
    for (const id of seen) this.#read.run(tx.now, caller.sessionId, id);
    if (seen.length > 0) this.#log(tx, caller, 'read', `${caller.role} read ${nameMessages(seen)}`, seen);
  }

  #log(tx: Tx, caller: Caller, action: string, text: string, ids: readonly number[], data: Readonly<Record<string, unknown>> = {}): void {
    tx.event({ kind: 'message', action, text, role: caller.role, sessionId: caller.sessionId, subject: `message:${ids.at(-1)}`, data: { ids, ...data } });
  }

  /** Null when it was pruned; throws MESSAGE_NOT_FOUND when it never was. */
  #require(id: number): MessageRow | null {
    const row = this.#byId.get(id) as MessageRow | undefined;
    if (row === undefined && id > this.newestId()) {
      throw new AppError('MESSAGE_NOT_FOUND', `There is no message #${id} to reply to. Leave reply_to out, or use an id from read_inbox.`, { message_id: id });
    }
    return row ?? null;
  }

  #refuseCursorAhead(argument: string, id: number): void {
    const newest = this.newestId();
    if (id <= newest) return;
    throw new AppError(
      'CURSOR_AHEAD',
      `${argument} ${id} is ahead of the newest message (#${newest}): it does not come from this bus. Use the cursor of your last read_inbox, or 0 to read from the start.`,
      { [argument]: id, newest },
    );
  }

  #count(statement: Statement, role: string): number {
    return statement.get(role) as number;
  }
}

function reached(row: MessageRow, now: number, read: boolean): MessageRow {
  return { ...row, delivered_at: row.delivered_at ?? now, read_at: row.read_at ?? (read ? now : null) };
}

function notInInbox(role: string, id: number): AppError {
  return new AppError('MESSAGE_NOT_FOUND', `There is no message #${id} to ${role}. Only the receiver can acknowledge; read_inbox lists its ids.`, {
    message_id: id,
    role,
  });
}

/** Newest first. Each shape walks one index backwards from the cursor and stops at the limit. */
function listSql(given: { readonly role: string | undefined; readonly thread_id: string | undefined; readonly expression: string | undefined }): string {
  const inThread = given.thread_id === undefined ? '' : "AND m.thread_id = @thread_id AND m.thread_id <> ''";
  const ofRole = given.role === undefined ? '' : 'AND (m.to_role = @role OR m.from_role = @role)';
  if (given.expression !== undefined) {
    return `SELECT ${COLUMNS} FROM messages_fts f CROSS JOIN messages m ON m.id = f.rowid
      WHERE f.messages_fts MATCH @expression AND f.rowid >= @from AND f.rowid < @before ${inThread} ${ofRole}
      ORDER BY f.rowid DESC LIMIT @limit`;
  }
  if (given.thread_id === undefined && given.role !== undefined) {
    const side = (column: string, index: string): string =>
      `SELECT id FROM (SELECT id FROM messages INDEXED BY ${index} WHERE ${column} = @role AND id < @before ORDER BY id DESC LIMIT @limit)`;
    return `SELECT ${COLUMNS} FROM messages m WHERE m.id IN (${side('to_role', 'messages_inbox')} UNION ${side('from_role', 'messages_sent')})
      ORDER BY m.id DESC LIMIT @limit`;
  }
  const index = given.thread_id === undefined ? 'NOT INDEXED' : 'INDEXED BY messages_thread';
  return `SELECT ${COLUMNS} FROM messages m ${index} WHERE m.id < @before ${inThread} ${ofRole} ORDER BY m.id DESC LIMIT @limit`;
}
