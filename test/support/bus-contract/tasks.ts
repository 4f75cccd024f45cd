import { describe, expect, onTestFinished, test } from 'vitest';
import type { BusStore } from '../../../main/bus/store.ts';
import type { Caller, CreateTask, LogEvent, Task, TaskClaimed, TaskStatus, UpdateTask } from '../../../main/bus/types.ts';
import { callerIn } from './callers.ts';
import type { MakeBus } from './make-bus.ts';

const producer = callerIn('Producer');
const fe = callerIn('FE', 'fe-1');
const feAgain = callerIn('FE', 'fe-2');
const be = callerIn('BE', 'be-1');
const ai = callerIn('AI', 'ai-1');
const person = callerIn('Producer', 'person', { agentName: null, person: true });

/** The silence that ends a claim, in the buses of this suite. */
const SILENCE_MS = 3_600_000;

const page = { limit: 100 };
const titles = ({ tasks }: { readonly tasks: readonly Task[] }): string[] => tasks.map((task) => task.title);

function claimed(answer: TaskClaimed): Task {
  if (!answer.ok) throw new Error(`not claimed: ${answer.hint}`);
  return answer.task;
}

/** What every bus store promises about tasks. The store must be made with one hour of silence and coordinator Producer. */
export function taskContract(make: MakeBus): void {
  async function open() {
    const { store, clock, close } = await make();
    onTestFinished(() => close());
    const events: LogEvent[] = [];
    store.subscribe((committed) => void events.push(...committed.filter((event) => event.kind === 'task')));
    return {
      store,
      clock,
      events,
      /** Creates a task for FE, by the Producer unless told otherwise, and returns its id. */
      async add(more: Partial<CreateTask> = {}, by: Caller = producer): Promise<number> {
        return (await store.createTask(by, { title: 'x', assignee_role: 'FE', ...more })).task_id;
      },
      claim: (caller: Caller, task_id: number) => store.claimTask(caller, { task_id }),
      update: async (caller: Caller, task_id: number, more: Omit<UpdateTask, 'task_id'>) => (await store.updateTask(caller, { task_id, ...more })).task,
      next: (caller: Caller) => store.claimNextTask(caller, {}),
      get: async (id: number) => (await store.getTasks([id]))[0]!,
    };
  }

  describe('a task (seed 001)', () => {
    test('is created open and listed', async () => {
      const { store, clock, get } = await open();
      const created = await store.createTask(producer, { title: 'deploy FE', assignee_role: 'FE', detail: 'ship it' });
      const at = new Date(clock.now()).toISOString();
      expect(created).toEqual({
        task_id: 1,
        task: {
          id: 1,
          title: 'deploy FE',
          detail: 'ship it',
          status: 'open',
          assignee_role: 'FE',
          created_by: 'Producer',
          note: '',
          priority: 3,
          depends_on: [],
          ready: true,
          version: 1,
          held_by: null,
          held_by_session: null,
          claimed_at: null,
          released_reason: null,
          ts: at,
          updated_at: at,
        },
      });
      expect(await get(1)).toEqual(created.task);
      expect(await store.listTasks(page)).toEqual({ tasks: [created.task], has_more: false });
    });

    test('is claimed once; a second claim is told who holds it', async () => {
      const { add, claim, clock } = await open();
      const id = await add();
      expect(await claim(fe, id)).toMatchObject({
        ok: true,
        task: { status: 'in_progress', held_by: 'FE', held_by_session: 'fe-1', claimed_at: new Date(clock.now()).toISOString(), version: 2 },
      });
      expect(await claim(be, id)).toMatchObject({ ok: false, error: 'held', held_by: 'FE' });
      expect(await claim(feAgain, id)).toMatchObject({ ok: false, error: 'held', held_by: 'FE' });
    });

    test('is done with a note', async () => {
      const { add, claim, update } = await open();
      const id = await add();
      await claim(fe, id);
      expect(await update(fe, id, { status: 'done', note: 'finished' })).toMatchObject({ status: 'done', note: 'finished', held_by: null, version: 3 });
    });

    test('is filtered by status and role', async () => {
      const { store, add, claim } = await open();
      const first = await add({ title: 'a' });
      await add({ title: 'b', assignee_role: 'BE' });
      await add({ title: 'c' });
      await claim(fe, first);
      expect(titles(await store.listTasks({ ...page, assignee_role: 'FE' }))).toEqual(['a', 'c']);
      expect(titles(await store.listTasks({ ...page, status: 'in_progress' }))).toEqual(['a']);
      expect(titles(await store.listTasks({ ...page, status: 'open', assignee_role: 'FE' }))).toEqual(['c']);
      expect(titles(await store.listTasks({ ...page, status: 'done' }))).toEqual([]);
    });

    test('tells the log in the words of the team', async () => {
      const { add, claim, update, events } = await open();
      const id = await add({ title: 'deploy FE' });
      await claim(fe, id);
      await update(fe, id, { status: 'done' });
      expect(events).toMatchObject([
        { action: 'created', text: "Producer created 'deploy FE' → FE", role: 'Producer', subject: 'task:1', data: { ids: [1], version: 1 } },
        { action: 'claimed', text: 'FE claimed task#1', role: 'FE', data: { from: 'open', to: 'in_progress' } },
        { action: 'moved', text: 'FE set task#1 → done', data: { from: 'in_progress', to: 'done', version: 3 } },
      ]);
    });
  });

  describe('the list', () => {
    test('goes on after an id and says whether there is more', async () => {
      const { store, add } = await open();
      for (const title of ['a', 'b', 'c']) await add({ title });
      const first = await store.listTasks({ limit: 2 });
      expect(first).toMatchObject({ has_more: true });
      expect(titles(first)).toEqual(['a', 'b']);
      const rest = await store.listTasks({ limit: 2, after_id: first.tasks.at(-1)!.id });
      expect(titles(rest)).toEqual(['c']);
      expect(rest.has_more).toBe(false);
    });

    test('by ids leaves out what does not exist', async () => {
      const { store, add } = await open();
      const id = await add();
      expect((await store.getTasks([99, id])).map((task) => task.id)).toEqual([id]);
    });
  });

  describe('a claim', () => {
    test('repeated by its session is the same claim', async () => {
      const { add, claim, events } = await open();
      const id = await add();
      const first = await claim(fe, id);
      expect(await claim(fe, id)).toEqual(first);
      expect(events).toHaveLength(2);
    });

    test("of another role's task is refused, for the Producer too", async () => {
      const { add, claim, get } = await open();
      const id = await add();
      const before = await get(id);
      for (const caller of [be, producer, person]) {
        expect(await claim(caller, id)).toMatchObject({ ok: false, error: 'other_role', hint: expect.stringContaining('reassign') });
      }
      expect(await get(id)).toEqual(before);
    });

    test('of what is not there, done, cancelled or blocked is refused with the reason', async () => {
      const { add, claim, update } = await open();
      expect(await claim(fe, 7)).toMatchObject({ ok: false, error: 'not_found', hint: expect.stringContaining('task#7') });
      for (const status of ['done', 'cancelled', 'blocked'] as const) {
        const id = await add();
        await update(producer, id, { status });
        expect(await claim(fe, id)).toMatchObject({ ok: false, error: 'not_open', hint: expect.stringContaining(status) });
      }
    });

    test('waits for the dependencies', async () => {
      const { add, claim, update, get } = await open();
      const first = await add({ assignee_role: 'BE' });
      const second = await add({ depends_on: [first] });
      expect(await get(second)).toMatchObject({ depends_on: [first], ready: false });
      await claim(be, first);
      expect(await claim(fe, second)).toMatchObject({
        ok: false,
        error: 'dependencies',
        hint: 'task#2 waits for task#1 (in_progress, held by BE).',
      });
      await update(be, first, { status: 'done' });
      expect(await claim(fe, second)).toMatchObject({ ok: true, task: { ready: true } });
    });

    test('ends with its session, and the task is open again with the reason', async () => {
      const { store, add, claim, get, events } = await open();
      const [held, other] = [await add(), await add()];
      await claim(fe, held);
      await claim(feAgain, other);
      await store.endSession('fe-1', 'session revoked');
      expect(await get(held)).toMatchObject({ status: 'open', held_by: null, held_by_session: null, claimed_at: null, released_reason: 'session revoked' });
      expect(await get(other)).toMatchObject({ status: 'in_progress' });
      expect(events.at(-1)).toMatchObject({
        action: 'released',
        text: 'task#1 lost its holder FE: session revoked',
        data: { ids: [held], from: 'in_progress', to: 'open', reason: 'session revoked' },
      });
      expect(claimed(await claim(feAgain, held)).released_reason).toBeNull();
    });

    test('ends when its session gives no sign of life for an hour', async () => {
      const { store, clock, add, claim, get } = await open();
      const id = await add();
      await claim(fe, id);
      const due = clock.now() + SILENCE_MS;
      expect(await store.nextDue()).toBe(due);
      clock.advance(SILENCE_MS / 2);
      await store.touch(fe);
      expect(await store.nextDue()).toBe(due + SILENCE_MS / 2);
      clock.advance(SILENCE_MS - 1);
      await store.sweep();
      expect(await get(id)).toMatchObject({ status: 'in_progress' });
      clock.jump(1);
      await store.sweep();
      expect(await get(id)).toMatchObject({ status: 'open', released_reason: 'no sign of life for 60 min' });
      expect(await store.nextDue()).toBeNull();
    });

    test('of a silent session is no obstacle even before a sweep', async () => {
      const { clock, add, claim, next, update } = await open();
      const id = await add();
      await claim(fe, id);
      clock.advance(SILENCE_MS);
      expect(await claim(feAgain, id)).toMatchObject({ ok: true });
      clock.advance(SILENCE_MS);
      expect(claimed(await next(fe)).id).toBe(id);
      clock.advance(SILENCE_MS);
      expect(await update(feAgain, id, { status: 'done' })).toMatchObject({ status: 'done' });
    });

    test('of the person does not end in silence', async () => {
      const { store, clock, add, claim, get } = await open();
      const id = await add({ assignee_role: 'Producer' });
      await claim(person, id);
      expect(await store.nextDue()).toBeNull();
      clock.advance(10 * SILENCE_MS);
      await store.sweep();
      expect(await get(id)).toMatchObject({ status: 'in_progress' });
    });

    test('that ends leaves a blocked task blocked', async () => {
      const { store, add, claim, update, get } = await open();
      const id = await add();
      await claim(fe, id);
      await update(fe, id, { status: 'blocked', note: 'no access' });
      await store.endSession('fe-1', 'session expired');
      expect(await get(id)).toMatchObject({ status: 'blocked', held_by: null, released_reason: 'session expired' });
      expect(await update(feAgain, id, { status: 'in_progress' })).toMatchObject({ held_by_session: 'fe-2' });
    });

    test('repeated with its key has one effect', async () => {
      const { store, add } = await open();
      const [first, second] = [await add(), await add()];
      const answer = await store.claimNextTask(fe, { idempotency_key: 'k' });
      expect(claimed(answer).id).toBe(first);
      expect(await store.claimNextTask(fe, { idempotency_key: 'k' })).toEqual({ ...answer, replayed: true });
      expect(claimed(await store.claimNextTask(fe, { idempotency_key: 'k2' })).id).toBe(second);
    });
  });

  describe('claim_next', () => {
    test('takes the most urgent, then the oldest, that is ready and for the role', async () => {
      const { add, next } = await open();
      await add({ title: 'late', priority: 5 });
      await add({ title: 'old' });
      await add({ title: 'young' });
      const urgent = await add({ title: 'urgent', priority: 1 });
      await add({ title: 'waits', priority: 1, depends_on: [urgent] });
      await add({ title: 'not mine', priority: 1, assignee_role: 'BE' });
      const order = [];
      for (let n = 0; n < 4; n += 1) order.push(claimed(await next(fe)).title);
      expect(order).toEqual(['urgent', 'old', 'young', 'late']);
    });

    test('says how many tasks wait, and for what, when none is ready', async () => {
      const { add, claim, update, next } = await open();
      expect(await next(fe)).toEqual({ ok: false, error: 'none_ready', hint: 'There is no open task for FE.' });
      const [held, dropped] = [await add({ assignee_role: 'BE' }), await add({ assignee_role: 'AI' })];
      await add({ depends_on: [held] });
      expect(await next(fe)).toMatchObject({ hint: 'No open task for FE is ready, 1 waits: task#3 waits for task#1 (open, for BE).' });
      await claim(be, held);
      await update(producer, dropped, { status: 'cancelled' });
      await add({ depends_on: [held, dropped] });
      expect(await next(fe)).toEqual({
        ok: false,
        error: 'none_ready',
        hint:
          'No open task for FE is ready, 2 wait: task#3 waits for task#1 (in_progress, held by BE); ' +
          'task#4 waits for task#1 (in_progress, held by BE), task#2 (cancelled: take it out of depends_on).',
      });
      for (let n = 0; n < 3; n += 1) await add({ depends_on: [held] });
      expect(await next(fe)).toMatchObject({ hint: expect.stringMatching(/5 wait: .*; and 2 more\.$/) });
    });
  });

  describe('an update', () => {
    test('changes what is given and nothing else', async () => {
      const { add, update, get, events } = await open();
      const id = await add({ title: 'old', detail: 'd' });
      const before = await get(id);
      const after = await update(producer, id, { title: 'new', priority: 1, note: 'n' });
      expect(after).toEqual({ ...before, title: 'new', priority: 1, note: 'n', version: 2 });
      expect(events.at(-1)).toMatchObject({ action: 'edited', text: 'Producer edited task#1' });
    });

    test('that changes nothing is no change', async () => {
      const { add, claim, update, events } = await open();
      const id = await add({ title: 'old' });
      await claim(fe, id);
      expect(await update(fe, id, { title: 'old', status: 'in_progress', depends_on: [] })).toMatchObject({ version: 2 });
      expect(events).toHaveLength(2);
    });

    test('with another version than the current one is refused', async () => {
      const { add, update, store } = await open();
      const id = await add();
      expect(await update(fe, id, { note: 'one', expected_version: 1 })).toMatchObject({ version: 2 });
      await expect(update(producer, id, { note: 'two', expected_version: 1 })).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
        details: { task_id: id, expected_version: 1, current_version: 2 },
      });
      await expect(store.reassignTask(producer, { task_id: id, assignee_role: 'BE', reason: 'r', expected_version: 1 })).rejects.toMatchObject({
        code: 'VERSION_CONFLICT',
      });
    });

    test('of an unknown task is refused', async () => {
      const { update, store } = await open();
      await expect(update(fe, 9, { note: 'x' })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND', details: { task_id: 9 } });
      await expect(store.reassignTask(producer, { task_id: 9, assignee_role: 'BE', reason: 'r' })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    });

    test('is for the assignee, the creator, the Producer and the person', async () => {
      const { add, update } = await open();
      const id = await add({}, be);
      for (const caller of [fe, feAgain, be, producer, person]) {
        expect(await update(caller, id, { note: caller.sessionId })).toMatchObject({ note: caller.sessionId });
      }
      await expect(update(ai, id, { note: 'mine' })).rejects.toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('belongs to FE') });
    });

    test('to in_progress is a claim', async () => {
      const { add, update } = await open();
      const first = await add();
      const second = await add({ depends_on: [first] });
      await expect(update(fe, second, { status: 'in_progress' })).rejects.toMatchObject({
        code: 'TRANSITION_REFUSED',
        message: expect.stringContaining('waits for task#1'),
      });
      await expect(update(producer, first, { status: 'in_progress' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      expect(await update(fe, first, { status: 'in_progress' })).toMatchObject({ held_by: 'FE', held_by_session: 'fe-1' });
      await expect(update(feAgain, first, { status: 'in_progress' })).rejects.toMatchObject({ code: 'TRANSITION_REFUSED' });
    });

    test('of a held task belongs to its session while that lives', async () => {
      const { store, add, claim, update } = await open();
      const id = await add({}, be);
      await claim(fe, id);
      for (const status of ['done', 'open', 'blocked'] as const) {
        await expect(update(feAgain, id, { status })).rejects.toMatchObject({
          code: 'FORBIDDEN',
          message: expect.stringContaining('held by another session of FE'),
        });
        await expect(update(be, id, { status })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      }
      await store.endSession('fe-1', 'session expired');
      expect(await update(feAgain, id, { status: 'done' })).toMatchObject({ status: 'done' });
    });

    test('takes a held task from its session only with a message to it', async () => {
      const { store, add, claim, update } = await open();
      const [cancelled, finished, own] = [await add({ title: 'old plan' }, be), await add(), await add()];
      for (const id of [cancelled, finished, own]) await claim(fe, id);
      await update(be, cancelled, { status: 'cancelled', note: 'plan changed' });
      await update(producer, finished, { status: 'blocked' });
      await update(producer, finished, { status: 'done' });
      await update(fe, own, { status: 'done' });
      const { messages } = await store.readInbox(fe, { after_id: 0, limit: 10, mark_read: false, unread_only: false });
      expect(messages).toMatchObject([
        { from_role: 'BE', importance: 'high', body: "task#1 'old plan', which you held, was set to cancelled by BE: plan changed" },
        { from_role: 'Producer', body: "task#2 'x', which you held, was set to done by Producer" },
      ]);
    });

    test('that resumes a blocked task goes on with the same claim', async () => {
      const { clock, add, claim, update } = await open();
      const id = await add();
      const { claimed_at } = claimed(await claim(fe, id));
      await update(fe, id, { status: 'blocked' });
      clock.advance(1000);
      expect(await update(fe, id, { status: 'in_progress' })).toMatchObject({ status: 'in_progress', held_by_session: 'fe-1', claimed_at });
    });

    test('follows the table of transitions', async () => {
      const { add, update } = await open();
      const refusals: string[] = [];
      const go = async (id: number, caller: Caller, to: TaskStatus) => {
        try {
          await update(caller, id, { status: to });
        } catch (error) {
          refusals.push(`${caller.role} ${to}: ${(error as { code: string }).code}`);
        }
      };
      const id = await add({}, be);
      await go(id, fe, 'cancelled');
      await go(id, fe, 'blocked');
      await go(id, be, 'in_progress');
      await go(id, fe, 'in_progress');
      await go(id, fe, 'done');
      await go(id, fe, 'open');
      await go(id, fe, 'blocked');
      await go(id, be, 'open');
      await go(id, be, 'cancelled');
      await go(id, producer, 'done');
      await go(id, producer, 'open');
      expect(refusals).toEqual([
        'FE cancelled: FORBIDDEN',
        'BE in_progress: FORBIDDEN',
        'FE open: FORBIDDEN',
        'FE blocked: TRANSITION_REFUSED',
        'Producer done: TRANSITION_REFUSED',
      ]);
    });
  });

  describe('dependencies', () => {
    test('must exist', async () => {
      const { add, update } = await open();
      await expect(add({ depends_on: [5] })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND', details: { task_id: 5 } });
      const id = await add();
      await expect(update(producer, id, { depends_on: [5] })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    });

    test('must not form a circle, which is named', async () => {
      const { add, update, get } = await open();
      const first = await add();
      const second = await add({ depends_on: [first] });
      const third = await add({ depends_on: [second] });
      await expect(update(producer, first, { depends_on: [third] })).rejects.toMatchObject({
        code: 'DEPENDENCY_CYCLE',
        message: expect.stringContaining('task#1 waits for task#3 waits for task#2 waits for task#1'),
        details: { cycle: [1, 3, 2, 1] },
      });
      await expect(update(producer, first, { depends_on: [first] })).rejects.toMatchObject({ details: { cycle: [1, 1] } });
      expect(await get(first)).toMatchObject({ depends_on: [], version: 1 });
    });

    test('can be replaced', async () => {
      const { add, update } = await open();
      const [first, second] = [await add(), await add()];
      const third = await add({ depends_on: [first] });
      expect(await update(producer, third, { depends_on: [second] })).toMatchObject({ depends_on: [second], ready: false, version: 2 });
      expect(await update(producer, third, { depends_on: [] })).toMatchObject({ depends_on: [], ready: true });
    });

    test('that are done make tasks ready, that are opened again let them wait', async () => {
      const { add, update, events, get } = await open();
      const [first, second] = [await add(), await add()];
      const one = await add({ depends_on: [first] });
      const both = await add({ assignee_role: 'BE', depends_on: [first, second] });
      await update(producer, await add({ depends_on: [first] }), { status: 'cancelled' });
      const move = async (id: number, status: TaskStatus): Promise<string[]> => {
        const logged = events.length;
        await update(producer, id, { status });
        return events.slice(logged).map(({ action, subject }) => `${action} ${subject}`);
      };
      expect(await move(first, 'done')).toEqual([`moved task:${first}`, `ready task:${one}`]);
      expect(events.at(-1)).toMatchObject({ text: `task#${one} is ready for FE`, role: 'FE', data: { ids: [one] } });
      expect((await get(both)).ready).toBe(false);
      expect(await move(second, 'done')).toEqual([`moved task:${second}`, `ready task:${both}`]);
      expect(await move(second, 'open')).toEqual([`moved task:${second}`, `waiting task:${both}`]);
      expect(events.at(-1)).toMatchObject({ text: `task#${both} waits again for task#${second}` });
      expect(await move(first, 'open')).toEqual([`moved task:${first}`, `waiting task:${one}`]);
    });
  });

  describe('reassigning', () => {
    test('opens the task for the other role and tells who held it', async () => {
      const { store, add, claim, events, get } = await open();
      const id = await add({ title: 'deploy' });
      await claim(fe, id);
      const { ok, task } = await store.reassignTask(producer, { task_id: id, assignee_role: 'BE', reason: 'FE is busy' });
      expect(ok).toBe(true);
      expect(task).toMatchObject({
        status: 'open',
        assignee_role: 'BE',
        held_by: null,
        version: 3,
        released_reason: 'reassigned to BE by Producer: FE is busy',
      });
      expect(await get(id)).toEqual(task);
      expect(events.at(-1)).toMatchObject({
        action: 'reassigned',
        text: 'Producer reassigned task#1: FE → BE (FE is busy)',
        data: { from: 'in_progress', to: 'open', reason: 'FE is busy' },
      });
      const { messages } = await store.readInbox(fe, { after_id: 0, limit: 10, mark_read: false, unread_only: false });
      expect(messages).toMatchObject([
        { from_role: 'Producer', importance: 'high', body: "task#1 'deploy', which you held, was reassigned to BE by Producer: FE is busy" },
      ]);
      expect(await claim(be, id)).toMatchObject({ ok: true });
    });

    test('is for the Producer and the person only', async () => {
      const { store, add } = await open();
      const id = await add({}, be);
      for (const caller of [fe, be]) {
        await expect(store.reassignTask(caller, { task_id: id, assignee_role: 'AI', reason: 'r' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      }
      expect((await store.reassignTask(person, { task_id: id, assignee_role: 'AI', reason: 'r' })).task.assignee_role).toBe('AI');
    });
  });

  test('the log and the board tell the same story', async () => {
    const { store, add, claim, update, events } = await open();
    const first = await add();
    await add({ depends_on: [first] });
    await claim(fe, first);
    await update(fe, first, { status: 'blocked' });
    await update(fe, first, { status: 'in_progress' });
    await store.endSession('fe-1', 'session revoked');
    await store.reassignTask(producer, { task_id: first, assignee_role: 'BE', reason: 'r' });
    await update(be, first, { status: 'done' });
    const told = new Map<number, { status: unknown; version: unknown }>();
    for (const { data } of events) {
      const { ids, version, to } = data as { ids: [number]; version: number; to?: string };
      told.set(ids[0], { status: to ?? told.get(ids[0])?.status ?? 'open', version });
    }
    expect((await allTasks(store)).map(({ id, status, version }) => [id, { status, version }])).toEqual([...told]);
  });
}

async function allTasks(store: BusStore): Promise<readonly Task[]> {
  return (await store.listTasks(page)).tasks;
}
