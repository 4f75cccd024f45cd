import type { Agents } from '../access/agents.ts';
import type { AutoStop } from '../access/auto-stop.ts';
import type { Guard } from '../access/guard.ts';
import type { Groups } from '../agents/groups.ts';
import type { ChatDirectory } from '../agents/mailbox-chats.ts';
import { Mailbox } from '../agents/mailbox.ts';
import type { ScheduledTaskSummary, ScheduleRequests } from '../agents/ports.ts';
import { Snapshots } from '../agents/snapshots.ts';
import type { Group, Run } from '../agents/types.ts';
import { iso, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Channels } from '../channels/channels.ts';
import type { Config } from '../config/schema.ts';
import type { AgentRequests } from '../schedule/agent-requests.ts';
import type { ScheduledTask } from '../schedule/types.ts';
import type { Store, Tx } from '../store/store.ts';
import { endGroupsOnBus, groupTeamTools, type GroupTeam } from './group-team.ts';

export interface MailboxRoomOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly agents: Pick<Agents, 'find'>;
  readonly autoStop: Pick<AutoStop, 'called'>;
  readonly groups: Groups;
  readonly queue: {
    live(): readonly { readonly run: Pick<Run, 'id' | 'groupId'> }[];
    wroteToChat(tx: Tx, groupId: string, text: string): void;
  };
  readonly channels: Pick<Channels, 'chats' | 'conversations' | 'list' | 'refreshGroups'>;
  readonly schedule: AgentRequests;
  readonly team: GroupTeam;
  /** `data/ipc`. */
  readonly dir: string;
  readonly config: Config['agents'];
  readonly report: (what: string, error: unknown) => void;
}

/** What contained agents ask for, and what they can read without asking. */
export interface MailboxRoom {
  start(): Promise<void>;
  /** The machine woke up. */
  resume(): void;
  stop(): Promise<void>;
}

/** A file that is no whole document may still be being written for this long. */
const SETTLE_MS = 2000;
const MOST_CHATS = 1000;

export function openMailbox(options: MailboxRoomOptions): MailboxRoom {
  const { store, clock, guard, agents, autoStop, groups, queue, channels, dir, config, report } = options;
  const schedule = scheduleRequests(options.schedule, groups);
  const chats = chatDirectory(channels);
  const snapshots = new Snapshots({ store, clock, groups, schedule, chats, dir, report });
  const mailbox = new Mailbox({
    store,
    clock,
    groups,
    dir,
    perMinute: config.mailbox_per_minute,
    maxBytes: config.mailbox_max_kb * 1024,
    settleMs: SETTLE_MS,
    conversations: channels.conversations,
    chats,
    runs: {
      current: (groupId) => queue.live().find(({ run }) => run.groupId === groupId)?.run.id ?? null,
      wroteToChat: (tx, groupId, text) => queue.wroteToChat(tx, groupId, text),
    },
    schedule,
    team: groupTeamTools(options.team, agents),
    writeSnapshots: () => snapshots.write(),
    assertOperational: () => guard.assertOperational(),
    assertMayAct: ({ agentId }) => assertActive(agents, agentId),
    asked: ({ agentId }) => autoStop.called(agentId),
    report,
  });
  const unsubscribe = endGroupsOnBus(store, groups, options.team.bus, report);
  return {
    async start() {
      snapshots.start();
      await mailbox.start();
    },
    resume: () => void mailbox.rescan(),
    async stop() {
      unsubscribe();
      await mailbox.stop();
      snapshots.stop();
    },
  };
}

function assertActive(agents: Pick<Agents, 'find'>, agentId: string): void {
  const { name, status, statusReason } = agents.find(agentId);
  if (status !== 'active') throw new AppError('AGENT_SUSPENDED', `${name} is suspended${statusReason === null ? '' : `: ${statusReason}`}.`, { agent: name });
}

/** The schedule in the words of nanoclaw's files. */
function scheduleRequests(requests: AgentRequests, groups: Groups): ScheduleRequests {
  const folders = (): ReadonlyMap<string, string> => new Map(groups.list().map(({ id, folder }) => [id, folder]));
  return {
    create: (caller, { groupId, prompt, scheduleType, scheduleValue, contextMode }) =>
      summaryOf(requests.create(caller, { groupId, prompt, kind: scheduleType, value: scheduleValue, contextMode }), folders()),
    list: (caller) => {
      const names = folders();
      return [...requests.list(caller)].sort((a, b) => b.createdAt - a.createdAt).map((task) => summaryOf(task, names));
    },
    pause: (caller, id) => void requests.pause(caller, id),
    resume: (caller, id) => void requests.resume(caller, id),
    cancel: (caller, id) => void requests.cancel(caller, id),
  };
}

function summaryOf({ id, groupId, prompt, kind, value, status, nextRun }: ScheduledTask, folders: ReadonlyMap<Group['id'], string>): ScheduledTaskSummary {
  return { id, groupFolder: folders.get(groupId) ?? '', prompt, schedule_type: kind, schedule_value: value, status, next_run: nextRun === null ? null : iso(nextRun) };
}

function chatDirectory(channels: MailboxRoomOptions['channels']): ChatDirectory {
  return {
    list: () =>
      channels.chats
        .list(MOST_CHATS)
        .filter(({ isGroup }) => isGroup === true)
        .map(({ jid, name, lastMessageAt }) => ({ jid, name, lastActivity: lastMessageAt === null ? null : iso(lastMessageAt) })),
    syncedAt: () => channels.chats.groupsSyncedAt(),
    async refresh() {
      const connected = channels.list().filter(({ state }) => state.state === 'connected');
      await Promise.all(connected.map(async ({ name }) => channels.refreshGroups(name)));
    },
    send: (tx, jid, text) => channels.conversations.send(tx, jid, text),
  };
}
