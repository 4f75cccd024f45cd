import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { killedFirst } from './memory-limit.ts';
import type { SpawnedProcess, SpawnOptions } from './sdk.ts';

/** Starts Claude Code for the SDK, with each of `secrets` on a descriptor of its own. What it complains of goes to `onStderr`. */
export function spawnClaude(options: SpawnOptions, secrets: readonly string[], onStderr: (text: string) => void): SpawnedProcess {
  const child = spawn(options.command, options.args, {
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: options.env,
    signal: options.signal,
    stdio: ['pipe', 'pipe', 'pipe', ...secrets.map(() => 'pipe' as const)],
  });
  if (child.pid !== undefined) killedFirst(child.pid);
  for (const [index, secret] of secrets.entries()) {
    const pipe = child.stdio[3 + index] as Writable;
    // Claude Code that ends before it read its key says so itself.
    pipe.on('error', () => undefined);
    pipe.end(secret);
  }
  child.stderr.setEncoding('utf8').on('data', onStderr);
  return child;
}
