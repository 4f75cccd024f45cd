import type { NotifySession } from '../../main/access/session-notices.ts';
import { systemClock, type Clock } from '../../main/base/clock.ts';
import { silentLog, type Log } from '../../main/base/log.ts';
import { defaultConfig, type Config, type ConfigChanges, type Secrets } from '../../main/config/schema.ts';
import { SecretStore } from '../../main/config/secret-store.ts';
import type { DesktopNotices } from '../../main/notify/transports/desktop.ts';
import { localKeyFile } from '../../main/server/local-key.ts';
import type { AnyCallArgs, AnyCallName, AnyCallResult } from '../../main/server/cli-calls.ts';
import { startWheelhouse, type Wheelhouse } from '../../main/wheelhouse.ts';
import type { Updater } from '../../main/updates/updates.ts';
import { readFileSync } from 'node:fs';
import { makeTempDir } from './temp-dir.ts';

export interface CoreOverrides {
  /** Default: a temporary directory that `stop` removes. */
  readonly dataDir?: string;
  readonly config?: ConfigChanges;
  readonly clock?: Clock;
  readonly log?: Log;
  readonly busKey?: string | null;
  /** As if they stood in the environment. */
  readonly secrets?: Partial<Secrets>;
  readonly mode?: 'desktop' | 'headless';
  readonly rendererDir?: string | null;
  readonly conformance?: boolean;
  readonly notifySession?: NotifySession;
  readonly desktopNotices?: DesktopNotices;
  readonly updater?: Updater;
}

/** A real core with what a test needs to talk to it. */
export interface TestCore {
  readonly core: Wheelhouse;
  readonly dataDir: string;
  /** `http://127.0.0.1:<free port>`. */
  readonly url: string;
  /** The key with which the command line proves itself. */
  readonly localKey: string;
  /** A call of the command line; rejects with an Error that has the answer's `code` and `details`. */
  call<N extends AnyCallName>(name: N, args: AnyCallArgs<N>): Promise<AnyCallResult<N>>;
  /** Adds an agent of the role and gives it a session. */
  agent(name: string, role: string, ttlSec?: number): Promise<{ readonly token: string; readonly sessionId: string; readonly agentId: string }>;
  /** Opens a browser window's door: the value of its `Cookie` header. */
  windowCookie(): Promise<string>;
  /** Stops the core and removes the temporary directory. */
  stop(): Promise<void>;
}

/** A core on a free port of this machine, in a directory of its own, that loses speed for nothing (no fsync per commit). */
export async function startCore(overrides: CoreOverrides = {}): Promise<TestCore> {
  const temp = overrides.dataDir === undefined ? makeTempDir() : null;
  const dataDir = overrides.dataDir ?? temp!.path;
  const config = testConfig(overrides.config);
  const clock = overrides.clock ?? systemClock;
  const core = await startWheelhouse({
    dataDir,
    config,
    secrets: new SecretStore({ dataDir, env: variables({ busKey: overrides.busKey ?? null, ...overrides.secrets }), agentNames: config.agents.credentials, clock, warn: () => undefined }),
    clock,
    log: overrides.log ?? silentLog(),
    mode: overrides.mode ?? 'headless',
    version: '0.0.0-test',
    rendererDir: overrides.rendererDir ?? null,
    platform: process.platform,
    conformance: overrides.conformance ?? false,
    ...(overrides.desktopNotices !== undefined && { desktopNotices: overrides.desktopNotices }),
    ...(overrides.updater !== undefined && { updater: overrides.updater }),
    ...(overrides.notifySession !== undefined && { notifySession: overrides.notifySession }),
  }).catch((error: unknown) => {
    temp?.remove();
    throw error;
  });
  const url = new URL(core.info.mcpUrl).origin;

  const call = async <N extends AnyCallName>(name: N, args: AnyCallArgs<N>): Promise<AnyCallResult<N>> => {
    const answer = await core.call(name, args, 'cli');
    if (answer.ok) return answer.result;
    throw Object.assign(new Error(answer.error.message), { code: answer.error.code, details: answer.error.details });
  };

  return {
    core,
    dataDir,
    url,
    localKey: readFileSync(localKeyFile(dataDir), 'utf-8'),
    call,
    async agent(name, role, ttlSec) {
      const { agent } = await call('agents.add', { name, role });
      const { session, token } = await call('sessions.create', { agent: agent.id, ...(ttlSec !== undefined && { ttl_sec: ttlSec }) });
      return { token, sessionId: session.id, agentId: agent.id };
    },
    async windowCookie() {
      const opened = await fetch(core.uiLink());
      return opened.headers.get('set-cookie')!.split(';', 1)[0]!;
    },
    async stop() {
      await core.stop();
      temp?.remove();
    },
  };
}

function variables({ busKey, botToken, discordWebhook, ntfyToken }: Partial<Secrets>): Readonly<Record<string, string>> {
  const named = Object.entries({ CO_BUS_KEY: busKey, ANU_BOT_TOKEN: botToken, DISCORD_WEBHOOK_URL: discordWebhook, NTFY_TOKEN: ntfyToken });
  return Object.fromEntries(named.flatMap(([name, value]) => (value === undefined || value === null ? [] : [[name, value]])));
}

/** The defaults on a free port, without what would slow tests down; then `changes`. */
export function testConfig(changes: ConfigChanges = {}): Config {
  const config = defaultConfig();
  const base: Config = { ...config, server: { ...config.server, port: 0 }, storage: { ...config.storage, durability: 'normal' }, notify: { ...config.notify, desktop: false } };
  const sections = Object.entries(base).map(([section, keys]) => [section, { ...keys, ...changes[section as keyof Config] }]);
  return Object.fromEntries(sections) as Config;
}
