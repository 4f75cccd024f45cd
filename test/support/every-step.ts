import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Processes that start at the same time. */
const AT_ONCE = 3;

/** How a program ended, and its steps until then. */
export interface Run {
  readonly killed: boolean;
  readonly steps: readonly string[];
}

/** Runs a program that is killed at a step, see `kill-at-step.ts`, and prints its steps when it is not. */
export async function runToStep(program: string, args: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const killed = signal === 'SIGKILL';
  if (!killed && code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return { killed, steps: JSON.parse(out.trimEnd().split('\n').at(-1)!) as string[] };
}

/** What came of a run that may have been killed. */
export interface Outcome extends Run {
  /** Whether something was said twice. */
  readonly repeated: boolean;
}

/** Kills in front of step 0, 1, 2 and so on, until the program comes to its end before. Returns its steps then, and the runs after which something was said twice. */
export async function atEveryStep(killInFrontOf: (fatal: number) => Promise<Outcome>): Promise<{ readonly steps: readonly string[]; readonly repeated: readonly Run[] }> {
  const repeated: Run[] = [];
  for (let from = 0; ; from += AT_ONCE) {
    const round = await Promise.all(Array.from({ length: AT_ONCE }, async (_, n) => killInFrontOf(from + n)));
    repeated.push(...round.filter((outcome) => outcome.repeated));
    const ended = round.find(({ killed }) => !killed);
    if (ended !== undefined) return { steps: ended.steps, repeated };
  }
}

/**
 * Whether it was killed in the one window in which nobody can know whether a message arrived: the request has left, and what
 * became of it is not written down. Its own steps tell, because what else happens meanwhile is not the same in each run.
 */
export function inTheWindow({ steps }: Run): boolean {
  const left = steps.lastIndexOf('request');
  const settles = steps.indexOf('settle', left);
  return left !== -1 && (settles === -1 || settles === steps.length - 1);
}
