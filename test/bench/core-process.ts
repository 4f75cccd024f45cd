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
  readonly url: string;
  /** From the start of the process to its first healthy answer. */
  readonly healthyAfterMs: number;
  /** A new agent of the role with a session: where its calls go. */
  target(role: string): Promise<Target>;
  stop(): Promise<void>;
}

/** Every setting as shipped, also the durability; only the rate limit is off. */
export async function startCoreProcess(): Promise<CoreProcess> {
  const dir = makeTempDir('wheelhouse-bench-');
  const env = { PATH: process.env['PATH'], HOME: dir.path, WAIAAS_DATA_DIR: dir.path, WAIAAS_SERVER_RATE_LIMIT_RPM: 'unlimited' };
  const began = performance.now();
  const child = spawn(process.execPath, [CLI, 'serve', '--json', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString('utf8')));
  child.once('exit', (code) => {
    if (code !== 0) process.stderr.write(complaints);
  });
  const [, url] = await waitForOutput(child, child.stdout, /"mcpUrl":"([^"]+)"/);
  const { status } = (await (await fetch(new URL('/health', url))).json()) as { readonly status: string };
  const healthyAfterMs = performance.now() - began;
  if (status !== 'ok') throw new Error(`the core is ${status}`);

  const cli = async (...words: string[]): Promise<string> => (await run(process.execPath, [CLI, ...words, '--json'], { env })).stdout;
  return {
    child,
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
      dir.remove();
    },
  };
}
