import type Database from 'better-sqlite3';
import type { Store } from '../store/store.ts';
import type { PausedBy, ScheduledTask, ScheduleStatus } from './types.ts';

type Row = Omit<ScheduledTask, 'followsZone'> & { readonly followsZone: 0 | 1 };

/** Where a task stands after a change. */
export interface Standing {
  readonly status: ScheduleStatus;
  readonly pausedBy: PausedBy | null;
  readonly pauseReason: string | null;
  readonly nextRun: number | null;
}

export interface TaskQuery {
  readonly groupId?: string | undefined;
  readonly status?: ScheduleStatus | undefined;
}

const COLUMNS = `id, group_id AS groupId, prompt, kind, value, zone, follows_zone AS followsZone, context_mode AS contextMode, missed, status,
  paused_by AS pausedBy, pause_reason AS pauseReason, next_run AS nextRun, last_slot AS lastSlot, anchor_at AS anchorAt, failures,
  created_by AS createdBy, created_at AS createdAt, updated_at AS updatedAt`;

/** The table `scheduled_tasks`. What writes is called inside a transaction. */
export class TaskRows {
  readonly #db: Database.Database;
  readonly #get: Database.Statement;
  readonly #due: Database.Statement;
  readonly #earliest: Database.Statement;
  readonly #advance: Database.Statement;

  constructor({ db }: Store) {
    this.#db = db;
    this.#get = db.prepare(`SELECT ${COLUMNS} FROM scheduled_tasks WHERE id = ?`);
    this.#due = db.prepare(`SELECT ${COLUMNS} FROM scheduled_tasks WHERE next_run <= ? ORDER BY next_run, id LIMIT ?`);
    this.#earliest = db.prepare('SELECT MIN(next_run) FROM scheduled_tasks WHERE next_run IS NOT NULL').pluck();
    this.#advance = db.prepare('UPDATE scheduled_tasks SET next_run = ?, last_slot = ? WHERE id = ?');
  }

  get(id: string): ScheduledTask | null {
    const row = this.#get.get(id) as Row | undefined;
    return row === undefined ? null : taskOf(row);
  }

  /** The task whose id is `word`, or ends with it: ids begin alike, because they begin with the time. */
  matching(word: string): readonly ScheduledTask[] {
    const exact = this.get(word);
    if (exact !== null) return [exact];
    if (word.length < 4) return [];
    const rows = this.#db.prepare(`SELECT ${COLUMNS} FROM scheduled_tasks WHERE substr(id, -length(@word)) = @word LIMIT 2`).all({ word: word.toLowerCase() });
    return (rows as Row[]).map(taskOf);
  }

  /** What runs next comes first, then the rest, newest first. */
  list({ groupId, status }: TaskQuery = {}): readonly ScheduledTask[] {
    const rows = this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM scheduled_tasks WHERE (@groupId IS NULL OR group_id = @groupId) AND (@status IS NULL OR status = @status)
         ORDER BY next_run IS NULL, next_run, id DESC`,
      )
      .all({ groupId: groupId ?? null, status: status ?? null });
    return (rows as Row[]).map(taskOf);
  }

  /** Active tasks whose time has come, the earliest first. */
  due(now: number, limit: number): readonly ScheduledTask[] {
    return (this.#due.all(now, limit) as Row[]).map(taskOf);
  }

  /** Active tasks that are due within a second of the earliest one. */
  nextMoment(limit: number): readonly ScheduledTask[] {
    const earliest = this.earliest();
    return earliest === null ? [] : this.due(earliest + 999, limit);
  }

  /** When the next task is due; null when none is. */
  earliest(): number | null {
    return this.#earliest.get() as number | null;
  }

  insert(task: ScheduledTask): void {
    this.#db
      .prepare(
        `INSERT INTO scheduled_tasks (id, group_id, prompt, kind, value, zone, follows_zone, context_mode, missed, status, paused_by, pause_reason, next_run,
           last_slot, anchor_at, failures, created_by, created_at, updated_at)
         VALUES (@id, @groupId, @prompt, @kind, @value, @zone, @followsZone, @contextMode, @missed, @status, @pausedBy, @pauseReason, @nextRun,
           @lastSlot, @anchorAt, @failures, @createdBy, @createdAt, @updatedAt)`,
      )
      .run({ ...task, followsZone: Number(task.followsZone) });
  }

  /** Writes what a person can change, and where the task stands then. */
  update(task: ScheduledTask): void {
    this.#db
      .prepare(
        `UPDATE scheduled_tasks SET prompt = @prompt, kind = @kind, value = @value, zone = @zone, follows_zone = @followsZone, context_mode = @contextMode,
           missed = @missed, status = @status, paused_by = @pausedBy, pause_reason = @pauseReason, next_run = @nextRun, last_slot = @lastSlot,
           anchor_at = @anchorAt, failures = @failures, updated_at = @updatedAt
         WHERE id = @id`,
      )
      .run({ ...task, followsZone: Number(task.followsZone) });
  }

  /** Moves on to the next due time. */
  advance(id: string, nextRun: number | null, lastSlot: number): void {
    this.#advance.run(nextRun, lastSlot, id);
  }

  stand(id: string, { status, pausedBy, pauseReason, nextRun }: Standing, now: number): void {
    this.#db
      .prepare('UPDATE scheduled_tasks SET status = ?, paused_by = ?, pause_reason = ?, next_run = ?, updated_at = ? WHERE id = ?')
      .run(status, pausedBy, pauseReason, nextRun, now, id);
  }

  setFailures(id: string, failures: number): void {
    this.#db.prepare('UPDATE scheduled_tasks SET failures = ? WHERE id = ?').run(failures, id);
  }

  /** Its entries in the run log must be gone. */
  remove(id: string): void {
    this.#db.prepare('DELETE FROM scheduled_tasks WHERE id = ?').run(id);
  }

  pausedBy(by: PausedBy): readonly ScheduledTask[] {
    return (this.#db.prepare(`SELECT ${COLUMNS} FROM scheduled_tasks WHERE paused_by = ?`).all(by) as Row[]).map(taskOf);
  }

  /** Active tasks that were written down, or last ran, after `later`: by a clock that was ahead of the present one. */
  aheadOf(later: number): readonly ScheduledTask[] {
    return (this.#db.prepare(`SELECT ${COLUMNS} FROM scheduled_tasks WHERE next_run IS NOT NULL AND (last_slot > @later OR anchor_at > @later)`).all({ later }) as Row[]).map(taskOf);
  }

  /** Tasks that go along with the time zone of the settings and are in another one. */
  inOtherZone(zone: string): readonly ScheduledTask[] {
    return (this.#db.prepare(`SELECT ${COLUMNS} FROM scheduled_tasks WHERE follows_zone = 1 AND zone <> ?`).all(zone) as Row[]).map(taskOf);
  }
}

function taskOf(row: Row): ScheduledTask {
  return { ...row, followsZone: row.followsZone === 1 };
}
