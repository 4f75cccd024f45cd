import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { Box } from './mailbox-types.ts';

/** As long as the outbound queue takes; a longer text is split there. */
const LONGEST_TEXT = 100_000;

function text(field: string, max = 200) {
  const error = `${field} must be text of 1 to ${max} characters`;
  return z.string({ error }).min(1, { error }).max(max, { error });
}

const taskId = text('taskId');
const mount = z.object({
  hostPath: text('hostPath', 4096),
  containerPath: text('containerPath', 4096).optional(),
  readonly: z.boolean({ error: 'readonly must be true or false' }).optional(),
});

/**
 * What may lie in each box, by `type`, in the words of nanoclaw's files (reference §2, IPC-01). Fields that say who asks
 * (`groupFolder`, `isMain`, `createdBy`) are ignored like all others that are not named here: the folder says who asks.
 */
const SCHEMAS = {
  messages: {
    message: z.object({ type: z.literal('message'), chatJid: text('chatJid'), text: text('text', LONGEST_TEXT) }),
  },
  tasks: {
    schedule_task: z.object({
      type: z.literal('schedule_task'),
      prompt: text('prompt', LONGEST_TEXT),
      schedule_type: z.enum(['cron', 'interval', 'once'], { error: 'schedule_type must be one of cron, interval, once' }),
      schedule_value: text('schedule_value'),
      // Whatever else stands there means a conversation of its own, as in nanoclaw.
      context_mode: z.enum(['group', 'isolated']).catch('isolated'),
      targetJid: text('targetJid'),
    }),
    list_tasks: z.object({ type: z.literal('list_tasks') }),
    pause_task: z.object({ type: z.literal('pause_task'), taskId }),
    resume_task: z.object({ type: z.literal('resume_task'), taskId }),
    cancel_task: z.object({ type: z.literal('cancel_task'), taskId }),
    register_group: z.object({
      type: z.literal('register_group'),
      jid: text('jid'),
      name: text('name'),
      folder: text('folder'),
      trigger: text('trigger'),
      requiresTrigger: z.boolean({ error: 'requiresTrigger must be true or false' }).optional(),
      containerConfig: z
        .object({
          additionalMounts: z.array(mount, { error: 'additionalMounts must be a list' }).max(20, { error: 'additionalMounts must hold at most 20 mounts' }).optional(),
          timeout: z.int({ error: 'timeout must be milliseconds' }).min(1000, { error: 'timeout must be at least 1000 ms' }).optional(),
        })
        .optional(),
    }),
    refresh_groups: z.object({ type: z.literal('refresh_groups') }),
    team_call: z.object({
      type: z.literal('team_call'),
      tool: text('tool'),
      arguments: z.record(z.string(), z.unknown(), { error: 'arguments must be an object' }).default({}),
    }),
  },
} as const;

type SchemaOf<S> = S extends Record<string, infer One> ? One : never;
type AnySchema = SchemaOf<(typeof SCHEMAS)['messages']> | SchemaOf<(typeof SCHEMAS)['tasks']>;
/** A request that has its shape; nothing is said yet about whether the caller may. */
export type MailboxRequest = z.output<AnySchema>;
export type RequestType = MailboxRequest['type'];
export type RequestOf<T extends RequestType> = Extract<MailboxRequest, { type: T }>;

/** Throws INPUT_INVALID that names every field which breaks its rule. */
export function parseRequest(box: Box, value: unknown): MailboxRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AppError('INPUT_INVALID', 'A request must be a JSON object.');
  const schemas = SCHEMAS[box] as Readonly<Record<string, AnySchema>>;
  const { type } = value as { readonly type?: unknown };
  const schema = typeof type === 'string' && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
  if (schema === undefined) {
    throw new AppError('INPUT_INVALID', `type is ${JSON.stringify(type)?.slice(0, 60) ?? 'missing'}; in ${box}/ it must be one of ${Object.keys(schemas).join(', ')}.`, { field: 'type' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError('INPUT_INVALID', `${[...new Set(parsed.error.issues.map(({ message }) => message))].join('; ')}.`, { type });
}
