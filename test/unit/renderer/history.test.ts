import { describe, expect, it } from 'vitest';
import { extendHistory, followHistory, startHistory } from '../../../renderer/state/history.ts';
import { ids, message, range } from './samples.ts';

const all = () => true;
const even = ({ id }: { readonly id: number }) => id % 2 === 0;
const live = (first: number, last: number) => range(first, last).map((id) => message(id));

describe('a history', () => {
  it('starts with what matches of the live end, newest first, and pages back from its oldest entry', () => {
    const history = startHistory(live(11, 20), even);
    expect(ids(history.items)).toEqual([20, 18, 16, 14, 12]);
    expect(history.beforeId).toBe(11);
    expect(history.hasMore).toBe(true);
  });

  it('puts new matching entries first and remembers the others as seen', () => {
    const history = followHistory(startHistory(live(11, 14), even), live(11, 17), even);
    expect(ids(history.items)).toEqual([16, 14, 12]);
    expect(history.seenId).toBe(17);
  });

  it('replaces entries that changed, also after the live end has moved on', () => {
    const start = startHistory(live(1, 4), all);
    const changed = [message(3, { read_at: 'now' }), message(4), message(5)];
    const history = followHistory(start, changed, all);
    expect(ids(history.items)).toEqual([5, 4, 3, 2, 1]);
    expect(history.items[2]?.read_at).toBe('now');
  });

  it('takes in an entry that matches only since it changed, in its place', () => {
    const unread = (entry: { readonly read_at: string | null }): boolean => entry.read_at === null;
    const before = [message(1), message(2, { read_at: 'then' }), message(3)];
    const history = followHistory(startHistory(before, unread), [message(1), message(2), message(3)], unread);
    expect(ids(history.items)).toEqual([3, 2, 1]);
  });

  it('is the same object when nothing changed', () => {
    const entries = live(1, 4);
    const start = startHistory(entries, all);
    expect(followHistory(start, entries, all)).toBe(start);
  });

  it('starts over when the live end no longer touches what was seen', () => {
    const old = extendHistory(startHistory(live(11, 20), all), live(1, 10).toReversed(), false, all);
    const history = followHistory(old, live(50, 60), all);
    expect(ids(history.items)).toEqual([...range(50, 60)].reverse());
    expect(history.hasMore).toBe(true);
  });

  it('starts over when the core knows less than was seen, as after a restore', () => {
    const history = followHistory(startHistory(live(11, 20), all), live(5, 8), all);
    expect(ids(history.items)).toEqual([8, 7, 6, 5]);
  });

  it('appends older pages until there are no more', () => {
    const first = extendHistory(startHistory(live(21, 22), all), live(11, 20).toReversed(), true, all);
    expect(first.beforeId).toBe(11);
    const second = extendHistory(first, live(1, 10).toReversed(), false, all);
    expect(ids(second.items)).toEqual([...range(1, 22)].reverse());
    expect(second.hasMore).toBe(false);
  });

  it('leaves out what a page holds for others, and still pages back from its end', () => {
    const history = extendHistory(startHistory(live(11, 14), even), live(5, 10).toReversed(), true, even);
    expect(ids(history.items)).toEqual([14, 12, 10, 8, 6]);
    expect(history.beforeId).toBe(5);
  });

  it('does not repeat what a page brought before the live end did', () => {
    const fetched = extendHistory(startHistory<ReturnType<typeof message>>([], all), live(1, 3).toReversed(), false, all);
    expect(ids(followHistory(fetched, live(2, 4), all).items)).toEqual([4, 3, 2, 1]);
  });

  it('does not repeat what arrived live while the first page was on its way', () => {
    const arrived = followHistory(startHistory<ReturnType<typeof message>>([], all), live(9, 10), all);
    const history = extendHistory(arrived, live(7, 10).toReversed(), false, all);
    expect(ids(history.items)).toEqual([10, 9, 8, 7]);
  });
});
