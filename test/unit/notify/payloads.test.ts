import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draftOf, type Draft } from '../../../main/notify/draft.ts';
import { NOTICE_TYPES } from '../../../main/notify/notice-table.ts';
import type { NoticeContexts } from '../../../main/notify/notices.ts';
import { desktopPayload } from '../../../main/notify/payloads/desktop.ts';
import { discordCapacity, discordPayload } from '../../../main/notify/payloads/discord.ts';
import { ntfyCapacity, ntfyPayload } from '../../../main/notify/payloads/ntfy.ts';
import { telegramCapacity, telegramPayload } from '../../../main/notify/payloads/telegram.ts';
import type { NoticeType } from '../../../main/notify/types.ts';
import { wordsIn, type NoticeLocale } from '../../../main/notify/words/words.ts';
import { sample } from '../../support/notice-samples.ts';
import { parseTelegramText } from '../../support/telegram-text.ts';

const URL_ = 'http://127.0.0.1:3100/v1/dashboard/sessions/s/reject?nonce=AbC-123';
const draft = <T extends NoticeType>(type: T, locale: NoticeLocale, changes: Partial<NoticeContexts[T]> = {}, mayRepeat = false): Draft =>
  draftOf({ id: 7, createdAt: '2026-11-20T09:00:00.000Z', ...sample(type, changes) }, wordsIn(locale, 'Asia/Seoul'), mayRepeat, URL_);
const payloads = (drafts: readonly Draft[], locale: NoticeLocale) => {
  const words = wordsIn(locale, 'Asia/Seoul');
  return {
    telegram: telegramPayload('6937032012', drafts, words),
    discord: discordPayload(drafts, words),
    ntfy: ntfyPayload('team-x7', drafts, words),
    desktop: desktopPayload(drafts.map((_, n) => n + 1), drafts, words),
  };
};

describe('the renewal of seed 004 in Korean', () => {
  const asked = payloads([draft('SESSION_RENEWED', 'ko')], 'ko');
  const plain = payloads([draft('SESSION_RENEWED', 'ko', { rejectButton: false })], 'ko');

  test('Telegram: the lines of the seed, and a url button only when there is somebody to say no', () => {
    expect(asked.telegram).toEqual({
      chat_id: '6937032012',
      text: 'ℹ️ <b>세션 갱신됨</b>\n에이전트: fe-1\n갱신 횟수: 3/30\n남은 수명: 27d 12h\n거부 가능 시한: 2026. 11. 20. 오후 7:00',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
      reply_markup: { inline_keyboard: [[{ text: '거부하기', url: URL_ }]] },
    });
    expect(plain.telegram).toEqual({
      chat_id: '6937032012',
      text: 'ℹ️ <b>세션 갱신됨</b>\n에이전트: fe-1\n갱신 횟수: 3/30\n남은 수명: 27d 12h',
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    });
    expect(JSON.stringify(asked)).not.toContain('callback_data');
  });

  test('Discord: colour 3447003, a masked link in the description, nobody mentioned', () => {
    expect(asked.discord).toEqual({
      username: 'Wheelhouse',
      embeds: [
        {
          title: 'ℹ️ 세션 갱신됨',
          description: `에이전트: fe\\-1\n갱신: 3/30\n거부 가능 시한: 2026. 11. 20. 오후 7:00\n[거부하기](${URL_})`,
          color: 3_447_003,
          timestamp: '2026-11-20T09:00:00.000Z',
          footer: { text: 'Wheelhouse' },
        },
      ],
      allowed_mentions: { parse: [] },
    });
    expect(plain.discord.embeds[0].description).toBe('에이전트: fe\\-1\n갱신: 3/30');
  });

  test('ntfy: JSON with a Korean title, one line, the tag of the seed, a view action', () => {
    expect(asked.ntfy).toEqual({
      topic: 'team-x7',
      title: '세션 갱신됨',
      message: 'fe-1 (3/30)',
      priority: 3,
      tags: ['session'],
      actions: [{ action: 'view', label: '거부하기', url: URL_ }],
    });
    expect(plain.ntfy).not.toHaveProperty('actions');
  });

  test('desktop: keep and reject are buttons that act, and a click opens the approvals', () => {
    expect(asked.desktop).toMatchObject({ actions: [{ action: 'keep', label: '유지' }, { action: 'reject', label: '거부하기' }], page: 'approvals' });
    expect(plain.desktop).toMatchObject({ actions: [], page: 'sessions' });
  });
});

