import { describe, expect, test } from 'vitest';
import type { ScheduledTaskView } from '../../../preload/contract.ts';
import { applySchedulePatch, draftOf, draftValue, filterTasks, inRunOrder, intervalOf, placeBetween, readScheduleFilter } from '../../../renderer/state/schedule.ts';

const task = (id: string, more: Partial<ScheduledTaskView> = {}): ScheduledTaskView => ({
  id,
  groupId: 'g-1',
  groupName: 'Home',
  prompt: id,
  kind: 'cron',
  value: '0 9 * * *',
  zone: 'UTC',
  followsZone: true,
  contextMode: 'isolated',
  missed: 'latest',
  status: 'active',
  pausedBy: null,
  pauseReason: null,
  nextRun: '2026-11-20T09:00:00.000Z',
  failures: 0,
  underWay: false,
  lastRun: null,
  createdBy: null,
  createdAt: '2026-11-20T00:00:00.000Z',
  updatedAt: '2026-11-20T00:00:00.000Z',
  ...more,
});

describe('the list of scheduled tasks', () => {
  const late = task('b', { nextRun: '2026-11-20T12:00:00.000Z' });
  const soon = task('a');
  const paused = task('d', { status: 'paused', nextRun: null });
  const done = task('c', { status: 'completed', nextRun: null });

  test('has what runs next first, then the rest, newest first', () => {
    expect(inRunOrder([done, paused, late, soon]).map(({ id }) => id)).toEqual(['a', 'b', 'd', 'c']);
  });

  test('takes a patch: changed, added, gone', () => {
    const moved = { ...soon, nextRun: '2026-11-20T13:00:00.000Z' };
    expect(applySchedulePatch([soon, late, paused], { changed: [moved, done], gone: ['d'] })).toEqual([late, moved, done]);
  });

  test('can be filtered by state and group', () => {
    const all = [soon, paused, done, task('e', { groupId: 'g-2' })];
    const ids = (filter: Parameters<typeof filterTasks>[1], group = ''): readonly string[] => filterTasks(all, filter, group).map(({ id }) => id);
    expect(ids('current')).toEqual(['a', 'd', 'e']);
    expect(ids('paused')).toEqual(['d']);
    expect(ids('all', 'g-2')).toEqual(['e']);
    expect(readScheduleFilter('nonsense')).toBe('current');
  });
});

test.each([
  ['3600000', 1, 'hour'],
  ['86400000', 1, 'day'],
  ['5400000', 90, 'minute'],
  ['1500', 1.5, 'second'],
] as const)('an interval of %s ms is %d %s', (value, n, unit) => {
  expect(intervalOf(value)).toEqual({ n, unit });
});

test.each([
  ['cron', '0 9 * * 1-5'],
  ['interval', '5400000'],
  ['once', '2026-11-20T09:00'],
] as const)('what the form takes from a task it gives back: %s', (kind, value) => {
  expect(draftValue(draftOf({ kind, value }))).toBe(value);
});

test('what is not filled in has no value', () => {
  const empty = { ...draftOf(null), cron: ' ', every: 'x', at: '' };
  for (const kind of ['cron', 'interval', 'once'] as const) expect(draftValue({ ...empty, kind })).toBeNull();
});

test('a moment outside the time line lies at its end', () => {
  expect([placeBetween(-5, 0, 10), placeBetween(5, 0, 10), placeBetween(50, 0, 10)]).toEqual([0, 0.5, 1]);
});
