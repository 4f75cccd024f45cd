import type { Tx } from '../store/store.ts';
import type { ContextMode, Group, RunCause, RunInput, RunOutput } from './types.ts';

/** Messages that wait for a group's agent, in the form that the agent reads. */
export interface PendingMessages {
  readonly prompt: string;
  /** The place of the last of them, for {@link Conversations.advance}. */
  readonly upTo: number;
  readonly count: number;
}

export interface ReplyContext {
  readonly runId: string;
  /** `error` is written by Wheelhouse, not by the agent; `progress` says that it still works. */
  readonly kind: 'reply' | 'error' | 'progress';
}

/** What the queue needs to know of the chats. The channels stand behind it. */
export interface Conversations {
  /** The messages after the group's cursor when one of them wakes the agent, else null. Changes nothing. */
  next(groupId: string): PendingMessages | null;
  /** Moves the cursor in the transaction that records who takes the messages. Returns where it stood. */
  advance(tx: Tx, groupId: string, upTo: number): number;
  /** Puts the cursor back to where {@link advance} found it. */
  rollBack(tx: Tx, groupId: string, previous: number): void;
  /** Puts a text into the durable outbound queue, without its `<internal>` parts. Returns whether anything was left to send. */
  reply(tx: Tx, groupId: string, text: string, context: ReplyContext): boolean;
  /** Shows or hides that somebody is typing; best effort, never throws. */
  working(groupId: string, on: boolean): void;
  /** The groups with messages for their agent, for the start. */
  groupsWithPending(): readonly string[];
}

export interface TaskOutcome {
  readonly status: 'succeeded' | 'failed' | 'aborted';
  /** The last text for the chat; null when there was none. */
  readonly result: string | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** Who hears how runs of scheduled tasks go, in the transaction that records it. The schedule stands behind it. */
export interface TaskOutcomes {
  started(tx: Tx, scheduleRunId: string): void;
  /**
   * Returns whether a failure counts for the agent as well. Those of one task in a row count once, when the task is paused
   * for them: a task that fails is stopped before its agent is.
   */
  ended(tx: Tx, scheduleRunId: string, outcome: TaskOutcome): boolean;
}

/** An attempt at the messages of a chat that went wrong. Times are wall ms. */
export interface RunFailure {
  readonly runId: string;
  /** The name of the group. */
  readonly group: string;
  readonly reason: string;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  /** When it is tried again; null: it is not. */
  readonly retryAt: number | null;
  /** Whether something stays without an answer for good. */
  readonly dead: boolean;
}

/** Who tells people that runs for chats went wrong, in the transaction that records it, so that no crash loses it. */
export interface RunNotices {
  failed(tx: Tx, failure: RunFailure): void;
}

/** A scheduled task as agents see it, in the words of nanoclaw's snapshot (SNAP-01). */
export interface ScheduledTaskSummary {
  readonly id: string;
  readonly groupFolder: string;
  readonly prompt: string;
  readonly schedule_type: 'cron' | 'interval' | 'once';
  readonly schedule_value: string;
  readonly status: string;
  /** ISO 8601. */
  readonly next_run: string | null;
}

export interface NewScheduledTask {
  /** The group whose agent will do it, in whose chat it answers. */
  readonly groupId: string;
  readonly prompt: string;
  readonly scheduleType: 'cron' | 'interval' | 'once';
  readonly scheduleValue: string;
  readonly contextMode: ContextMode;
}

/**
 * What an agent may ask of the schedule. The caller is the group whose mailbox the request lay in; the main group may act
 * on the tasks of all, others on their own. Throws FORBIDDEN, NOT_FOUND, INPUT_INVALID.
 */
export interface ScheduleRequests {
  create(caller: Group, task: NewScheduledTask): ScheduledTaskSummary;
  list(caller: Group): readonly ScheduledTaskSummary[];
  pause(caller: Group, taskId: string): void;
  resume(caller: Group, taskId: string): void;
  cancel(caller: Group, taskId: string): void;
}

/** Where a run takes place. */
export interface RunPlace {
  readonly containerName: string | null;
  readonly pid: number | null;
}

export interface RunRequest {
  readonly runId: string;
  readonly group: Group;
  readonly input: RunInput;
}

/** Who watches a run. The runner calls these one after another in the order of the output, and waits for each. */
export interface RunListener {
  /** The process or container exists. Called at most once, before any output. */
  started(place: RunPlace): void | Promise<void>;
  /** A pair of markers was read, as soon as it was. */
  output(output: RunOutput): void | Promise<void>;
  /** What was printed besides, as it comes; for eyes only, and the runner may leave parts out when it is a flood. */
  printed(stream: 'stdout' | 'stderr', text: string): void;
}

export interface RunEnd {
  readonly status: 'succeeded' | 'failed' | 'aborted';
  readonly cause: RunCause;
  readonly exitCode: number | null;
  /** One sentence for people with cause and cure; null when it went well. */
  readonly error: string | null;
  /** The last conversation that a successful output reported. */
  readonly sessionId: string | null;
  /** Absolute path of the run log; null when none could be written. */
  readonly logFile: string | null;
  /** The ids of follow-ups that the agent never took. */
  readonly unread: readonly string[];
}

/** A run that was asked for. Everything here may be called at any time, also before it has started and after it ended. */
export interface LiveRun {
  /**
   * Resolves when the run is over, its outputs were all heard and its log is written; never rejects. What goes wrong at
   * the start comes this way too, with the cause `not_started`.
   */
  readonly ended: Promise<RunEnd>;
  /** Puts a text into its `input/` (QUEUE-02). Rejects when that cannot be written; then the agent will not see it. */
  followUp(id: string, text: string): Promise<void>;
  /** Writes `_close`: the agent ends when its turn is over (QUEUE-03). */
  requestClose(): Promise<void>;
  /** Ends it with a signal that it can handle, and by force when it does not within the stop timeout. Resolves with `ended`. */
  stop(cause: Extract<RunCause, 'stopped'>): Promise<void>;
  /** Ends it at once, whatever it does, even inside a tool call. Resolves with `ended`; its status is `aborted`. */
  abort(cause: Extract<RunCause, 'aborted' | 'kill_switch'>): Promise<void>;
}

/** Runs agents: in containers, or as local processes. One contract suite holds for both. */
export interface AgentRunner {
  /** Never throws: see {@link LiveRun.ended}. Empties the group's `input/` first, so that nothing old leaks into this run. */
  start(request: RunRequest, listener: RunListener): LiveRun;
}
