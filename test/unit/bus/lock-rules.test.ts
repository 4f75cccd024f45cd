import { describe, expect, it } from 'vitest';
import { parseLockName } from '../../../main/bus/lock-names.ts';
import { blockers, conflicts, describeCycle, findCycle, grantable, type LockRequest, type Place } from '../../../main/bus/lock-rules.ts';
import type { LockMode } from '../../../main/bus/types.ts';

/** `be-1` wants or has `resource`; the role is the session's first word. */
function wish(session: string, resource: string, mode: LockMode = 'exclusive'): LockRequest {
  return { name: parseLockName(resource, 'linux'), mode, session_id: session, role: session.split('-')[0]!.toUpperCase() };
}
function place(id: number, session: string, resource: string, mode: LockMode = 'exclusive'): Place {
  return { ...wish(session, resource, mode), id };
}
const newcomer = (session: string, resource: string, mode?: LockMode): Place => place(Infinity, session, resource, mode);
const ids = (places: readonly Place[]): number[] => places.map(({ id }) => id);

describe('two requests', () => {
  it.each<[string, LockRequest, LockRequest, boolean]>([
    ['conflict when both want it alone', wish('fe-1', 'compose'), wish('be-1', 'compose'), true],
    ['conflict when one wants it alone', wish('fe-1', 'compose', 'shared'), wish('be-1', 'compose'), true],
    ['do not conflict when both share', wish('fe-1', 'compose', 'shared'), wish('be-1', 'compose', 'shared'), false],
    ['conflict between sessions of one role', wish('fe-1', 'compose'), wish('fe-2', 'compose'), true],
    ['do not conflict within one session', wish('fe-1', 'src/**'), wish('fe-1', 'src/a.ts'), false],
    ['conflict when patterns overlap', wish('fe-1', 'src/**'), wish('be-1', '**/a.ts'), true],
    ['do not conflict on different things', wish('fe-1', 'compose'), wish('be-1', 'nas-deploy'), false],
  ])('%s', (_name, a, b, expected) => {
    expect(conflicts(a, b)).toBe(expected);
    expect(conflicts(b, a)).toBe(expected);
  });
});

describe('what a request waits for', () => {
  it('is every holder in conflict, and who is ahead of it', () => {
    const leases = [wish('be-1', 'src/a.ts', 'shared'), wish('ai-1', 'src/b.ts'), wish('qa-1', 'docs/')];
    const queue = [place(1, 'qa-1', 'src/a.ts'), place(2, 'be-1', 'docs/'), place(7, 'ai-1', 'src/**')];
    const found = blockers(place(5, 'fe-1', 'src/**'), leases, queue);
    expect(found).toEqual([
      { lease: leases[0], place: null },
      { lease: leases[1], place: null },
      { lease: null, place: queue[0] },
    ]);
  });

  it('is only the other holders for one that shares the lock already', () => {
    const queue = [place(1, 'be-1', 'schema')];
    expect(blockers(newcomer('fe-1', 'schema'), [wish('fe-1', 'schema', 'shared')], queue)).toEqual([]);
    expect(blockers(newcomer('fe-1', 'schema'), [wish('fe-1', 'schema', 'shared'), wish('ai-1', 'schema', 'shared')], queue)).toHaveLength(1);
  });

  it('is not a place that waits for the requester', () => {
    expect(blockers(newcomer('fe-1', 'src/a.ts'), [wish('fe-1', 'src/**')], [place(1, 'be-1', 'src/a.ts')])).toEqual([]);
    expect(blockers(newcomer('fe-1', 'src/a.ts'), [wish('fe-1', 'docs/')], [place(1, 'be-1', 'src/a.ts')])).toHaveLength(1);
  });
});

describe('who is granted', () => {
  it('is the first, and with it all that can share, but nobody past one that waits', () => {
    const queue = [
      place(1, 'fe-1', 'schema', 'shared'),
      place(2, 'be-1', 'schema', 'shared'),
      place(3, 'ai-1', 'schema'),
      place(4, 'qa-1', 'schema', 'shared'),
      place(5, 'qa-1', 'compose'),
    ];
    expect(ids(grantable([], queue))).toEqual([1, 2, 5]);
    expect(ids(grantable([wish('fe-2', 'schema')], queue))).toEqual([5]);
  });

  it('is also one ahead, when a grant behind it clears its way', () => {
    const queue = [place(1, 'be-1', 'src/**'), place(2, 'fe-1', 'src/a.ts'), place(3, 'fe-1', 'src/b.ts')];
    const leases = [wish('fe-1', 'src/b.ts', 'shared'), wish('ai-1', 'src/c.ts')];
    expect(ids(grantable(leases, queue))).toEqual([2, 3]);
  });
});

describe('a circle', () => {
  it('runs from whoever begins to wait over leases and places back to it', () => {
    const leases = [wish('fe-1', 'compose'), wish('be-1', 'schema', 'shared')];
    const start = newcomer('fe-1', 'schema', 'shared');
    const cycle = findCycle(start, leases, [place(1, 'ai-1', 'schema'), place(2, 'be-1', 'compose'), start])!;
    expect(cycle.map((step) => [step.waiter.session_id, step.wants, step.holder.session_id, step.has, step.held])).toEqual([
      ['fe-1', 'schema', 'ai-1', 'schema', false],
      ['ai-1', 'schema', 'be-1', 'schema', true],
      ['be-1', 'compose', 'fe-1', 'compose', true],
    ]);
    expect(describeCycle(cycle)).toBe(
      'FE holds compose and waits for schema, where the queue is led by AI, who waits for schema, held by BE, who waits for compose',
    );
  });

  it('is told with the name of the lock in the way where that differs', () => {
    const start = newcomer('fe-1', 'src/main.ts');
    const cycle = findCycle(start, [wish('fe-1', 'docs/**'), wish('be-1', 'src/**')], [place(1, 'be-1', 'docs/a.md'), start])!;
    expect(describeCycle(cycle)).toBe(
      'FE holds path:docs/** and waits for path:src/main.ts, held by BE as path:src/**, who waits for path:docs/a.md',
    );
  });

  it('can end in the place of one that comes back to it', () => {
    const start = place(1, 'fe-1', 'compose', 'shared');
    const leases = [wish('ai-1', 'compose'), wish('be-1', 'nas-deploy')];
    const cycle = findCycle(start, leases, [start, place(2, 'ai-1', 'nas-deploy'), place(3, 'be-1', 'compose')])!;
    expect(cycle.map((step) => [step.waiter.session_id, step.wants, step.holder.session_id, step.held])).toEqual([
      ['fe-1', 'compose', 'ai-1', true],
      ['ai-1', 'nas-deploy', 'be-1', true],
      ['be-1', 'compose', 'fe-1', false],
    ]);
    expect(describeCycle(cycle)).toBe(
      'FE is ahead in the queue for compose and waits for compose, held by AI, who waits for nas-deploy, held by BE, who waits for compose',
    );
  });

  it('is not there where somebody in it does not wait, or does not have to', () => {
    const start = newcomer('fe-1', 'nas-deploy');
    const leases = [wish('fe-1', 'compose', 'shared'), wish('be-1', 'nas-deploy')];
    expect(findCycle(start, leases, [start])).toBeNull();
    expect(findCycle(start, leases, [place(1, 'be-1', 'compose', 'shared'), start])).toBeNull();
  });
});
