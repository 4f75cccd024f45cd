import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { TeamBus } from '../bus/bus.ts';
import type { BusInput } from '../bus/inputs.ts';
import type { Team } from '../bus/team.ts';
import type { Caller, Message, MessagePage, TaskClaimed } from '../bus/types.ts';
import type { AppInfo, UiSettings } from '../../preload/contract.ts';
import { accessCalls, type AccessCallParts } from './access-calls.ts';
import { Board } from './board.ts';
import { agentCalls } from './agent-calls.ts';
import type { AgentRooms } from './agent-views.ts';
import type { CallDefinitions } from './calls.ts';
import { completionCalls, type CompletionCallParts } from './completion-calls.ts';
import { channelCalls } from './channel-calls.ts';
import type { ChatRooms } from './channel-views.ts';
import { engineCalls, type EngineCallParts } from './engine-calls.ts';
import type { CliOnlyCalls } from './cli-calls.ts';
import { importCalls, type Imports } from './import-calls.ts';
import { integer, oneOf, text } from './input-fields.ts';
import type { ReadModel } from './read-model.ts';
import { noticeCalls, type NoticeRooms } from './notice-calls.ts';
import { secretCalls, type SecretRooms } from './secret-calls.ts';
import { scheduleCalls, type ScheduleCallParts } from './schedule-calls.ts';
import { sessionCalls, type SessionCallParts } from './session-calls.ts';
import { updateCalls, type UpdateCallParts } from './update-calls.ts';
import type { Store } from '../store/store.ts';
import { agentView } from './views.ts';

export interface PersonCallsParts extends SessionCallParts {
  readonly bus: TeamBus;
  readonly access: AccessCallParts;
  readonly done: CompletionCallParts;
  readonly engine: EngineCallParts;
  readonly notices: NoticeRooms;
  readonly secrets: SecretRooms;
  readonly schedule: ScheduleCallParts;
  readonly model: ReadModel;
  readonly chat: ChatRooms;
  readonly work: AgentRooms;
  readonly updates: UpdateCallParts;
  readonly store: Pick<Store, 'transact'>;
  readonly info: AppInfo;
  readonly team: Team;
  /** The role in which the person acts. */
  readonly coordinator: string;
  readonly changeSettings: (changes: Partial<UiSettings>) => Promise<UiSettings>;
  readonly uiLink: () => string;
  readonly imports: Imports;
  readonly backup: () => CliOnlyCalls['backup.now']['result'];
}

const DEFAULT_PAGE = 100;

const NOTHING = z.strictObject({});
const INBOX = z.strictObject({
  role: text('role', 40),
  before_id: integer('before_id', 1, Number.MAX_SAFE_INTEGER).optional(),
  limit: integer('limit', 1, 500).default(DEFAULT_PAGE),
});
const SUSPEND = z.strictObject({ agent: text('agent', 60), reason: text('reason', 500) });
const RESUME = z.strictObject({ agent: text('agent', 60) });
const AGENT = z.strictObject({ name: text('name', 60), role: text('role', 40) });
const SETTINGS = z.strictObject({
  language: oneOf('language', ['system', 'en', 'ko']).optional(),
  theme: oneOf('theme', ['system', 'light', 'dark']).optional(),
});

