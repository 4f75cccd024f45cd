import type { Guard } from '../access/guard.ts';
import type { Clock } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import { about, nameOf, titleOf } from './describe.ts';
import { nextRun } from './next-run.ts';
import { GROUP_GONE, halt, type HaltParts } from './halt.ts';
import type { RunLog } from './run-log.ts';
import type { Schedule } from './schedule.ts';
import { parseTiming } from './timing.ts';
import type { ScheduledTask } from './types.ts';

export interface RevivalParts extends HaltParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly log: RunLog;
  readonly schedule: Schedule;
  /** The time zone of the settings, an IANA name. */
  readonly zone: string;
}

const DAY_MS = 86_400_000;
const KILLED = 'The kill switch was pulled.';

/** What stops every task at once, and what gets the schedule going again after a time away. */
export class Revival {
  readonly #parts: RevivalParts;

  constructor(parts: RevivalParts) {
    this.#parts = parts;
  }

  /** Whether anything may run now. */
  mayRun(): boolean {
    return this.#parts.guard.state() === 'NORMAL';
  }

  /** The cancel step of the kill switch: pauses every active task and ends every run that waits or works. Returns how many tasks. */
  haltAll(tx: Tx): number {
    const { rows, log, schedule } = this.#parts;
    for (const run of log.open()) log.aborted(tx.now, run.id, KILLED);
    const active = rows.list({ status: 'active' });
    for (const task of active) {
      rows.stand(task.id, { status: 'paused', pausedBy: 'kill_switch', pauseReason: null, nextRun: null }, tx.now);
      tx.event({ ...about(task, schedule.groupOf(task), 'paused'), text: `Scheduled task was paused by the kill switch: ${titleOf(task)}` });
    }
    return active.length;
  }

  /** After a recovery: what the kill switch paused goes on with the next due time, as agents go on. What passed stays past. */
  afterKillSwitch(): void {
    const { store, rows, schedule } = this.#parts;
    if (!this.mayRun() || rows.pausedBy('kill_switch').length === 0) return;
    store.transact((tx) => {
      for (const task of rows.pausedBy('kill_switch')) {
        if (task.kind === 'once' && task.lastSlot === null && this.#isPast(task, tx.now)) this.#leavePaused(tx, task);
        else schedule.resumeIn(tx, task, 'Scheduled task goes on after the kill switch');
      }
    });
  }

  /** After a start or a sleep: the time zone of the settings may be another one, and a clock that was ahead may be right again. */
  afterAway(): void {
    const { store, clock, rows, zone } = this.#parts;
    const now = clock.now();
    const ahead = rows.aheadOf(now + DAY_MS);
    if (rows.inOtherZone(zone).length + ahead.length === 0) return;
    store.transact((tx) => {
      for (const task of rows.inOtherZone(zone)) this.#move(tx, { ...task, zone }, `its time zone is ${zone} now`);
      for (const task of ahead) this.#move(tx, rows.get(task.id) ?? task, 'the clock was set back');
    });
  }

  /** Tasks of groups that are gone cannot run any more, and what was queued for them never will. */
  afterGroupsRemoved(): void {
    const { store, rows, log, schedule } = this.#parts;
    const orphans = rows.list().filter((task) => schedule.groupOf(task) === null);
    if (orphans.length === 0) return;
    store.transact((tx) => {
      for (const task of orphans) {
        for (const run of log.open(task.id)) log.aborted(tx.now, run.id, GROUP_GONE);
        if (task.status === 'active') halt(tx, this.#parts, task, GROUP_GONE);
      }
    });
  }

  #move(tx: Tx, task: ScheduledTask, why: string): void {
    const { rows, schedule } = this.#parts;
    const timing = parseTiming(task, task.kind === 'interval' ? Math.min(task.anchorAt, tx.now) : task.anchorAt);
    const after = task.kind === 'once' ? 0 : tx.now;
    const next = task.status === 'active' && task.nextRun !== null ? nextRun(timing, after) : task.nextRun;
    rows.update({ ...task, nextRun: next, anchorAt: Math.min(task.anchorAt, tx.now), updatedAt: tx.now });
    const group = schedule.groupOf(task);
    tx.event({ ...about(task, group, 'moved', { why }), text: `Scheduled task was set anew, because ${why}: ${titleOf(task)} (${nameOf(task, group)})` });
  }

  /** Its one time passed while nothing was allowed; whether it is still wanted, only a person knows. */
  #leavePaused(tx: Tx, task: ScheduledTask): void {
    const { rows, log, schedule } = this.#parts;
    const why = 'Its time passed while the kill switch was on. Run it now, or give it a new time.';
    log.skipped(tx.now, { taskId: task.id, dueAt: parseTimingAt(task), slots: 1, error: why });
    rows.stand(task.id, { status: 'paused', pausedBy: 'broken', pauseReason: why, nextRun: null }, tx.now);
    tx.event({ ...about(task, schedule.groupOf(task), 'skipped', { why }), text: `Scheduled task stays paused: ${titleOf(task)}. ${why}` });
  }

  #isPast(task: ScheduledTask, now: number): boolean {
    return parseTimingAt(task) <= now;
  }
}

function parseTimingAt(task: ScheduledTask): number {
  const timing = parseTiming(task, task.anchorAt);
  return timing.kind === 'once' ? timing.at : 0;
}
