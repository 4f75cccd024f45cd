import type Database from 'better-sqlite3';
import type { Clock } from '../base/clock.ts';
import { Emitter, type Unsubscribe } from '../base/emitter.ts';
import { explainSqliteError } from './sqlite-errors.ts';

/** One line of the activity log before it has an id. */
export interface NewEvent {
  /** The area: message, task, lock, agent, session, system, … */
  readonly kind: string;
  /** What happened in that area, for example `posted`. */
  readonly action: string;
  /** One sentence for people. */
  readonly text: string;
  readonly role?: string | null;
  readonly sessionId?: string | null;
  /** The thing it happened to, as `task:12`. */
  readonly subject?: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A committed line of the activity log. */
export interface StoredEvent {
  readonly id: number;
  readonly ts: number;
  readonly kind: string;
  readonly action: string;
  readonly text: string;
  readonly role: string | null;
  readonly sessionId: string | null;
  readonly subject: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The inside of one transaction: a fixed time and the log that commits with the change. */
export interface Tx {
  /** Wall time in ms, the same for everything in this transaction. */
  readonly now: number;
  /** Appends to the activity log; listeners hear of it only after the commit. Returns the event id. */
  event(event: NewEvent): number;
}

/**
 * The one SQLite file. Every change goes through {@link transact}, so that the change and the line that reports it
 * commit together or not at all (DESIGN §5).
 */
export class Store {
  /** The open database, for prepared statements. Writing outside {@link transact} breaks the promise above. */
  readonly db: Database.Database;
  readonly #clock: Clock;
  readonly #commits: Emitter<readonly StoredEvent[]>;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  readonly #insertEvent: Database.Statement;
  #pending: StoredEvent[] | null = null;
  readonly #untold: (readonly StoredEvent[])[] = [];
  #telling = false;

  /** Takes an already opened and migrated database; see `openStore`. `onListenerError` hears faulty listeners. */
  constructor(db: Database.Database, clock: Clock, onListenerError: (error: unknown) => void) {
    this.db = db;
    this.#clock = clock;
    this.#commits = new Emitter(onListenerError);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#commit = db.prepare('COMMIT');
    this.#rollback = db.prepare('ROLLBACK');
    this.#insertEvent = db.prepare(
      'INSERT INTO events (ts, kind, action, role, session_id, subject, text, data) VALUES (?,?,?,?,?,?,?,?)',
    );
  }

  /**
   * Runs `change` in one `BEGIN IMMEDIATE` transaction and returns what it returns; if it throws, nothing happened.
   * Must not be nested: a change is one idea. Must not wait either: what returns a promise is undone and refused. Throws
   * DATABASE_BUSY, DISK_FULL, DATABASE_CORRUPT, DATA_DIR_UNUSABLE for what the machine or the file does.
   */
  transact<T>(change: (tx: Tx) => T): T {
    if (this.#pending !== null) throw new Error('transact() was called inside transact()');
    const events: StoredEvent[] = [];
    let result: T;
    try {
      this.#begin.run();
      this.#pending = events;
      const now = this.#clock.now();
      result = change({ now, event: (event) => this.#append(events, now, event) });
      if (result instanceof Promise) throw new Error('transact() was given a change that waits');
      this.#commit.run();
    } catch (error) {
      if (this.db.inTransaction) this.#rollback.run();
      throw explainSqliteError(error, this.db.name);
    } finally {
      this.#pending = null;
    }
    if (events.length > 0) this.#tell(events);
    return result;
  }

  /** Hears the events of each commit, in order, after it. */
  onCommit(listener: (events: readonly StoredEvent[]) => void): Unsubscribe {
    return this.#commits.on(listener);
  }

  close(): void {
    this.db.close();
  }

  /** A listener may commit as well; what it caused is told after what it hears now, so that everyone hears one order. */
  #tell(events: readonly StoredEvent[]): void {
    this.#untold.push(events);
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#untold.shift(); next; next = this.#untold.shift()) this.#commits.emit(next);
    } finally {
      this.#telling = false;
    }
  }

  #append(events: StoredEvent[], now: number, event: NewEvent): number {
    const { kind, action, text, role = null, sessionId = null, subject = null, data = {} } = event;
    const { lastInsertRowid } = this.#insertEvent.run(now, kind, action, role, sessionId, subject, text, JSON.stringify(data));
    const id = Number(lastInsertRowid);
    events.push({ id, ts: now, kind, action, text, role, sessionId, subject, data });
    return id;
  }
}
