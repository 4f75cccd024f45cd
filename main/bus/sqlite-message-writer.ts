import type { Statement } from 'better-sqlite3';
import type { Store, Tx } from '../store/store.ts';
import type { AckWatch } from './ack-watch.ts';
import type { SearchIndex } from './sqlite-search-index.ts';
import type { Caller, Importance } from './types.ts';

export interface NewMessage {
  readonly to_role: string;
  readonly body: string;
  readonly thread_id?: string | undefined;
  readonly reply_to?: number | undefined;
  readonly importance?: Importance | undefined;
  readonly ack_required?: boolean | undefined;
}

const EXCERPT_CHARS = 60;
const CONTROL = /\p{Cc}/gu;

/** The beginning of a text for a line of the log: 60 characters (seed 001), none of which breaks the line. */
export function excerpt(text: string): string {
  return [...text.slice(0, 2 * EXCERPT_CHARS)].slice(0, EXCERPT_CHARS).join('').replace(CONTROL, ' ');
}

/** The one way a message enters the database: row and log line in the caller's transaction. */
export class MessageWriter {
  readonly #insert: Statement;
  readonly #index: SearchIndex;
  readonly #acks: AckWatch | undefined;

  constructor(store: Store, index: SearchIndex, acks?: AckWatch) {
    this.#index = index;
    this.#acks = acks;
    this.#insert = store.db.prepare(
      `INSERT INTO messages (ts, from_role, to_role, body, thread_id, reply_to, importance, ack_required, from_session, verified)
       VALUES (?,?,?,?,?,?,?,?,?,?)`,
    );
  }

  /** Returns the id, which is also the message's place in the order of delivery. */
  write(tx: Tx, from: Caller, message: NewMessage): number {
    const { to_role, body, thread_id = '', reply_to = null, importance = 'normal', ack_required = false } = message;
    const { lastInsertRowid } = this.#insert.run(
      tx.now,
      from.role,
      to_role,
      body,
      thread_id,
      reply_to,
      importance,
      ack_required ? 1 : 0,
      from.sessionId,
      from.verified ? 1 : 0,
    );
    const id = Number(lastInsertRowid);
    this.#index.written(id);
    tx.event({
      kind: 'message',
      action: 'posted',
      text: `${from.role}→${to_role}: ${excerpt(body)}`,
      role: from.role,
      sessionId: from.sessionId,
      subject: `message:${id}`,
      data: { ids: [id], to_role },
    });
    if (ack_required) this.#acks?.asked(tx, { id, from, to_role, body });
    return id;
  }
}
