import type { Notifications } from '../notify/notifications.ts';
import type { Tx } from '../store/store.ts';
import { about, nameOf, titleOf } from './describe.ts';
import type { ScheduleGroups, TaskRunEnd } from './ports.ts';
import type { RunLog } from './run-log.ts';
import type { TaskRows } from './task-rows.ts';
import type { ScheduledTask, ScheduleRun } from './types.ts';

export interface OutcomesParts {
  readonly rows: TaskRows;
  readonly log: RunLog;
  readonly groups: ScheduleGroups;
  readonly notifications: Pick<Notifications, 'enqueue'>;
  /** After so many failed runs in a row a task is paused; null: never. */
  readonly autoPauseFailures: number | null;
}

/** Writes down how runs of scheduled tasks went (SCHED-02), and draws the conclusions. */
export class Outcomes {
  readonly #parts: OutcomesParts;

  constructor(parts: OutcomesParts) {
    this.#parts = parts;
  }

  /** The agent has begun with it. */
  started(tx: Tx, scheduleRunId: string): void {
    const found = this.#find(scheduleRunId);
    if (found === null || !this.#parts.log.started(tx.now, scheduleRunId)) return;
    this.#note(tx, found.task, 'started', 'Scheduled task runs', { run: scheduleRunId });
  }

  /**
   * The run is over. Told twice, or of a task that was cancelled meanwhile, changes nothing. Returns whether a failure
   * counts for the agent, too: not while the task goes on and may fail again before it is paused.
   */
  ended(tx: Tx, scheduleRunId: string, end: TaskRunEnd): boolean {
    const { log, rows } = this.#parts;
    const found = this.#find(scheduleRunId);
    if (found === null || !log.ended(tx.now, scheduleRunId, end)) return false;
    const { task } = found;
    log.prune(tx.now, task.id);
    this.#note(tx, task, end.status, WORDS[end.status], { run: scheduleRunId, durationMs: end.durationMs, ...(end.error !== null && { why: end.error }) });
    const counts = end.status === 'failed' && this.#failed(tx, task, end.error ?? 'No reason was given.');
    if (end.status === 'succeeded' && task.failures > 0) rows.setFailures(task.id, 0);
    this.#complete(tx, task.id);
    return counts;
  }

  /** Returns whether it counts for the agent. */
  #failed(tx: Tx, task: ScheduledTask, reason: string): boolean {
    const { rows, groups, notifications, autoPauseFailures } = this.#parts;
    const failures = task.failures + 1;
    rows.setFailures(task.id, failures);
    const context = { taskId: task.id, title: titleOf(task), group: nameOf(task, groups.byId(task.groupId)), reason };
    const canBePaused = autoPauseFailures !== null && task.status === 'active' && task.nextRun !== null;
    if (!canBePaused || failures < autoPauseFailures) {
      notifications.enqueue(tx, { type: 'SCHEDULE_FAILED', context, dedupeKey: task.id });
      return !canBePaused;
    }
    rows.stand(task.id, { status: 'paused', pausedBy: 'failures', pauseReason: `${failures} runs in a row failed. The last: ${reason}`, nextRun: null }, tx.now);
    this.#note(tx, task, 'auto_paused', `Scheduled task was paused after ${failures} failed runs in a row`, { failures });
    notifications.enqueue(tx, { type: 'SCHEDULE_PAUSED', context: { ...context, failures }, dedupeKey: task.id });
    return true;
  }

  /** Nothing is to come any more. A task that was paused during the run stays paused. */
  #complete(tx: Tx, taskId: string): void {
    const { rows, log } = this.#parts;
    const task = rows.get(taskId);
    if (task?.status !== 'active' || task.nextRun !== null || log.isUnderWay(taskId)) return;
    rows.stand(taskId, { status: 'completed', pausedBy: null, pauseReason: null, nextRun: null }, tx.now);
  }

  #find(scheduleRunId: string): { readonly task: ScheduledTask; readonly run: ScheduleRun } | null {
    const run = this.#parts.log.get(scheduleRunId);
    const task = run === null ? null : this.#parts.rows.get(run.taskId);
    return run === null || task === null ? null : { task, run };
  }

  #note(tx: Tx, task: ScheduledTask, action: string, words: string, data: Readonly<Record<string, unknown>>): void {
    const group = this.#parts.groups.byId(task.groupId);
    tx.event({ ...about(task, group, action, data), text: `${words}: ${titleOf(task)} (${nameOf(task, group)})` });
  }
}

const WORDS = { succeeded: 'Scheduled task was done', failed: 'Scheduled task failed', aborted: 'Scheduled task was stopped' } as const;
