import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { IMPORTANCES, LOCK_MODES, TASK_STATUSES } from './types.ts';

/** The longest wait of one call, in seconds: MCP clients give up after 60 (reference/bus.md §4.2). */
const MAX_WAIT_SEC = 50;
const LOCK_TTL_SEC = { min: 5, max: 3600 } as const;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 500;

const CONTROL = /\p{C}/u;

function integer(name: string, min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  const error = `${name} must be an integer ${range}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** Free text: line breaks are fine. */
function text(name: string, min: number, max: number) {
  const error = min === 0 ? `${name} must be text of at most ${max} characters` : `${name} must be text of ${min} to ${max} characters`;
  return z.string({ error }).min(min, { error }).max(max, { error });
}

/** A name on one line: no control characters, no space at either end. */
function name(field: string, max: number, min = 1) {
  const error = `${field} must be ${min} to ${max} printable characters without a space at either end`;
  return z
    .string({ error })
    .min(min, { error })
    .max(max, { error })
    .refine((value) => !CONTROL.test(value) && value.trim() === value, { error });
}

function flag(field: string) {
  return z.boolean({ error: `${field} must be true or false` });
}

function oneOf<const T extends readonly string[]>(field: string, words: T) {
  return z.enum(words, { error: `${field} must be one of ${words.filter((word) => word !== '').join(', ')}` });
}

/** Seed 001 sends an empty string where it means "not given". */
function orNone<T extends z.ZodType<string, string>>(schema: T) {
  return schema.transform((value) => (value === '' ? undefined : (value as Exclude<z.output<T>, ''>))).optional();
}

const role = (field: string) => name(field, 40);
const optionalRole = (field: string) => orNone(name(field, 40, 0));
const id = (field: string) => integer(field, 1);
const thread = orNone(text('thread_id', 0, 200)).describe('Groups messages into a conversation.');
const limit = integer('limit', 1, MAX_PAGE).default(DEFAULT_PAGE);
const afterId = integer('after_id', 0).default(0);
const resource = name('resource', 200).describe('Name of the shared thing, or a path pattern as src/**.');
const ttlSec = integer('ttl_sec', LOCK_TTL_SEC.min, LOCK_TTL_SEC.max).optional().describe('Seconds until the lock ends by itself.');
const fence = integer('fence', 1).optional().describe('Only if the lease has this fence.');
const reason = text('reason', 1, 500);
const title = text('title', 1, 300);
const detail = text('detail', 0, 20_000);
const note = orNone(text('note', 0, 5000));
const priority = integer('priority', 1, 5).describe('1 (first) to 5 (last); default 3.');
const dependsOn = z
  .array(id('depends_on'), { error: 'depends_on must be a list of task ids' })
  .max(50, { error: 'depends_on must hold at most 50 task ids' })
  .transform((ids) => [...new Set(ids)].sort((a, b) => a - b))
  .describe('Ids of tasks that must be done first.');
const expectedVersion = id('expected_version').optional().describe('Refuse when the task has another version.');
const waitSec = integer('wait_sec', 0, MAX_WAIT_SEC).default(0);

const retryable = {
  idempotency_key: name('idempotency_key', 200).optional().describe('Send the same key when you repeat a call: it then has one effect.'),
};

/**
 * The input of every bus call, by method of the port: MCP tools extend these with the caller's role, windows and the
 * command line send them as they are. All are strict, so that a misspelt argument is an error and not ignored.
 */
export const busInputs = {
  postMessage: z.strictObject({
    to_role: role('to_role'),
    body: z.string({ error: 'body must be text' }).min(1, { error: 'body must not be empty' }),
    thread_id: thread,
    reply_to: id('reply_to').optional().describe('Id of the message this answers; it stays in that thread.'),
    importance: oneOf('importance', IMPORTANCES).optional(),
    ack_required: flag('ack_required').optional().describe('Ask the receiver to acknowledge.'),
    ...retryable,
  }),
  readInbox: z.strictObject({
    after_id: afterId.describe('The cursor of the last call; 0 reads from the start.'),
    limit,
    mark_read: flag('mark_read').default(false),
    unread_only: flag('unread_only').default(false),
    thread_id: thread,
    wait_sec: waitSec.describe('Seconds to wait for a message when there is none.'),
  }),
  markRead: z.strictObject({ up_to_id: id('up_to_id') }),
  ackMessage: z.strictObject({ message_id: id('message_id'), note, ...retryable }),
  listMessages: z.strictObject({
    role: optionalRole('role'),
    thread_id: thread,
    query: orNone(text('query', 0, 200)),
    before_id: id('before_id').optional(),
    limit,
  }),

  createTask: z.strictObject({
    title,
    assignee_role: role('assignee_role'),
    detail: detail.optional(),
    priority: priority.optional(),
    depends_on: dependsOn.optional(),
    ...retryable,
  }),
  claimTask: z.strictObject({ task_id: id('task_id'), ...retryable }),
  claimNextTask: z.strictObject(retryable),
  updateTask: z.strictObject({
    task_id: id('task_id'),
    status: orNone(oneOf('status', ['', ...TASK_STATUSES])),
    note,
    title: title.optional(),
    detail: detail.optional(),
    priority: priority.optional(),
    depends_on: dependsOn.optional(),
    expected_version: expectedVersion,
    ...retryable,
  }),
  reassignTask: z.strictObject({
    task_id: id('task_id'),
    assignee_role: role('assignee_role'),
    reason,
    expected_version: expectedVersion,
    ...retryable,
  }),
  listTasks: z.strictObject({
    status: orNone(oneOf('status', ['', ...TASK_STATUSES])),
    assignee_role: optionalRole('assignee_role'),
    after_id: integer('after_id', 0).optional(),
    limit,
  }),

  acquireLock: z.strictObject({
    resource,
    ttl_sec: ttlSec,
    mode: oneOf('mode', LOCK_MODES).default('exclusive'),
    wait_sec: waitSec.describe('Seconds to wait in the queue; 0 answers at once.'),
    intent: text('intent', 0, 500).optional().describe('What you are about to do, shown to others.'),
    ...retryable,
  }),
  releaseLock: z.strictObject({ resource, fence, ...retryable }),
  heartbeatLock: z.strictObject({ resource, ttl_sec: ttlSec, fence, ...retryable }),
  forceReleaseLock: z.strictObject({ resource, reason, ...retryable }),
  checkLock: z.strictObject({ resource, fence }),

  readLog: z.strictObject({ after_id: afterId.describe('The cursor of the last call; 0 gives the newest events.'), limit }),
  listLog: z.strictObject({
    kinds: z.array(name('kinds', 40), { error: 'kinds must be a list of names' }).max(20, { error: 'kinds must hold at most 20 names' }).optional(),
    role: optionalRole('role'),
    query: orNone(text('query', 0, 200)),
    before_id: id('before_id').optional(),
    limit,
  }),
} as const;

type BusInputs = typeof busInputs;
export type BusInputName = keyof BusInputs;
/** What a caller may send: defaults not filled in yet. */
export type BusInput<N extends BusInputName> = z.input<BusInputs[N]>;

/** The input with its defaults. Throws INPUT_INVALID naming every argument that breaks its rule. */
export function parseBusInput<N extends BusInputName>(call: N, input: unknown): z.output<BusInputs[N]> {
  return parseInput(busInputs[call] as z.ZodObject, call, input) as z.output<BusInputs[N]>;
}

/** As {@link parseBusInput}, for any call: `schema` is strict and its messages name the argument. */
export function parseInput<S extends z.ZodObject>(schema: S, call: string, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
      const takes = Object.keys(schema.shape).join(', ');
      return `there is no argument ${issue.keys.map((key) => `'${key}'`).join(', ')} (it takes ${takes === '' ? 'none' : takes})`;
    }
    return issue.path.length === 0 ? 'the arguments must be an object' : issue.message;
  });
  throw new AppError('INPUT_INVALID', `${[...new Set(faults)].join('; ')}.`, {
    call,
    issues: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  });
}
