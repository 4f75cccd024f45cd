import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A child process that answers lines with JSON lines. */
export interface LineProcess {
  readonly pid: number;
  /** The next line that it prints. */
  next(): Promise<Record<string, unknown>>;
  /** Sends a line and waits for the answer. */
  ask(line: string): Promise<Record<string, unknown>>;
  /** Resolves when it has ended, by itself or not. */
  readonly ended: Promise<unknown>;
  /** Closes its stdin and waits for its end. */
  end(): Promise<void>;
  /** Ends it without a chance to clean up. */
  kill(): Promise<void>;
}

/** Runs a TypeScript program of test/support on this Node; what it prints on stderr goes to ours. */
export function startLineProcess(program: string, args: readonly string[]): LineProcess {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  const next = async (): Promise<Record<string, unknown>> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error(`${program} ended without an answer`);
    return JSON.parse(value) as Record<string, unknown>;
  };
  return {
    pid: child.pid!,
    next,
    ended: exited,
    ask: async (line) => {
      child.stdin.write(`${line}\n`);
      return next();
    },
    end: async () => {
      child.stdin.end();
      await exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
