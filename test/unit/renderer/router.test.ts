import { describe, expect, it } from 'vitest';
import { formatRoute, parseRoute, pathTo } from '../../../renderer/router.ts';

describe('the address', () => {
  it('holds the page, what is open and the filters', () => {
    const route = { page: 'messages', open: 'p:BE\nFE', filters: { q: '배포 & co', role: 'BE' } } as const;
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it('leaves out empty filters', () => {
    expect(pathTo('board', null, { q: '' })).toBe('#/board');
  });

  it('leads to the overview when it means nothing', () => {
    for (const hash of ['', '#', '#/', '#/nowhere/3', '#main']) expect(parseRoute(hash)).toEqual({ page: 'overview', open: null, filters: {} });
  });

  it('survives a broken escape', () => {
    expect(parseRoute('#/board/%E0%A4%A')).toMatchObject({ page: 'board', open: null });
  });
});
