import { readEnvironmentFile } from './service/environment.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { startHeadless } from './headless.ts';
import { UsageError } from './input.ts';

/** Ports below belong to the system, as the setting [server] port says. */
const LOWEST_PORT = 1024;

/** `wheelhouse serve`: the headless twin of the tray. Ends when it is told to. */
export async function serve({ io, input, output, dataDir }: CommandContext): Promise<number> {
  const extra = input.text('env-file');
  if (extra !== undefined) Object.assign(io.env, { ...readEnvironmentFile(extra), ...io.env });
  const port = input.integer('port');
  if (port !== undefined && port !== 0 && port < LOWEST_PORT) throw new UsageError(`--port is 0 or a number from ${LOWEST_PORT} to 65535; it is "${port}".`);
  const stopped = new Promise<void>((resolve) => {
    const stopListening = io.onStop(() => {
      stopListening();
      resolve();
    });
  });
  const core = await startHeadless({ dataDir, env: io.env, platform: io.platform, conformance: input.flag('conformance'), ...(port !== undefined && { port }) });
  try {
    const { mcpUrl, version } = core.info;
    const link = input.flag('ui') ? core.uiLink() : null;
    const lines = [
      `Wheelhouse ${version} runs on ${dataDir}`,
      `MCP clients:  ${mcpUrl}`,
      ...(link === null ? ['Windows:      wheelhouse ui'] : [`Windows:      ${link}  (good once, for ten minutes; another: wheelhouse ui)`]),
    ];
    output.result({ ...core.info, ...(link !== null && { uiLink: link }) }, lines.join('\n'));
    await stopped;
    output.note('Stopping…');
  } finally {
    await core.stop();
  }
  return EXIT.ok;
}
