import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DesktopPayload } from '../../../main/notify/payloads/desktop.ts';
import { DesktopTransport } from '../../../main/notify/transports/desktop.ts';
import { DiscordTransport } from '../../../main/notify/transports/discord.ts';
import { NtfyTransport } from '../../../main/notify/transports/ntfy.ts';
import { TelegramTransport } from '../../../main/notify/transports/telegram.ts';
import { wordsIn } from '../../../main/notify/words/words.ts';
import { startDiscord, startNtfy, type HttpStandIn } from '../../support/http-stand-in.ts';
import { sample } from '../../support/notice-samples.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';
import { describeTransport, itemsOf, REJECT_URL } from '../../support/transport-contract.ts';

const words = () => wordsIn('ko', 'Asia/Seoul');
const telegramOf = (apiRoot: string) => new TelegramTransport({ apiRoot, chatId: '6937032012', token: BOT_TOKEN }, words);

describeTransport(
  'Telegram',
  async () => {
    const api = await startTelegramApi();
    return {
      transport: telegramOf(api.apiRoot),
      arrived: () => api.messages.map(({ text }) => text),
      fail(kind) {
        api.failNext(
          'sendMessage',
          {
            refused: { status: 400, description: `Bad Request: inline text "${REJECT_URL}" https://api.telegram.org/bot${BOT_TOKEN}/sendMessage` },
            throttled: { status: 429, retryAfter: 3 },
            unusable: { status: 403, description: 'Forbidden: bot was blocked by the user' },
            failed: { status: 502, description: 'Bad Gateway' },
            lost: { status: 0, lose: 'after' as const },
          }[kind],
        );
      },
      goAway: async () => api.close(),
      secrets: [BOT_TOKEN, BOT_TOKEN.split(':')[1]!, '6937032012'],
      close: async () => api.close(),
    };
  },
  ['refused', 'throttled', 'unusable', 'failed', 'lost'],
);

const answers = (standIn: HttpStandIn, errors: { readonly refused: object; readonly throttled: object }) => (kind: 'refused' | 'throttled' | 'unusable' | 'failed' | 'lost') =>
  standIn.next(
    {
      refused: { status: 400, body: errors.refused },
      throttled: { status: 429, body: errors.throttled, headers: { 'retry-after': '2' } },
      unusable: { status: 404, body: errors.refused },
      failed: { status: 503 },
      lost: 'cut' as const,
    }[kind],
  );

describeTransport(
  'Discord',
  async () => {
    const discord = await startDiscord();
    let failures = 0;
    const fail = answers(discord, { refused: { message: `Invalid Form Body ${REJECT_URL} ${discord.webhook}`, code: 50_035 }, throttled: { message: 'You are being rate limited.', retry_after: 0.35, global: false } });
    return {
      transport: new DiscordTransport(discord.webhook, words),
      arrived: () =>
        discord.requests
          .filter(({ method }) => method === 'POST')
          .slice(failures)
          .map(({ body }) => {
            const [embed] = (body as { readonly embeds: readonly { readonly title: string; readonly description: string }[] }).embeds;
            return `${embed!.title}\n${embed!.description}`.replaceAll('\\', '');
          }),
      fail(kind) {
        failures += 1;
        fail(kind);
      },
      goAway: async () => discord.close(),
      secrets: ['kJ-secret_part', discord.webhook],
      close: async () => discord.close(),
    };
  },
  ['refused', 'throttled', 'unusable', 'failed', 'lost'],
);

describeTransport(
  'ntfy',
  async () => {
    const ntfy = await startNtfy('tk_secret');
    let failures = 0;
    const fail = answers(ntfy, { refused: { code: 40_000, http: 400, error: `invalid request for team-x7 ${REJECT_URL}` }, throttled: { code: 42_901, http: 429, error: 'limit reached' } });
    return {
      transport: new NtfyTransport({ server: `${ntfy.url}/`, topic: 'team-x7', token: 'tk_secret' }, words),
      arrived: () =>
        ntfy.requests
          .filter(({ method }) => method === 'POST')
          .slice(failures)
          .map(({ body }) => Object.values(body as { readonly title: string; readonly message: string }).join('\n')),
      fail(kind) {
        failures += 1;
        fail(kind);
      },
      goAway: async () => ntfy.close(),
      secrets: ['team-x7', 'tk_secret'],
      close: async () => ntfy.close(),
    };
  },
  ['refused', 'throttled', 'unusable', 'failed', 'lost'],
);

describeTransport(
  'desktop',
  async () => {
    const shown: DesktopPayload[] = [];
    const state = { away: false, fail: false };
    const notices = {
      unavailable: () => (state.away ? 'there is no desktop session' : null),
      show: async (notice: DesktopPayload) => {
        if (state.fail) {
          state.fail = false;
          throw new Error('the notification server did not answer');
        }
        shown.push(notice);
      },
    };
    return {
      transport: new DesktopTransport(notices, words, () => undefined),
      arrived: () => shown.map(({ title, body }) => `${title}\n${body}`),
      fail: () => void (state.fail = true),
      goAway: async () => void (state.away = true),
      secrets: [],
      close: async () => undefined,
    };
  },
  ['failed'],
);

describe('Telegram', () => {
  let api: TelegramApi;
  beforeEach(async () => {
    api = await startTelegramApi();
  });
  afterEach(async () => api.close());

  test('gets the reject link as a url button', async () => {
    await telegramOf(api.apiRoot).send(itemsOf([sample('SESSION_RENEWED')]));
    expect(api.messages[0]!.buttons).toEqual([[{ text: '거부하기', url: REJECT_URL }]]);
  });

  test('gets the message without its button when it refuses the address of the button', async () => {
    const [item] = itemsOf([sample('SESSION_RENEWED')]);
    const local = { ...item!, draft: { ...item!.draft, link: { label: '거부하기', url: 'http://localhost:3100/reject?nonce=AbC-123' } } };
    expect(await telegramOf(api.apiRoot).send([local])).toMatchObject({ kind: 'sent' });
    expect(api.requests.map(({ args }) => 'reply_markup' in args)).toEqual([true, false]);
    expect(api.messages).toMatchObject([{ text: expect.stringContaining('세션 갱신됨') as unknown, buttons: [] }]);
  });

  test('is waited for as long as the body says, whatever a header says', async () => {
    api.failNext('sendMessage', { status: 429, retryAfter: 17 });
    expect(await telegramOf(api.apiRoot).send(itemsOf([sample('UPDATE_READY')]))).toEqual({ kind: 'throttled', retryAfterMs: 17_000 });
  });

  test('that does not answer is left after ten seconds', async () => {
    api.setHanging(true);
    expect(await telegramOf(api.apiRoot).send(itemsOf([sample('UPDATE_READY')]))).toEqual({ kind: 'failed', reason: 'no answer within 10 s', uncertain: true });
  });

  test('refuses a wrong token, which is not shown', async () => {
    const wrong = new TelegramTransport({ apiRoot: api.apiRoot, chatId: '1', token: '99:wrong-token-wrong-token-wrong-token' }, words);
    expect(await wrong.check()).toEqual({ kind: 'unusable', reason: 'HTTP 401: Unauthorized' });
  });
});