/** What the person at this machine may do, through windows and the command line. */
export function personCalls(parts: PersonCallsParts): CallDefinitions {
  const { bus, agents, model } = parts;
  const person: Caller = { role: parts.coordinator, sessionId: 'person', agentName: null, verified: true, person: true };

  return {
    'messages.post': { by: 'window', args: null, run: async (args) => bus.postMessage(person, args) },
    'messages.list': { by: 'window', args: null, run: async (args) => bus.listMessages(args) },
    'messages.markRead': { by: 'window', args: null, run: async (args) => bus.markRead(person, args) },
    'messages.ack': { by: 'window', args: null, run: async (args) => bus.ackMessage(person, args) },
    'messages.inbox': {
      by: 'cli',
      args: INBOX,
      run: async ({ role, before_id, limit = DEFAULT_PAGE }) => {
        parts.team.assertRole('role', role);
        return messagesTo(bus, role, before_id, limit);
      },
    },

    'tasks.create': { by: 'window', args: null, run: async (args) => bus.createTask(person, args as BusInput<'createTask'>) },
    'tasks.claim': { by: 'window', args: null, run: async (args) => ({ task: claimed(await bus.claimTask(person, args)) }) },
    'tasks.update': { by: 'window', args: null, run: async (args) => bus.updateTask(person, args) },
    'tasks.reassign': { by: 'window', args: null, run: async (args) => bus.reassignTask(person, args) },
    'tasks.list': { by: 'cli', args: null, run: async (args) => bus.listTasks(args) },

    'locks.forceRelease': { by: 'window', args: null, run: async (args) => bus.forceReleaseLock(person, args) },
    'locks.list': { by: 'cli', args: NOTHING, run: async () => bus.listLocks() },
    'locks.acquire': { by: 'cli', args: null, run: async (args, context) => bus.acquireLock(person, args, context) },
    'locks.release': { by: 'cli', args: null, run: async (args) => bus.releaseLock(person, args) },

    'log.list': { by: 'window', args: null, run: async (args) => bus.listLog(args as BusInput<'listLog'>) },
    'log.read': { by: 'cli', args: null, run: async (args) => bus.readLog(args) },

    'agents.list': { by: 'cli', args: NOTHING, run: async () => ({ agents: await model.agents() }) },
    'agents.suspend': {
      by: 'window',
      args: SUSPEND,
      run: async ({ agent, reason }) => {
        const { id } = agents.suspend(agent, reason);
        return { agent: (await model.agents()).find((view) => view.id === id)! };
      },
    },
    'agents.resume': {
      by: 'window',
      args: RESUME,
      run: async ({ agent }) => {
        const { id } = agents.resume(agent);
        return { agent: (await model.agents()).find((view) => view.id === id)! };
      },
    },
    'agents.add': { by: 'window', args: AGENT, run: (args) => ({ agent: agentView(agents.add(args), 0, null) }) },

    ...sessionCalls(parts),
    ...scheduleCalls(parts.schedule),
    ...accessCalls(agents, parts.access),
    ...completionCalls(parts.done),
    ...engineCalls(parts.engine),
    ...noticeCalls(parts.notices),
    ...secretCalls(parts.secrets),
    ...channelCalls(parts.chat),
    ...agentCalls(parts.work, parts.store),
    ...updateCalls(parts.updates),

    'settings.set': { by: 'window', args: SETTINGS, run: async (args) => parts.changeSettings(args) },
    'snapshot.get': { by: 'window', args: NOTHING, run: async () => (await model.snapshot()).snapshot },
    'status.get': { by: 'cli', args: NOTHING, run: async () => statusOf(parts) },
    'ui.link': { by: 'cli', args: NOTHING, run: () => ({ url: parts.uiLink() }) },
    ...importCalls(parts.imports),
    'backup.now': { by: 'cli', args: NOTHING, run: () => parts.backup() },
  };
}

async function statusOf({ model, info }: PersonCallsParts): Promise<CliOnlyCalls['status.get']['result']> {
  const [tasks, { locks }] = await Promise.all([model.unfinishedTasks(), model.locks()]);
  const agents = await model.agents();
  return {
    info,
    status: (await model.statusAndRoles(new Board(tasks), locks)).status,
    pid: process.pid,
    agents: agents.length,
    liveSessions: agents.reduce((sum, agent) => sum + agent.liveSessions, 0),
    openTasks: tasks.length,
    locksHeld: locks.length,
  };
}

/** The bus lists what a role sent and received; an inbox is only the second. */
async function messagesTo(bus: TeamBus, role: string, before: number | undefined, limit: number): Promise<MessagePage> {
  const found: Message[] = [];
  for (let before_id = before; ; ) {
    const page = await bus.listMessages({ role, before_id, limit: 500 });
    found.push(...page.messages.filter((message) => message.to_role === role));
    if (found.length > limit || !page.has_more) return { messages: found.slice(0, limit), has_more: found.length > limit };
    before_id = page.messages.at(-1)?.id;
  }
}

function claimed(answer: TaskClaimed) {
  if (answer.ok) return answer.task;
  throw new AppError(answer.error === 'not_found' ? 'TASK_NOT_FOUND' : 'CONFLICT', answer.hint, { refusal: answer.error });
}
