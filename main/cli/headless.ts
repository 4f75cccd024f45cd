import { systemClock } from '../base/clock.ts';
import { createLog } from '../base/log.ts';
import { dataPaths } from '../config/data-dir.ts';
import { loadConfig } from '../config/load.ts';
import { SecretStore } from '../config/secret-store.ts';
import { systemDesktop } from '../notify/transports/system-desktop.ts';
import type { AnyCallArgs, AnyCallName, AnyCallResult } from '../server/cli-calls.ts';
import { startWheelhouse, type Wheelhouse } from '../wheelhouse.ts';
import { resultOf } from './core.ts';
import { findInstallation } from './installation.ts';

export interface HeadlessOptions {
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** Instead of the configured one; 0 takes any free port. */
  readonly port?: number;
  readonly conformance?: boolean;
}

/** A core in this process, without a tray. */
export interface HeadlessCore extends Omit<Wheelhouse, 'call'> {
  /** A call as the person; rejects with the AppError that the core answered. */
  call<N extends AnyCallName>(name: N, args: AnyCallArgs<N>): Promise<AnyCallResult<N>>;
}

/** Starts the core; resolves when it is healthy. Throws as `startWheelhouse` does. */
export async function startHeadless({ dataDir, env, platform, port, conformance = false }: HeadlessOptions): Promise<HeadlessCore> {
  const { version, rendererDir } = findInstallation();
  const settings = port === undefined ? env : { ...env, WAIAAS_SERVER_PORT: String(port) };
  const config = loadConfig({ dataDir, env: settings });
  const secrets = new SecretStore({ dataDir, env, agentNames: config.agents.credentials, clock: systemClock, warn: (line) => log.warn(line) });
  const log = createLog({ level: config.log.level, dir: dataPaths(dataDir).logs, maxSizeMb: config.log.max_size_mb, maxFiles: config.log.max_files, hide: (line) => secrets.hide(line) });
  const desktop = systemDesktop(platform, env);
  try {
    const core = await startWheelhouse({
      dataDir,
      config,
      secrets,
      clock: systemClock,
      log,
      mode: 'headless',
      version,
      rendererDir,
      env,
      platform,
      desktopNotices: desktop,
      conformance,
    });
    return {
      info: core.info,
      live: core.live,
      uiLink: () => core.uiLink(),
      resume: () => core.resume(),
      call: async (name, args) => resultOf(await core.call(name, args, 'cli')),
      async stop() {
        await core.stop();
        desktop.close();
        log.close();
      },
    };
  } catch (error) {
    log.close();
    throw error;
  }
}
