import { describe, expect, it } from 'vitest';
import { applyPatch, BOUNDS } from '../../../renderer/state/apply-patch.ts';
import { event, ids, message, range, snapshot, task } from './samples.ts';

describe('applyPatch', () => {
  it('inserts new entries in order of id and replaces known ones', () => {
    const before = snapshot({ tasks: [task(1), task(3)] });
    const after = applyPatch(before, { tasks: [task(3, { title: 'changed', version: 2 }), task(2)] });
    expect(ids(after.tasks)).toEqual([1, 2, 3]);
    expect(after.tasks[2]?.title).toBe('changed');
  });

  it('replaces short lists as a whole', () => {
    const role = { name: 'FE', unread: 1, unacked: 0, openTasks: 0, locksHeld: 0, lastSeenAt: null };
    const before = snapshot({ roles: [role, { ...role, name: 'BE' }] });
    expect(applyPatch(before, { roles: [role] }).roles).toEqual([role]);
  });

  it('keeps the identity of what the patch does not name, so that views of it rest', () => {
    const before = snapshot({ tasks: [task(1)], messages: [message(1)] });
    const after = applyPatch(before, { events: [event(1)] });
    expect(after.tasks).toBe(before.tasks);
    expect(after.messages).toBe(before.messages);
  });

  it('does not go back to an older version of a task', () => {
    const before = snapshot({ tasks: [task(1, { version: 5, status: 'done' })] });
    expect(applyPatch(before, { tasks: [task(1, { version: 4 })] }).tasks[0]?.status).toBe('done');
  });

  it('takes the same version again, because readiness changes without one', () => {
    const before = snapshot({ tasks: [task(1, { ready: false })] });
    expect(applyPatch(before, { tasks: [task(1, { ready: true })] }).tasks[0]?.ready).toBe(true);
  });

  it('leaves out changes to messages older than the list, which would make a hole', () => {
    const before = snapshot({ messages: [message(10), message(11)] });
    const after = applyPatch(before, { messages: [message(4, { read_at: 'now' }), message(12)] });
    expect(ids(after.messages)).toEqual([10, 11, 12]);
  });

  it('keeps the newest events up to the bound', () => {
    const before = snapshot({ events: range(1, BOUNDS.events).map((id) => event(id)) });
    const after = applyPatch(before, { events: [event(BOUNDS.events + 1)] });
    expect(after.events).toHaveLength(BOUNDS.events);
    expect(after.events[0]?.id).toBe(2);
  });

  it('drops the longest finished tasks beyond the bound, and never unfinished ones', () => {
    const done = range(1, BOUNDS.closedTasks).map((id) => task(id, { status: 'done', updated_at: `2026-11-20T09:00:${String(id).padStart(6, '0')}Z` }));
    const after = applyPatch(snapshot({ tasks: [...done, task(5_000)] }), {
      tasks: [task(5_001, { status: 'cancelled', updated_at: '2026-11-20T10:00:00Z' })],
    });
    expect(after.tasks).toHaveLength(BOUNDS.closedTasks + 1);
    expect(ids(after.tasks)).not.toContain(1);
    expect(ids(after.tasks)).toContain(5_000);
  });
});
