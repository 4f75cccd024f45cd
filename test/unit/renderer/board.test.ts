import { describe, expect, it } from 'vitest';
import { columnsOf, matchesFilter, neighbour, readTaskNumbers, taskById } from '../../../renderer/state/board.ts';
import { ids, range, task } from './samples.ts';

describe('the columns of the board', () => {
  it('show first what can start, then by priority and number', () => {
    const { open } = columnsOf([task(1, { priority: 3 }), task(2, { priority: 1, ready: false }), task(3, { priority: 1 }), task(4, { priority: 3 })], { role: '', query: '' });
    expect(ids(open)).toEqual([3, 1, 4, 2]);
  });

  it('show the latest first once it is over', () => {
    const done = (id: number, at: string) => task(id, { status: 'done', updated_at: at });
    expect(ids(columnsOf([done(1, '09'), done(2, '11'), done(3, '10')], { role: '', query: '' }).done)).toEqual([2, 3, 1]);
  });

  it('filter by assignee or holder, and by words in any text', () => {
    const one = task(12, { assignee_role: 'FE', held_by: 'BE', title: 'Release notes', note: '배포 전 확인' });
    const passes = (role: string, query: string) => matchesFilter(one, { role, query });
    expect([passes('FE', ''), passes('BE', ''), passes('AI', '')]).toEqual([true, true, false]);
    expect([passes('', 'release'), passes('', '#12'), passes('', '배포'), passes('', 'rollback')]).toEqual([true, true, true, false]);
  });
});

describe('arrow keys on the board', () => {
  const columns = [[task(1), task(2), task(3)], [], [task(4)]];

  it('move within a column and stop at its ends', () => {
    expect(neighbour(columns, 1, 'ArrowDown')).toBe(2);
    expect(neighbour(columns, 3, 'j')).toBe(3);
    expect(neighbour(columns, 1, 'k')).toBe(1);
    expect(neighbour(columns, 1, 'End')).toBe(3);
  });

  it('move to the next column that has cards, at the same height where there is one', () => {
    expect(neighbour(columns, 3, 'ArrowRight')).toBe(4);
    expect(neighbour(columns, 4, 'ArrowLeft')).toBe(1);
    expect(neighbour(columns, 4, 'ArrowRight')).toBeNull();
  });

  it('lead nowhere by another key or from a card that is gone', () => {
    expect(neighbour(columns, 1, 'x')).toBeNull();
    expect(neighbour(columns, 99, 'ArrowDown')).toBeNull();
  });
});

it('finds a task among many by its number', () => {
  const tasks = range(1, 1_000).filter((id) => id % 3 !== 0).map((id) => task(id));
  expect([1, 500, 1_000].map((id) => taskById(tasks, id)?.id)).toEqual([1, 500, 1_000]);
  expect(taskById(tasks, 3)).toBeNull();
  expect(taskById([], 3)).toBeNull();
});

it('reads task numbers as people write them', () => {
  expect(readTaskNumbers(' #3, 5 ,#7')).toEqual([3, 5, 7]);
  expect(readTaskNumbers('')).toEqual([]);
  expect(readTaskNumbers('3, five')).toBeNull();
  expect(readTaskNumbers('0')).toBeNull();
});
