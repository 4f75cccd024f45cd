/** The words of the schedule room. A *scheduled task* is a prompt that runs at a time; tasks of the board are something else. */

/** `cron`: five fields in a time zone. `interval`: every so many milliseconds. `once`: at one time. */
export const TIMING_KINDS = ['cron', 'interval', 'once'] as const;
export type TimingKind = (typeof TIMING_KINDS)[number];

/** Whether a run goes on with the session of its group, or starts with none. */
export const CONTEXT_MODES = ['group', 'isolated'] as const;
export type ContextMode = (typeof CONTEXT_MODES)[number];

/** What becomes of due times that passed while nothing could run: the latest is made up for, up to 24 are, or none is. */
export const MISSED_POLICIES = ['latest', 'all', 'skip'] as const;
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

export const SCHEDULE_STATUSES = ['active', 'paused', 'completed'] as const;
export type ScheduleStatus = (typeof SCHEDULE_STATUSES)[number];

/** Who paused a task. `failures`: it failed too often in a row. `broken`: it cannot run as it stands. */
export type PausedBy = 'person' | 'agent' | 'failures' | 'broken' | 'kill_switch';

/** When a scheduled task runs, as it was written down. */
export interface TimingText {
  readonly kind: TimingKind;
  /** A cron line; milliseconds as text; a time in ISO 8601, which is local to `zone` unless it carries an offset. */
  readonly value: string;
  /** An IANA name. */
  readonly zone: string;
}

/** A scheduled task as it is kept. Times are wall time in ms. */
export interface ScheduledTask extends TimingText {
  readonly id: string;
  readonly groupId: string;
  readonly prompt: string;
  /** Whether `zone` goes along when the time zone of the settings becomes another. */
  readonly followsZone: boolean;
  readonly contextMode: ContextMode;
  readonly missed: MissedPolicy;
  readonly status: ScheduleStatus;
  readonly pausedBy: PausedBy | null;
  /** One sentence for people; null unless there is more to say than who paused it. */
  readonly pauseReason: string | null;
  /** Null unless active, and when nothing is to come. */
  readonly nextRun: number | null;
  /** The latest due time that was dealt with; null before the first. */
  readonly lastSlot: number | null;
  /** From where an interval is counted. */
  readonly anchorAt: number;
  /** Failed runs in a row. */
  readonly failures: number;
  /** `person`, or the id of the group whose agent asked for it. */
  readonly createdBy: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** `due`: at its time. `missed`: made up for later. `manual`: the person asked for it. */
export type RunCause = 'due' | 'missed' | 'manual';
export type ScheduleRunStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'aborted' | 'skipped';

/** One entry of the run log: a run, or due times that passed without one. Times are wall time in ms. */
export interface ScheduleRun {
  readonly id: string;
  readonly taskId: string;
  readonly cause: RunCause;
  readonly status: ScheduleRunStatus;
  /** When it was due; of several due times, the latest. */
  readonly dueAt: number;
  /** How many due times the entry stands for; from 100 on it may be more. */
  readonly slots: number;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** How long the agent worked; null until it has ended, and when it never started. */
  readonly durationMs: number | null;
  readonly result: string | null;
  readonly error: string | null;
}

/** What the schedule knows of a group. */
export interface ScheduleGroup {
  readonly id: string;
  readonly name: string;
  readonly folder: string;
  readonly jid: string;
  readonly isMain: boolean;
}
