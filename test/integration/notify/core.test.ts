import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { keptLog } from '../../support/kept-log.ts';
import { ask, connectV2 } from '../../support/mcp-clients.ts';
import { api as request, lockOwner } from '../../support/session-api.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

let telegram: TelegramApi;
let clock: FakeClock;
let dir: ReturnType<typeof makeTempDir>;
let rig: TestCore;
const { log, lines } = keptLog();
const start = async (): Promise<TestCore> =>
  startCore({
    clock,
    log,
    dataDir: dir.path,
    secrets: { botToken: BOT_TOKEN },
    config: { notify: { desktop: false, telegram_chat: '7', telegram_api: telegram.apiRoot, max_per_minute: 100 }, ui: { language: 'ko' } },
  });
beforeEach(async () => {
  telegram = await startTelegramApi();
  clock = new FakeClock();
  dir = makeTempDir();
  rig = await start();
});
afterEach(async () => {
  await rig.stop();
  await telegram.close();
  dir.remove();
});

const passUntil = async (done: () => boolean): Promise<void> => {
  await until(() => {
    clock.advance(250);
    return done();
  });
};
/** Renews a session of which an owner is asked. */
const renewed = async () => {
  const made = await rig.agent('fe-1', 'FE', 3600);
  lockOwner(rig.dataDir, made.agentId);
  clock.advance(2_160_000);
  expect((await request(rig, 'PUT', `/v1/sessions/${made.sessionId}/renew`, made.token)).status).toBe(200);
  return made;
};
/** The bot of the notices serves chats too, and may tell of itself. */
const told = () => telegram.messages.filter(({ text }) => text.startsWith('ℹ️ 세션 갱신됨'));
const linkOfTold = (): string => told()[0]!.buttons[0]![0]!.url!;
const everyFile = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf-8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());

test('a renewal reaches Telegram with a button that opens the page on which it is rejected; its nonce is stored nowhere', async () => {
  await renewed();
  await passUntil(() => told().length === 1);
  const link = linkOfTold();
  const page = await fetch(link);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('fe-1');
  const nonce = new URL(link).searchParams.get('nonce')!;
  for (const path of everyFile(dir.path)) expect(readFileSync(path).includes(nonce), path).toBe(false);
  expect(JSON.stringify(lines)).not.toContain(nonce);
});

test('a renewal whose notice leaves only after a restart gets a fresh link that works', async () => {
  telegram.setDown(true);
  const { sessionId } = await renewed();
  await expect.poll(async () => (await rig.call('notices.list', { type: 'SESSION_RENEWED' })).notices[0]?.deliveries[0]?.channel).toBe('telegram');
  expect(told()).toEqual([]);
  await rig.stop();
  telegram.setDown(false);
  rig = await start();
  await passUntil(() => told().length === 1);
  const link = new URL(linkOfTold());
  expect(link.pathname).toBe(`/v1/dashboard/sessions/${sessionId}/reject`);
  expect((await fetch(link)).status).toBe(200);
});

test('what goes wrong is in the history without the secrets of the address', async () => {
  telegram.failNext('sendMessage', { status: 400, description: `Bad Request: inline keyboard button URL 'http://127.0.0.1:3100/v1/dashboard/x?nonce=SECRET' is not good` });
  telegram.failNext('sendMessage', { status: 400, description: `Bad Request: again https://api.telegram.org/bot${BOT_TOKEN}/sendMessage` });
  await renewed();
  await passUntil(() => telegram.requests.filter(({ method, args }) => method === 'sendMessage' && String(args['text']).includes('세션 갱신됨')).length === 2);
  await expect.poll(async () => (await rig.call('notices.list', {})).notices[0]?.state).toBe('failed');
  const { notices } = await rig.call('notices.list', { type: 'SESSION_RENEWED' });
  const { attempts } = await rig.call('notices.get', { notice_id: notices[0]!.id });
  const said = JSON.stringify({ notices, attempts, lines, log: await rig.call('log.list', { limit: 100 }) });
  expect(said).toContain('[REDACTED]');
  expect(said).not.toContain('SECRET');
  expect(said).not.toContain(BOT_TOKEN.split(':')[1]);
});

test('a wrong token is found by the check, told as one missed notice although chats and notices fail, and shown as the state of both channels', async () => {
  await rig.stop();
  rig = await startCore({ clock, dataDir: dir.path, secrets: { botToken: '1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }, config: { notify: { desktop: false, telegram_chat: '7', telegram_api: telegram.apiRoot } } });
  await expect.poll(async () => (await rig.call('notices.status', {})).channels[0]).toMatchObject({ channel: 'telegram', state: 'failing', reason: 'HTTP 401: Unauthorized', target: '…' });
  await expect.poll(async () => (await rig.call('channels.list', {})).channels.find(({ name }) => name === 'telegram')).toMatchObject({ state: 'failed' });
  await passUntil(() => true);
  const { notices } = await rig.call('notices.list', { which: 'missed' });
  expect(notices.filter(({ type }) => type === 'CHANNEL_DOWN' || type === 'NOTICE_CHANNEL_DOWN')).toHaveLength(1);
  expect((await rig.call('status.get', {})).status.needsYou).toBeGreaterThan(0);
  await rig.call('notices.markSeen', { up_to_id: 100 });
  expect((await rig.call('status.get', {})).status.needsYou).toBe(0);
});

test('a question of an agent to the person is told, counts once, and is settled by the acknowledgement in the window', async () => {
  const { token } = await rig.agent('be-1', 'BE');
  const client = await connectV2(`${rig.url}/mcp`, token, 'modern');
  const { message_id } = await ask(client, 'post_message', { to_role: 'Producer', body: '테이블을 지워도 될까요?', ack_required: true });
  await client.close();
  await passUntil(() => telegram.messages.some(({ text }) => text.includes('결정을 기다립니다') && text.includes('테이블을 지워도 될까요?')));
  expect((await rig.call('status.get', {})).status.needsYou).toBe(1);
  await rig.call('messages.ack', { message_id: Number(message_id) });
  expect((await rig.call('status.get', {})).status.needsYou).toBe(0);
  expect((await rig.call('notices.list', { type: 'APPROVAL_REQUESTED' })).notices).toMatchObject([{ state: 'delivered', page: 'messages', seenAt: expect.any(String) }]);
});
