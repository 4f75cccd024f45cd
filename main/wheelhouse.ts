import { dirname } from 'node:path';
import { SessionExpiry } from './access/session-expiry.ts';
import type { NotifySession } from './access/session-notices.ts';
import { SessionUpkeep } from './access/session-upkeep.ts';
import { SessionUse } from './access/session-use.ts';
import { sweepTempFiles } from './base/temp-files.ts';
import type { Clock } from './base/clock.ts';
import type { Unsubscribe } from './base/emitter.ts';
import type { Log } from './base/log.ts';
import { prepareDataDir } from './config/data-dir.ts';
import type { Environment } from './config/load.ts';
import type { SecretStore } from './config/secret-store.ts';
import type { AnyCallAnswer, AnyCallArgs, AnyCallName, CallSource } from './server/cli-calls.ts';
import type { DesktopNotices } from './notify/transports/desktop.ts';
import { LazyMcp } from './server/lazy-mcp.ts';
import { startServer, type CoreFacts } from './server/server.ts';
import { BackupSchedule } from './store/backup-schedule.ts';
import { acquireDaemonLock } from './store/daemon-lock.ts';
import { DiskWatch } from './wheelhouse/disk-watch.ts';
import { openNotify } from './wheelhouse/notify.ts';
import { followSecrets } from './wheelhouse/secrets.ts';
import { agentImageDir } from './wheelhouse/engine.ts';
import { RecoveryNotices } from './wheelhouse/recovery-notices.ts';
import { openRooms } from './wheelhouse/rooms.ts';
import { openUpdates } from './wheelhouse/updates.ts';
import type { Updater } from './updates/updates.ts';
import type { AppInfo, LiveEvent } from '../preload/contract.ts';

export interface WheelhouseOptions extends Omit<CoreFacts, 'busKey'> {
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly log: Log;
  /** That of this process, for DOCKER_HOST and for programs to find their way. */
  readonly env?: Environment;
  /** Takes the notices about sessions instead of the outbox. */
  readonly notifySession?: NotifySession;
  /** Shows notices on the desktop of this machine; without it they go by the other channels. */
  readonly desktopNotices?: DesktopNotices;
  /** Replaces this installation by a newer version; without it the person does. */
  readonly updater?: Updater;
  /** Serves the fixtures of the MCP conformance suite at `/mcp` instead of the bus, to anybody on this machine. */
  readonly conformance?: boolean;
}

/** A running core: what the tray, the windows and the command line hold on to. */
export interface Wheelhouse {
  readonly info: AppInfo;
  /** What windows see: the listener gets one snapshot, then patches. */
  readonly live: { subscribe(listener: (event: LiveEvent) => void): Unsubscribe };
  /** Makes a call as the person at this machine. Never rejects: what went wrong is in the answer. */
  call<N extends AnyCallName>(name: N, args: AnyCallArgs<N>, source: CallSource): Promise<AnyCallAnswer<N>>;
  /** A link that opens the windows in a browser: good once, for ten minutes. */
  uiLink(): string;
  /** The machine woke up: looks at every deadline now. */
  resume(): void;
  /** Stops everything in reverse order; safe to call twice. */
  stop(): Promise<void>;
}

/** Throws DATA_DIR_UNUSABLE, ALREADY_RUNNING, DATABASE_*, CONFIG_INVALID, PORT_TAKEN; what was started is stopped again. */
export type StartWheelhouse = (options: WheelhouseOptions) => Promise<Wheelhouse>;

