import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { settingRows } from '../../config/schema.ts';
import { SECRET_NAMES } from '../../config/secrets.ts';
import { UsageError } from '../input.ts';

/** Names of seeds 001 and 003 that are read beside the settings and the secrets. */
const OTHER_NAMES = ['REDIS_URL', 'COKACDIR_CHAT_ID'] as const;

/** What of the environment a service needs: our settings and secrets that are set now, and nothing else (seed 003 §4.1). */
export function neededVariables(env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const names = new Set<string>([...settingRows().map((row) => row.env), ...SECRET_NAMES, ...OTHER_NAMES]);
  return new Map([...names].toSorted(byName).flatMap((name) => (env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]])));
}

/** The file that {@link neededVariables} are kept in, as `util.parseEnv` reads it. Throws UsageError for a value that no such file can hold. */
export function environmentFile(variables: ReadonlyMap<string, string>): string {
  const lines = [...variables].map(([name, value]) => {
    const quote = ["'", '"', '`'].find((mark) => !value.includes(mark) && !(mark === '"' && value.includes('\\n')));
    if (quote === undefined || /[\r\n\0]/.test(value)) throw new UsageError(`${name} holds characters that a service cannot be given. Put it into config.toml, or set it to something simpler.`);
    return `${name}=${quote}${value}${quote}`;
  });
  return ['# Read by the Wheelhouse service alone. Written anew by: wheelhouse service install', ...lines, ''].join('\n');
}

/** The variables of such a file. Throws UsageError when it cannot be read. */
export function readEnvironmentFile(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--env-file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}). Write it anew with: wheelhouse service install`);
  }
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
