import type { Guard } from '../access/guard.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import type { Store, Tx } from '../store/store.ts';
import { about, nameOf, titleOf } from './describe.ts';
import { checkPrompt, firstRun, type NewScheduledTask, type ScheduleChanges } from './inputs.ts';
import { nextRun, nextRuns } from './next-run.ts';
import type { ScheduleGroups, TaskRuns } from './ports.ts';
import type { RunLog, RunQuery } from './run-log.ts';
import type { TaskRows } from './task-rows.ts';
import { parseTiming } from './timing.ts';
import type { MissedPolicy, ScheduledTask, ScheduleGroup, ScheduleRun, ScheduleStatus, TimingKind } from './types.ts';

export interface ScheduleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly rows: TaskRows;
  readonly log: RunLog;
  readonly groups: ScheduleGroups;
  readonly runs: TaskRuns;
  /** The time zone of the settings, an IANA name. */
  readonly zone: string;
  readonly missed: MissedPolicy;
}

/** Who asks: the person, or the agent of a group (its id). */
export type Asker = 'person' | { readonly groupId: string };

const EDITABLE = ['prompt', 'kind', 'value', 'zone', 'followsZone', 'contextMode', 'missed'] as const;
const STILL_UNDER_WAY = 'A run of it is under way. Wait for its end, or abort it first.';

/** The scheduled tasks, and what is done to them. Every change commits with its line in the activity log. */
export class Schedule {
  readonly #parts: ScheduleParts;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  /** Throws GROUP_NOT_FOUND, INPUT_INVALID, SYSTEM_LOCKED. */
  create(input: NewScheduledTask, by: Asker = 'person'): ScheduledTask {
    const { store, guard, groups, rows, zone, missed } = this.#parts;
    guard.assertOperational();
    const group = groups.find(input.group);
    const prompt = checkPrompt(input.prompt);
    return store.transact((tx) => {
      const timing = { kind: input.kind, value: input.value.trim(), zone: input.zone ?? zone, anchorAt: tx.now };
      const task: ScheduledTask = {
        id: uuidv7(tx.now),
        groupId: group.id,
        prompt,
        ...timing,
        followsZone: input.zone === undefined,
        contextMode: input.contextMode ?? 'isolated',
        missed: input.missed ?? missed,
        status: 'active',
        pausedBy: null,
        pauseReason: null,
        nextRun: firstRun(timing, tx.now),
        lastSlot: null,
        failures: 0,
        createdBy: by === 'person' ? by : by.groupId,
        createdAt: tx.now,
        updatedAt: tx.now,
      };
      rows.insert(task);
      tx.event({ ...about(task, group, 'created'), text: `Scheduled for ${group.name}: ${titleOf(task)}` });
      return task;
    });
  }

  list(query: { readonly group?: string | undefined; readonly status?: ScheduleStatus | undefined } = {}): readonly ScheduledTask[] {
    const groupId = query.group === undefined ? undefined : this.#parts.groups.find(query.group).id;
    return this.#parts.rows.list({ groupId, status: query.status });
  }

  /** By id, or enough of its end to tell it apart. Throws SCHEDULE_NOT_FOUND. */
  find(word: string): ScheduledTask {
    const [task, second] = this.#parts.rows.matching(word);
    if (task === undefined) throw new AppError('SCHEDULE_NOT_FOUND', `There is no scheduled task '${word.slice(0, 60)}'. See: wheelhouse schedule list`, { task: word.slice(0, 60) });
    if (second !== undefined) throw new AppError('SCHEDULE_NOT_FOUND', `'${word}' fits several scheduled tasks. Give more of the end of the id.`, { task: word });
    return task;
  }

  /** By its whole id; null when there is none. */
  get(id: string): ScheduledTask | null {
    return this.#parts.rows.get(id);
  }

  /** By id, chat address, folder or name. Throws GROUP_NOT_FOUND, CONFLICT. */
  group(wanted: string): ScheduleGroup {
    return this.#parts.groups.find(wanted);
  }

  groupOf(task: ScheduledTask): ScheduleGroup | null {
    return this.#parts.groups.byId(task.groupId);
  }

