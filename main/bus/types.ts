/**
 * The words of the team bus. Keys are in snake_case because they are the wire words of seed 001: what a tool returns,
 * what a window shows and what a store produces is one and the same shape. Times are ISO 8601 UTC.
 */

/** Who calls. The bus trusts this; the server has proven it. */
export interface Caller {
  readonly role: string;
  /** What leases and claims are bound to: a session's id, or a stable stand-in (`shared:FE`, `person`). */
  readonly sessionId: string;
  readonly agentName: string | null;
  /** False for callers with the shared key of seed 001, who name their role themselves. */
  readonly verified: boolean;
  /** True for the person at the windows; may do what the Producer may. */
  readonly person: boolean;
}

export const IMPORTANCES = ['low', 'normal', 'high', 'urgent'] as const;
export type Importance = (typeof IMPORTANCES)[number];

export const TASK_STATUSES = ['open', 'in_progress', 'blocked', 'done', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const LOCK_MODES = ['exclusive', 'shared'] as const;
export type LockMode = (typeof LOCK_MODES)[number];

/** A message and how far it got. Each state carries when it was reached; null means not yet. */
export interface Message {
  readonly id: number;
  readonly from_role: string;
  readonly to_role: string;
  readonly body: string;
  readonly thread_id: string;
  readonly reply_to: number | null;
  readonly importance: Importance;
  readonly ack_required: boolean;
  /** False when the sender proved its role by nothing but the shared key. */
  readonly verified: boolean;
  /** Accepted: durable in the store. */
  readonly ts: string;
  /** Returned to a reader of the role. */
  readonly delivered_at: string | null;
  readonly read_at: string | null;
  readonly acked_at: string | null;
}

export interface Task {
  readonly id: number;
  readonly title: string;
  readonly detail: string;
  readonly status: TaskStatus;
  readonly assignee_role: string;
  readonly created_by: string;
  readonly note: string;
  /** 1 (first) to 5 (last). */
  readonly priority: number;
  /** Ids of tasks that must be done before this one can be claimed. */
  readonly depends_on: readonly number[];
  /** Whether every dependency is done. */
  readonly ready: boolean;
  /** Grows by one with every change; pass it back as `expected_version` to refuse a lost update. */
  readonly version: number;
  readonly held_by: string | null;
  readonly held_by_session: string | null;
  readonly claimed_at: string | null;
  /** Why the last claim ended without the work being done, for example `session revoked`. */
  readonly released_reason: string | null;
  readonly ts: string;
  readonly updated_at: string;
}

/** A held lock. */
export interface Lease {
  readonly lease_id: string;
  readonly resource: string;
  readonly mode: LockMode;
  readonly held_by: string;
  readonly session_id: string;
  readonly agent_name: string | null;
  /** Grows with every grant on this bus and never decreases for a resource; a guard refuses smaller ones. */
  readonly fence: number;
  readonly intent: string;
  readonly acquired_at: string;
  readonly expires_at: string;
  /** Whole seconds, rounded up. */
  readonly ttl_remaining: number;
}

/** Somebody in a lock's queue, oldest first. */
export interface Waiter {
  readonly ticket: number;
  readonly resource: string;
  readonly mode: LockMode;
  readonly role: string;
  readonly session_id: string;
  readonly queued_at: string;
}

/** One line of the activity log. */
export interface LogEvent {
  readonly id: number;
  readonly ts: string;
  readonly kind: string;
  readonly action: string;
  readonly role: string | null;
  readonly subject: string | null;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Every changing call may carry a key; the same key again answers what the first call answered, marked `replayed`. */
export interface Idempotent {
  readonly idempotency_key?: string | undefined;
}
export interface Replayable {
  readonly replayed?: true;
}

/** Counting stops here, so that the cost of a read does not grow with the inbox. */
export const COUNT_CAP = 1000;

// --- messages -------------------------------------------------------------------------------------------------------

export interface PostMessage extends Idempotent {
  readonly to_role: string;
  readonly body: string;
  readonly thread_id?: string | undefined;
  readonly reply_to?: number | undefined;
  readonly importance?: Importance | undefined;
  readonly ack_required?: boolean | undefined;
}
export interface Posted extends Replayable {
  readonly message_id: number;
  readonly ts: string;
}

export interface ReadInbox {
  /** Only messages after this id; 0 reads from the start. */
  readonly after_id: number;
  readonly limit: number;
  readonly mark_read: boolean;
  /** Only messages that nobody has marked read. */
  readonly unread_only: boolean;
  readonly thread_id?: string | undefined;
}
export interface InboxPage {
  readonly messages: readonly Message[];
  /** Pass as the next `after_id`. Never goes back. */
  readonly cursor: number;
  readonly has_more: boolean;
  /** Unread messages left in the inbox after this call; {@link COUNT_CAP} means that many or more. */
  readonly unread: number;
}

/** Marks every message to the caller's role up to and including this id as read. */
export interface MarkRead {
  readonly up_to_id: number;
}
export interface MarkedRead {
  /** As {@link InboxPage.unread}. */
  readonly unread: number;
}

/** What waits for a role, and when somebody of it was last seen. */
export interface InboxCounts {
  readonly role: string;
  /** As {@link InboxPage.unread}. */
  readonly unread: number;
  /** Messages that ask for an acknowledgement and have none; counted like `unread`. */
  readonly unacked: number;
  /** Messages that are unread or unacknowledged, each counted once. */
  readonly waiting: number;
  readonly last_seen_at: string | null;
}

export interface AckMessage extends Idempotent {
  readonly message_id: number;
  readonly note?: string | undefined;
}
export interface Acked extends Replayable {
  readonly message_id: number;
  readonly acked_at: string;
  /** False when it had been acknowledged before. */
  readonly first: boolean;
}

/** What a person or a search asks of all messages; newest first. */
export interface MessageQuery {
  readonly role?: string | undefined;
  readonly thread_id?: string | undefined;
  /** Words that must all occur; matched as prefixes, Korean by syllable pairs. */
  readonly query?: string | undefined;
  readonly before_id?: number | undefined;
  readonly limit: number;
}
export interface MessagePage {
  readonly messages: readonly Message[];
  readonly has_more: boolean;
}

// --- tasks ----------------------------------------------------------------------------------------------------------

export interface CreateTask extends Idempotent {
  readonly title: string;
  readonly assignee_role: string;
  readonly detail?: string | undefined;
  readonly priority?: number | undefined;
  readonly depends_on?: readonly number[] | undefined;
}
export interface TaskCreated extends Replayable {
  readonly task_id: number;
  readonly task: Task;
}

/** Why a claim was refused; a refusal is an answer, not an error (seed 001). */
export type ClaimRefusal = 'not_found' | 'held' | 'not_open' | 'other_role' | 'dependencies' | 'none_ready';
export interface ClaimTask extends Idempotent {
  readonly task_id: number;
}
export type TaskClaimed = Replayable &
  (
    | { readonly ok: true; readonly task: Task }
    | { readonly ok: false; readonly error: ClaimRefusal; readonly held_by?: string; readonly hint: string }
  );

export interface UpdateTask extends Idempotent {
  readonly task_id: number;
  readonly status?: TaskStatus | undefined;
  readonly note?: string | undefined;
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly priority?: number | undefined;
  readonly depends_on?: readonly number[] | undefined;
  readonly expected_version?: number | undefined;
}
export interface ReassignTask extends Idempotent {
  readonly task_id: number;
  readonly assignee_role: string;
  readonly reason: string;
  readonly expected_version?: number | undefined;
}
export interface TaskUpdated extends Replayable {
  readonly ok: true;
  readonly task: Task;
}
export interface TaskQuery {
  readonly status?: TaskStatus | undefined;
  readonly assignee_role?: string | undefined;
  /** Only tasks after this id. */
  readonly after_id?: number | undefined;
  readonly limit: number;
}
export interface TaskPage {
  readonly tasks: readonly Task[];
  readonly has_more: boolean;
}

// --- locks ----------------------------------------------------------------------------------------------------------

export interface AcquireLock extends Idempotent {
  readonly resource: string;
  readonly ttl_sec: number;
  readonly mode: LockMode;
  /** Seconds to wait in the queue; 0 answers at once. */
  readonly wait_sec: number;
  readonly intent?: string | undefined;
}
export type LockAcquired = Replayable &
  (
    | {
        readonly acquired: true;
        readonly resource: string;
        readonly lease_id: string;
        readonly fence: number;
        readonly mode: LockMode;
        readonly ttl_sec: number;
        readonly expires_at: string;
        /** True when this session held the lease already and only renewed it. */
        readonly reentrant: boolean;
      }
    | {
        readonly acquired: false;
        readonly resource: string;
        /** The blocking holder; the first in the queue when the lock itself is free. */
        readonly held_by: string;
        /** The blocking lock's own name, which differs from `resource` when path patterns overlap. */
        readonly held_resource: string;
        readonly ttl_remaining: number;
        readonly intent: string;
        /** The place that the session has in the queue; null when it has none. */
        readonly ticket: number | null;
        /** 1 is next; null without a place. */
        readonly position: number | null;
        readonly hint: string;
      }
  );

export interface ReleaseLock extends Idempotent {
  readonly resource: string;
  /** When given, releases only the lease with this fence. */
  readonly fence?: number | undefined;
}
export type LockLossReason = 'not_held' | 'expired' | 'other_session' | 'stale_fence';
export type LockReleased = Replayable &
  (
    | { readonly released: true; readonly resource: string }
    | { readonly released: false; readonly resource: string; readonly held_by: string | null; readonly reason: LockLossReason }
  );

export interface HeartbeatLock extends Idempotent {
  readonly resource: string;
  readonly ttl_sec: number;
  readonly fence?: number | undefined;
}
export type LockRenewed = Replayable &
  (
    | { readonly renewed: true; readonly resource: string; readonly fence: number; readonly expires_at: string }
    | { readonly renewed: false; readonly resource: string; readonly held_by: string | null; readonly reason: LockLossReason }
  );

export interface ForceReleaseLock extends Idempotent {
  readonly resource: string;
  readonly reason: string;
}
export interface LockForced extends Replayable {
  readonly released: true;
  readonly resource: string;
  /** Who lost it; they were told by a message. */
  readonly lost_by: readonly string[];
}

export interface CheckLock {
  readonly resource: string;
  readonly fence?: number | undefined;
}
export interface LockChecked {
  readonly resource: string;
  /** Whether `fence` names a live lease on exactly this resource; without a fence, whether the caller's session holds one. */
  readonly valid: boolean;
  readonly locked: boolean;
  /** The largest fence ever granted for this resource; 0 when never locked. */
  readonly current_fence: number;
  readonly holders: readonly Lease[];
}
export interface LockList {
  readonly locks: readonly Lease[];
  readonly waiters: readonly Waiter[];
}

// --- log ------------------------------------------------------------------------------------------------------------

export interface ReadLog {
  /** 0 returns the newest `limit` events; otherwise the oldest `limit` after it, so that following loses nothing. */
  readonly after_id: number;
  readonly limit: number;
}
export interface LogPage {
  readonly events: readonly LogEvent[];
  readonly cursor: number;
  readonly has_more: boolean;
}
/** What a window asks of the log; newest first. */
export interface LogQuery {
  readonly kinds?: readonly string[] | undefined;
  readonly role?: string | undefined;
  /** Text that must occur, without regard to case. */
  readonly query?: string | undefined;
  readonly before_id?: number | undefined;
  readonly limit: number;
}
export interface LogQueryPage {
  readonly events: readonly LogEvent[];
  readonly has_more: boolean;
}
