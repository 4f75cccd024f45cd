import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { waitForOutput } from '../support/setup/wait-for-output.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { stopChild } from './child.ts';
import type { Target } from './raw-connection.ts';

const CLI = resolve(import.meta.dirname, '../../out/main/cli.js');
const run = promisify(execFile);

/** The headless core as it is shipped: the built bundle, in a process of its own, on a temporary data directory. */
export interface CoreProcess {
  readonly child: ChildProcess;
  /** What one `wheelhouse` command answers as JSON. */
  cli(...words: string[]): Promise<string>;
  readonly url: string;
  /** From the start of the process to its first healthy answer. */
  readonly healthyAfterMs: number;
  /** A new agent of the role with a session: where its calls go. */
  target(role: string): Promise<Target>;
  stop(): Promise<void>;
}

export interface CoreProcessOptions {
  /** A data directory that is kept when the core stops; one of its own when not given. */
  readonly dataDir?: string;
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Every setting as shipped, also the durability; only the rate limit is off. */
export async function startCoreProcess(options: CoreProcessOptions = {}): Promise<CoreProcess> {
  const own = options.dataDir === undefined ? makeTempDir('wheelhouse-bench-') : null;
  const dataDir = options.dataDir ?? own!.path;
  const env = { PATH: process.env['PATH'], HOME: dataDir, WAIAAS_DATA_DIR: dataDir, WAIAAS_SERVER_RATE_LIMIT_RPM: 'unlimited', ...options.env };
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, 'serve', '--json', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString('utf8')));
  child.once('exit', (code, signal) => {
    if (code !== 0 && signal !== 'SIGKILL') process.stderr.write(complaints);
  });
  const [, url] = await waitForOutput(child, child.stdout, /"mcpUrl":"([^"]+)"/);
  const { status } = (await (await fetch(new URL('/health', url))).json()) as { readonly status: string };
  const healthyAfterMs = performance.now() - began;
  if (status !== 'ok') throw new Error(`the core is ${status}`);

  const cli = async (...words: string[]): Promise<string> => (await run(process.execPath, [CLI, ...words, '--json'], { env })).stdout;
  return {
    child,
    cli,
    url: url!,
    healthyAfterMs,
    async target(role) {
      await cli('agent', 'add', `bench-${role}`, '--role', role);
      const { token } = JSON.parse(await cli('session', 'create', '--agent', `bench-${role}`, '--print-token')) as { readonly token: string };
      const { hostname: host, port, pathname: path } = new URL(url!);
      return { host, port: Number(port), path, token };
    },
    async stop() {
      await stopChild(child);
      own?.remove();
    },
  };
}
