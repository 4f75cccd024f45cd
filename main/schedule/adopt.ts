import type { Tx } from '../store/store.ts';
import { about, titleOf } from './describe.ts';
import { checkPrompt } from './inputs.ts';
import { nextRun } from './next-run.ts';
import type { ScheduleGroups } from './ports.ts';
import type { TaskRows } from './task-rows.ts';
import { parseTiming } from './timing.ts';
import type { ContextMode, MissedPolicy, ScheduledTask, ScheduleStatus, TimingKind } from './types.ts';

/** A task of an older system. Times are wall time in ms; null: not known. */
export interface AdoptedTask {
  readonly id: string;
  readonly groupId: string;
  readonly prompt: string;
  readonly kind: TimingKind;
  readonly value: string;
  readonly contextMode: ContextMode;
  readonly status: ScheduleStatus;
  readonly nextRun: number | null;
  readonly lastRun: number | null;
  readonly createdAt: number | null;
}

export interface AdoptParts {
  readonly rows: TaskRows;
  readonly groups: ScheduleGroups;
  /** The time zone of the settings, in which the task will run. */
  readonly zone: string;
  readonly missed: MissedPolicy;
}

/**
 * Takes a task of an older system over, with its id; one that is here already stays as it is. What came due meanwhile counts
 * as missed. Returns whether it was taken over. Throws INPUT_INVALID for one that cannot be read.
 */
export function adoptTask(tx: Tx, { rows, groups, zone, missed }: AdoptParts, task: AdoptedTask): boolean {
  if (rows.get(task.id) !== null) return false;
  const { id, groupId, kind, contextMode, status, lastRun } = task;
  const createdAt = task.createdAt ?? tx.now;
  // The old system counts an interval from the last run.
  const anchorAt = kind === 'interval' ? (lastRun ?? createdAt) : createdAt;
  const value = task.value.trim();
  const timing = parseTiming({ kind, value, zone }, anchorAt);
  const next = status === 'active' ? (task.nextRun ?? nextRun(timing, tx.now)) : null;
  const adopted: ScheduledTask = {
    id,
    groupId,
    prompt: checkPrompt(task.prompt),
    kind,
    value,
    zone,
    followsZone: true,
    contextMode,
    missed,
    status: status === 'active' && next === null ? 'completed' : status,
    pausedBy: status === 'paused' ? 'person' : null,
    pauseReason: null,
    nextRun: next,
    lastSlot: lastRun,
    anchorAt,
    failures: 0,
    createdBy: 'person',
    createdAt,
    updatedAt: tx.now,
  };
  rows.insert(adopted);
  const group = groups.byId(groupId);
  tx.event({ ...about(adopted, group, 'adopted'), text: `Scheduled task was taken over: ${titleOf(adopted)}` });
  return true;
}
