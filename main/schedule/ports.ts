import type { Tx } from '../store/store.ts';
import type { ContextMode, ScheduleGroup } from './types.ts';

/** A run that is to be made. */
export interface TaskRunRequest {
  readonly groupId: string;
  readonly prompt: string;
  readonly contextMode: ContextMode;
  /** Names the entry of the run log that hears how it ended. */
  readonly scheduleRunId: string;
}

/** Where runs are queued: the agents' queue stands behind it, so that scheduled work goes the way of all work (SCHED-01). */
export interface TaskRuns {
  /** Queues a run durably, in the transaction that claims its due time: both happen, or neither does. */
  enqueue(tx: Tx, request: TaskRunRequest): void;
  /** Takes a run that has not started out of the queue again; one under way goes on. */
  withdraw(tx: Tx, scheduleRunId: string): void;
}

/** How a run ended, as the queue tells it. */
export interface TaskRunEnd {
  readonly status: 'succeeded' | 'failed' | 'aborted';
  readonly result: string | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** The groups that tasks are for. */
export interface ScheduleGroups {
  /** Null when it is gone. */
  byId(id: string): ScheduleGroup | null;
  /** By id, chat address, folder or name. Throws GROUP_NOT_FOUND, CONFLICT. */
  find(wanted: string): ScheduleGroup;
}
