import type { ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { AppError } from '../../base/errors.ts';
import { busInputs } from '../../bus/inputs.ts';
import { toolOutputs } from './tool-outputs.ts';
import { type ToolRun, whoAmI } from './tool-run.ts';

/** One tool of `/mcp`. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** One or two sentences: every client pays for them in tokens. */
  readonly description: string;
  /** The argument in which the caller names its role (seed 001). */
  readonly roleArgument: 'role' | 'from_role' | 'created_by';
  /** False for looks at what the whole team shares, which need no role. */
  readonly needsRole: boolean;
  /** All other arguments. */
  readonly input: Input;
  readonly output: z.ZodType;
  readonly annotations: ToolAnnotations;
  /** `input` has not been validated yet: the bus does that. */
  run(run: ToolRun, input: z.input<Input>): Promise<object>;
}

function tool<Input extends z.ZodObject>(spec: Tool<Input>): Tool {
  return spec;
}

const LOOK: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
/** Repeating it with the same arguments changes nothing more. */
const STEADY: ToolAnnotations = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const CHANGE: ToolAnnotations = { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false };
/** Takes something away from somebody else. */
const TAKE: ToolAnnotations = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false };

/** For tools that take nothing but a role. */
function refuseArguments(input: object): void {
  const extra = Object.keys(input);
  if (extra.length === 0) return;
  throw new AppError('INPUT_INVALID', `there is no argument ${extra.map((name) => `'${name}'`).join(', ')} (it takes role).`, { extra });
}