  /** A changed timing moves the next run at once. Throws SCHEDULE_NOT_FOUND, INPUT_INVALID, SYSTEM_LOCKED. */
  edit(word: string, changes: ScheduleChanges): ScheduledTask {
    this.#parts.guard.assertOperational();
    return this.#change(word, (tx, before) => {
      const timed = this.#timed(before, changes, tx.now);
      const task: ScheduledTask = {
        ...timed,
        prompt: changes.prompt === undefined ? before.prompt : checkPrompt(changes.prompt),
        contextMode: changes.contextMode ?? before.contextMode,
        missed: changes.missed ?? before.missed,
        updatedAt: tx.now,
      };
      const changed = EDITABLE.filter((key) => before[key] !== task[key]);
      if (changed.length === 0) return before;
      this.#parts.rows.update(task);
      this.#note(tx, task, 'changed', `Scheduled task was changed (${changed.join(', ')})`, { changed });
      return task;
    });
  }

  /** A task that is paused already stays as it is. Throws SCHEDULE_NOT_FOUND; CONFLICT when it is completed. */
  pause(word: string, by: 'person' | 'agent' = 'person'): ScheduledTask {
    return this.#change(word, (tx, task) => {
      if (task.status === 'paused') return task;
      if (task.status === 'completed') throw new AppError('CONFLICT', 'The scheduled task is completed: there is nothing to pause.', { task: task.id });
      this.#parts.rows.stand(task.id, { status: 'paused', pausedBy: by, pauseReason: null, nextRun: null }, tx.now);
      this.#note(tx, task, 'paused', 'Scheduled task was paused');
      return this.#parts.rows.get(task.id)!;
    });
  }

  /**
   * Goes on with the next due time from now; what passed in the pause stays past, except of a task that runs once and has
   * not. Throws SCHEDULE_NOT_FOUND, INPUT_INVALID (it cannot run as it stands), SYSTEM_LOCKED; CONFLICT when its group is gone.
   */
  resume(word: string): ScheduledTask {
    this.#parts.guard.assertOperational();
    return this.#change(word, (tx, task) => {
      if (task.status !== 'paused') return task;
      this.#assertGroup(task);
      this.resumeIn(tx, task, 'Scheduled task goes on');
      return this.#parts.rows.get(task.id)!;
    });
  }

  /** {@link resume} of one task inside a transaction. */
  resumeIn(tx: Tx, task: ScheduledTask, text: string): void {
    const { rows } = this.#parts;
    const next = this.#upcoming(task, tx.now);
    rows.setFailures(task.id, 0);
    rows.stand(task.id, { status: next === null ? 'completed' : 'active', pausedBy: null, pauseReason: null, nextRun: next }, tx.now);
    this.#note(tx, task, 'resumed', text);
  }

  /** Forgets the task: first what was logged of it, then itself. A run under way goes on, one that waits does not begin. */
  cancel(word: string): ScheduledTask {
    return this.#change(word, (tx, task) => {
      const { log, rows, runs } = this.#parts;
      for (const run of log.open(task.id)) runs.withdraw(tx, run.id);
      log.removeOf(task.id);
      rows.remove(task.id);
      this.#note(tx, task, 'cancelled', 'Scheduled task was cancelled');
      return task;
    });
  }

  /** Runs it now, whatever its status, and changes nothing about its times. Throws CONFLICT while a run is under way. */
  runNow(word: string): ScheduleRun {
    const { guard, log, runs } = this.#parts;
    guard.assertOperational();
    let runId = '';
    this.#change(word, (tx, task) => {
      this.#assertGroup(task);
      if (log.isUnderWay(task.id)) throw new AppError('CONFLICT', STILL_UNDER_WAY, { task: task.id });
      runId = log.queued(tx.now, { taskId: task.id, cause: 'manual', dueAt: tx.now, slots: 1 })!;
      runs.enqueue(tx, { groupId: task.groupId, prompt: task.prompt, contextMode: task.contextMode, scheduleRunId: runId });
      this.#note(tx, task, 'run_now', 'Scheduled task was started by hand', { run: runId });
      return task;
    });
    return log.get(runId)!;
  }

  /** The run log, newest first. */
  runs(query: RunQuery): readonly ScheduleRun[] {
    return this.#parts.log.list(query);
  }

  /** The newest entry of the run log of each task. */
  latestRuns(): ReadonlyMap<string, ScheduleRun> {
    return this.#parts.log.latest();
  }

  /** The ids of the tasks of which a run waits or works now. */
  tasksUnderWay(): ReadonlySet<string> {
    return new Set(this.#parts.log.open().map(({ taskId }) => taskId));
  }

  isUnderWay(taskId: string): boolean {
    return this.#parts.log.isUnderWay(taskId);
  }

  latestRunOf(taskId: string): ScheduleRun | null {
    return this.#parts.log.latestOf(taskId);
  }

  /** When a timing would run, from now on. Throws INPUT_INVALID. */
  preview(asked: { readonly kind: TimingKind; readonly value: string; readonly zone?: string | undefined }, count: number): { readonly zone: string; readonly next: readonly number[] } {
    const now = this.#parts.clock.now();
    const zone = asked.zone ?? this.#parts.zone;
    const timing = { kind: asked.kind, value: asked.value, zone, anchorAt: now };
    firstRun(timing, now);
    return { zone, next: nextRuns(parseTiming(timing, now), now, count) };
  }

  #change<T>(word: string, change: (tx: Tx, task: ScheduledTask) => T): T {
    return this.#parts.store.transact((tx) => change(tx, this.find(word)));
  }

  #timed(before: ScheduledTask, changes: ScheduleChanges, now: number): ScheduledTask {
    const zone = changes.zone === null ? this.#parts.zone : (changes.zone ?? before.zone);
    const followsZone = changes.zone === undefined ? before.followsZone : changes.zone === null;
    const timing = { kind: changes.kind ?? before.kind, value: changes.value?.trim() ?? before.value, zone };
    if (timing.kind === before.kind && timing.value === before.value && zone === before.zone) return { ...before, followsZone };
    const task = { ...before, ...timing, followsZone, anchorAt: now, lastSlot: null };
    const next = firstRun(task, now);
    return before.status === 'paused' ? task : { ...task, status: 'active', nextRun: next };
  }

  /** What a task that begins again waits for; null when it is done. */
  #upcoming(task: ScheduledTask, now: number): number | null {
    const timing = parseTiming(task, task.anchorAt);
    if (timing.kind === 'once') return task.lastSlot === null ? timing.at : null;
    return nextRun(timing, now);
  }

  #assertGroup(task: ScheduledTask): void {
    if (this.groupOf(task) === null) throw new AppError('CONFLICT', 'The group of the scheduled task is gone. Cancel it, and schedule it anew for another group.', { task: task.id });
  }

  #note(tx: Tx, task: ScheduledTask, action: string, words: string, data: Readonly<Record<string, unknown>> = {}): void {
    const group = this.groupOf(task);
    tx.event({ ...about(task, group, action, data), text: `${words}: ${titleOf(task)} (${nameOf(task, group)})` });
  }
}
