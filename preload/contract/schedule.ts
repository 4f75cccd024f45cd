import type { ContextMode, MissedPolicy, PausedBy, RunCause, ScheduleRunStatus, ScheduleStatus, TimingKind } from '../../main/schedule/types.ts';
import type { Call } from './call.ts';

/** A scheduled task: a prompt that runs at a time. Times are ISO 8601. */
export interface ScheduledTaskView {
  readonly id: string;
  readonly groupId: string;
  /** Null: the group is gone. */
  readonly groupName: string | null;
  readonly prompt: string;
  readonly kind: TimingKind;
  /** A cron line; milliseconds as text; a time in ISO 8601, which is local to `zone` unless it carries an offset. */
  readonly value: string;
  /** An IANA name. */
  readonly zone: string;
  /** Whether the zone goes along when that of the settings becomes another. */
  readonly followsZone: boolean;
  readonly contextMode: ContextMode;
  readonly missed: MissedPolicy;
  readonly status: ScheduleStatus;
  readonly pausedBy: PausedBy | null;
  readonly pauseReason: string | null;
  /** Null unless active, and when nothing is to come. */
  readonly nextRun: string | null;
  /** Failed runs in a row. */
  readonly failures: number;
  /** Whether a run of it waits or works now. */
  readonly underWay: boolean;
  /** The newest entry of its run log; null before the first. */
  readonly lastRun: ScheduleRunView | null;
  /** The name of the group whose agent asked for it; null: the person did. */
  readonly createdBy: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One entry of the run log: a run, or due times that passed without one. Times are ISO 8601. */
export interface ScheduleRunView {
  readonly id: string;
  readonly taskId: string;
  readonly cause: RunCause;
  readonly status: ScheduleRunStatus;
  /** When it was due; of several due times, the latest. */
  readonly dueAt: string;
  /** How many due times it stands for; from 100 on it may be more. */
  readonly slots: number;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly durationMs: number | null;
  readonly result: string | null;
  readonly error: string | null;
}

/** Scheduled tasks that changed, and the ids of those that are gone. */
export interface SchedulePatch {
  readonly changed: readonly ScheduledTaskView[];
  readonly gone: readonly string[];
}

/** When a scheduled task will run. Times are ISO 8601. */
export interface UpcomingRuns {
  readonly task_id: string;
  readonly at: readonly string[];
  /** There are more in that time. */
  readonly has_more: boolean;
}

export interface ScheduleCalls {
  'schedule.create': Call<
    /** `group` is an id, a chat address, a folder or a name. */
    { readonly group: string; readonly prompt: string; readonly kind: TimingKind; readonly value: string; readonly zone?: string; readonly context_mode?: ContextMode; readonly missed?: MissedPolicy },
    { readonly task: ScheduledTaskView }
  >;
  /** What is absent stays; `zone` null: that of the settings. `task` is the id, or enough of its end. */
  'schedule.edit': Call<
    { readonly task: string; readonly prompt?: string; readonly kind?: TimingKind; readonly value?: string; readonly zone?: string | null; readonly context_mode?: ContextMode; readonly missed?: MissedPolicy },
    { readonly task: ScheduledTaskView }
  >;
  'schedule.pause': Call<{ readonly task: string }, { readonly task: ScheduledTaskView }>;
  'schedule.resume': Call<{ readonly task: string }, { readonly task: ScheduledTaskView }>;
  /** Runs it at once, whatever its status. */
  'schedule.run': Call<{ readonly task: string }, { readonly task: ScheduledTaskView; readonly run: ScheduleRunView }>;
  /** Forgets the task and its run log. */
  'schedule.cancel': Call<{ readonly task: string }, { readonly task: ScheduledTaskView }>;
  /** The run log, newest first, of one task, of one group or of all. */
  'schedule.runs': Call<
    { readonly task?: string; readonly group?: string; readonly before_id?: string; readonly limit?: number },
    { readonly runs: readonly ScheduleRunView[]; readonly has_more: boolean }
  >;
  /** When a timing would run, from now on. */
  'schedule.preview': Call<{ readonly kind: TimingKind; readonly value: string; readonly zone?: string; readonly count?: number }, { readonly zone: string; readonly next: readonly string[] }>;
  /** When the tasks that are next will run in the coming hours. */
  'schedule.upcoming': Call<{ readonly hours?: number }, { readonly from: string; readonly until: string; readonly tasks: readonly UpcomingRuns[] }>;
}
