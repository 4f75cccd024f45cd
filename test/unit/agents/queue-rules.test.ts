import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseNext, chooseToClose, retryDelayMs, waitReasons, type Holding, type QueueState, type Waiting } from '../../../main/agents/queue-rules.ts';

const GROUPS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** States as the queue can be in: every live run in a group of its own, and not more than the limit. */
const states: fc.Arbitrary<QueueState> = fc
  .record({
    limit: fc.integer({ min: 1, max: 5 }),
    locked: fc.boolean(),
    waiting: fc.array(fc.record({ groupId: fc.constantFrom(...GROUPS), kind: fc.constantFrom('messages' as const, 'task' as const), notBefore: fc.constantFrom(0, 50, 150) }), {
      maxLength: 12,
    }),
    liveGroups: fc.uniqueArray(fc.constantFrom(...GROUPS), { maxLength: 5 }),
    liveFacts: fc.array(fc.record({ kind: fc.constantFrom('messages' as const, 'task' as const), idleSince: fc.option(fc.integer({ min: 0, max: 90 })), closing: fc.boolean() }), {
      minLength: 5,
      maxLength: 5,
    }),
    paused: fc.uniqueArray(fc.constantFrom(...GROUPS), { maxLength: 2 }),
    suspended: fc.uniqueArray(fc.constantFrom(...GROUPS), { maxLength: 2 }),
    served: fc.uniqueArray(fc.constantFrom(...GROUPS)),
  })
  .map(({ limit, locked, waiting, liveGroups, liveFacts, paused, suspended, served }) => ({
    now: 100,
    limit,
    locked,
    waiting: waiting.map((run, index): Waiting => ({ ...run, runId: `w${index}`, seq: index })),
    live: liveGroups.slice(0, limit).map((groupId, index): Holding => ({ ...liveFacts[index]!, runId: `l${index}`, groupId })),
    paused: new Set(paused),
    suspended: new Set(suspended),
    served: new Map(served.map((groupId, index) => [groupId, index])),
  }));

const ready = (state: QueueState) => (run: Waiting): boolean =>
  !state.locked && !state.paused.has(run.groupId) && !state.suspended.has(run.groupId) && run.notBefore <= state.now;

describe('the run that starts next', () => {
  test('is ready, of a group that does not run, and only while a slot is free; otherwise there is none', () => {
    fc.assert(
      fc.property(states, (state) => {
        const next = chooseNext(state);
        const could = state.waiting.filter((run) => ready(state)(run) && !state.live.some(({ groupId }) => groupId === run.groupId));
        if (state.live.length >= state.limit || could.length === 0) expect(next).toBeNull();
        else expect(could).toContain(next);
      }),
    );
  });

  test('is a task when its group has one that is ready, and the one that came first', () => {
    fc.assert(
      fc.property(states, (state) => {
        const next = chooseNext(state);
        if (next === null) return;
        const own = state.waiting.filter((run) => run.groupId === next.groupId && ready(state)(run));
        if (own.some(({ kind }) => kind === 'task')) expect(next.kind).toBe('task');
        expect(next.seq).toBe(Math.min(...own.filter(({ kind }) => kind === next.kind).map(({ seq }) => seq)));
      }),
    );
  });

  test('is never of a group that was served while another one waited for its turn', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...GROUPS), fc.integer({ min: 1, max: 6 })), { minLength: 2, maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (backlog, limit) => {
        let seq = 0;
        let waiting = backlog.flatMap(([groupId, count]) => Array.from({ length: count }, (): Waiting => ({ runId: `w${++seq}`, seq, groupId, kind: 'task', notBefore: 0 })));
        const served = new Map<string, number>();
        let turn = 0;
        let live: Holding[] = [];
        const order: string[] = [];
        while (waiting.length > 0) {
          const next = chooseNext({ now: 1, limit, locked: false, waiting, live, paused: new Set(), suspended: new Set(), served });
          if (next === null) {
            live = live.slice(1);
            continue;
          }
          const passedOver = waiting.filter((run) => !live.some(({ groupId }) => groupId === run.groupId)).map(({ groupId }) => served.get(groupId) ?? -1);
          expect(served.get(next.groupId) ?? -1).toBe(Math.min(...passedOver));
          served.set(next.groupId, ++turn);
          order.push(next.runId);
          waiting = waiting.filter(({ runId }) => runId !== next.runId);
          live = [...live, { ...next, idleSince: null, closing: false }];
        }
        expect(new Set(order).size).toBe(seq);
      }),
    );
  });
});

describe('runs that are let go for others', () => {
  test('are idle, not asked before, and no more than are needed', () => {
    fc.assert(
      fc.property(states, (state) => {
        const closing = chooseToClose(state);
        const live = new Map(state.live.map((run) => [run.runId, run]));
        for (const runId of closing) expect(live.get(runId)).toMatchObject({ closing: false, idleSince: expect.any(Number) as number });
        const due = new Set(state.waiting.filter(ready(state)).map(({ groupId }) => groupId));
        expect(closing.length).toBeLessThanOrEqual(due.size);
        if (state.locked || due.size === 0) expect(closing).toEqual([]);
      }),
    );
  });

  test('are enough: whoever lacks a slot gets one when idle runs hold it', () => {
    fc.assert(
      fc.property(states, (state) => {
        const due = new Set(state.waiting.filter(ready(state)).map(({ groupId }) => groupId));
        const lacking = [...due].filter((groupId) => !state.live.some((run) => run.groupId === groupId)).length - (state.limit - state.live.length);
        const ending = state.live.filter(({ closing }) => closing).length + chooseToClose(state).length;
        const idleLeft = state.live.filter(({ runId, closing, idleSince }) => !closing && idleSince !== null && !chooseToClose(state).includes(runId)).length;
        if (idleLeft > 0) expect(ending).toBeGreaterThanOrEqual(lacking);
      }),
    );
  });

  test('are those that have waited longest', () => {
    const live = [30, 10, 20].map((idleSince, index): Holding => ({ runId: `l${index}`, groupId: `g${index}`, kind: 'messages', idleSince, closing: false }));
    const waiting: Waiting[] = [{ runId: 'w', seq: 1, groupId: 'new', kind: 'messages', notBefore: 0 }];
    expect(chooseToClose({ now: 1, limit: 3, locked: false, waiting, live, paused: new Set(), suspended: new Set(), served: new Map() })).toEqual(['l1']);
  });
});

test('every run that waits has a reason, unless it starts next', () => {
  fc.assert(
    fc.property(states, (state) => {
      const reasons = waitReasons(state);
      const next = chooseNext(state);
      for (const run of state.waiting) expect(reasons.has(run.runId)).toBe(true);
      if (next !== null) expect(reasons.get(next.runId)).toBeNull();
      for (const [runId, reason] of reasons) if (reason === null) expect(ready(state)(state.waiting.find((run) => run.runId === runId)!)).toBe(true);
    }),
  );
});

test('a retry comes 5, 10, 20, 40 and 80 s later, with up to a fifth more and never less', () => {
  expect([1, 2, 3, 4, 5].map((attempt) => retryDelayMs(attempt, 0))).toEqual([5000, 10_000, 20_000, 40_000, 80_000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const base = 5000 * 2 ** (attempt - 1);
      expect(retryDelayMs(attempt, random)).toBeGreaterThanOrEqual(base);
      expect(retryDelayMs(attempt, random)).toBeLessThanOrEqual(base * 1.2);
    }),
  );
});
