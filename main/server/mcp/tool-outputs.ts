import { z } from 'zod';
import {
  IMPORTANCES, LOCK_MODES, TASK_STATUSES, type Acked, type InboxPage, type Lease, type LockAcquired, type LockChecked, type LockForced,
  type LockList, type LockReleased, type LockRenewed, type LogEvent, type LogPage, type Message, type MessagePage, type Posted, type Task,
  type TaskClaimed, type TaskCreated, type TaskPage, type TaskUpdated, type Waiter,
} from '../../bus/types.ts';

/** What `whoami` answers: everything an agent needs to begin its work. */
export interface WhoAmI {
  readonly role: string;
  readonly session_id: string;
  readonly agent_name: string | null;
  /** False with the shared key of seed 001: the role is only claimed. */
  readonly verified: boolean;
  readonly coordinator: string;
  readonly roles: readonly string[];
  readonly lockable_resources: readonly string[];
  readonly unread: number;
  readonly open_tasks: readonly Task[];
  readonly locks: readonly Lease[];
}

type Mutable<T> = T extends readonly (infer Item)[] ? Mutable<Item>[] : T extends object ? { -readonly [Key in keyof T]: Mutable<T[Key]> } : T;

/**
 * Ties a schema to the type it describes: it compiles only when every value of the type passes. An answer that is one of
 * several shapes is described as one object whose differing keys are optional, because a schema's root must be an object.
 */
function describing<T>() {
  return <S extends z.ZodType>(schema: Mutable<T> extends z.output<S> ? S : never): S => schema;
}

const id = z.int();
const time = z.string();
const orNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);
const replayed = { replayed: z.literal(true).optional() };

const message = describing<Message>()(
  z.object({
    id,
    from_role: z.string(),
    to_role: z.string(),
    body: z.string(),
    thread_id: z.string(),
    reply_to: orNull(id),
    importance: z.enum(IMPORTANCES),
    ack_required: z.boolean(),
    verified: z.boolean(),
    ts: time,
    delivered_at: orNull(time),
    read_at: orNull(time),
    acked_at: orNull(time),
  }),
);

const task = describing<Task>()(
  z.object({
    id,
    title: z.string(),
    detail: z.string(),
    status: z.enum(TASK_STATUSES),
    assignee_role: z.string(),
    created_by: z.string(),
    note: z.string(),
    priority: z.int(),
    depends_on: z.array(id),
    ready: z.boolean(),
    version: z.int(),
    held_by: orNull(z.string()),
    held_by_session: orNull(z.string()),
    claimed_at: orNull(time),
    released_reason: orNull(z.string()),
    ts: time,
    updated_at: time,
  }),
);

const lease = describing<Lease>()(
  z.object({
    lease_id: z.string(),
    resource: z.string(),
    mode: z.enum(LOCK_MODES),
    held_by: z.string(),
    session_id: z.string(),
    agent_name: orNull(z.string()),
    fence: z.int(),
    intent: z.string(),
    acquired_at: time,
    expires_at: time,
    ttl_remaining: z.int(),
  }),
);

const waiter = describing<Waiter>()(
  z.object({
    ticket: z.int(),
    resource: z.string(),
    mode: z.enum(LOCK_MODES),
    role: z.string(),
    session_id: z.string(),
    queued_at: time,
  }),
);

const event = describing<LogEvent>()(
  z.object({
    id,
    ts: time,
    kind: z.string(),
    action: z.string(),
    role: orNull(z.string()),
    subject: orNull(z.string()),
    text: z.string(),
    data: z.record(z.string(), z.unknown()),
  }),
);

const lossReason = z.enum(['not_held', 'expired', 'other_session', 'stale_fence']).optional();

/** The shape of every tool's `structuredContent`. */
export const toolOutputs = {
  posted: describing<Posted>()(z.object({ message_id: id, ts: time, ...replayed })),
  inboxPage: describing<InboxPage>()(z.object({ messages: z.array(message), cursor: id, has_more: z.boolean(), unread: z.int() })),
  acked: describing<Acked>()(z.object({ message_id: id, acked_at: time, first: z.boolean(), ...replayed })),
  messagePage: describing<MessagePage>()(z.object({ messages: z.array(message), has_more: z.boolean() })),

  taskCreated: describing<TaskCreated>()(z.object({ task_id: id, task, ...replayed })),
  taskClaimed: describing<TaskClaimed>()(
    z.object({
      ok: z.boolean(),
      task: task.optional(),
      error: z.enum(['not_found', 'held', 'not_open', 'other_role', 'dependencies', 'none_ready']).optional(),
      held_by: z.string().optional(),
      hint: z.string().optional(),
      ...replayed,
    }),
  ),
  taskUpdated: describing<TaskUpdated>()(z.object({ ok: z.literal(true), task, ...replayed })),
  taskPage: describing<TaskPage>()(z.object({ tasks: z.array(task), has_more: z.boolean() })),

  lockAcquired: describing<LockAcquired>()(
    z.object({
      acquired: z.boolean(),
      resource: z.string(),
      lease_id: z.string().optional(),
      fence: z.int().optional(),
      mode: z.enum(LOCK_MODES).optional(),
      ttl_sec: z.int().optional(),
      expires_at: time.optional(),
      reentrant: z.boolean().optional(),
      held_by: z.string().optional(),
      held_resource: z.string().optional(),
      ttl_remaining: z.int().optional(),
      intent: z.string().optional(),
      ticket: orNull(z.int()).optional(),
      position: orNull(z.int()).optional(),
      hint: z.string().optional(),
      ...replayed,
    }),
  ),
  lockReleased: describing<LockReleased>()(
    z.object({
      released: z.boolean(),
      resource: z.string(),
      held_by: orNull(z.string()).optional(),
      reason: lossReason,
      ...replayed,
    }),
  ),
  lockRenewed: describing<LockRenewed>()(
    z.object({
      renewed: z.boolean(),
      resource: z.string(),
      fence: z.int().optional(),
      expires_at: time.optional(),
      held_by: orNull(z.string()).optional(),
      reason: lossReason,
      ...replayed,
    }),
  ),
  lockForced: describing<LockForced>()(z.object({ released: z.literal(true), resource: z.string(), lost_by: z.array(z.string()), ...replayed })),
  lockChecked: describing<LockChecked>()(
    z.object({
      resource: z.string(),
      valid: z.boolean(),
      locked: z.boolean(),
      current_fence: z.int(),
      holders: z.array(lease),
    }),
  ),
  lockList: describing<LockList>()(z.object({ locks: z.array(lease), waiters: z.array(waiter) })),

  logPage: describing<LogPage>()(z.object({ events: z.array(event), cursor: id, has_more: z.boolean() })),
  whoAmI: describing<WhoAmI>()(
    z.object({
      role: z.string(),
      session_id: z.string(),
      agent_name: orNull(z.string()),
      verified: z.boolean(),
      coordinator: z.string(),
      roles: z.array(z.string()),
      lockable_resources: z.array(z.string()),
      unread: z.int(),
      open_tasks: z.array(task),
      locks: z.array(lease),
    }),
  ),
} as const;
