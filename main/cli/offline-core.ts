import { iso, systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import { prepareDataDir } from '../config/data-dir.ts';
import { loadConfig } from '../config/load.ts';
import { SecretStore } from '../config/secret-store.ts';
import { killSwitchView } from '../server/access-calls.ts';
import { CallTable } from '../server/calls.ts';
import { checkHealth } from '../server/health.ts';
import { systemDesktop } from '../notify/transports/system-desktop.ts';
import type { NoticeRooms } from '../server/notice-calls.ts';
import { personCalls } from '../server/person-calls.ts';
import { ReadModel } from '../server/read-model.ts';
import { openNotify } from '../wheelhouse/notify.ts';
import { agentImageDir } from '../wheelhouse/engine.ts';
import { openRooms, type Rooms } from '../wheelhouse/rooms.ts';
import { resultOf, type Core, type OpenCoreOptions } from './core.ts';
import { findInstallation } from './installation.ts';

/**
 * The calls of the core on the data directory itself, while no core runs: nothing listens, nothing waits, and several
 * commands may do so at once. Throws as a start of the core does, without PORT_TAKEN and ALREADY_RUNNING.
 */
export function openOfflineCore({ dataDir, env, warn }: OpenCoreOptions): Core {
  const paths = prepareDataDir(dataDir, warn);
  const config = loadConfig({ dataDir, env });
  const report = (what: string, error: unknown): void => warn(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  const desktop = systemDesktop(process.platform, env);
  const secrets = new SecretStore({ dataDir, env, agentNames: config.agents.credentials, clock: systemClock, warn });
  const rooms = openRooms({ paths, config, clock: systemClock, platform: process.platform, verify: false, onSessionEnded: async () => undefined, origin: needsRunningCore, secrets, language: () => config.ui.language, env, agentDir: agentImageDir(findInstallation().rendererDir), report });
  // Nothing is sent by itself: what a command queues waits for the core, unless the command is about sending.
  const notices = openNotify({
    ...rooms,
    clock: systemClock,
    dataDir,
    config: config.notify,
    secrets,
    rejectLinks: { issue: () => null },
    acknowledgeCompletion: async ({ completionId }) => void rooms.done.completions.ack(Number(completionId), 'person'),
    desktop,
    language: () => config.ui.language,
    kind: 'command',
    report,
  });
  const calls = callTable(rooms, { notices, secrets, dataDir, coordinator: config.bus.coordinator, resources: config.bus.resources, report });
  return {
    running: false,
    call: async (name, args) => resultOf(await calls.run(name, args, 'cli')),
    watch: needsRunningCore,
    async deliver(withinMs) {
      await notices.dispatcher.drain(systemClock.now() + withinMs);
      const { completions, watch } = rooms.done;
      const told = completions.delivered(rooms.notifications.deliveredAmong(completions.untoldNotices()));
      for (const completion of told) await watch.mark(completion);
    },
    async close() {
      await notices.stop();
      desktop.close();
      await rooms.bus.stop();
      rooms.store.close();
    },
  };
}

interface Facts {
  readonly notices: NoticeRooms;
  readonly secrets: SecretStore;
  readonly dataDir: string;
  readonly coordinator: string;
  readonly resources: readonly string[];
  readonly report: (what: string, error: unknown) => void;
}

function callTable(rooms: Rooms, { notices, secrets, dataDir, coordinator, resources, report }: Facts): CallTable {
  const { bus, agents, sessions, renewals, team, guard, backup } = rooms;
  const info = {
    name: 'Wheelhouse',
    version: findInstallation().version,
    mode: 'headless',
    platform: process.platform,
    mcpUrl: '',
    dataDir,
    startedAt: iso(systemClock.now()),
  } as const;
  const model = new ReadModel({
    bus,
    agents,
    sessions,
    renewals,
    done: rooms.done,
    notices,
    chat: rooms,
    schedule: rooms.scheduled.model,
    work: rooms.work,
    info,
    settings: needsRunningCore,
    health: async () => checkHealth(guard, []),
    killSwitch: () => killSwitchView(rooms),
    coordinator,
    resources,
  });
  return new CallTable({
    calls: personCalls({
      bus,
      agents,
      sessions,
      renewals,
      access: rooms,
      done: rooms.done,
      engine: rooms.engine,
      notices,
      secrets,
      chat: rooms,
      schedule: rooms.scheduled,
      work: rooms.work,
      updates: { look: needsRunningCore, restart: needsRunningCore, get status() { return needsRunningCore(); } },
      store: rooms.store,
      model,
      info,
      team,
      coordinator,
      changeSettings: needsRunningCore,
      uiLink: needsRunningCore,
      imports: rooms.imports,
      backup,
    }),
    newRequestId: () => uuidv7(systemClock.now()),
    report,
  });
}

function needsRunningCore(): never {
  throw new AppError('NOT_RUNNING', 'This needs a running core. Start it with: wheelhouse serve');
}
