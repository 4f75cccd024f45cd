import { iso } from '../base/clock.ts';
import type { ScheduledTask, ScheduleGroup, ScheduleRun } from '../schedule/types.ts';
import type { ScheduledTaskView, ScheduleRunView } from '../../preload/contract.ts';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** What stands beside a scheduled task when it is shown. */
export interface TaskSurroundings {
  readonly group: ScheduleGroup | null;
  /** The group whose agent asked for it; null: the person did, or it is gone. */
  readonly asker: ScheduleGroup | null;
  readonly lastRun: ScheduleRun | null;
  readonly underWay: boolean;
}

/** A scheduled task as windows and the command line see it. */
export function scheduledTaskView(task: ScheduledTask, { group, asker, lastRun, underWay }: TaskSurroundings): ScheduledTaskView {
  const { lastSlot: _lastSlot, anchorAt: _anchorAt, ...shown } = task;
  return {
    ...shown,
    groupName: group?.name ?? null,
    nextRun: isoOrNull(task.nextRun),
    underWay,
    lastRun: lastRun === null ? null : scheduleRunView(lastRun),
    createdBy: task.createdBy === 'person' ? null : (asker?.name ?? task.createdBy),
    createdAt: iso(task.createdAt),
    updatedAt: iso(task.updatedAt),
  };
}

/** An entry of the run log as windows and the command line see it. */
export function scheduleRunView(run: ScheduleRun): ScheduleRunView {
  return { ...run, dueAt: iso(run.dueAt), queuedAt: iso(run.queuedAt), startedAt: isoOrNull(run.startedAt), endedAt: isoOrNull(run.endedAt) };
}
