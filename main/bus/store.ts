import type { Unsubscribe } from '../base/emitter.ts';
import type {
  Acked, AckMessage, AcquireLock, Caller, CheckLock, ClaimTask, CreateTask, ForceReleaseLock, HeartbeatLock, InboxCounts, InboxPage,
  LockAcquired, LockChecked, LockForced, LockList, LockReleased, LockRenewed, LogEvent, LogPage, LogQuery, LogQueryPage,
  MarkedRead, MarkRead, Message, MessagePage, MessageQuery, Posted, PostMessage, ReadInbox, ReadLog, ReassignTask, ReleaseLock, Task, TaskClaimed,
  TaskCreated, TaskPage, TaskQuery, TaskUpdated, UpdateTask,
} from './types.ts';

/** What is kept, and for how long; null means without limit. */
export interface Retention {
  readonly maxMessages: number | null;
  readonly messageDays: number | null;
  readonly maxEvents: number | null;
  readonly eventDays: number | null;
  /** For how long a repeated call with the same idempotency key gets the first answer. */
  readonly idempotencyHours: number;
}

/** How many rows one call of prune removed. */
export interface Pruned {
  readonly messages: number;
  readonly events: number;
}

/** The newest ids; a cursor beyond them is refused as CURSOR_AHEAD. */
export interface BusPosition {
  readonly message_id: number;
  readonly event_id: number;
}

/**
 * The port of the team bus. Every method is one atomic step that also writes its lines of the activity log; input has
 * been validated by `TeamBus`. All implementations pass `test/support/bus-contract.ts`.
 */
export interface BusStore {
  postMessage(caller: Caller, input: PostMessage): Promise<Posted>;
  /** Reads the caller's own inbox and records delivery (and reading) of what it returns. Throws CURSOR_AHEAD. */
  readInbox(caller: Caller, input: ReadInbox): Promise<InboxPage>;
  /** Throws MESSAGE_NOT_FOUND also for messages to other roles. */
  ackMessage(caller: Caller, input: AckMessage): Promise<Acked>;
  /** Throws CURSOR_AHEAD. */
  markRead(caller: Caller, input: MarkRead): Promise<MarkedRead>;
  listMessages(query: MessageQuery): Promise<MessagePage>;
  getMessages(ids: readonly number[]): Promise<readonly Message[]>;
  inboxCounts(roles: readonly string[]): Promise<readonly InboxCounts[]>;

  /** Throws TASK_NOT_FOUND for an unknown dependency. */
  createTask(caller: Caller, input: CreateTask): Promise<TaskCreated>;
  claimTask(caller: Caller, input: ClaimTask): Promise<TaskClaimed>;
  claimNextTask(caller: Caller, input: { readonly idempotency_key?: string | undefined }): Promise<TaskClaimed>;
  /** Throws TASK_NOT_FOUND, FORBIDDEN, TRANSITION_REFUSED, VERSION_CONFLICT, DEPENDENCY_CYCLE. */
  updateTask(caller: Caller, input: UpdateTask): Promise<TaskUpdated>;
  /** Gives the task to another role and opens it again. Throws TASK_NOT_FOUND, FORBIDDEN, VERSION_CONFLICT. */
  reassignTask(caller: Caller, input: ReassignTask): Promise<TaskUpdated>;
  listTasks(query: TaskQuery): Promise<TaskPage>;
  getTasks(ids: readonly number[]): Promise<readonly Task[]>;

  /** Grants, queues (`wait_sec` > 0) or refuses, without ever waiting itself. Throws DEADLOCK. */
  acquireLock(caller: Caller, input: AcquireLock): Promise<LockAcquired>;
  /** The waiting call is gone: its place is kept for a short grace, but it is not granted any more. */
  stopWaiting(caller: Caller, resource: string): Promise<void>;
  releaseLock(caller: Caller, input: ReleaseLock): Promise<LockReleased>;
  heartbeatLock(caller: Caller, input: HeartbeatLock): Promise<LockRenewed>;
  /** Throws LOCK_NOT_HELD. Whether the caller may was decided before. */
  forceReleaseLock(caller: Caller, input: ForceReleaseLock): Promise<LockForced>;
  checkLock(caller: Caller, input: CheckLock): Promise<LockChecked>;
  listLocks(): Promise<LockList>;

  readLog(input: ReadLog): Promise<LogPage>;
  listLog(query: LogQuery): Promise<LogQueryPage>;
  position(): Promise<BusPosition>;

  /** When these sessions gave their last sign of life, as ISO 8601; those that never did are missing. */
  lastSeen(sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Remembers that the session is alive (written at most once a minute per session). */
  touch(caller: Caller): Promise<void>;
  /** Releases every lease, ticket and claim of a session that ended; `reason` is kept on the tasks. */
  endSession(sessionId: string, reason: string): Promise<void>;
  /** Ends leases that expired, places that lapsed and claims whose session went silent. */
  sweep(): Promise<void>;
  /** When the next {@link sweep} has something to do, as wall time in ms; null when nothing is pending. */
  nextDue(): Promise<number | null>;
  /** Removes a bounded number of the oldest rows beyond the limits; call again until it removes nothing. */
  prune(retention: Retention): Promise<Pruned>;

  /** Hears the log lines of every commit, in order, after it. */
  subscribe(listener: (events: readonly LogEvent[]) => void): Unsubscribe;
}
