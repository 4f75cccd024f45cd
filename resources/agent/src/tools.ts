import { z, type ZodRawShape } from 'zod';
import type { TeamTool } from './team-tools.ts';
import { NoAnswer, type Box, type MailboxClient } from './mailbox.ts';
import type { AgentInput } from './run-input.ts';
import type { Sdk, SdkTool, ToolAnswer, ToolHints } from './sdk.ts';

/** One tool of the agent: a request to Wheelhouse in the shape of nanoclaw's files (seed 002, IPC-01). */
export interface AgentTool<Shape extends ZodRawShape = ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly input: Shape;
  readonly box: Box;
  readonly hints: ToolHints;
  /** For the main group alone; the others do not see it, and Wheelhouse would refuse them. */
  readonly mainOnly?: true;
  request(args: z.infer<z.ZodObject<Shape>>, input: AgentInput): object;
}

const LOOK: ToolHints = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
const CHANGE: ToolHints = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
const TAKE: ToolHints = { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false };

const taskId = z.string().min(1).describe('The id that list_tasks shows.');
const anyGroup = z.string().min(1).optional().describe('The chat of another group; only the main group may name one.');

function tool<Shape extends ZodRawShape>(spec: AgentTool<Shape>): AgentTool {
  return spec;
}

export const AGENT_TOOLS: readonly AgentTool[] = [
  tool({
    name: 'send_message',
    description: 'Send a message to the chat now, while you still work. Returns once it is safely queued for sending.',
    input: { text: z.string().min(1).max(60_000), chat_jid: anyGroup },
    box: 'messages',
    hints: { ...CHANGE, openWorldHint: true },
    request: ({ text, chat_jid: jid }, input) => ({ type: 'message', chatJid: jid ?? input.chatJid, text }),
  }),
  tool({
    name: 'schedule_task',
    description:
      'Have a prompt run at a time: cron (5 fields, local time of Wheelhouse), interval (milliseconds), or once (ISO 8601 time). It runs as you, in this chat; context_mode group continues this conversation, isolated begins a new one, so then put everything needed into the prompt.',
    input: {
      prompt: z.string().min(1).max(60_000),
      schedule_type: z.enum(['cron', 'interval', 'once']),
      schedule_value: z.string().min(1).max(200),
      context_mode: z.enum(['group', 'isolated']).default('group'),
      target_group_jid: anyGroup,
    },
    box: 'tasks',
    hints: CHANGE,
    request: (args, input) => ({
      type: 'schedule_task',
      prompt: args.prompt,
      schedule_type: args.schedule_type,
      schedule_value: args.schedule_value,
      context_mode: args.context_mode,
      targetJid: args.target_group_jid ?? input.chatJid,
    }),
  }),
  tool({
    name: 'list_tasks',
    description: 'The scheduled tasks of this group; of all groups for the main group.',
    input: {},
    box: 'tasks',
    hints: LOOK,
    request: () => ({ type: 'list_tasks' }),
  }),
  tool({ name: 'pause_task', description: 'Pause a scheduled task.', input: { task_id: taskId }, box: 'tasks', hints: TAKE, request: ({ task_id: taskId }) => ({ type: 'pause_task', taskId }) }),
  tool({ name: 'resume_task', description: 'Let a paused task run again.', input: { task_id: taskId }, box: 'tasks', hints: CHANGE, request: ({ task_id: taskId }) => ({ type: 'resume_task', taskId }) }),
  tool({ name: 'cancel_task', description: 'Delete a scheduled task.', input: { task_id: taskId }, box: 'tasks', hints: TAKE, request: ({ task_id: taskId }) => ({ type: 'cancel_task', taskId }) }),
  tool({
    name: 'register_group',
    description: 'Let an agent serve another chat, in a folder of its own. refresh_groups lists the chats.',
    input: {
      jid: z.string().min(1).max(200),
      name: z.string().min(1).max(100),
      folder: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/).describe('Letters, digits, - and _; for example family-chat.'),
      trigger: z.string().min(1).max(60).describe('What wakes the agent there, for example @Andy.'),
      requires_trigger: z.boolean().optional().describe('Default true.'),
    },
    box: 'tasks',
    hints: CHANGE,
    mainOnly: true,
    request: ({ jid, name, folder, trigger, requires_trigger: requiresTrigger }) => ({
      type: 'register_group', jid, name, folder, trigger, ...(requiresTrigger !== undefined && { requiresTrigger }),
    }),
  }),
  tool({
    name: 'refresh_groups',
    description: 'Fetch the names of all chats again and list them, most recent first.',
    input: {},
    box: 'tasks',
    hints: LOOK,
    mainOnly: true,
    request: () => ({ type: 'refresh_groups' }),
  }),
];

/** A call of a team tool may itself wait this long (bus/inputs.ts), so the answer may take a little longer. */
const WAITING_TEAM_CALL_MS = 60_000;

export interface Tools {
  /** Always in front of the model. */
  readonly wheelhouse: SdkTool[];
  /** The team bus; found when it is needed. */
  readonly team: SdkTool[];
}

/** Binds the tools to the mailbox. Groups other than the main one do not see what only that may do. */
export function createTools(sdk: Pick<Sdk, 'tool'>, mailbox: Pick<MailboxClient, 'request'>, input: AgentInput, teamTools: readonly TeamTool[]): Tools {
  const mine = AGENT_TOOLS.filter((tool) => input.isMain || tool.mainOnly !== true);
  return {
    wheelhouse: mine.map((tool) =>
      sdk.tool(tool.name, tool.description, tool.input, async (args) => ask(async () => mailbox.request(tool.box, tool.request(args, input))), { annotations: tool.hints }),
    ),
    team: teamTools.map(({ name, description, input: shape, annotations }) =>
      sdk.tool(
        name,
        description,
        shape,
        async (args) => ask(async () => mailbox.request('tasks', { type: 'team_call', tool: name, arguments: args }, WAITING_TEAM_CALL_MS)),
        { annotations },
      ),
    ),
  };
}

/** What the model hears: what really happened, refusals and silence included. */
async function ask(request: () => ReturnType<MailboxClient['request']>): Promise<ToolAnswer> {
  try {
    const answer = await request();
    if (!answer.ok) return said(`${answer.error.code}: ${answer.error.message}`, true);
    return said(typeof answer.result === 'string' ? answer.result : JSON.stringify(answer.result));
  } catch (error) {
    if (error instanceof NoAnswer) return said(error.message, true);
    throw error;
  }
}

function said(text: string, isError = false): ToolAnswer {
  return { content: [{ type: 'text', text }], ...(isError && { isError }) };
}
