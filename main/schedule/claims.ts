import type { Guard } from '../access/guard.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { Store, Tx } from '../store/store.ts';
import { about, titleOf } from './describe.ts';
import { dueSlots, type Slot } from './due-slots.ts';
import { GROUP_GONE, halt } from './halt.ts';
import { nextRun } from './next-run.ts';
import type { ScheduleGroups, TaskRuns } from './ports.ts';
import type { RunLog } from './run-log.ts';
import type { TaskRows } from './task-rows.ts';
import { parseTiming, type Timing } from './timing.ts';
import type { ScheduledTask, ScheduleGroup } from './types.ts';

export interface ClaimsParts {
  readonly store: Store;
  readonly guard: Guard;
  readonly rows: TaskRows;
  readonly log: RunLog;
  readonly groups: ScheduleGroups;
  readonly runs: TaskRuns;
  readonly notifications: Pick<Notifications, 'enqueue'>;
}

/** Cron lines are expensive to read; this many stay read. */
const MOST_READ = 5000;
const STILL_RUNNING = 'The run before had not ended.';
const NOT_RUNNING = 'Wheelhouse was not running, and the task skips what it missed.';
const TOO_MANY = 'More due times were missed than are made up for.';

/**
 * Turns due times into runs. A due time is claimed, the next one written down and the run queued in one transaction, so
 * that two processes never run it twice and a crash at any moment loses nothing (fault 1).
 */
export class Claims {
  readonly #parts: ClaimsParts;
  readonly #read = new Map<string, Timing>();
  /** What follows the due times that come next, by task and timing. */
  readonly #reckoned = new Map<string, { readonly due: number; readonly following: number | null }>();
  #reckonedUpTo: number | null = null;

  constructor(parts: ClaimsParts) {
    this.#parts = parts;
  }

  /** Deals with the earliest tasks that are due, at most `limit`. Returns how many; 0 also while the kill switch is on. */
  claim(limit: number): number {
    const { store, guard, rows } = this.#parts;
    return store.transact((tx) => {
      if (guard.state() !== 'NORMAL') return 0;
      const tasks = rows.due(tx.now, limit);
      for (const task of tasks) this.#take(tx, task);
      return tasks.length;
    });
  }

  /**
   * Works out, task by task, what follows the due times of the next moment, so that many of them do not hold each other up
   * when it comes: reading the calendar takes longer than everything else about a claim.
   */
  *reckonAhead(): Generator<undefined, void> {
    const moment = this.#parts.rows.earliest();
    if (moment === this.#reckonedUpTo) return;
    if (this.#reckoned.size > MOST_READ) this.#reckoned.clear();
    for (const task of this.#parts.rows.nextMoment(MOST_READ)) {
      if (this.#reckoned.get(keyOf(task))?.due === task.nextRun) continue;
      const timing = this.#timingOf(task);
      if (typeof timing !== 'string') this.#reckoned.set(keyOf(task), { due: task.nextRun!, following: nextRun(timing, task.nextRun!) });
      yield;
    }
    this.#reckonedUpTo = moment;
  }

  /** Pauses the earliest due task because its due time cannot be dealt with, so that it does not hold up the others. */
  setAside(why: string): void {
    const { store, rows } = this.#parts;
    store.transact((tx) => {
      const [task] = rows.due(tx.now, 1);
      if (task !== undefined) halt(tx, this.#parts, task, why);
    });
  }

  #take(tx: Tx, task: ScheduledTask): void {
    const group = this.#parts.groups.byId(task.groupId);
    if (group === null) return halt(tx, this.#parts, task, GROUP_GONE);
    const timing = this.#timingOf(task);
    if (typeof timing === 'string') return halt(tx, this.#parts, task, timing);
    const { slots, next } = dueSlots(timing, task.nextRun!, tx.now, task.missed, this.#followingOf(task, timing));
    for (const slot of slots) this.#handle(tx, task, group, slot);
    this.#parts.rows.advance(task.id, next, slots.at(-1)!.dueAt);
    // What runs once is completed when its run has ended; without a run that is now.
    if (next === null && !this.#parts.log.isUnderWay(task.id)) {
      this.#parts.rows.stand(task.id, { status: 'completed', pausedBy: null, pauseReason: null, nextRun: null }, tx.now);
    }
  }

  #handle(tx: Tx, task: ScheduledTask, group: ScheduleGroup, { dueAt, slots, missed, run }: Slot): void {
    const { log, runs } = this.#parts;
    if (!run) return this.#passOver(tx, task, group, { dueAt, slots }, task.missed === 'all' ? TOO_MANY : NOT_RUNNING);
    // Those that are made up for one after another wait for each other in the queue.
    if (!missed && log.isUnderWay(task.id)) return this.#passOver(tx, task, group, { dueAt, slots }, STILL_RUNNING);
    const runId = log.queued(tx.now, { taskId: task.id, cause: missed ? 'missed' : 'due', dueAt, slots });
    if (runId === null) return;
    runs.enqueue(tx, { groupId: task.groupId, prompt: task.prompt, contextMode: task.contextMode, scheduleRunId: runId });
    tx.event({
      ...about(task, group, 'due', { run: runId, slots, missed }),
      text: `${missed ? 'Missed scheduled task is made up for' : 'Scheduled task is due'}: ${titleOf(task)} (${group.name})`,
    });
  }

  #passOver(tx: Tx, task: ScheduledTask, group: ScheduleGroup, times: Pick<Slot, 'dueAt' | 'slots'>, why: string): void {
    const { log, notifications } = this.#parts;
    log.skipped(tx.now, { taskId: task.id, ...times, error: why });
    tx.event({ ...about(task, group, 'skipped', { slots: times.slots, why }), text: `Scheduled task did not run: ${titleOf(task)} (${group.name}). ${why}` });
    if (task.kind !== 'once') return;
    notifications.enqueue(tx, { type: 'SCHEDULE_FAILED', context: { taskId: task.id, title: titleOf(task), group: group.name, reason: why }, dedupeKey: task.id });
  }

  #followingOf(task: ScheduledTask, timing: Timing): number | null {
    const reckoned = this.#reckoned.get(keyOf(task));
    return reckoned?.due === task.nextRun ? reckoned.following : nextRun(timing, task.nextRun!);
  }

  /** What a row says may have become unreadable, as when the time zones of the machine changed; then why. */
  #timingOf(task: ScheduledTask): Timing | string {
    const key = timingKeyOf(task);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    try {
      const timing = parseTiming(task, task.anchorAt);
      if (this.#read.size >= MOST_READ) this.#read.clear();
      this.#read.set(key, timing);
      return timing;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function timingKeyOf({ kind, zone, anchorAt, value }: ScheduledTask): string {
  return `${kind} ${zone} ${kind === 'interval' ? anchorAt : ''} ${value}`;
}

function keyOf(task: ScheduledTask): string {
  return `${task.id} ${timingKeyOf(task)}`;
}
