import { systemClock } from '../../base/clock.ts';
import { loadConfig } from '../../config/load.ts';
import { defaultConfig, type Config } from '../../config/schema.ts';
import type { CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../input.ts';
import { findInstallation } from '../installation.ts';
import { baseAddress, coreAddress, httpAddress } from './core-address.ts';
import { runBridge } from './run-bridge.ts';
import { tokenFileOf } from './token-file-of.ts';

/** `wheelhouse mcp bridge`: standard output carries JSON-RPC and nothing else. */
export async function mcpBridge({ io, input, output, dataDir }: CommandContext): Promise<number> {
  const agent = input.text('agent');
  const named = input.text('url') ?? (io.env['WAIAAS_BASE_URL'] || undefined);
  const fixed = named === undefined ? undefined : baseAddress(named);
  if (fixed === null) throw new UsageError('--url (or WAIAAS_BASE_URL) is an http or https address without a password.');
  const config = readConfig(dataDir, io.env, (text) => output.note(text));
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
    version: findInstallation().version,
    bundledTools: async () => (await import('./bundled-tools.ts')).bundledTools(config.bus.roles),
    tokenCommand: `wheelhouse mcp refresh-token${agent === undefined ? '' : ` --agent "${agent}"`}`,
  });
  return EXIT.ok;
}

/** A mistake in the configuration stops the core, and must not stop the client from being told so. */
function readConfig(dataDir: string, env: NodeJS.ProcessEnv, note: (text: string) => void): Config {
  try {
    return loadConfig({ dataDir, env });
  } catch (error) {
    note(`The configuration was not read: ${error instanceof Error ? error.message : String(error)}`);
    return defaultConfig();
  }
}
