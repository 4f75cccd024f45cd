import { AppError } from '../base/errors.ts';
import type { Store } from '../store/store.ts';
import type { RunPlace } from './ports.ts';
import type { EndDecision, GivenInput } from './run-end-rules.ts';
import type { ContextMode, Run, RunState } from './types.ts';

const COLUMNS = `
  seq, id, group_id AS groupId, kind, state, prompt, context_mode AS contextMode, schedule_run_id AS scheduleRunId, attempt,
  not_before AS notBefore, queued_at AS queuedAt, started_at AS startedAt, ended_at AS endedAt, container_name AS containerName, pid,
  session_id AS sessionId, sent, messages, result, turn_over AS turnOver, exit_code AS exitCode, cause, error, log_file AS logFile`;

/** A run with its place in the order of arrival. */
export interface RunRow extends Run {
  readonly seq: number;
}

interface Raw extends Omit<RunRow, 'turnOver'> {
  readonly turnOver: 0 | 1;
}

export interface NewRun {
  readonly id: string;
  readonly groupId: string;
  readonly attempt: number;
  readonly notBefore: number;
  readonly queuedAt: number;
  /** Null: the messages of the group. */
  readonly task: { readonly prompt: string; readonly contextMode: ContextMode; readonly scheduleRunId: string | null } | null;
}

export interface RunFilter {
  readonly groupId?: string | undefined;
  readonly states?: readonly RunState[] | undefined;
  /** Only runs that arrived before this one. */
  readonly beforeSeq?: number | undefined;
  readonly limit: number;
}

/** Messages given to a run, as they were recorded. */
export interface RunInputRow extends Omit<GivenInput, 'unread'> {
  readonly n: number;
  readonly upTo: number;
}

export const ENDED: readonly RunState[] = ['succeeded', 'failed', 'aborted', 'dead'];
export const LIVE: readonly RunState[] = ['starting', 'running'];

/** The table of runs and of what they were given. Every write belongs into a transaction of the caller. */
export class RunRows {
  readonly #store: Pick<Store, 'db'>;

  constructor(store: Pick<Store, 'db'>) {
    this.#store = store;
  }

  /** Throws RUN_NOT_FOUND. */
  get(id: string): RunRow {
    const row = this.#store.db.prepare(`SELECT ${COLUMNS} FROM runs WHERE id = ?`).get(id) as Raw | undefined;
    if (row === undefined) throw new AppError('RUN_NOT_FOUND', `There is no run ${id}; it may have been forgotten.`, { run: id });
    return runOf(row);
  }

  /** By its id, or by enough of the end of it. Throws RUN_NOT_FOUND, CONFLICT when that fits several. */
  find(wanted: string): RunRow {
    const ids = this.#store.db.prepare('SELECT id FROM runs WHERE id = @wanted OR substr(id, -length(@wanted)) = @wanted LIMIT 2').pluck().all({ wanted }) as string[];
    const [id, another] = ids;
    if (another !== undefined && !ids.includes(wanted)) throw new AppError('CONFLICT', `Several runs end in '${wanted}'. Give more of the id.`, { run: wanted });
    return this.get(ids.includes(wanted) ? wanted : (id ?? wanted));
  }

  /** Newest first. */
  list({ groupId, states, beforeSeq, limit }: RunFilter): readonly RunRow[] {
    const where = [
      ...(groupId === undefined ? [] : ['group_id = @groupId']),
      ...(states === undefined ? [] : ['state IN (SELECT value FROM json_each(@states))']),
      ...(beforeSeq === undefined ? [] : ['seq < @beforeSeq']),
    ];
    const sql = `SELECT ${COLUMNS} FROM runs ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY seq DESC LIMIT @limit`;
    const rows = this.#store.db.prepare(sql).all({ groupId, beforeSeq, limit, states: JSON.stringify(states ?? []) }) as Raw[];
    return rows.map(runOf);
  }

  /** What waits and what runs, in the order of arrival. */
  open(): readonly RunRow[] {
    const rows = this.#store.db.prepare(`SELECT ${COLUMNS} FROM runs WHERE state IN ('queued','starting','running') ORDER BY seq`).all() as Raw[];
    return rows.map(runOf);
  }

  queuedMessages(groupId: string): RunRow | null {
    const row = this.#store.db.prepare(`SELECT ${COLUMNS} FROM runs WHERE group_id = ? AND state = 'queued' AND kind = 'messages'`).get(groupId) as Raw | undefined;
    return row === undefined ? null : runOf(row);
  }

