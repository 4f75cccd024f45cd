import type { Agents } from '../access/agents.ts';
import type { AutoStop } from '../access/auto-stop.ts';
import type { Guard } from '../access/guard.ts';
import type { KillSwitch } from '../access/kill-switch.ts';
import type { MasterPassword } from '../access/master-password.ts';
import type { Nonces } from '../access/nonces.ts';
import type { OwnerProofs } from '../access/owner-proof.ts';
import type { Owners } from '../access/owners.ts';
import type { Renewals } from '../access/renewals.ts';
import { SecretKey } from '../access/secret-key.ts';
import type { SessionRenewal } from '../access/session-renewal.ts';
import type { Sessions } from '../access/sessions.ts';
import { iso, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import { isLoopbackHost } from '../base/loopback.ts';
import type { TeamBus } from '../bus/bus.ts';
import { Team } from '../bus/team.ts';
import type { Config } from '../config/schema.ts';
import type { Store } from '../store/store.ts';
import type { AppInfo, UiSettings } from '../../preload/contract.ts';
import { killSwitchView } from './access-calls.ts';
import type { CompletionCallParts } from './completion-calls.ts';
import type { EngineCallParts } from './engine-calls.ts';
import { createApp } from './app.ts';
import { Authenticator } from './authenticator.ts';
import { BoundServer } from './bound-server.ts';
import { CallTable } from './calls.ts';
import type { AgentRooms } from './agent-views.ts';
import type { ChatRooms } from './channel-views.ts';
import type { CliOnlyCalls } from './cli-calls.ts';
import type { Report } from './error-answer.ts';
import { checkHealth, type Dependency } from './health.ts';
import { LiveFeed } from './live.ts';
import { LiveSockets } from './live-sockets.ts';
import { removeLocalKey, writeLocalKey } from './local-key.ts';
import type { NoticeRooms } from './notice-calls.ts';
import { createOriginGate } from './origin-gate.ts';
import type { Imports } from './import-calls.ts';
import { personCalls } from './person-calls.ts';
import { RateLimit } from './rate-limit.ts';
import { ReadModel } from './read-model.ts';
import type { SecretRooms } from './secret-calls.ts';
import { routeTable, type McpRoute } from './route-table.ts';
import type { ScheduleCallParts } from './schedule-calls.ts';
import { UiAccess } from './ui-access.ts';
import { UiFiles } from './ui-files.ts';
import { UiSettingsKeeper } from './ui-settings.ts';
import type { UpdateCallParts } from './update-calls.ts';

/** What a start of the core is told about itself. */
export interface CoreFacts {
  /** Absolute path. */
  readonly dataDir: string;
  readonly config: Config;
  /** The shared key of seed 001; null: off. */
  readonly busKey: string | null;
  readonly mode: AppInfo['mode'];
  readonly version: string;
  /** Where the built windows are; null when this start serves none. */
  readonly rendererDir: string | null;
  readonly platform: NodeJS.Platform;
}

export interface ServerParts {
  readonly facts: CoreFacts;
  readonly clock: Clock;
  readonly store: Store;
  readonly guard: Guard;
  readonly bus: TeamBus;
  readonly agents: Agents;
  readonly sessions: Sessions;
  readonly access: AccessRooms;
  readonly done: CompletionCallParts;
  readonly engine: EngineCallParts;
  readonly notices: NoticeRooms;
  readonly secrets: SecretRooms;
  readonly chat: ChatRooms;
  readonly schedule: ScheduleCallParts;
  readonly work: AgentRooms;
  readonly updates: UpdateCallParts;
  /** Hears of every request of a session, with what its client calls itself. */
  readonly sessionUsed: (sessionId: string, client: string | null) => void;
  readonly mcp: McpRoute;
  readonly imports: Imports;
  readonly backup: () => CliOnlyCalls['backup.now']['result'];
  readonly report: Report;
}

/** The rest of the access room. */
export interface AccessRooms {
  readonly autoStop: AutoStop;
  readonly killSwitch: KillSwitch;
  readonly masterPassword: MasterPassword;
  readonly nonces: Nonces;
  readonly proofs: OwnerProofs;
  readonly owners: Owners;
  readonly renewal: SessionRenewal;
  readonly renewals: Renewals;
}

/** The listening server with everything that windows and command line use of it. */
export interface CoreServer {
  readonly info: AppInfo;
  readonly port: number;
  readonly live: LiveFeed;
  readonly calls: CallTable;
  /** Language and theme as they are now. */
  settings(): UiSettings;
  /** A link that opens the windows in a browser: good once, for ten minutes. */
  uiLink(): string;
  /** Takes nothing new from now on and tells the windows what happened last; {@link stop} waits for the rest. */
  beginStop(): Promise<void>;
  stop(): Promise<void>;
}

/** Throws PORT_TAKEN, CONFIG_INVALID. */
export async function startServer(parts: ServerParts): Promise<CoreServer> {
  const { host, port, allow_remote: allowRemote } = parts.facts.config.server;
  if (parts.mcp.auth === 'public' && !isLoopbackHost(host)) {
    throw new AppError('CONFIG_INVALID', `The conformance fixtures ask for no token, so they are served on loopback only, not on ${host}.`, { key: 'server.host' });
  }
  const bound = await BoundServer.bind({ host, port, allowRemote, ownClasses: parts.facts.mode === 'headless' });
  try {
    return assemble(parts, bound, await writeLocalKey(parts.facts.dataDir));
  } catch (error) {
    await bound.stop();
    throw error;
  }
}

function assemble(parts: ServerParts, bound: BoundServer, localKey: string): CoreServer {
  const { facts, clock, store, guard, bus, agents, sessions, report } = parts;
  const { owners, renewal, renewals } = parts.access;
  const { config, version } = facts;
  const { coordinator, roles, resources } = config.bus;
  const baseUrl = `http://${addressOf(config.server.host)}:${bound.port}`;
  const info: AppInfo = {
    name: 'Wheelhouse',
    version,
    mode: facts.mode,
    platform: facts.platform,
    mcpUrl: `${baseUrl}/mcp`,
    dataDir: facts.dataDir,
    startedAt: iso(clock.now()),
  };

  const settings = new UiSettingsKeeper({ dataDir: facts.dataDir, initial: config.ui, store });
  const health = async () => checkHealth(guard, dependencies(parts));
  const model = new ReadModel({
    bus,
    agents,
    sessions,
    renewals,
    done: parts.done,
    notices: parts.notices,
    chat: parts.chat,
    schedule: parts.schedule.model,
    work: parts.work,
    info,
    settings: () => settings.current,
    health,
    killSwitch: () => killSwitchView(parts.access),
    coordinator,
    resources,
  });
  const live = new LiveFeed({ model, clock, onEvents: (listener) => bus.subscribe(listener), onOutput: (listener) => parts.work.watch.on(listener), report });
  const sockets = new LiveSockets(live, clock);

  const ui = new UiAccess(clock);
  const uiLink = (): string => `${baseUrl}/ui/open?key=${ui.newLinkKey()}`;
  const newRequestId = (): string => uuidv7(clock.now());
  const calls = new CallTable({
    calls: personCalls({
      bus,
      agents,
      sessions,
      renewals,
      access: parts.access,
      done: parts.done,
      engine: parts.engine,
      notices: parts.notices,
      secrets: parts.secrets,
      chat: parts.chat,
      schedule: parts.schedule,
      work: parts.work,
      updates: parts.updates,
      store,
      model,
      info,
      team: new Team(roles, coordinator),
      coordinator,
      changeSettings: async (changes) => settings.change(changes),
      uiLink,
      imports: parts.imports,
      backup: parts.backup,
    }),
    newRequestId,
    report,
  });

  const cookieName = `wheelhouse_${bound.port}`;
  const { busKey } = facts;
  const app = createApp({
    routes: routeTable({
      version,
      health,
      mcp: parts.mcp,
      calls,
      sockets,
      files: new UiFiles(facts.rendererDir),
      cookieName,
      admin: parts.access,
      owners: { agents, owners },
      sessions: { agents, sessions, renewal, ownerStateOf: (agentId) => owners.of(agentId).state },
      reject: { renewals, guard },
    }),
    gate: createOriginGate({ host: config.server.host, port: bound.port, allowedHosts: config.server.allowed_hosts }),
    authenticator: new Authenticator({
      verifySession: async (token) => {
        const principal = await sessions.verify(token);
        parts.access.autoStop.called(principal.agentId);
        return principal;
      },
      verifyForRenewal: async (token) => sessions.verifyForRenewal(token),
      sessionUsed: parts.sessionUsed,
      sharedKey: busKey === null ? null : new SecretKey(busKey),
      localKey: new SecretKey(localKey),
      ui,
      verifyMasterPassword: async (password, source) => parts.access.masterPassword.verify(password, source),
      checkOwner: async (proof, action) => parts.access.proofs.check(proof, action),
      cookieName,
    }),
    limit: new RateLimit(clock, config.server.rate_limit_rpm),
    guard,
    maxBodyBytes: config.server.max_body_kb * 1024,
    newRequestId,
    report,
  });
  bound.serve(async (request, env) => app.fetch(request, env));

  return {
    info,
    port: bound.port,
    live,
    calls,
    settings: () => settings.current,
    uiLink,
    async beginStop() {
      void bound.stop();
      await live.close();
      sockets.closeAll();
    },
    async stop() {
      await bound.stop();
      await removeLocalKey(facts.dataDir);
    },
  };
}

function dependencies({ store, bus }: ServerParts): readonly Dependency[] {
  return [
    { name: 'database', check: async () => store.db.prepare('SELECT 1').get() },
    { name: 'bus', check: async () => bus.position() },
  ];
}

/** A name for this server that works in a browser on this machine. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
