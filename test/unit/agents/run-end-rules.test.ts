import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_ATTEMPTS } from '../../../main/agents/queue-rules.ts';
import { decideEnd, saysSessionLost, type EndFacts } from '../../../main/agents/run-end-rules.ts';
import type { RunCause } from '../../../main/agents/types.ts';

const ENDS: readonly EndFacts['end'][] = [
  ...(['finished', 'idle'] as const).map((cause) => ({ status: 'succeeded' as const, cause, error: null })),
  ...(['timeout', 'exit_code', 'out_of_memory', 'not_started', 'engine_lost', 'interrupted', 'not_recorded'] satisfies RunCause[]).map((cause) => ({
    status: 'failed' as const,
    cause,
    error: 'it went wrong',
  })),
  ...(['aborted', 'kill_switch', 'stopped'] as const).map((cause) => ({ status: 'aborted' as const, cause, error: null })),
];

/** Runs as they can have gone: answered inputs come first, what nobody took comes last. */
const facts: fc.Arbitrary<EndFacts> = fc
  .record({
    kind: fc.constantFrom('messages' as const, 'task' as const),
    attempt: fc.integer({ min: 1, max: MAX_ATTEMPTS }),
    texts: fc.integer({ min: 0, max: 3 }),
    turnOver: fc.boolean(),
    end: fc.constantFrom(...ENDS),
    agentError: fc.option(fc.constant('the agent gave up')),
    count: fc.integer({ min: 1, max: 5 }),
    answered: fc.integer({ min: 0, max: 5 }),
    unread: fc.integer({ min: 0, max: 2 }),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ kind, texts, count, answered, unread, ...rest }) => ({
    ...rest,
    kind,
    sent: texts,
    inputs:
      kind === 'task'
        ? []
        : Array.from({ length: count }, (_, index) => ({
            cursorBefore: index * 10,
            answered: texts > 0 && index < Math.max(1, answered),
            unread: index > 0 && index >= count - unread,
          })),
  }));

describe('whatever happens to a run', () => {
  test('ROUTER-01: nothing that was answered is ever answered again, and nothing else is lost', () => {
    fc.assert(
      fc.property(facts, (run) => {
        const decision = decideEnd(run);
        const firstLeft = run.inputs.findIndex(({ answered, unread }) => unread || !answered);
        const back = run.inputs.findIndex(({ cursorBefore }) => cursorBefore === decision.rollBackTo);
        // An input before the one that goes back was answered, or read by a run that went well.
        if (back > 0 && decision.state !== 'succeeded') expect(run.inputs.slice(0, back).every(({ answered }) => answered)).toBe(true);
        if (back >= 0 && run.sent > 0) expect(back).toBeGreaterThanOrEqual(firstLeft);
        // What got no answer is tried again, or the chat hears that it will not be; only who was stopped on purpose may stay silent.
        const failed = decision.state === 'failed' || decision.state === 'dead';
        if (failed && run.kind === 'messages' && firstLeft >= 0) expect(decision.retry !== null || decision.tell).toBe(true);
      }),
    );
  });

  test('what goes back is what the next attempt is for, and the sixth is the last', () => {
    fc.assert(
      fc.property(facts, (run) => {
        const { retry, rollBackTo, state } = decideEnd(run);
        if (retry !== null) expect(rollBackTo).not.toBeNull();
        expect(retry?.attempt ?? 1).toBeLessThanOrEqual(MAX_ATTEMPTS);
        if (state === 'dead') expect(retry).toBeNull();
        if (state === 'aborted') expect([retry, rollBackTo]).toEqual([null, null]);
      }),
    );
  });

  test('a task is never tried again, and its chat hears of every failure', () => {
    fc.assert(
      fc.property(facts, (run) => {
        fc.pre(run.kind === 'task');
        const decision = decideEnd(run);
        expect(decision.retry).toBeNull();
        if (decision.state === 'failed') expect(decision.tell).toBe(true);
      }),
    );
  });

  test('the agent is blamed for nothing that Wheelhouse or a person did', () => {
    fc.assert(
      fc.property(facts, (run) => {
        if (['stopped', 'interrupted', 'aborted', 'kill_switch'].includes(run.end.cause)) expect(decideEnd(run).judged).not.toBe('bad');
      }),
    );
  });
});

const RUN: EndFacts = {
  kind: 'messages',
  attempt: 1,
  sent: 0,
  turnOver: false,
  end: { status: 'failed', cause: 'exit_code', error: 'code 1' },
  agentError: null,
  inputs: [{ cursorBefore: 7, answered: false, unread: false }],
  random: 0,
};

test.each([
  ['nothing sent: exactly back, the next attempt', RUN, { state: 'failed', rollBackTo: 7, retry: { attempt: 2, delayMs: 5000 }, tell: false, judged: null }],
  ['the last attempt: back, nobody tries, the chat hears', { ...RUN, attempt: 6 }, { state: 'dead', rollBackTo: 7, retry: null, tell: true, judged: 'bad' }],
  ['shut down: back, the same attempt at once', { ...RUN, end: { status: 'aborted', cause: 'stopped', error: null } }, { state: 'failed', rollBackTo: 7, retry: { attempt: 1, delayMs: 0 } }],
  ['died in between: back, and it counts', { ...RUN, end: { status: 'failed', cause: 'interrupted', error: null } }, { rollBackTo: 7, retry: { attempt: 2, delayMs: 0 } }],
  ['a timeout after an answer is the end of an idle agent', { ...RUN, sent: 1, turnOver: true, end: { status: 'succeeded', cause: 'idle', error: null } }, { state: 'succeeded', retry: null }],
  ['shut down while it waited: it was done', { ...RUN, sent: 1, turnOver: true, inputs: [{ cursorBefore: 7, answered: true, unread: false }], end: { status: 'aborted', cause: 'stopped', error: null } }, { state: 'succeeded', tell: false }],
] as const)('%s', (_name, run, expected) => {
  expect(decideEnd(run)).toMatchObject(expected);
});

test.each([
  ['No conversation found with session ID: 5d1c', true],
  ["ENOENT: no such file or directory, open '/home/node/.claude/projects/x/5d1c.jsonl'", true],
  ['session 5d1c not found', true],
  ['Rate limit reached', false],
  [null, false],
])('%j means that the conversation is gone: %s', (error, gone) => {
  expect(saysSessionLost(error)).toBe(gone);
});
