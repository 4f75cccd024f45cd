import type { RunEnd } from './ports.ts';
import type { RunCause, RunOutput } from './types.ts';

/** How a process or a container ended. */
export interface ProcessExit {
  /** Null: it was killed by `signal`, or nobody knows. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The engine says that the memory limit killed it, or something that it had started. */
  readonly outOfMemory: boolean;
  /** Why nobody knows how it ended; null: somebody does. */
  readonly lost: string | null;
}

export interface RunFacts {
  readonly exit: ProcessExit;
  /** Why we ended it; null: it ended by itself. */
  readonly endedBy: Extract<RunCause, 'timeout' | 'stopped' | 'aborted' | 'kill_switch'> | null;
  /** The last document between markers; null: there was none. */
  readonly lastOutput: RunOutput | null;
  /** Whether it was asked to end, so that having said nothing is no fault. */
  readonly closeRequested: boolean;
  /** In ms. */
  readonly hardTimeoutMs: number;
  /** In MiB; null: none. */
  readonly memoryLimitMb: number | null;
  /** The end of what it printed to stderr. */
  readonly stderrTail: string;
}

export type RunVerdict = Pick<RunEnd, 'status' | 'cause' | 'error'>;

const KILLED = 137;

/** What a run amounts to (RUNNER-01, RUNNER-03). Pure. */
export function judgeRun({ exit, endedBy, lastOutput, closeRequested, hardTimeoutMs, memoryLimitMb, stderrTail }: RunFacts): RunVerdict {
  const said = stderrTail.trim() === '' ? '' : ` It last said: ${stderrTail.trim()}`;
  if (endedBy === 'aborted') return { status: 'aborted', cause: endedBy, error: 'The run was aborted.' };
  if (endedBy === 'kill_switch') return { status: 'aborted', cause: endedBy, error: 'The kill switch stopped the run.' };
  if (endedBy === 'stopped') return { status: 'aborted', cause: endedBy, error: 'Wheelhouse ended the run before it was done.' };
  if (exit.lost !== null) return failed('engine_lost', `The container engine went away during the run: ${exit.lost}.`);
  // Engines say the same when only a command of the agent was killed; one that went on after it, until its end, did not fail.
  if ((exit.outOfMemory && exit.exitCode !== 0 && endedBy === null) || lastOutput?.cause === 'out_of_memory') {
    const limit = memoryLimitMb === null ? 'its memory limit' : `its memory limit of ${memoryLimitMb} MiB`;
    return failed('out_of_memory', `The agent was killed because it needed more than ${limit}. Raise memory_mb of the group or of [agents], or give it less to do.`);
  }
  if (endedBy === 'timeout') {
    // After an answer, the hard timeout only ends an agent that waits for more.
    if (lastOutput?.status === 'success') return { status: 'succeeded', cause: 'idle', error: null };
    if (lastOutput === null) return failed('timeout', `The agent gave no answer within ${Math.round(hardTimeoutMs / 1000)} s and was stopped. Its log says what it did; a longer timeout can be set for the group.`);
  }
  if (lastOutput?.status === 'error') {
    return failed(exit.exitCode === 0 || endedBy === 'timeout' ? 'agent_error' : 'exit_code', `The agent reported an error: ${lastOutput.error ?? lastOutput.result ?? 'it did not say which'}.`);
  }
  if (exit.exitCode !== 0) return failed('exit_code', exitText(exit, memoryLimitMb, said));
  if (lastOutput === null && !closeRequested) return failed('agent_error', `The agent ended without an answer between the output markers.${said}`);
  return { status: 'succeeded', cause: 'finished', error: null };
}

function exitText({ exitCode, signal }: ProcessExit, memoryLimitMb: number | null, said: string): string {
  if (exitCode === KILLED || signal === 'SIGKILL') {
    // Not every engine says so when a memory limit killed it: Podman 4.3 does not.
    const limit = memoryLimitMb === null ? 'because the machine ran out of memory' : `because it needed more than its memory limit of ${memoryLimitMb} MiB`;
    return `The agent was killed from outside (${signal ?? `exit code ${KILLED}`}): most likely ${limit}, or by a person.${said}`;
  }
  return signal === null ? `The agent ended with exit code ${exitCode}.${said}` : `The agent was ended by ${signal}.${said}`;
}

function failed(cause: RunCause, error: string): RunVerdict {
  return { status: 'failed', cause, error };
}