describe.each(['en', 'ko'] as const)('in %s', (locale) => {
  test.each(NOTICE_TYPES)('%s is told as in the golden file, on every channel', async (type) => {
    await expect(`${JSON.stringify(payloads([draft(type, locale)], locale), null, 2)}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${type}.${locale}.json`));
  });

  test('a list, and what may be a repeat', async () => {
    const list = [draft('COMPLETION_DONE', locale), draft('RUN_FAILED', locale, {}, true), draft('SESSION_RENEWED', locale, { rejectButton: false })];
    await expect(`${JSON.stringify(payloads(list, locale), null, 2)}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `list.${locale}.json`));
    const done = [draft('COMPLETION_DONE', locale), draft('COMPLETION_DONE', locale, { task: "it's '''done''' <b>now</b>\nreally", summary: null, report: null, times: 1 }, true)];
    await expect(`${JSON.stringify(payloads(done, locale), null, 2)}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `list-done.${locale}.json`));
  });
});

describe('limits', () => {
  const words = wordsIn('ko', 'Asia/Seoul');
  const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6000 }), fc.constantFrom('가'.repeat(5000), '👨‍👩‍👧‍👦'.repeat(900), '<&>'.repeat(2000), '*_`[]()'.repeat(900), 'x'.repeat(100_000)));

  test('hold for any text, and nothing that is escaped is cut in two', () => {
    fc.assert(
      fc.property(text, text, (summary, task) => {
        const long = draft('COMPLETION_DONE', 'ko', { summary, task });
        const telegram = telegramPayload('1', [long], words);
        const parsed = parseTelegramText(telegram.text, 'HTML');
        expect('text' in parsed && parsed.text.length).toBeLessThanOrEqual(4096);
        const [embed] = discordPayload([long], words).embeds;
        expect(embed.title.length).toBeLessThanOrEqual(256);
        expect(embed.description.length).toBeLessThanOrEqual(4096);
        expect(embed.description).not.toMatch(/(?<!\\)(?:\\\\)*\\$/);
        const ntfy = ntfyPayload('t', [long], words);
        expect(Buffer.byteLength(ntfy.message)).toBeLessThanOrEqual(4096);
        expect(Buffer.byteLength(ntfy.title)).toBeLessThanOrEqual(250);
        for (const said of [telegram.text, embed.description, ntfy.message, ntfy.title]) expect(said.isWellFormed()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('a list holds as many as fit, and each of the first ones whole', () => {
    const drafts = Array.from({ length: 500 }, (_, n) => draft('COMPLETION_DONE', 'ko', { task: `작업-${n}`, times: 1, summary: '한글로 된 요약입니다.' }));
    for (const [capacity, said] of [
      [telegramCapacity(drafts, words), (count: number) => telegramPayload('1', drafts.slice(0, count), words).text],
      [discordCapacity(drafts, words), (count: number) => discordPayload(drafts.slice(0, count), words).embeds[0].description],
      [ntfyCapacity(drafts, words), (count: number) => ntfyPayload('t', drafts.slice(0, count), words).message],
    ] as const) {
      expect(capacity).toBeGreaterThan(10);
      expect(capacity).toBeLessThan(500);
      expect(said(capacity)).toContain(`작업${said(capacity).includes('\\-') ? '\\' : ''}-${capacity - 1}`);
      expect(said(capacity)).not.toContain('…');
    }
  });

  test('the desktop shows the first of any number', () => {
    const drafts = Array.from({ length: 5000 }, (_, n) => draft('COMPLETION_DONE', 'ko', { task: `작업-${n}`, times: 1 }));
    expect(desktopPayload([1], drafts, words)).toMatchObject({ title: '일괄 완료 (5000건)', body: expect.stringMatching(/작업-0[^]*작업-2[^]*외 4997건$/) as unknown });
  });
});
