import { describe, expect, expectTypeOf, test } from 'vitest';
import type { NoticeType, NoticeView } from '../../../preload/contract.ts';
import { carriedBy, isMissed, matchesNotice, NOTICE_FILTERS, NOTICE_TYPES, readNoticeFilter } from '../../../renderer/state/notices.ts';

const AT = '2026-11-20T09:00:00.000Z';
const notice = (state: NoticeView['state'], more: Partial<NoticeView> = {}): NoticeView => {
  const text = { title: 'A run failed', summary: 'exit 1', body: null };
  return { id: 1, type: 'RUN_FAILED', severity: 'warning', texts: { en: text, ko: text }, createdAt: AT, state, reason: null, deliveredAt: null, seenAt: null, actions: [], page: 'agents', deliveries: [], ...more };
};
const delivery = (channel: NoticeView['deliveries'][number]['channel'], state: NoticeView['deliveries'][number]['state']): NoticeView['deliveries'][number] => ({
  channel,
  state,
  attempts: 1,
  dueAt: AT,
  mayRepeat: false,
  reason: null,
  doneAt: null,
});

test('every type of the core can be chosen and switched off, but a test', () => {
  expectTypeOf<Exclude<NoticeType, 'TEST'>>().toEqualTypeOf<(typeof NOTICE_TYPES)[number]>();
  expect(new Set(NOTICE_TYPES).size).toBe(NOTICE_TYPES.length);
});

describe('filters', () => {
  test('an unknown one shows everything', () => {
    expect(readNoticeFilter('nonsense')).toBe('all');
    expect(readNoticeFilter('failed')).toBe('failed');
  });

  test.each([
    ['new', ['all', 'waiting']],
    ['waiting', ['all', 'waiting']],
    ['delivered', ['all', 'delivered']],
    ['suppressed', ['all', 'missed', 'suppressed']],
    ['failed', ['all', 'missed', 'failed']],
  ] as const)('a notice that is %s is shown by %j', (state, filters) => {
    expect(NOTICE_FILTERS.filter((filter) => matchesNotice(notice(state), filter, ''))).toEqual(filters);
  });

  test('a type leaves out the others', () => {
    expect(matchesNotice(notice('failed'), 'all', 'RUN_FAILED')).toBe(true);
    expect(matchesNotice(notice('failed'), 'all', 'DISK_LOW')).toBe(false);
  });
});

test('missed is what nobody was told and nobody has looked at', () => {
  expect(isMissed(notice('failed'))).toBe(true);
  expect(isMissed(notice('failed', { seenAt: AT }))).toBe(false);
  expect(isMissed(notice('delivered'))).toBe(false);
});

test('the channels that have taken it, not those that were only asked', () => {
  expect(carriedBy(notice('delivered', { deliveries: [delivery('telegram', 'dropped'), delivery('ntfy', 'sent')] }))).toEqual(['ntfy']);
});
