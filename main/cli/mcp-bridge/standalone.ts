import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveDataDir } from '../../config/data-dir.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../input.ts';
import { processIo } from '../io.ts';
import { startBridge } from './start-bridge.ts';

/** The bridge as the whole program of the Claude Desktop extension (`npm run mcpb`), whose settings arrive in the environment. */
const io = processIo();

/** A setting that the person left empty arrives empty, or as the name of its place. */
const setting = (name: string): string | undefined => {
  const value = io.env[name]?.trim() ?? '';
  return value === '' || value.startsWith('${') ? undefined : value;
};
const dataDir = setting('WAIAAS_DATA_DIR');
if (dataDir === undefined) delete io.env['WAIAAS_DATA_DIR'];
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../manifest.json'), 'utf8')) as { readonly version: string };

try {
  await startBridge({ io, dataDir: resolveDataDir(io.env), agent: setting('WHEELHOUSE_AGENT'), url: setting('WAIAAS_BASE_URL'), version });
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  io.err(`wheelhouse bridge: ${error.message}\n`);
  process.exitCode = EXIT.usage;
}
