import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMayEdit, checkStart, checkTransition, findDependencyCycle, noneReady, refuseClaim } from '../../../main/bus/task-rules.ts';
import { TASK_STATUSES, type Caller, type Task, type TaskStatus } from '../../../main/bus/types.ts';
import { callerIn } from '../../support/bus-contract/callers.ts';

const HOLDER = callerIn('FE', 'holding');
const callers: Readonly<Record<string, Caller>> = {
  holder: HOLDER,
  'same role': callerIn('FE', 'other'),
  creator: callerIn('BE'),
  coordinator: callerIn('Producer'),
  person: callerIn('AI', 'person', { person: true }),
  stranger: callerIn('AI'),
};

function task(status: TaskStatus, held = status === 'in_progress', more: Partial<Task> = {}): Task {
  const at = '2026-11-20T09:00:00.000Z';
  return {
    id: 1,
    title: 't',
    detail: '',
    status,
    assignee_role: 'FE',
    created_by: 'BE',
    note: '',
    priority: 3,
    depends_on: [],
    ready: true,
    version: 1,
    held_by: held ? 'FE' : null,
    held_by_session: held ? HOLDER.sessionId : null,
    claimed_at: held ? at : null,
    released_reason: null,
    ts: at,
    updated_at: at,
    ...more,
  };
}

