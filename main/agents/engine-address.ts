import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { isLoopbackHost } from '../base/loopback.ts';

/** Where a container engine may listen with the Docker API. */
export type EngineAddress =
  /** A Unix socket, or a named pipe on Windows. */
  | { readonly kind: 'socket'; readonly path: string; readonly text: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: EngineTls | null; readonly text: string };

/** Certificates of DOCKER_CERT_PATH, as text. */
export interface EngineTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface EngineSurroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `[agents] engine_host`; empty: look for it. */
  readonly engineHost: string;
}

const DEFAULT_PORT = 2375;
const DEFAULT_TLS_PORT = 2376;

/**
 * The addresses to try, best first: the setting alone, else DOCKER_HOST alone, else the usual sockets of Docker and
 * Podman. Throws CONFIG_INVALID for an address that cannot be used.
 */
export function engineAddresses({ platform, home, env, engineHost }: EngineSurroundings): readonly EngineAddress[] {
  if (engineHost !== '') return [parseEngineAddress(engineHost, '[agents] engine_host', env)];
  const named = env['DOCKER_HOST'];
  if (named !== undefined && named !== '') return [parseEngineAddress(named, 'DOCKER_HOST', env)];
  return usualSockets(platform, home, env['XDG_RUNTIME_DIR']).map(socket);
}

function usualSockets(platform: NodeJS.Platform, home: string, runtimeDir: string | undefined): readonly string[] {
  if (platform === 'win32') return ['//./pipe/docker_engine', '//./pipe/podman-machine-default'];
  if (platform === 'darwin') {
    return [
      join(home, '.docker/run/docker.sock'),
      '/var/run/docker.sock',
      join(home, '.orbstack/run/docker.sock'),
      join(home, '.colima/default/docker.sock'),
      join(home, '.rd/docker.sock'),
      join(home, '.local/share/containers/podman/machine/podman.sock'),
    ];
  }
  const own = runtimeDir === undefined || runtimeDir === '' ? [] : [join(runtimeDir, 'podman/podman.sock'), join(runtimeDir, 'docker.sock')];
  return ['/var/run/docker.sock', ...own, '/run/podman/podman.sock', join(home, '.docker/desktop/docker.sock')];
}

/** Reads `unix:///path`, `npipe:////./pipe/name`, `tcp://host:port`, `http(s)://host:port`. `from` names it in messages. */
export function parseEngineAddress(text: string, from: string, env: Readonly<Record<string, string | undefined>>): EngineAddress {
  const refuse = (why: string): AppError => new AppError('CONFIG_INVALID', `${from} = "${text}" ${why}`, { from, address: text });
  const local = /^(?:unix|npipe):\/\/(.+)$/.exec(text);
  if (local !== null) return socket(local[1]!);
  if (text.startsWith('/')) return socket(text);
  let url: URL;
  try {
    url = new URL(text.includes('://') ? text : `tcp://${text}`);
  } catch {
    throw refuse('is not an address. Use unix:///run/podman/podman.sock or tcp://127.0.0.1:2375.');
  }
  if (url.protocol === 'ssh:') throw refuse('leads over SSH. Agents need folders of this machine, so the engine must run here: use its unix:// socket.');
  if (!['tcp:', 'http:', 'https:'].includes(url.protocol)) throw refuse('must begin with unix://, npipe:// or tcp://.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') throw refuse('names no host.');
  if (!isLoopbackHost(host)) throw refuse('is another machine. Agents need folders of this machine, so the engine must run here.');
  const encrypted = url.protocol === 'https:' || env['DOCKER_TLS_VERIFY'] === '1' || url.port === String(DEFAULT_TLS_PORT);
  const port = url.port === '' ? (encrypted ? DEFAULT_TLS_PORT : DEFAULT_PORT) : Number(url.port);
  return { kind: 'tcp', host, port, tls: encrypted ? certificates(env['DOCKER_CERT_PATH'], refuse) : null, text: `tcp://${url.host}` };
}

function certificates(dir: string | undefined, refuse: (why: string) => AppError): EngineTls {
  if (dir === undefined || dir === '') throw refuse('is encrypted, but DOCKER_CERT_PATH names no folder with ca.pem, cert.pem and key.pem.');
  try {
    const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFileSync(join(dir, name), 'utf-8'));
    return { ca: ca!, cert: cert!, key: key! };
  } catch (error) {
    throw refuse(`is encrypted, but a certificate in DOCKER_CERT_PATH cannot be read: ${(error as Error).message}.`);
  }
}

function socket(path: string): EngineAddress {
  return { kind: 'socket', path, text: path.startsWith('//') ? `npipe://${path}` : `unix://${path}` };
}
