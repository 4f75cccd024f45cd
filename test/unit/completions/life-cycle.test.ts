import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Notifications } from '../../../main/notify/notifications.ts';
import { makeCompletions } from '../../support/completions-rig.ts';

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

let room: ReturnType<typeof makeCompletions>;
beforeEach(() => {
  room = makeCompletions();
});
afterEach(() => room.close());

/** Takes one in and says that its notice was delivered. */
async function told(task: string): Promise<number> {
  room.drop(task);
  await room.pass.run(null);
  const { id } = room.completions.list()[0]!;
  room.completions.delivered(room.completions.noticesOf(id));
  return id;
}

describe('the life of a completion', () => {
  test('pending, notified, acked, archived: each with its time, its line in the log and one notice in all', async () => {
    room.drop('task-1', '{"summary":"Login works","team":"dev1","report":"/r/1.md"}');
    await room.pass.run(null);
    const [pending] = room.completions.list();
    expect(pending).toMatchObject({ task: 'task-1', times: 1, state: 'pending', team: 'dev1', summary: 'Login works', report: '/r/1.md', notifiedAt: null });
    expect(room.notices()).toEqual([{ id: 1, type: 'COMPLETION_DONE', context: expect.objectContaining({ completionId: '1', task: 'task-1', times: 1, team: 'dev1', summary: 'Login works', report: '/r/1.md' }) }]);

    room.completions.delivered([1]);
    expect(room.completions.get(1)).toMatchObject({ state: 'notified', notifiedAt: room.clock.now() });
    room.clock.advance(5 * MINUTES);
    expect(room.completions.ack(1, 'person')).toMatchObject({ state: 'acked', ackedAt: room.clock.now(), ackedBy: 'person' });
    await room.pass.run(null);
    expect(room.files()).toEqual(['task-1.done', 'task-1.done.acked', 'task-1.done.notified']);

    room.clock.advance(24 * HOURS - 1);
    expect(room.completions.toArchive(10)).toEqual([]);
    room.clock.advance(1);
    for (const due of room.completions.toArchive(10)) await room.pass.archive(due);
    expect(room.completions.get(1)).toMatchObject({ state: 'archived', archivedAt: room.clock.now(), supersededBy: null });
    expect(room.files()).toEqual(['archive/task-1.done', 'archive/task-1.done.acked', 'archive/task-1.done.notified']);
    await room.pass.run(null);
    expect(room.notices()).toHaveLength(1);
    expect(room.log()).toEqual(['reported', 'notified', 'acked', 'archived']);
  });

  test('is escalated once after thirty minutes without an ack, counted from when it was seen', async () => {
    const id = await told('task-1');
    expect(room.completions.nextDue()).toBe(room.clock.now() + 30 * MINUTES);
    room.clock.advance(30 * MINUTES - 1);
    room.completions.escalateDue();
    expect(room.notices()).toHaveLength(1);
    room.clock.advance(1);
    room.completions.escalateDue();
    room.completions.escalateDue();
    expect(room.notices().slice(1)).toEqual([{ id: 2, type: 'COMPLETION_ESCALATED', context: expect.objectContaining({ task: 'task-1', waitedMinutes: 30 }) }]);
    expect(room.completions.get(id)).toMatchObject({ state: 'notified', escalatedAt: room.clock.now() });
    expect(room.completions.rows.countEscalated()).toBe(1);
    await room.pass.run(null);
    expect(room.files()).toContain('task-1.done.escalated');
    room.completions.ack(id, 'person');
    expect(room.completions.rows.countEscalated()).toBe(0);
  });

  test('is escalated also when nobody could be told at all', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.clock.advance(31 * MINUTES);
    room.completions.escalateDue();
    expect(room.completions.get(1)).toMatchObject({ state: 'pending', escalatedAt: room.clock.now() });
  });

  test('is never escalated once it was acked', async () => {
    const id = await told('task-1');
    room.completions.ack(id, 'person');
    room.clock.advance(HOURS);
    room.completions.escalateDue();
    expect(room.notices()).toHaveLength(1);
    expect(room.completions.escalatesAt(room.completions.get(id))).toBeNull();
  });

  test('counts as told when only the escalation got through', async () => {
    room.drop('task-1');
    await room.pass.run(null);
    room.clock.advance(HOURS);
    room.completions.escalateDue();
    room.completions.delivered([2]);
    expect(room.completions.get(1).state).toBe('notified');
  });

  test.each(['person', 'file'] as const)('an ack by a %s settles what waits to be told, and what nobody was told', async (by) => {
    room.drop('task-1');
    await room.pass.run(null);
    room.clock.advance(30 * MINUTES);
    room.completions.escalateDue();
    room.store.db.prepare("UPDATE notices SET state = 'failed', reason = 'HTTP 502' WHERE id = 1").run();
    room.completions.ack(1, by);
    const notices = room.store.db.prepare('SELECT type, state, reason, seen_at AS seenAt FROM notices ORDER BY id').all();
    expect(notices).toEqual([
      { type: 'COMPLETION_DONE', state: 'failed', reason: 'HTTP 502', seenAt: room.clock.now() },
      { type: 'COMPLETION_ESCALATED', state: 'suppressed', reason: 'settled', seenAt: room.clock.now() },
    ]);
  });

  test('acking twice changes nothing', async () => {
    const id = await told('task-1');
    const first = room.completions.ack(id, 'person');
    room.clock.advance(MINUTES);
    expect(room.completions.ack(id, 'file')).toEqual(first);
    expect(room.log().filter((action) => action === 'acked')).toHaveLength(1);
  });

  test('can be told again as long as nobody has reacted', async () => {
    const id = await told('task-1');
    room.completions.resend(id);
    room.completions.resend(id);
    expect(room.notices().map(({ type }) => type)).toEqual(['COMPLETION_DONE', 'COMPLETION_DONE', 'COMPLETION_DONE']);
    expect(room.completions.noticesOf(id)).toEqual([1, 2, 3]);
    room.completions.ack(id, 'person');
    expect(() => room.completions.resend(id)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });

  test('says which completion is meant when there is none', () => {
    expect(() => room.completions.ack(7, 'person')).toThrow(expect.objectContaining({ code: 'COMPLETION_NOT_FOUND', details: { completion_id: 7 } }));
  });

  test('can be looked for by state, team and task, newest first and page by page', async () => {
    for (const [task, team] of [['a', 'dev1'], ['b', 'dev2'], ['c', 'dev1']] as const) {
      room.drop(task, JSON.stringify({ team }));
      await room.pass.run(null);
    }
    room.completions.delivered([2]);
    room.completions.ack(3, 'person');
    const tasks = (query: Parameters<typeof room.completions.list>[0]): readonly string[] => room.completions.list(query).map(({ task }) => task);
    expect(tasks({})).toEqual(['c', 'b', 'a']);
    expect(tasks({ which: 'open' })).toEqual(['b', 'a']);
    expect(tasks({ which: 'pending' })).toEqual(['a']);
    expect(tasks({ which: 'notified' })).toEqual(['b']);
    expect(tasks({ which: 'acked' })).toEqual(['c']);
    expect(tasks({ which: 'archived' })).toEqual([]);
    expect(tasks({ team: 'dev1' })).toEqual(['c', 'a']);
    expect(tasks({ task: 'b' })).toEqual(['b']);
    expect(tasks({ beforeId: 3, limit: 1 })).toEqual(['b']);
  });

  test('a completion and its notice are one change: neither without the other', async () => {
    const store = room.store;
    const enqueue = Notifications.prototype.enqueue;
    Notifications.prototype.enqueue = () => {
      throw new Error('the outbox is broken');
    };
    room.drop('task-1');
    await expect(room.pass.run(null)).rejects.toThrow('the outbox is broken').finally(() => {
      Notifications.prototype.enqueue = enqueue;
    });
    expect(room.completions.list()).toEqual([]);
    expect(store.db.prepare("SELECT count(*) FROM events WHERE kind = 'completion'").pluck().get()).toBe(0);
    await room.pass.run(null);
    expect(room.completions.list()).toHaveLength(1);
    expect(room.notices()).toHaveLength(1);
  });
});

