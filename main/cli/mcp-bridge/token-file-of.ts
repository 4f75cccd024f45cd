import { join } from 'node:path';
import { getMcpTokenPath } from '../../access/token-file.ts';
import { dataPaths } from '../../config/data-dir.ts';
import { UsageError } from '../input.ts';

/** The token file of an agent, or the default one. Throws a usage error for a name that would lead out of the folder. */
export function tokenFileOf(dataDir: string, agent: string | undefined): string {
  if (agent === undefined) return getMcpTokenPath(dataDir);
  if (/[/\\\0]|^\.{0,2}$/.test(agent)) throw new UsageError(`--agent is the name of an agent; it is "${agent}".`);
  return join(dataPaths(dataDir).tokens, agent);
}
