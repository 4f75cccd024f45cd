import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { waitForOutput } from './setup/wait-for-output.ts';

/** Names the built command that `npm test` has the suites run. */
export const CLI_VARIABLE = 'WHEELHOUSE_TEST_CLI';

/** The command under test: the built one under `npm test`, the sources where a suite is run on its own. */
export const CLI = process.env[CLI_VARIABLE] ?? resolve(import.meta.dirname, '../../main/cli.ts');

const { PATH, NODE_COMPILE_CACHE } = process.env;
/** All that reaches a command from the environment of the tests. */
export const CLI_ENV = { PATH: PATH!, HOME: '/nonexistent', ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) };

/** A `wheelhouse` command in a process of its own. */
export interface CliProcess {
  readonly pid: number;
  /** What it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with the first match in standard output; rejects when it ends before. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts one; the test must wait for its end. Only `env` and `CLI_ENV` reach it, and `input` on its standard input. */
export function spawnCli(words: readonly string[], env: Readonly<Record<string, string>>, input?: string): CliProcess {
  const child: ChildProcess = spawn(process.execPath, [CLI, ...words], {
    env: { ...CLI_ENV, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals);
  return {
    pid: child.pid!,
    out: () => out,
    err: () => err,
    async prints(pattern) {
      try {
        return await waitForOutput(child, child.stdout!, pattern);
      } catch (error) {
        await ended;
        throw new Error(`wheelhouse ${words.join(' ')} ${(error as Error).message}\n${err}`, { cause: error });
      }
    },
    ended,
    kill: (signal) => void child.kill(signal),
  };
}
