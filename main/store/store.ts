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

/** Changes that wait for their common commit. */
interface Batch {
  begun: boolean;
  /** What made SQLite give up the whole transaction, as a full disk does. */
  lost: { readonly error: unknown } | null;
  readonly events: (readonly StoredEvent[])[];
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
  readonly #savepoint: Database.Statement;
  readonly #release: Database.Statement;
  readonly #undo: Database.Statement;
  readonly #insertEvent: Database.Statement;
  #pending: StoredEvent[] | null = null;
  #batch: Batch | null = null;
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
    this.#savepoint = db.prepare('SAVEPOINT change');
    this.#release = db.prepare('RELEASE change');
    this.#undo = db.prepare('ROLLBACK TO change');
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
    const batch = this.#batch;
    const events: StoredEvent[] = [];
    let result: T;
    try {
      if (batch === null) this.#begin.run();
      else this.#enter(batch);
      this.#pending = events;
      const now = this.#clock.now();
      result = change({ now, event: (event) => this.#append(events, now, event) });
      if (result instanceof Promise) throw new Error('transact() was given a change that waits');
      if (batch === null) this.#commit.run();
      else this.#release.run();
    } catch (error) {
      if (batch !== null) this.#leave(batch, error);
      else if (this.db.inTransaction) this.#rollback.run();
      throw explainSqliteError(error, this.db.name);
    } finally {
      this.#pending = null;
    }
    if (events.length > 0) {
      if (batch === null) this.#tell(events);
      else batch.events.push(events);
    }
    return result;
  }

  /**
   * Commits every {@link transact} that `work` calls together, with one flush to disk. A change that throws is undone on
   * its own; none counts or is told before the common commit, and when that fails this throws and none has happened.
   */
  batch(work: () => void): void {
    if (this.#batch !== null || this.#pending !== null) throw new Error('batch() was called inside batch() or transact()');
    const batch: Batch = { begun: false, lost: null, events: [] };
    this.#batch = batch;
    try {
      work();
      if (batch.lost !== null) throw batch.lost.error;
      if (batch.begun) this.#commit.run();
    } catch (error) {
      if (this.db.inTransaction) this.#rollback.run();
      throw explainSqliteError(error, this.db.name);
    } finally {
      this.#batch = null;
    }
    for (const events of batch.events) this.#tell(events);
  }

  /** Hears the events of each commit, in order, after it. */
  onCommit(listener: (events: readonly StoredEvent[]) => void): Unsubscribe {
    return this.#commits.on(listener);
  }

  close(): void {
    this.db.close();
  }

  #enter(batch: Batch): void {
    if (batch.lost !== null) throw batch.lost.error;
    if (!batch.begun) this.#begin.run();
    batch.begun = true;
    this.#savepoint.run();
  }

  #leave(batch: Batch, error: unknown): void {
    if (!batch.begun) return;
    if (this.db.inTransaction) {
      this.#undo.run();
      this.#release.run();
    } else {
      batch.lost ??= { error };
    }
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
