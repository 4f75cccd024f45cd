import type { Tx } from '../../../main/store/store.ts';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agents } from '../../../main/access/agents.ts';
import { createGuard } from '../../../main/access/guard.ts';
import type { AgentRunner } from '../../../main/agents/ports.ts';
import { GroupQueue } from '../../../main/agents/group-queue.ts';
import { RunWatch } from '../../../main/agents/run-watch.ts';
import { groupAgents } from '../../../main/agents/group-agents.ts';
import { Groups } from '../../../main/agents/groups.ts';
import type { MailboxAnswer } from '../../../main/agents/mailbox-types.ts';
import { systemClock } from '../../../main/base/clock.ts';
import { TeamBus } from '../../../main/bus/bus.ts';
import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import { Team } from '../../../main/bus/team.ts';
import { Channels } from '../../../main/channels/channels.ts';
import { ConsoleChannel } from '../../../main/channels/console-channel.ts';
import { defaultConfig } from '../../../main/config/schema.ts';
import { Notifications } from '../../../main/notify/notifications.ts';
import { openStore } from '../../../main/store/open.ts';
import { openMailbox } from '../../../main/wheelhouse/mailbox.ts';
import { runNotices } from '../../../main/wheelhouse/run-notices.ts';
import { openSchedule, scheduleGroups } from '../../../main/wheelhouse/schedule.ts';
import { WireChannel } from '../channels/wire-channel.ts';
import { readWhenThere } from '../read-when-there.ts';
import { makeTempDir } from '../temp-dir.ts';

const ROLES = ['FE', 'BE', 'AI', 'Producer'];
export const CLUB = 'tg:-1007';

export interface MailboxRoomsOptions {
  /** Default: a temporary directory that `close` removes. */
  readonly dir?: string;
  readonly durability?: 'full' | 'normal';
  readonly perMinute?: number;
  /** Runs the agents whom somebody in a chat calls; without it nobody answers. */
  readonly runner?: AgentRunner;
}

const NO_RUNNER: AgentRunner = {
  start() {
    throw new Error('this test has no runner');
  },
};

/**
 * The mailbox as the product wires it: behind it the real groups, queue, team bus, schedule and channels on one database.
 * Only Telegram is a wire. Groups: `main` (console:home) and `club` (a Telegram group).
 */
