import { draftOf } from '../../main/notify/draft.ts';
import { NOTICE_TABLE } from '../../main/notify/notice-table.ts';
import type { Notice } from '../../main/notify/notices.ts';
import { wordsIn } from '../../main/notify/words/words.ts';
import type { NoticesView, NoticeView } from '../../preload/contract.ts';
import { sample } from './notice-samples.ts';

type Delivery = NoticeView['deliveries'][number];

/** What a team was told in the middle of a small release. */
export function demoNotices(now: number): NoticesView {
  const ago = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  const at = (minutes: number, notice: Notice, more: Partial<NoticeView> = {}): Omit<NoticeView, 'id'> => {
    const text = (locale: 'en' | 'ko') => {
      const { title, summary, body = null } = wordsIn(locale, 'Asia/Seoul').textOf(notice);
      return { title, summary, body };
    };
    const draft = draftOf({ id: 1, createdAt: ago(minutes), ...notice }, wordsIn('en'), false, null);
    return {
      type: notice.type,
      severity: NOTICE_TABLE[notice.type].severity,
      texts: { en: text('en'), ko: text('ko') },
      createdAt: ago(minutes),
      state: 'delivered',
      reason: null,
      deliveredAt: ago(minutes - 0.02),
      seenAt: null,
      actions: draft.actions,
      page: draft.page,
      deliveries: [sent('telegram', minutes)],
      ...more,
    };
  };
  const sent = (channel: Delivery['channel'], minutes: number): Delivery => ({ channel, state: 'sent', attempts: 1, dueAt: ago(minutes), mayRepeat: false, reason: null, doneAt: ago(minutes - 0.02) });
  const list = [
    at(310, sample('SESSION_RENEWED')),
    at(262, sample('UPDATE_READY'), { state: 'suppressed', reason: 'muted', deliveredAt: null, deliveries: [] }),
    at(184, sample('KILL_SWITCH_ACTIVATED', { failedSteps: [] }), { deliveries: [sent('telegram', 184), sent('ntfy', 184), sent('desktop', 184)] }),
    at(171, sample('KILL_SWITCH_RECOVERED'), { deliveries: [sent('telegram', 171), sent('ntfy', 171), sent('desktop', 171)] }),
    at(58, sample('COMPLETION_DONE', { times: 1 })),
    at(44, sample('SCHEDULE_FAILED'), {
      state: 'failed',
      reason: 'HTTP 400: Bad Request: chat not found',
      deliveredAt: null,
      deliveries: [{ channel: 'telegram', state: 'dead', attempts: 1, dueAt: ago(44), mayRepeat: false, reason: 'HTTP 400: Bad Request: chat not found', doneAt: ago(44) }],
    }),
    at(28, sample('COMPLETION_ESCALATED'), { deliveries: [sent('telegram', 28), sent('ntfy', 28), sent('desktop', 28)] }),
    at(16, sample('SESSION_EXPIRING_SOON', { expiresAt: ago(-2880) })),
    at(9, sample('RUN_FAILED', { retryAt: ago(8) }), { deliveries: [{ ...sent('telegram', 9), state: 'dropped', doneAt: null }, sent('ntfy', 9)] }),
    at(0.6, sample('CHANNEL_DOWN', { since: ago(2) }), {
      state: 'waiting',
      deliveredAt: null,
      deliveries: [{ channel: 'telegram', state: 'retry', attempts: 2, dueAt: ago(-0.4), mayRepeat: true, reason: 'no answer within 10 s', doneAt: null }],
    }),
  ];
  return {
    missed: 2,
    latest: list.map((notice, index) => ({ id: index + 1, ...notice })).reverse(),
    channels: [
      { channel: 'telegram', state: 'failing', target: '…2012', reason: 'no answer within 10 s', failures: 2, lastOkAt: ago(9), pausedUntil: ago(-0.4) },
      { channel: 'discord', state: 'off', target: '', reason: null, failures: 0, lastOkAt: null, pausedUntil: null },
      { channel: 'ntfy', state: 'ready', target: 'ntfy.sh/…x7Qk', reason: null, failures: 0, lastOkAt: ago(9), pausedUntil: null },
      { channel: 'desktop', state: 'ready', target: '', reason: null, failures: 0, lastOkAt: ago(28), pausedUntil: null },
    ],
    mutes: [
      { type: 'UPDATE_READY', channel: 'telegram' },
      { type: 'UPDATE_READY', channel: 'ntfy' },
      { type: 'UPDATE_READY', channel: 'desktop' },
    ],
    quietHours: '22:00-07:00',
  };
}
