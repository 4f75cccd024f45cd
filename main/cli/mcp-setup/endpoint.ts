import type { Config } from '../../config/schema.ts';
import { UsageError } from '../input.ts';

/** The address of `/mcp` that a client connects to: the one named with `--url`, else that of this machine. */
export function endpoint(url: string | undefined, config: Config): string {
  if (url === undefined) {
    const { host, port } = config.server;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}/mcp`;
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) throw new UsageError(`--url is an http or https address; it is "${url}".`);
  if (parsed.username !== '' || parsed.password !== '') throw new UsageError('--url must not hold a password: the file it goes into is shared.');
  return parsed.pathname === '/' ? new URL('/mcp', parsed).href : parsed.href;
}