export async function makeMailboxRooms({ durability = 'normal', perMinute = 600, runner = NO_RUNNER, ...options }: MailboxRoomsOptions = {}) {
  const clock = systemClock;
  const dir = options.dir === undefined ? makeTempDir('wheelhouse-agent-') : { path: options.dir, remove: () => undefined };
  const faults: { readonly what: string; readonly error: unknown }[] = [];
  const report = (what: string, error: unknown): void => void faults.push({ what, error });
  const store = openStore({ file: join(dir.path, 'wheelhouse.db'), durability, clock, onListenerError: (error) => report('a listener failed', error) });
  const guard = createGuard(store);
  const team = new Team(ROLES, 'Producer');
  const agents = new Agents({ store, guard, assertRole: (argument, role) => team.assertRole(argument, role) });
  const groups = new Groups({ store, agents: groupAgents({ agents, roles: ROLES, coordinator: 'Producer' }), assistantName: 'Andy' });
  const bus = new TeamBus({
    store: new SqliteBusStore(store, { clock, platform: process.platform, claimSilenceMs: 3_600_000, coordinator: 'Producer' }),
    guard,
    clock,
    roles: ROLES,
    coordinator: 'Producer',
    maxMessageBytes: 65_536,
    lockTtlSec: 300,
    retention: { maxMessages: null, messageDays: null, maxEvents: null, eventDays: null, idempotencyHours: 24 },
    onError: report,
  });
  bus.start();
  const wires: { telegram?: WireChannel; whatsapp?: WireChannel } = {};
  const served = { byId: (id: string) => groups.list().find((group) => group.id === id) ?? null, byJid: (jid: string) => groups.byJid(jid), all: () => groups.list(), move: (tx: Tx, id: string, jid: string) => groups.move(tx, id, jid) };
  const channels = new Channels({
    store,
    clock,
    random: () => 0.5,
    guard,
    groups: served,
    work: { messagesArrived: (groupId) => queue.messagesArrived(groupId) },
    adapters: {
      console: ({ events }) => new ConsoleChannel(events, served),
      telegram: ({ events }) => (wires.telegram = new WireChannel({ name: 'telegram' }, events)),
      whatsapp: ({ events }) => Object.assign((wires.whatsapp = new WireChannel({ name: 'whatsapp' }, events)), { pair: async () => undefined, unpair: async () => undefined }),
    },
    assistantName: 'Andy',
    folderOf: ({ folder }) => join(dir.path, 'groups', folder),
    personName: 'Minho',
    zone: 'Asia/Seoul',
    maxPromptMessages: 200,
    maxAttachmentMb: 20,
    retention: { days: null, messages: null },
    channelDown: () => true,
    report,
  });
  const schedule = openSchedule({
    store,
    clock,
    guard,
    config: defaultConfig().schedule,
    groups: scheduleGroups(groups),
    runs: { enqueue: (tx, request) => void queue.enqueueTask(tx, request), withdraw: () => undefined },
    notifications: new Notifications(store),
    report,
  });
  const queue: GroupQueue = new GroupQueue({
    store,
    clock,
    groups,
    runner,
    conversations: channels.conversations,
    outcomes: schedule.outcomes,
    notices: runNotices(new Notifications(store)),
    judge: { runFailed: () => undefined, runSucceeded: () => undefined },
    watch: new RunWatch(clock, (error) => report('a watcher failed', error)),
    operational: () => guard.state() === 'NORMAL',
    suspendedAgents: () => new Set(agents.list().flatMap(({ id, status }) => (status === 'suspended' ? [id] : []))),
    assistantName: 'Andy',
    limit: 5,
    times: { idleMs: 600_000, taskCloseMs: 10_000, closeGraceMs: 10_000, progressMs: null },
    keep: 100,
    language: () => 'en',
    random: () => 0.5,
    report,
  });
  channels.start();
  queue.start();
  const asked: string[] = [];
  const ipc = join(dir.path, 'ipc');
  mkdirSync(ipc, { recursive: true });
  const room = openMailbox({
    store,
    clock,
    guard,
    agents,
    autoStop: { called: (agentId) => void asked.push(agentId) },
    groups,
    queue,
    channels,
    schedule: schedule.requests,
    team: { bus, roles: ROLES, coordinator: 'Producer', resources: ['nas-deploy'] },
    dir: ipc,
    config: { ...defaultConfig().agents, mailbox_per_minute: perMinute },
    report,
  });
  if (groups.list().length === 0) {
    groups.create({ jid: 'console:home', name: 'Home', folder: 'main', isMain: true });
    groups.create({ jid: CLUB, name: 'Club', folder: 'club', role: 'BE' });
  }
  await room.start();
  let count = 0;
  return {
    store, agents, groups, queue, bus, channels, room, faults, asked, ipc, dir: dir.path,
    telegram: wires.telegram!,
    async ask(folder: string, box: 'messages' | 'tasks', body: object): Promise<MailboxAnswer> {
      const name = `${Date.now()}-${(count += 1)}.json`;
      const file = join(ipc, folder, box, name);
      writeFileSync(`${file}.tmp`, JSON.stringify(body));
      renameSync(`${file}.tmp`, file);
      return (await readWhenThere(join(ipc, folder, 'answers', name))) as MailboxAnswer;
    },
    /** A call of the team bus by the agent of a group. */
    async team(folder: string, tool: string, args: object = {}): Promise<MailboxAnswer> {
      return this.ask(folder, 'tasks', { type: 'team_call', tool, arguments: args });
    },
    snapshot: (folder: string, name: string): unknown => JSON.parse(readFileSync(join(ipc, folder, name), 'utf8')),
    async close() {
      await queue.stop();
      await room.stop();
      await channels.stop();
      await bus.stop();
      store.close();
      dir.remove();
    },
  };
}

export type MailboxRooms = Awaited<ReturnType<typeof makeMailboxRooms>>;