/** The tools of seed 001 (its eleven names, arguments and result keys) and seven more (DESIGN §7, §13). */
export const TOOLS: readonly Tool[] = [
  tool({
    name: 'post_message',
    title: 'Post a message',
    description: 'Send a message to the inbox of a role.',
    roleArgument: 'from_role',
    needsRole: true,
    input: busInputs.postMessage,
    output: toolOutputs.posted,
    annotations: CHANGE,
    run: ({ bus, caller }, input) => bus.postMessage(caller(), input),
  }),
  tool({
    name: 'read_inbox',
    title: 'Read your inbox',
    description: 'Messages to your role after a cursor, oldest first. Pass the returned cursor next time; wait_sec waits for news.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.readInbox,
    output: toolOutputs.inboxPage,
    annotations: STEADY,
    run: ({ bus, caller, waiting }, input) => waiting((signal) => bus.readInbox(caller(), input, { signal })),
  }),
  tool({
    name: 'ack_message',
    title: 'Acknowledge a message',
    description: 'Confirm a message that asked for it.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.ackMessage,
    output: toolOutputs.acked,
    annotations: STEADY,
    run: ({ bus, caller }, input) => bus.ackMessage(caller(), input),
  }),
  tool({
    name: 'search_messages',
    title: 'Search messages',
    description: 'Messages you sent or received, newest first; the coordinator searches all.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.listMessages.omit({ role: true }),
    output: toolOutputs.messagePage,
    annotations: LOOK,
    run: ({ bus, caller, coordinator }, input) => {
      const { role, verified } = caller();
      return bus.listMessages(verified && role === coordinator ? input : { ...input, role });
    },
  }),
  tool({
    name: 'create_task',
    title: 'Create a task',
    description: 'Put a task on the board, assigned to a role.',
    roleArgument: 'created_by',
    needsRole: true,
    input: busInputs.createTask,
    output: toolOutputs.taskCreated,
    annotations: CHANGE,
    run: ({ bus, caller }, input) => bus.createTask(caller(), input),
  }),
  tool({
    name: 'claim_task',
    title: 'Claim a task',
    description: 'Take an open task of your role before you work on it. ok:false says who has it.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.claimTask,
    output: toolOutputs.taskClaimed,
    annotations: CHANGE,
    run: ({ bus, caller }, input) => bus.claimTask(caller(), input),
  }),
  tool({
    name: 'claim_next_task',
    title: 'Claim the next task',
    description: 'Take the first ready task of your role, by priority and age.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.claimNextTask,
    output: toolOutputs.taskClaimed,
    annotations: CHANGE,
    run: ({ bus, caller }, input) => bus.claimNextTask(caller(), input),
  }),
  tool({
    name: 'update_task',
    title: 'Update a task',
    description: 'Change the status (open, in_progress, blocked, done, cancelled), note or details of a task.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.updateTask,
    output: toolOutputs.taskUpdated,
    annotations: CHANGE,
    run: ({ bus, caller }, input) => bus.updateTask(caller(), input),
  }),
  tool({
    name: 'reassign_task',
    title: 'Reassign a task',
    description: 'Give a task to another role and open it again. Coordinator only.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.reassignTask,
    output: toolOutputs.taskUpdated,
    annotations: TAKE,
    run: ({ bus, caller }, input) => bus.reassignTask(caller(), input),
  }),
  tool({
    name: 'list_tasks',
    title: 'List tasks',
    description: 'Tasks on the board, by status and assignee.',
    roleArgument: 'role',
    needsRole: false,
    input: busInputs.listTasks,
    output: toolOutputs.taskPage,
    annotations: LOOK,
    run: ({ bus }, input) => bus.listTasks(input),
  }),
  tool({
    name: 'acquire_lock',
    title: 'Acquire a lock',
    description: 'Lock a shared resource before you change it. acquired:false says who holds it; wait_sec queues for it.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.acquireLock,
    output: toolOutputs.lockAcquired,
    annotations: STEADY,
    run: ({ bus, caller, waiting }, input) => waiting((signal) => bus.acquireLock(caller(), input, { signal })),
  }),
  tool({
    name: 'heartbeat_lock',
    title: 'Renew a lock',
    description: 'Extend your lock during long work.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.heartbeatLock,
    output: toolOutputs.lockRenewed,
    annotations: STEADY,
    run: ({ bus, caller }, input) => bus.heartbeatLock(caller(), input),
  }),
  tool({
    name: 'release_lock',
    title: 'Release a lock',
    description: 'Give your lock back; the next in the queue gets it.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.releaseLock,
    output: toolOutputs.lockReleased,
    annotations: STEADY,
    run: ({ bus, caller }, input) => bus.releaseLock(caller(), input),
  }),
  tool({
    name: 'check_lock',
    title: 'Check a lock',
    description: 'Whether a fence is still good, or you hold the lock, before you write.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.checkLock,
    output: toolOutputs.lockChecked,
    annotations: LOOK,
    run: ({ bus, caller }, input) => bus.checkLock(caller(), input),
  }),
  tool({
    name: 'force_release_lock',
    title: 'Force-release a lock',
    description: 'Take a lock from its holder, who is told why. Coordinator only.',
    roleArgument: 'role',
    needsRole: true,
    input: busInputs.forceReleaseLock,
    output: toolOutputs.lockForced,
    annotations: TAKE,
    run: ({ bus, caller }, input) => bus.forceReleaseLock(caller(), input),
  }),
  tool({
    name: 'list_locks',
    title: 'List locks',
    description: 'Held locks and who waits for them.',
    roleArgument: 'role',
    needsRole: false,
    input: z.strictObject({}),
    output: toolOutputs.lockList,
    annotations: LOOK,
    run: ({ bus }, input) => {
      refuseArguments(input);
      return bus.listLocks();
    },
  }),
  tool({
    name: 'team_log',
    title: 'Read the team log',
    description: 'What the team did after a cursor; 0 gives the newest events.',
    roleArgument: 'role',
    needsRole: false,
    input: busInputs.readLog,
    output: toolOutputs.logPage,
    annotations: LOOK,
    run: ({ bus }, input) => bus.readLog(input),
  }),
  tool({
    name: 'whoami',
    title: 'Who am I',
    description: 'Your role and session, the roles of the team, the resources to lock, your unread count, open tasks and locks.',
    roleArgument: 'role',
    needsRole: true,
    input: z.strictObject({}),
    output: toolOutputs.whoAmI,
    annotations: LOOK,
    run: (run, input) => {
      refuseArguments(input);
      return whoAmI(run);
    },
  }),
];
