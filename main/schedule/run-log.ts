import type Database from 'better-sqlite3';
import { uuidv7 } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import type { TaskRunEnd } from './ports.ts';
import type { RunCause, ScheduleRun } from './types.ts';

export interface RunLogKeep {
  /** How many entries of one task are kept; null: all. */
  readonly runs: number | null;
  /** For how many days entries are kept; null: for ever. */
  readonly days: number | null;
}

export interface RunQuery {
  readonly taskId?: string | undefined;
  readonly groupId?: string | undefined;
  /** Only entries that are older than this one. */
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

const DAY_MS = 86_400_000;
/** The chat has the whole text; the log keeps what a person reads at a glance. */
const RESULT_LENGTH = 4000;

const COLUMNS = `r.id, r.task_id AS taskId, r.cause, r.status, r.due_at AS dueAt, r.slots, r.queued_at AS queuedAt, r.started_at AS startedAt,
  r.ended_at AS endedAt, r.duration_ms AS durationMs, r.result, r.error`;

/** The table `schedule_runs` (SCHED-02): what ran, what did not, and how it ended. What writes is called inside a transaction. */
export class RunLog {
  readonly #db: Database.Database;
  readonly #keep: RunLogKeep;
  readonly #insert: Database.Statement;
  readonly #underWay: Database.Statement;

  constructor({ db }: Store, keep: RunLogKeep) {
    this.#db = db;
    this.#keep = keep;
    this.#insert = db.prepare(
      `INSERT INTO schedule_runs (id, task_id, cause, status, due_at, slots, queued_at, ended_at, error) VALUES (@id, @taskId, @cause, @status, @dueAt, @slots, @now, @endedAt, @error)
       ON CONFLICT (task_id, due_at) WHERE cause <> 'manual' AND status <> 'skipped' DO NOTHING`,
    );
    this.#underWay = db.prepare("SELECT 1 FROM schedule_runs WHERE task_id = ? AND status IN ('queued','running')").pluck();
  }

  /** A run that was claimed. Returns its id; null when this due time had a run before, as after a clock was set back. */
  queued(now: number, entry: { readonly taskId: string; readonly cause: RunCause; readonly dueAt: number; readonly slots: number }): string | null {
    const id = uuidv7(now);
    return this.#insert.run({ id, ...entry, status: 'queued', now, endedAt: null, error: null }).changes > 0 ? id : null;
  }

  /** Due times that go by without a run; those of one stretch and one reason are one entry. */
  skipped(now: number, entry: { readonly taskId: string; readonly dueAt: number; readonly slots: number; readonly error: string }): void {
    const last = this.#db.prepare('SELECT id, status, error FROM schedule_runs WHERE task_id = ? ORDER BY seq DESC LIMIT 1').get(entry.taskId) as
      | Pick<ScheduleRun, 'id' | 'status' | 'error'>
      | undefined;
    if (last?.status === 'skipped' && last.error === entry.error) {
      this.#db.prepare('UPDATE schedule_runs SET due_at = ?, slots = slots + ?, ended_at = ? WHERE id = ?').run(entry.dueAt, entry.slots, now, last.id);
      return;
    }
    this.#insert.run({ id: uuidv7(now), ...entry, cause: 'missed', status: 'skipped', now, endedAt: now });
  }

  isUnderWay(taskId: string): boolean {
    return this.#underWay.get(taskId) !== undefined;
  }

  get(id: string): ScheduleRun | null {
    return (this.#db.prepare(`SELECT ${COLUMNS} FROM schedule_runs r WHERE r.id = ?`).get(id) as ScheduleRun | undefined) ?? null;
  }

  /** The runs that have not ended, of one task or of all. */
  open(taskId?: string): readonly ScheduleRun[] {
    return this.#db
      .prepare(`SELECT ${COLUMNS} FROM schedule_runs r WHERE r.status IN ('queued','running') AND (@taskId IS NULL OR r.task_id = @taskId)`)
      .all({ taskId: taskId ?? null }) as ScheduleRun[];
  }

  /** Newest first. */
  list({ taskId, groupId, beforeId, limit }: RunQuery): readonly ScheduleRun[] {
    return this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM schedule_runs r ${groupId === undefined ? '' : 'JOIN scheduled_tasks t ON t.id = r.task_id AND t.group_id = @groupId'}
         WHERE (@taskId IS NULL OR r.task_id = @taskId) AND (@beforeId IS NULL OR r.seq < (SELECT seq FROM schedule_runs WHERE id = @beforeId)) ORDER BY r.seq DESC LIMIT @limit`,
      )
      .all({ taskId: taskId ?? null, beforeId: beforeId ?? null, limit, ...(groupId !== undefined && { groupId }) }) as ScheduleRun[];
  }

  /** The newest entry of each task. */
  latest(): ReadonlyMap<string, ScheduleRun> {
    const rows = this.#db
      .prepare(`SELECT ${COLUMNS} FROM schedule_runs r WHERE r.seq IN (SELECT MAX(seq) FROM schedule_runs GROUP BY task_id)`)
      .all() as ScheduleRun[];
    return new Map(rows.map((row) => [row.taskId, row]));
  }

  /** The newest entry of one task. */
  latestOf(taskId: string): ScheduleRun | null {
    return this.list({ taskId, limit: 1 })[0] ?? null;
  }

  started(now: number, id: string): boolean {
    return this.#db.prepare("UPDATE schedule_runs SET status = 'running', started_at = ? WHERE id = ? AND status = 'queued'").run(now, id).changes > 0;
  }

  /** Writes down how a run ended; false when that is written down already. */
  ended(now: number, id: string, end: TaskRunEnd): boolean {
    const { changes } = this.#db
      .prepare(
        `UPDATE schedule_runs SET status = @status, ended_at = @now, duration_ms = @durationMs, started_at = COALESCE(started_at, @now - @durationMs), result = @result, error = @error
         WHERE id = @id AND status IN ('queued','running')`,
      )
      .run({ ...end, id, now, result: end.result === null ? null : cut(end.result), error: end.error === null ? null : cut(end.error) });
    return changes > 0;
  }

  /** A run that will not be made. */
  aborted(now: number, id: string, why: string): void {
    this.#db.prepare("UPDATE schedule_runs SET status = 'aborted', ended_at = ?, error = ? WHERE id = ? AND status IN ('queued','running')").run(now, why, id);
  }

  /** Forgets the oldest entries of a task, and everything that is too old. Runs under way stay. */
  prune(now: number, taskId: string): void {
    const { runs, days } = this.#keep;
    if (runs !== null) {
      this.#db
        .prepare(
          `DELETE FROM schedule_runs WHERE task_id = @taskId AND ended_at IS NOT NULL
             AND seq <= (SELECT seq FROM schedule_runs WHERE task_id = @taskId ORDER BY seq DESC LIMIT 1 OFFSET @runs)`,
        )
        .run({ taskId, runs });
    }
    if (days !== null) this.#db.prepare('DELETE FROM schedule_runs WHERE ended_at < ?').run(now - days * DAY_MS);
  }

  /** All of a task. */
  removeOf(taskId: string): void {
    this.#db.prepare('DELETE FROM schedule_runs WHERE task_id = ?').run(taskId);
  }
}

function cut(text: string): string {
  return text.length <= RESULT_LENGTH ? text : `${text.slice(0, RESULT_LENGTH - 1)}…`;
}
