import type { CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findInstallation } from '../installation.ts';
import { startBridge } from './start-bridge.ts';

/** `wheelhouse mcp bridge`: standard output carries JSON-RPC and nothing else. */
export async function mcpBridge({ io, input, dataDir }: CommandContext): Promise<number> {
  const url = input.text('url') ?? (io.env['WAIAAS_BASE_URL'] || undefined);
  await startBridge({ io, dataDir, agent: input.text('agent'), url, version: findInstallation().version });
  return EXIT.ok;
}