describe('while the kill switch is on', () => {
  test('nothing is taken in, escalated, archived or acked, and nothing is lost', async () => {
    const id = await told('task-1');
    const acked = await told('task-2');
    room.completions.ack(acked, 'person');
    room.drop('task-3');
    room.lock();
    room.clock.advance(48 * HOURS);
    await expect(room.pass.run(null)).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    room.completions.escalateDue();
    expect(room.completions.toArchive(10)).toEqual([]);
    expect(() => room.completions.ack(id, 'person')).toThrow(expect.objectContaining({ code: 'SYSTEM_LOCKED' }));
    expect(() => room.completions.resend(id)).toThrow(expect.objectContaining({ code: 'SYSTEM_LOCKED' }));
    expect(room.notices()).toHaveLength(2);

    room.unlock();
    await room.pass.run(null);
    room.completions.escalateDue();
    expect(room.completions.list().map(({ task }) => task)).toEqual(['task-3', 'task-2', 'task-1']);
    expect(room.notices().map(({ type }) => type)).toEqual(['COMPLETION_DONE', 'COMPLETION_DONE', 'COMPLETION_DONE', 'COMPLETION_ESCALATED']);
    expect(room.completions.toArchive(10).map(({ task }) => task)).toEqual(['task-2']);
  });
});
