import { afterEach, beforeEach, expect, test } from 'vitest';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';

let api: TelegramApi;
beforeEach(async () => {
  api = await startTelegramApi();
});
afterEach(async () => api.close());

const call = async (method: string, args: unknown, token = BOT_TOKEN): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
  const response = await fetch(`${api.apiRoot}/bot${token}/${method}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(args) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test('refuses what the real Bot API refuses, with its words', async () => {
  const send = async (args: object) => (await call('sendMessage', { chat_id: 7, ...args })).body['description'];
  expect(await send({ text: '' })).toBe('Bad Request: message text is empty');
  expect(await send({ text: 'x'.repeat(4097) })).toBe('Bad Request: message is too long');
  expect(await send({ text: 'a < b', parse_mode: 'HTML' })).toMatch(/can't parse entities/);
  expect(await send({ text: 'v1.2', parse_mode: 'MarkdownV2' })).toMatch(/Character '\.' is reserved/);
  expect(await send({ text: 'x', reply_markup: { inline_keyboard: [[{ text: 'No', url: 'http://localhost:3100/x' }]] } })).toMatch(/'http:\/\/localhost:3100\/x' is invalid: Wrong HTTP URL/);
  expect(api.messages).toEqual([]);
  expect((await call('getMe', {}, '1:wrong')).status).toBe(401);
});

test('takes what the real one takes, and shows it as the person sees it', async () => {
  const buttons = [[{ text: 'No', url: 'http://127.0.0.1:3100/x' }]];
  await call('sendMessage', { chat_id: 7, text: '<b>1 &lt; 2</b>', parse_mode: 'HTML', reply_markup: { inline_keyboard: buttons } });
  expect(api.messages[0]).toMatchObject({ chatId: '7', text: '1 < 2', buttons });
});

test('hands updates to one poll at a time and ends the older one with 409', async () => {
  const older = call('getUpdates', { timeout: 30 });
  await expect.poll(() => api.requests.length).toBe(1);
  const newer = call('getUpdates', { timeout: 30 });
  expect((await older).status).toBe(409);
  api.push({ message: { text: 'hello' } });
  expect((await newer).body['result']).toEqual([{ update_id: 1, message: { text: 'hello' } }]);
  expect((await call('getUpdates', { offset: 2 })).body['result']).toEqual([]);
});

test('fails as it is told: 429 with its time, and an answer that gets lost after the deed', async () => {
  api.failNext('sendMessage', { status: 429, retryAfter: 3 });
  expect((await call('sendMessage', { chat_id: 7, text: 'x' })).body).toMatchObject({ ok: false, error_code: 429, parameters: { retry_after: 3 } });
  api.failNext('sendMessage', { status: 0, lose: 'after' });
  await expect(call('sendMessage', { chat_id: 7, text: 'x' })).rejects.toThrow('fetch failed');
  expect(api.messages).toHaveLength(1);
});