/** What comes of a check: `yes`, or the code of the refusal. */
function outcome(check: () => void): string {
  try {
    check();
    return 'yes';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** Who may, in the order of `callers`: y yes, f forbidden, x nobody may. */
function who(from: Task, to: TaskStatus): string {
  const letters: Record<string, string> = { yes: 'y', FORBIDDEN: 'f', TRANSITION_REFUSED: 'x' };
  return Object.values(callers)
    .map((caller) => letters[outcome(() => (to === 'in_progress' ? checkStart(from, caller, 'Producer', []) : checkTransition(from, to, caller, 'Producer')))]!)
    .join('');
}

describe('a transition', () => {
  // Columns: holder, another session of its role, creator, coordinator, person, stranger.
  it.each<[string, Task, TaskStatus, string]>([
    ['open', task('open'), 'in_progress', 'yyffff'],
    ['open', task('open'), 'blocked', 'yyyyyf'],
    ['open', task('open'), 'done', 'yyfyyf'],
    ['open', task('open'), 'cancelled', 'ffyyyf'],
    ['in_progress', task('in_progress'), 'open', 'yffyyf'],
    ['in_progress', task('in_progress'), 'blocked', 'yffyyf'],
    ['in_progress', task('in_progress'), 'done', 'yffyyf'],
    ['in_progress', task('in_progress'), 'cancelled', 'ffyyyf'],
    ['in_progress', task('in_progress'), 'in_progress', 'yxxxxx'],
    ['held blocked', task('blocked', true), 'open', 'yffyyf'],
    ['held blocked', task('blocked', true), 'in_progress', 'yfffff'],
    ['held blocked', task('blocked', true), 'done', 'yffyyf'],
    ['held blocked', task('blocked', true), 'cancelled', 'ffyyyf'],
    ['blocked', task('blocked'), 'open', 'yyfyyf'],
    ['blocked', task('blocked'), 'in_progress', 'yyffff'],
    ['blocked', task('blocked'), 'done', 'yyfyyf'],
    ['blocked', task('blocked'), 'cancelled', 'ffyyyf'],
    ['done', task('done'), 'open', 'ffyyyf'],
    ['done', task('done'), 'in_progress', 'xxffff'],
    ['done', task('done'), 'blocked', 'xxxxxx'],
    ['done', task('done'), 'cancelled', 'xxxxxx'],
    ['cancelled', task('cancelled'), 'open', 'ffyyyf'],
    ['cancelled', task('cancelled'), 'in_progress', 'xxffff'],
    ['cancelled', task('cancelled'), 'blocked', 'xxxxxx'],
    ['cancelled', task('cancelled'), 'done', 'xxxxxx'],
  ])('from %s to %3$s is for the right ones', (_name, from, to, expected) => {
    expect(who(from, to)).toBe(expected);
  });

  it('that nobody may make names what can be done instead', () => {
    expect(() => checkTransition(task('done'), 'blocked', HOLDER, 'Producer')).toThrow('task#1 is done and cannot become blocked; from there it can become open.');
  });

  it('that others may make names them and the cure', () => {
    expect(() => checkTransition(task('in_progress'), 'done', callers['same role']!, 'Producer')).toThrow(
      'only its holder or coordinator may set it to done. It is held by another session of FE. Let that session finish, or ask Producer to reassign it.',
    );
    expect(() => checkTransition(task('open'), 'cancelled', HOLDER, 'Producer')).toThrow('only its creator or coordinator may set it to cancelled. Ask Producer.');
  });
});

describe('an edit', () => {
  it('is for the role of the assignee, the creator and whoever coordinates', () => {
    const allowed = Object.values(callers).map((caller) => outcome(() => checkMayEdit(task('in_progress'), caller, 'Producer')));
    expect(allowed).toEqual(['yes', 'yes', 'yes', 'yes', 'yes', 'FORBIDDEN']);
  });
});

describe('a claim', () => {
  it.each<[string, Task, Caller, readonly Task[], string | null]>([
    ['an open task', task('open'), HOLDER, [], null],
    ['its own task again', task('in_progress'), HOLDER, [], null],
    ['its own task again, though a dependency was opened since', task('in_progress'), HOLDER, [task('open', false, { id: 2 })], null],
    ['a held task', task('in_progress'), callers['same role']!, [], 'held'],
    ["a held task of another role", task('in_progress'), callers['stranger']!, [], 'held'],
    ["another role's open task", task('open'), callers['coordinator']!, [], 'other_role'],
    ["another role's done task", task('done'), callers['creator']!, [], 'other_role'],
    ['a blocked task', task('blocked'), HOLDER, [], 'not_open'],
    ['a done task', task('done'), HOLDER, [], 'not_open'],
    ['a task that waits', task('open'), HOLDER, [task('open', false, { id: 2 })], 'dependencies'],
  ])('of %s', (_name, wanted, caller, waitsFor, expected) => {
    expect(refuseClaim(wanted, caller, waitsFor)?.error ?? null).toBe(expected);
  });

  it('by update is refused with the hint of the claim', () => {
    const waitsFor = [task('open', false, { id: 2 })];
    for (const from of [task('open'), task('blocked')]) {
      expect(() => checkStart(from, HOLDER, 'Producer', waitsFor)).toThrow('task#1 cannot be started: task#1 waits for task#2 (open, for FE).');
    }
  });

  it('of nothing ready counts what waits beyond what it names', () => {
    const first = [{ task: task('open'), waitsFor: [task('blocked', true, { id: 2 })] }];
    expect(noneReady('FE', 4, first).hint).toBe('No open task for FE is ready, 4 wait: task#1 waits for task#2 (blocked, held by FE); and 3 more.');
  });

  it('never throws for any state of a task', () => {
    const from = fc.tuple(fc.constantFrom(...TASK_STATUSES), fc.boolean()).map(([status, held]) => task(status, held || status === 'in_progress'));
    fc.assert(fc.property(from, fc.constantFrom(...Object.values(callers)), (wanted, caller) => void refuseClaim(wanted, caller, [])));
  });
});

describe('a circle of dependencies', () => {
  const graph: Readonly<Record<number, readonly number[]>> = { 1: [], 2: [1], 3: [2], 4: [2, 3], 5: [] };
  const of = (id: number): readonly number[] => graph[id]!;

  it('is named from the task back to itself, by the shortest way', () => {
    expect(findDependencyCycle(1, [5, 4], of)).toEqual([1, 4, 2, 1]);
    expect(findDependencyCycle(1, [1], of)).toEqual([1, 1]);
    expect(findDependencyCycle(5, [4], of)).toBeNull();
    expect(findDependencyCycle(4, [], of)).toBeNull();
  });

  it('is found in a chain of any length', () => {
    const cycle = findDependencyCycle(0, [20_000], (id) => [id - 1]);
    expect(cycle).toHaveLength(20_002);
  });

  it('is found exactly when following dependencies leads back', () => {
    const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 });
    fc.assert(
      fc.property(edges, fc.nat(7), fc.uniqueArray(fc.nat(7), { maxLength: 4 }), (links, start, dependsOn) => {
        const next = (id: number): number[] => links.filter(([from]) => from === id).map(([, to]) => to);
        const reached = new Set(dependsOn);
        for (const id of reached) for (const other of next(id)) reached.add(other);
        const cycle = findDependencyCycle(start, dependsOn, next);
        expect(cycle !== null).toBe(reached.has(start));
        if (cycle === null) return;
        expect([cycle[0], cycle.at(-1)]).toEqual([start, start]);
        expect(dependsOn).toContain(cycle[1]);
        for (let n = 2; n < cycle.length; n += 1) expect(next(cycle[n - 1]!)).toContain(cycle[n]);
      }),
    );
  });
});
