import { systemClock } from '../../base/clock.ts';
import { loadConfig } from '../../config/load.ts';
import { defaultConfig, type Config } from '../../config/schema.ts';
import { UsageError } from '../input.ts';
import type { CliIo } from '../io.ts';
import { baseAddress, coreAddress, httpAddress } from './core-address.ts';
import { runBridge } from './run-bridge.ts';
import { tokenFileOf } from './token-file-of.ts';

export interface BridgeStart {
  readonly io: Pick<CliIo, 'stdin' | 'out' | 'err' | 'onStop' | 'env'>;
  readonly dataDir: string;
  /** Undefined: the default token file. */
  readonly agent: string | undefined;
  /** Undefined: that of the core on the data directory, found at every connection. */
  readonly url: string | undefined;
  readonly version: string;
}

/** Runs the bridge of this process until its standard input ends. Throws a usage error for a wrong address or name. */
export async function startBridge({ io, dataDir, agent, url, version }: BridgeStart): Promise<void> {
  const fixed = url === undefined ? undefined : baseAddress(url);
  if (fixed === null) throw new UsageError('--url (or WAIAAS_BASE_URL) is an http or https address without a password.');
  const config = readConfig(dataDir, io);
  const { host, port } = config.server;
  await runBridge({
    stdin: io.stdin(),
    out: io.out,
    err: io.err,
    onStop: io.onStop,
    clock: systemClock,
    fetch,
    baseUrl: () => coreAddress({ dataDir, fixed, configured: httpAddress(host, port) }),
    tokenFile: tokenFileOf(dataDir, agent),
    envToken: io.env['WAIAAS_SESSION_TOKEN'],
    version,
    bundledTools: async () => (await import('./bundled-tools.ts')).bundledTools(config.bus.roles),
    tokenCommand: `wheelhouse mcp refresh-token${agent === undefined ? '' : ` --agent "${agent}"`}`,
  });
}

/** A mistake in the configuration stops the core, and must not stop the client from being told so. */
function readConfig(dataDir: string, { env, err }: BridgeStart['io']): Config {
  try {
    return loadConfig({ dataDir, env });
  } catch (error) {
    err(`wheelhouse bridge: the configuration was not read: ${error instanceof Error ? error.message : String(error)}\n`);
    return defaultConfig();
  }
}
