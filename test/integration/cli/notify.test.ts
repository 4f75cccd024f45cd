import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';

let api: TelegramApi;
let rig: CliRig;
beforeEach(async () => {
  api = await startTelegramApi();
  rig = makeCliRig({ env: { ANU_BOT_TOKEN: BOT_TOKEN, COKACDIR_CHAT_ID: '6937032012', WAIAAS_NOTIFY_TELEGRAM_API: api.apiRoot, WAIAAS_UI_LANGUAGE: 'ko' } });
});
afterEach(async () => {
  await rig.close();
  await api.close();
});

describe.each([
  ['on the running core', true],
  ['on the data directory, without a core', false],
])('%s', (_name, running) => {
  beforeEach(async () => {
    if (running) await rig.startCore();
  });

  test('`notify test` sends a test by every channel that is set up, and says that it was taken', async () => {
    const { exit, err } = await rig.run('notify', 'test');
    expect(exit).toBe(0);
    expect(err).toContain('telegram: taken.');
    expect(api.messages).toMatchObject([{ chatId: '6937032012', text: '🔔 Wheelhouse 테스트 알림\n텔레그램 알림이 도착합니다.' }]);
    expect((await rig.run('notify', 'list')).out).toMatch(/Test from Wheelhouse.*told by telegram/);
  });

  test('`notify test` ends with 1 and the reason when a channel does not take it; the token is nowhere to be seen', async () => {
    api.failNext('sendMessage', { status: 400, description: `Bad Request: chat not found https://api.telegram.org/bot${BOT_TOKEN}/sendMessage` });
    const { exit, out, err } = await rig.run('notify', 'test', '--channel', 'telegram');
    expect(exit).toBe(1);
    expect(err).toContain('chat not found');
    const { out: listed } = await rig.run('notify', 'list', '--missed');
    expect(listed).toContain('failed');
    expect(out + err + listed).not.toContain(BOT_TOKEN.split(':')[1]);
  });

  test('`notify resend` tells it again', async () => {
    api.failNext('sendMessage', { status: 400 });
    await rig.run('notify', 'test');
    const { notices } = await rig.json<{ notices: { id: number }[] }>('notify', 'list');
    const { exit } = await rig.run('notify', 'resend', String(notices[0]!.id));
    expect(exit).toBe(0);
    if (running) await expect.poll(() => api.messages.length).toBe(1);
  });

  test('a channel that is not set up says how to', async () => {
    const { exit, err } = await rig.run('notify', 'test', '--channel', 'discord');
    expect(exit).not.toBe(0);
    expect(err).toContain('DISCORD_WEBHOOK_URL');
    const { out } = await rig.run('notify', 'channels');
    expect(out).toMatch(/telegram\s+ready\s+…2012/);
    expect(out).toMatch(/ntfy\s+off/);
  });
});