  /** The run of a due time of the schedule, when there is one already. */
  ofSchedule(scheduleRunId: string): string | null {
    return (this.#store.db.prepare('SELECT id FROM runs WHERE schedule_run_id = ?').pluck().get(scheduleRunId) as string | undefined) ?? null;
  }

  insert({ id, groupId, attempt, notBefore, queuedAt, task }: NewRun): void {
    this.#store.db
      .prepare(
        `INSERT INTO runs (id, group_id, kind, state, prompt, context_mode, schedule_run_id, attempt, not_before, queued_at)
         VALUES (@id, @groupId, @kind, 'queued', @prompt, @contextMode, @scheduleRunId, @attempt, @notBefore, @queuedAt)`,
      )
      .run({
        id,
        groupId,
        attempt,
        notBefore,
        queuedAt,
        kind: task === null ? 'messages' : 'task',
        prompt: task?.prompt ?? null,
        contextMode: task?.contextMode ?? 'group',
        scheduleRunId: task?.scheduleRunId ?? null,
      });
  }

  /** Takes it out of the queue; false when somebody else did. */
  begin(id: string, now: number, prompt: string): boolean {
    const { changes } = this.#store.db.prepare("UPDATE runs SET state = 'starting', started_at = ?, prompt = ? WHERE id = ? AND state = 'queued'").run(now, prompt, id);
    return changes === 1;
  }

  placed(id: string, place: RunPlace): void {
    this.#store.db
      .prepare("UPDATE runs SET state = 'running', container_name = ?, pid = ? WHERE id = ? AND state = 'starting'")
      .run(place.containerName, place.pid, id);
  }

  /** Messages were handed over: the agent works on them. Returns their number within the run, from 1. */
  give(id: string, input: { readonly cursorBefore: number; readonly upTo: number; readonly messages: number; readonly now: number }): number {
    const { db } = this.#store;
    const n = (db.prepare('SELECT COALESCE(MAX(n), 0) + 1 FROM run_inputs WHERE run_id = ?').pluck().get(id) as number);
    db.prepare('INSERT INTO run_inputs (run_id, n, cursor_before, up_to, messages, given_at) VALUES (?,?,?,?,?,?)').run(id, n, input.cursorBefore, input.upTo, input.messages, input.now);
    db.prepare('UPDATE runs SET messages = messages + ?, turn_over = 0 WHERE id = ?').run(input.messages, id);
    return n;
  }

  /** Undoes {@link give}. */
  takeBack(id: string, n: number): void {
    const { db } = this.#store;
    db.prepare('UPDATE runs SET messages = messages - (SELECT messages FROM run_inputs WHERE run_id = @id AND n = @n) WHERE id = @id').run({ id, n });
    db.prepare('DELETE FROM run_inputs WHERE run_id = ? AND n = ?').run(id, n);
  }

  /** A text went to the chat. */
  sent(id: string, text: string): void {
    this.#store.db.prepare('UPDATE runs SET sent = sent + 1, result = ? WHERE id = ?').run(text, id);
    this.#store.db.prepare('UPDATE run_inputs SET answered = 1 WHERE run_id = ? AND answered = 0').run(id);
  }

  setTurnOver(id: string): void {
    this.#store.db.prepare('UPDATE runs SET turn_over = 1 WHERE id = ? AND turn_over = 0').run(id);
  }

  setSession(id: string, sessionId: string): void {
    this.#store.db.prepare('UPDATE runs SET session_id = ? WHERE id = ?').run(sessionId, id);
  }

  inputs(id: string): readonly RunInputRow[] {
    const rows = this.#store.db
      .prepare('SELECT n, cursor_before AS cursorBefore, up_to AS upTo, answered FROM run_inputs WHERE run_id = ? ORDER BY n')
      .all(id) as (Omit<RunInputRow, 'answered'> & { readonly answered: 0 | 1 })[];
    return rows.map((row) => ({ ...row, answered: row.answered === 1 }));
  }

  end(id: string, now: number, decision: EndDecision, facts: { readonly exitCode: number | null; readonly logFile: string | null; readonly givenUpTo: number | null }): void {
    this.#store.db
      .prepare(
        `UPDATE runs SET state = @state, cause = @cause, error = @error, ended_at = @now, exit_code = @exitCode, log_file = @logFile, given_up_to = @givenUpTo
         WHERE id = @id AND state IN ('queued','starting','running')`,
      )
      .run({ id, now, state: decision.state, cause: decision.cause, error: decision.error, ...facts });
  }

  /** A queued run that turned out to have nothing to do leaves no trace. */
  drop(id: string): void {
    this.#store.db.prepare("DELETE FROM runs WHERE id = ? AND state = 'queued'").run(id);
  }

  /** Up to which message the group's last run of messages was given up; null when that one went well. */
  givenUpTo(groupId: string): number | null {
    const value = this.#store.db
      .prepare("SELECT given_up_to FROM runs WHERE group_id = ? AND kind = 'messages' AND ended_at IS NOT NULL ORDER BY seq DESC LIMIT 1")
      .pluck()
      .get(groupId) as number | null | undefined;
    return value ?? null;
  }

  /** It starts no sooner than that, and counts as that attempt. */
  postpone(id: string, attempt: number, notBefore: number): void {
    this.#store.db.prepare("UPDATE runs SET attempt = ?, not_before = ? WHERE id = ? AND state = 'queued'").run(attempt, notBefore, id);
  }

  /** Forgets ended runs of the group beyond the newest `keep`. */
  prune(groupId: string, keep: number): void {
    this.#store.db
      .prepare(
        `DELETE FROM runs WHERE ended_at IS NOT NULL AND group_id = @groupId AND seq <=
           (SELECT seq FROM runs WHERE ended_at IS NOT NULL AND group_id = @groupId ORDER BY seq DESC LIMIT 1 OFFSET @keep)`,
      )
      .run({ groupId, keep });
  }
}

function runOf(raw: Raw): RunRow {
  return { ...raw, turnOver: raw.turnOver === 1 };
}
