import { statSync } from 'node:fs';
import { Agents } from '../access/agents.ts';
import { AutoStop } from '../access/auto-stop.ts';
import { createGuard, type Guard } from '../access/guard.ts';
import { KillSwitch } from '../access/kill-switch.ts';
import { MasterPassword } from '../access/master-password.ts';
import { Nonces } from '../access/nonces.ts';
import { OwnerProofs } from '../access/owner-proof.ts';
import { Owners } from '../access/owners.ts';
import { Renewals } from '../access/renewals.ts';
import type { NotifySession } from '../access/session-notices.ts';
import { SessionRenewal } from '../access/session-renewal.ts';
import { Sessions } from '../access/sessions.ts';
import { SigningKeys } from '../access/signing-keys.ts';
import { groupAgents } from '../agents/group-agents.ts';
import { Groups } from '../agents/groups.ts';
import type { Clock } from '../base/clock.ts';
import { TeamBus } from '../bus/bus.ts';
import { SqliteBusStore } from '../bus/sqlite-store.ts';
import { Team } from '../bus/team.ts';
import type { Channels } from '../channels/channels.ts';
import type { DataPaths } from '../config/data-dir.ts';
import type { Environment } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import type { SecretStore } from '../config/secret-store.ts';
import type { RejectLinks } from '../notify/dispatcher.ts';
import { Notifications } from '../notify/notifications.ts';
import { rejectUrl } from '../server/reject-routes.ts';
import { backup } from '../store/backup.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { AccessNotices } from './access-notices.ts';
import { openAgents, type AgentsRoom } from './agents.ts';
import { busNotices } from './bus-notices.ts';
import { languageOf, openChannels } from './channels.ts';
import { openCompletions, type CompletionsRoom } from './completions.ts';
import { openEngine, type EngineRoom } from './engine.ts';
import { openMailbox, type MailboxRoom } from './mailbox.ts';
import { runNotices } from './run-notices.ts';
import { ImportJob } from './import-job.ts';
import { LegacyImport } from './legacy-import.ts';
import { openSchedule, scheduleGroups, zoneOf, type ScheduleRoom } from './schedule.ts';

export interface RoomsOptions {
  readonly paths: DataPaths;
  readonly config: Config;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  /** Whether to look through the whole database first, as after a crash. */
  readonly verify: boolean;
  /** Ours; what the rooms may use of it, they name. */
  readonly env: Environment;
  /** From what the image of the agents is built. */
  readonly agentDir: string;
  /** Hears of a session that ended, before the bus takes its locks and claims. */
  readonly onSessionEnded: (sessionId: string) => Promise<void>;
  /** Takes the notices about sessions instead of the outbox. */
  readonly notifySession?: NotifySession | undefined;
  readonly secrets: SecretStore;
  /** The setting as it is now; what is said to chats follows it at once. */
  readonly language: () => Config['ui']['language'];
  /** Where the core listens, as `http://127.0.0.1:3100`: owners sign it. Throws NOT_RUNNING while it does not. */
  readonly origin: () => string;
  readonly report: (what: string, error: unknown) => void;
}

/** The rooms that work on the data directory; nothing of them runs on its own or listens. */
export interface Rooms {
  readonly store: Store;
  readonly guard: Guard;
  readonly notifications: Notifications;
  readonly notifySession: NotifySession;
  readonly rejectLinks: RejectLinks;
  readonly bus: TeamBus;
  readonly team: Team;
  readonly agents: Agents;
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  readonly renewal: SessionRenewal;
  readonly renewals: Renewals;
  readonly masterPassword: MasterPassword;
  readonly nonces: Nonces;
  readonly proofs: OwnerProofs;
  readonly owners: Owners;
  readonly killSwitch: KillSwitch;
  readonly autoStop: AutoStop;
  readonly done: CompletionsRoom;
  readonly groups: Groups;
  readonly channels: Channels;
  readonly engine: EngineRoom;
  readonly scheduled: ScheduleRoom;
  readonly work: AgentsRoom;
  readonly mailbox: MailboxRoom;
  readonly legacy: LegacyImport;
  /** Imports that the person asks for. */
  readonly imports: ImportJob;
  readonly backup: () => { readonly file: string; readonly bytes: number };
}

