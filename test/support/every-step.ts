import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Processes that start at the same time. */
const AT_ONCE = 3;

/** Runs a program that is killed at a step, see `kill-at-step.ts`. Null: it was killed; otherwise its steps, which it printed. */
export async function runToStep(program: string, args: readonly string[]): Promise<readonly string[] | null> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (signal === 'SIGKILL') return null;
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
  return JSON.parse(out) as string[];
}

/** What came of killing a program in front of one step. */
export interface Killed {
  /** All of them, when there are fewer than it was to be killed at. */
  readonly steps: readonly string[] | null;
  /** Whether something was said twice. */
  readonly repeated: boolean;
}

/** Kills in front of step 0, 1, 2 and so on, until the program comes to its end before. */
export async function atEveryStep(killInFrontOf: (fatal: number) => Promise<Killed>): Promise<{ readonly steps: readonly string[]; readonly repeated: readonly number[] }> {
  const repeated: number[] = [];
  for (let from = 0; ; from += AT_ONCE) {
    const round = await Promise.all(Array.from({ length: AT_ONCE }, async (_, n) => killInFrontOf(from + n)));
    repeated.push(...round.flatMap((outcome, n) => (outcome.repeated ? [from + n] : [])));
    const steps = round.find((outcome) => outcome.steps !== null)?.steps;
    if (steps) return { steps, repeated };
  }
}

/** The one window in which nobody can know whether it arrived: the request has left, and its answer is not written down. */
export function windowOf(steps: readonly string[]): readonly number[] {
  return steps.flatMap((step, answer) => {
    if (step !== 'answer') return [];
    const left = steps.lastIndexOf('request', answer) + 1;
    return Array.from({ length: answer + 2 - left }, (_, n) => left + n);
  });
}
