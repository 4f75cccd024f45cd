import { describe, expect, it } from 'vitest';
import { judgeRun, type RunFacts } from '../../../main/agents/run-end.ts';
import { hardTimeout } from '../../../main/agents/runner.ts';

const exit = { exitCode: 0, signal: null, outOfMemory: false, lost: null };
const answer = { status: 'success', result: 'hello' } as const;
const complaint = { status: 'error', result: null, error: 'no model' } as const;
const facts: RunFacts = { exit, endedBy: null, lastOutput: answer, closeRequested: false, hardTimeoutMs: 1_830_000, memoryLimitMb: 512, stderrTail: '' };
const judge = (given: Partial<RunFacts>): string => {
  const { status, cause } = judgeRun({ ...facts, ...given });
  return `${status} ${cause}`;
};

describe('RUNNER-03: what a run amounts to', () => {
  it.each<[string, Partial<RunFacts>, string]>([
    ['exit 0 after an answer', {}, 'succeeded finished'],
    ['exit 0 without an answer', { lastOutput: null }, 'failed agent_error'],
    ['exit 0 without an answer, when it was asked to end', { lastOutput: null, closeRequested: true }, 'succeeded finished'],
    ['exit 0 after an error', { lastOutput: complaint }, 'failed agent_error'],
    ['exit 1 after an error', { lastOutput: complaint, exit: { ...exit, exitCode: 1 } }, 'failed exit_code'],
    ['exit 1 after an answer', { exit: { ...exit, exitCode: 1 } }, 'failed exit_code'],
    ['the hard timeout after an answer', { endedBy: 'timeout', exit: { ...exit, exitCode: 137 } }, 'succeeded idle'],
    ['the hard timeout without an answer', { endedBy: 'timeout', lastOutput: null, exit: { ...exit, exitCode: 137 } }, 'failed timeout'],
    ['the hard timeout after an error', { endedBy: 'timeout', lastOutput: complaint, exit: { ...exit, exitCode: 137 } }, 'failed agent_error'],
    ['137 with the flag of the engine', { exit: { ...exit, exitCode: 137, outOfMemory: true } }, 'failed out_of_memory'],
    ['the flag of the engine for a command, after which the agent went on to its end', { exit: { ...exit, outOfMemory: true } }, 'succeeded finished'],
    ['that flag and the hard timeout after an answer', { endedBy: 'timeout', exit: { ...exit, exitCode: 137, outOfMemory: true } }, 'succeeded idle'],
    ['the word of an agent whose rest was killed', { lastOutput: { ...complaint, cause: 'out_of_memory' }, exit: { ...exit, exitCode: 1 } }, 'failed out_of_memory'],
    ['137 without it', { exit: { ...exit, exitCode: 137 } }, 'failed exit_code'],
    ['an abort, whatever the exit code', { endedBy: 'aborted' }, 'aborted aborted'],
    ['the kill switch', { endedBy: 'kill_switch', lastOutput: null, exit: { ...exit, exitCode: 137 } }, 'aborted kill_switch'],
    ['a shutdown', { endedBy: 'stopped' }, 'aborted stopped'],
    ['an engine that went away', { exit: { ...exit, exitCode: null, lost: 'socket hang up' } }, 'failed engine_lost'],
    ['an abort while the engine goes away', { endedBy: 'aborted', exit: { ...exit, exitCode: null, lost: 'socket hang up' } }, 'aborted aborted'],
  ])('%s is %j', (_what, given, verdict) => {
    expect(judge(given)).toBe(verdict);
  });

  it('the sentence names the cause and what to do', () => {
    expect(judgeRun({ ...facts, exit: { ...exit, exitCode: 137, outOfMemory: true } }).error).toContain('memory limit of 512 MiB. Raise memory_mb');
    expect(judgeRun({ ...facts, exit: { ...exit, exitCode: 137 }, stderrTail: 'help' }).error).toBe(
      'The agent was killed from outside (exit code 137): most likely because it needed more than its memory limit of 512 MiB, or by a person. It last said: help',
    );
    expect(judgeRun({ ...facts, exit: { ...exit, exitCode: null, signal: 'SIGKILL' }, memoryLimitMb: null }).error).toContain('(SIGKILL): most likely because the machine ran out of memory');
    expect(judgeRun({ ...facts, exit: { ...exit, exitCode: null, signal: 'SIGSEGV' } }).error).toBe('The agent was ended by SIGSEGV.');
    expect(judgeRun({ ...facts, endedBy: 'timeout', lastOutput: null }).error).toContain('no answer within 1830 s');
  });
});

describe('RUNNER-03: the hard timeout', () => {
  it.each([
    [1_800_000, 1_800_000, 1_830_000],
    [3_600_000, 1_800_000, 3_600_000],
    [10_000, 60_000, 90_000],
  ])('of %d ms with an idle time of %d ms is %d ms', (container, idle, expected) => {
    expect(hardTimeout(container, idle)).toBe(expected);
  });
});