/** Opens the database and puts the rooms on it together. The caller closes the store. Throws DATABASE_*, DATA_DIR_UNUSABLE. */
export function openRooms(options: RoomsOptions): Rooms {
  const { paths, config, clock, platform, secrets, report } = options;
  const store = openStore({
    file: paths.database,
    durability: config.storage.durability,
    clock,
    onListenerError: (error) => report('a listener to the activity log failed', error),
    verify: options.verify,
  });
  const guard = createGuard(store);
  const notifications = new Notifications(store);
  const accessNotices = new AccessNotices(store, notifications);
  const notifySession = options.notifySession ?? accessNotices.session;
  const { roles, coordinator } = config.bus;
  const busStore = new SqliteBusStore(store, { clock, platform, claimSilenceMs: config.bus.claim_silence_sec * 1000, coordinator, acks: busNotices({ notifications, coordinator }) });
  const bus = new TeamBus({
    store: busStore,
    guard,
    clock,
    roles,
    coordinator,
    maxMessageBytes: config.bus.max_message_kb * 1024,
    lockTtlSec: config.bus.lock_ttl_sec,
    retention: {
      maxMessages: config.storage.max_messages,
      messageDays: config.storage.message_days,
      maxEvents: config.storage.max_events,
      eventDays: config.storage.event_days,
      idempotencyHours: config.storage.idempotency_hours,
    },
    onError: report,
  });
  const team = new Team(roles, coordinator);
  const agents = new Agents({ store, guard, assertRole: (argument, role) => team.assertRole(argument, role) });
  const keys = new SigningKeys(store);
  const sessions = new Sessions({
    store,
    clock,
    keys,
    policy: {
      ttlSec: config.security.session_ttl_sec,
      maxRenewals: config.security.session_max_renewals,
      absoluteLifetimeSec: config.security.session_absolute_lifetime_sec,
      rejectWindowSec: config.security.session_reject_window_sec,
      maxPerAgent: config.security.max_sessions_per_agent,
    },
    guard,
    onSessionEnded: async (sessionId, reason) => {
      await options.onSessionEnded(sessionId);
      await bus.endSession(sessionId, reason);
    },
  });
  const done = openCompletions({ store, clock, guard, notifications, dataDir: paths.root, config: config.completions, report });
  const groups = new Groups({ store, agents: groupAgents({ agents, roles, coordinator }), assistantName: config.agents.assistant_name });
  const channels = openChannels({
    store,
    clock,
    guard,
    paths,
    config,
    botToken: () => secrets.values().botToken,
    language: () => languageOf(options.language()),
    groups,
    work: { messagesArrived: (groupId) => work.queue.messagesArrived(groupId) },
    agents,
    sessions,
    killSwitch: () => killSwitch,
    bus,
    notifications,
    report,
  });
  const engine = openEngine({ store, clock, paths, config: config.agents, platform, env: options.env, secrets, agentDir: options.agentDir, timeZone: zoneOf(config.schedule.time_zone), report });
  const work = openAgents({
    store,
    clock,
    guard,
    agents,
    autoStop: () => autoStop,
    groups,
    runner: engine.runner,
    conversations: channels.conversations,
    outcomes: {
      started: (tx, scheduleRunId) => scheduled.outcomes.started(tx, scheduleRunId),
      ended: (tx, scheduleRunId, outcome) => scheduled.outcomes.ended(tx, scheduleRunId, outcome),
    },
    notices: runNotices(notifications),
    config: config.agents,
    language: () => languageOf(options.language()),
    report,
  });
  const scheduled = openSchedule({ store, clock, guard, config: config.schedule, groups: scheduleGroups(groups), runs: work.taskRuns, notifications, report });
  const mailbox = openMailbox({
    store,
    clock,
    guard,
    agents,
    autoStop: { called: (agentId) => autoStop.called(agentId) },
    groups,
    queue: work.queue,
    channels,
    schedule: scheduled.requests,
    team: { bus, roles, coordinator, resources: config.bus.resources },
    dir: paths.mailbox,
    config: config.agents,
    report,
  });
  const masterPassword = new MasterPassword({ store, clock, revokeSessions: (tx, reason) => sessions.revokeAll(tx, reason, 'invalidate_all') });
  const nonces = new Nonces(store);
  const proofs = new OwnerProofs({ store, clock, nonces, origin: options.origin });
  const owners = new Owners({ store, guard, proofs });
  const killSwitch = new KillSwitch({
    store,
    clock,
    sessions,
    agents,
    owners,
    proofs,
    masterPassword,
    waits: { owner: config.security.kill_switch_recovery_wait_owner, noOwner: config.security.kill_switch_recovery_wait_no_owner },
    cancels: [
      { name: 'lock_waits_ended', run: (tx) => busStore.cancelWaiting(tx) },
      scheduled.cancelStep,
      { name: 'messages_held_back', run: (tx, reason) => channels.outbound.cancelAll(tx, reason) },
      work.cancelStep,
    ],
    stops: [
      { name: 'waiting calls', run: async () => bus.freeze() },
      { name: 'chats', run: async () => channels.freeze() },
      work.stopStep,
    ],
    announce: async (notice) => accessNotices.announce(notice),
    report,
  });
  const autoStop = new AutoStop({
    store,
    clock,
    agents,
    killSwitch,
    notify: (tx, notice) => accessNotices.autoStop(tx, notice),
    rules: {
      failures: config.security.auto_stop_failures,
      failuresAction: config.security.auto_stop_failures_action,
      calls: config.security.auto_stop_calls,
      callsAction: config.security.auto_stop_calls_action,
    },
  });
  const legacy = new LegacyImport({ store, guard, groups, channels, adoptTask: scheduled.adopt, roots: paths });
  const renewals = new Renewals({ store, clock, sessions, notify: notifySession, report });
  const linkOf = (sessionId: string, nonce: string): string => rejectUrl(options.origin(), sessionId, nonce);
  return {
    store,
    guard,
    notifications,
    notifySession,
    rejectLinks: accessNotices.rejectLinks(renewals, linkOf),
    bus,
    team,
    agents,
    keys,
    sessions,
    renewal: new SessionRenewal({
      store,
      clock,
      keys,
      guard,
      ownerStateOf: (agentId) => owners.of(agentId).state,
      rejectUrl: linkOf,
      notify: notifySession,
      report,
    }),
    renewals,
    masterPassword,
    nonces,
    proofs,
    owners,
    killSwitch,
    autoStop,
    done,
    groups,
    channels,
    engine,
    scheduled,
    work,
    mailbox,
    legacy,
    imports: new ImportJob(clock, async (dir, job) => legacy.installation(dir, job)),
    backup() {
      const file = backup(store, paths.backups, clock);
      return { file, bytes: statSync(file).size };
    },
  };
}
