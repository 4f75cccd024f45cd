import { describe, expect, test } from 'vitest';
import { NOTICE_TYPES as CORE_TYPES } from '../../../main/notify/notice-table.ts';
import type { NoticeView } from '../../../preload/contract.ts';
import { carriedBy, isMissed, matchesNotice, NOTICE_FILTERS, NOTICE_TYPES, readNoticeFilter } from '../../../renderer/state/notices.ts';
import { demoNotices } from '../../support/notices-fixture.ts';

const { latest } = demoNotices(Date.UTC(2026, 10, 20, 6, 0, 0));
const titlesOf = (notices: readonly NoticeView[]) => notices.map(({ texts }) => texts.en.title);

test('every type of the core can be chosen and switched off, but a test', () => {
  expect([...NOTICE_TYPES, 'TEST'].sort()).toEqual([...CORE_TYPES].sort());
});

describe('filters', () => {
  test('an unknown one shows everything', () => {
    expect(readNoticeFilter('nonsense')).toBe('all');
    expect(readNoticeFilter('failed')).toBe('failed');
  });

  test('show what the core shows for them', () => {
    const counts = NOTICE_FILTERS.map((filter) => [filter, latest.filter((notice) => matchesNotice(notice, filter, '')).length]);
    expect(counts).toEqual([
      ['all', 10],
      ['missed', 2],
      ['waiting', 1],
      ['delivered', 7],
      ['suppressed', 1],
      ['failed', 1],
    ]);
    expect(titlesOf(latest.filter((notice) => matchesNotice(notice, 'all', 'DISK_LOW')))).toEqual([]);
    expect(titlesOf(latest.filter((notice) => matchesNotice(notice, 'delivered', 'KILL_SWITCH_RECOVERED')))).toEqual(['Kill switch off']);
  });
});

test('missed is what nobody was told and nobody has looked at', () => {
  const [first] = latest.filter(isMissed);
  expect(first).toBeDefined();
  expect(isMissed({ ...first!, seenAt: first!.createdAt })).toBe(false);
  expect(isMissed({ state: 'delivered', seenAt: null })).toBe(false);
});

test('the channels that have taken it, not those that were only asked', () => {
  const run = latest.find(({ type }) => type === 'RUN_FAILED')!;
  expect(run.deliveries.map(({ channel }) => channel)).toEqual(['telegram', 'ntfy']);
  expect(carriedBy(run)).toEqual(['ntfy']);
});