/** Puts the rooms together and starts them, lowest floor first (DESIGN §2). */
export const startWheelhouse: StartWheelhouse = async (options) => {
  // What was started stops in reverse order, at the end as well as when a later step of the start fails.
  await using starting = new AsyncDisposableStack();
  const { dataDir, config, secrets, clock, platform, version } = options;
  const log = options.log.child({ room: 'core' });
  const report = (what: string, error: unknown): void => log.error({ err: error }, what);

  const paths = prepareDataDir(dataDir, (message) => log.warn(message));
  const { busKey } = secrets.values();
  const lock = await acquireDaemonLock({ dataDir, clock });
  starting.defer(() => lock.release());
  await Promise.all([paths.root, paths.tokens].map(async (dir) => sweepTempFiles(dir, clock.now())));

  const rooms = openRooms({
    paths,
    config,
    clock,
    platform,
    verify: lock.afterCrash,
    env: options.env ?? {},
    agentDir: agentImageDir(options.rendererDir),
    onSessionEnded: async (sessionId) => mcp.endSession(sessionId),
    notifySession: options.notifySession,
    secrets,
    language: () => server.settings().language,
    origin: () => new URL(server.info.mcpUrl).origin,
    report,
  });
  const { store, guard, bus, agents, keys, sessions, killSwitch, backup } = rooms;
  starting.defer(() => store.close());
  rooms.legacy.atStart([paths.root, dirname(paths.database)], log);
  const backups = new BackupSchedule({ store, dir: paths.backups, everyHours: config.storage.backup_every_hours, kept: config.storage.backups_kept, clock, log });
  starting.defer(() => backups.stop());

  const { roles, coordinator, resources } = config.bus;
  const mcp = new LazyMcp(async () => {
    if (options.conformance === true) {
      const { createConformanceEndpoint } = await import('./server/mcp/conformance.ts');
      return createConformanceEndpoint({ clock, log: options.log, version });
    }
    const { createMcpEndpoint } = await import('./server/mcp/endpoint.ts');
    return createMcpEndpoint({ bus, guard, roles, coordinator, resources, maxBodyBytes: config.server.max_body_kb * 1024, clock, version, log: options.log });
  });

  const expiry = new SessionExpiry(sessions, clock, (error) => report('a session could not be ended', error));
  starting.defer(async () => expiry.stop());
  const upkeep = new SessionUpkeep({ store, clock, keys, renewals: rooms.renewals, keepEndedDays: config.storage.session_days, notify: rooms.notifySession, report });
  starting.defer(() => upkeep.stop());
  const use = new SessionUse({ store, clock, report });
  starting.defer(() => use.stop());

  const notices = openNotify({
    ...rooms,
    clock,
    dataDir,
    config: config.notify,
    secrets,
    desktop: options.desktopNotices ?? null,
    acknowledgeCompletion: async ({ completionId }) => void rooms.done.completions.ack(Number(completionId), 'person'),
    language: () => server.settings().language,
    kind: 'core',
    report,
  });
  starting.defer(async () => notices.stop());

  const updates = openUpdates({ ...rooms, clock, log: options.log, version, platform, config: config.updates, updater: options.updater ?? null });
  starting.defer(async () => updates.stop());

  const server = await startServer({
    facts: { dataDir, config, busKey, mode: options.mode, version, rendererDir: options.rendererDir, platform },
    clock,
    store,
    guard,
    bus,
    agents,
    sessions,
    access: rooms,
    done: rooms.done,
    engine: rooms.engine,
    notices,
    secrets,
    chat: rooms,
    schedule: rooms.scheduled,
    work: rooms.work,
    updates,
    sessionUsed: (sessionId, client) => use.used(sessionId, client),
    mcp: { auth: options.conformance === true ? 'public' : 'agents', fetch: async (request, identity) => mcp.fetch(request, identity) },
    imports: rooms.imports,
    backup,
    report,
  });
  starting.defer(async () => server.stop());
  starting.defer(async () => mcp.close());
  starting.defer(async () => rooms.imports.stop());
  bus.start();
  starting.defer(async () => bus.stop());
  starting.defer(async () => server.beginStop());
  starting.defer(followSecrets({ ...rooms, secrets, notices }));

  store.onCommit((events) => {
    if (!events.some(({ kind }) => kind === 'session')) return;
    void expiry.check();
    upkeep.check();
  });
  await expiry.check();
  upkeep.check();
  starting.defer(async () => killSwitch.stop());
  void killSwitch.start();
  const recovery = new RecoveryNotices({ ...rooms, clock, report });
  starting.defer(() => recovery.stop());
  recovery.start();
  store.onCommit((events) => rooms.done.watch.heard(events));
  starting.defer(async () => rooms.engine.stop());
  starting.defer(async () => rooms.done.watch.stop());
  rooms.done.watch.start();
  starting.defer(async () => rooms.channels.stop());
  rooms.channels.start();
  rooms.engine.start();
  starting.defer(async () => rooms.mailbox.stop());
  await rooms.mailbox.start();
  starting.defer(async () => rooms.scheduled.scheduler.stop());
  rooms.scheduled.scheduler.start();
  starting.defer(async () => rooms.work.queue.stop());
  rooms.work.queue.start();
  backups.start();
  const disk = new DiskWatch({ ...rooms, clock, dataDir, report });
  starting.defer(() => disk.stop());
  disk.check();
  updates.start();
  notices.start();
  await lock.update({ host: config.server.host, port: server.port });
  log.info({ port: server.port }, `Wheelhouse ${version} is running`);

  const running = starting.move();
  let stopping: Promise<void> | null = null;
  return {
    info: server.info,
    live: server.live,
    call: async (name, args, source) => server.calls.run(name, args, source),
    uiLink: () => server.uiLink(),
    resume() {
      bus.resume();
      void expiry.check();
      upkeep.check();
      rooms.done.watch.resume();
      recovery.check();
      notices.resume();
      rooms.channels.wake();
      rooms.scheduled.scheduler.resume();
      rooms.work.queue.wake();
      rooms.mailbox.resume();
    },
    stop: async () => (stopping ??= running.disposeAsync()),
  };
};
