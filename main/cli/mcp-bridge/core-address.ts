import { readFileSync } from 'node:fs';
import { dataPaths } from '../../config/data-dir.ts';

/** Where a core listens unless somebody says otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:3100';

export interface AddressParts {
  readonly dataDir: string;
  /** Named by the person; goes before everything. */
  readonly fixed: string | undefined;
  /** What the configuration says; undefined when it cannot be read. */
  readonly configured: string | undefined;
}

/**
 * Where the core listens now, without a path: the named address, else that of the core which runs on the data directory
 * (its port may change with every start), else the configured one. A core that has ended is found out by connecting.
 */
export function coreAddress({ dataDir, fixed, configured }: AddressParts): string {
  return fixed ?? runningCore(dataPaths(dataDir).lock) ?? configured ?? DEFAULT_URL;
}

/** An address as `http://host:port` without a path; null when it is none that a client may connect to. */
export function baseAddress(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return null;
  return (url.origin + url.pathname).replace(/\/(?:mcp\/?)?$/, '');
}

export function httpAddress(host: string, port: number): string {
  // A core that listens everywhere also listens here.
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function runningCore(lockFile: string): string | null {
  try {
    const { pid, host, port } = JSON.parse(readFileSync(lockFile, 'utf8')) as { readonly pid?: unknown; readonly host?: unknown; readonly port?: unknown };
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof port !== 'number' || !isAlive(pid)) return null;
    return httpAddress(host, port);
  } catch {
    // No file, or one that is just being written: no core can be found by it.
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
