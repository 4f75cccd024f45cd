import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../../support/telegram-api.ts';

interface Listed {
  readonly secrets: readonly { readonly name: string; readonly from: string | null; readonly stored: boolean; readonly usedBy: readonly string[] }[];
}

let api: TelegramApi;
let rig: CliRig;
let file: string;
beforeEach(async () => {
  api = await startTelegramApi();
  rig = makeCliRig({ env: { COKACDIR_CHAT_ID: '6937032012', WAIAAS_NOTIFY_TELEGRAM_API: api.apiRoot, WAIAAS_UI_LANGUAGE: 'en', NTFY_TOKEN: 'tk_environment' } });
  file = join(rig.dataDir, '.env');
});
afterEach(async () => {
  await rig.close();
  await api.close();
});

const standing = async (name: string) => (await rig.json<Listed>('secret', 'list')).secrets.find((secret) => secret.name === name);

describe.each([
  ['with the running core', true],
  ['without a core', false],
])('%s', (_name, running) => {
  beforeEach(async () => {
    if (running) await rig.startCore();
  });

  test('a secret is set from standard input, listed without its value, and removed', async () => {
    const { exit, out } = await rig.runWith([BOT_TOKEN], 'secret', 'set', 'ANU_BOT_TOKEN');
    expect(exit).toBe(0);
    expect(out).toBe(`ANU_BOT_TOKEN is kept. ${running ? 'It counts at once.' : 'It counts when Wheelhouse starts.'}\n`);
    expect(readFileSync(file, 'utf8')).toBe(`ANU_BOT_TOKEN=${BOT_TOKEN}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { out: listed } = await rig.run('secret', 'list');
    expect(listed).toMatch(/ANU_BOT_TOKEN +set +file +notices, channels\n/);
    expect(listed).toMatch(/NTFY_TOKEN +set +environment +notices\n/);
    expect(listed).toMatch(/CO_BUS_KEY +not set/);
    expect(listed).not.toMatch(/AAH|tk_environment/);
    expect((await rig.run('secret', 'remove', 'ANU_BOT_TOKEN')).exit).toBe(0);
    expect(await standing('ANU_BOT_TOKEN')).toMatchObject({ from: null, stored: false });
    expect((await rig.run('secret', 'remove', 'ANU_BOT_TOKEN')).exit).toBe(4);
  });

  test('what the environment has goes before, which is said', async () => {
    const { exit, out } = await rig.runWith(['tk_file'], 'secret', 'set', 'NTFY_TOKEN');
    expect([exit, out]).toEqual([0, 'NTFY_TOKEN is kept. The environment of Wheelhouse has another NTFY_TOKEN, which goes before: take it out there.\n']);
    expect(await standing('NTFY_TOKEN')).toMatchObject({ from: 'environment', stored: true });
  });

  test.each([
    ['a value on the command line', [], ['secret', 'set', 'ANU_BOT_TOKEN', BOT_TOKEN], 2, /never given on the command line/],
    ['a value after =', [], ['secret', 'set', `ANU_BOT_TOKEN=${BOT_TOKEN}`], 2, /the name alone/],
    ['a value as the name', [], ['secret', 'set', BOT_TOKEN], 2, /capital letters/],
    ['an option with the value', [], ['secret', 'set', 'ANU_BOT_TOKEN', `--value=${BOT_TOKEN}`], 2, /no option --value here/],
    ['nothing', [], ['secret', 'set', 'ANU_BOT_TOKEN'], 2, /is missing/],
    ['two lines', [BOT_TOKEN, 'more'], ['secret', 'set', 'ANU_BOT_TOKEN'], 2, /more than one line/],
    ['what cannot be it', [`${BOT_TOKEN}!`], ['secret', 'set', 'ANU_BOT_TOKEN'], 2, /@BotFather/],
    ['a name that nothing uses', [BOT_TOKEN], ['secret', 'set', 'ANU_BOT_TOKN'], 2, /Did you mean ANU_BOT_TOKEN/],
  ])('%s is refused without showing it', async (_what, lines, words, code, why) => {
    const plain = await rig.runWith(lines, ...words);
    const json = await rig.runWith(lines, ...words, '--json');
    expect([plain.exit, json.exit]).toEqual([code, code]);
    expect(plain.err).toMatch(why);
    expect(plain.err + plain.out + json.err + json.out).not.toContain(BOT_TOKEN.split(':')[1]);
    expect(existsSync(file)).toBe(false);
  });
});

test('a token that is set while the core runs makes notices and the chat of Telegram work at once, and removing it ends that', async () => {
  const core = await rig.startCore();
  expect((await rig.run('notify', 'test', '--channel', 'telegram')).exit).not.toBe(0);
  await rig.runWith([BOT_TOKEN], 'secret', 'set', 'ANU_BOT_TOKEN');
  expect((await rig.run('notify', 'test', '--channel', 'telegram')).err).toContain('telegram: taken.');
  expect(api.messages).toMatchObject([{ chatId: '6937032012' }]);
  const telegram = async () => (await core.call('channels.list', {})).channels.find(({ name }) => name === 'telegram');
  await expect.poll(async () => (await telegram())?.state).toBe('connected');
  await rig.run('secret', 'remove', 'ANU_BOT_TOKEN');
  await expect.poll(async () => (await telegram())?.reason).toBe('ANU_BOT_TOKEN is not set');
  expect((await rig.run('notify', 'test', '--channel', 'telegram')).err).toContain('wheelhouse secret set ANU_BOT_TOKEN');
  const { out } = await rig.run('log');
  expect(out).toContain('The secret ANU_BOT_TOKEN was set');
  expect(out).toContain('The secret ANU_BOT_TOKEN was removed');
});

test('a token that is kept counts when the core starts; what cannot be one keeps it from starting, and can be taken out', async () => {
  writeFileSync(file, 'ANU_BOT_TOKEN=hunter22\n', { mode: 0o600 });
  await expect(rig.startCore()).rejects.toThrow(/^(?!.*hunter22).*ANU_BOT_TOKEN/);
  expect((await rig.run('doctor')).out).toMatch(/^(?!.*hunter22).*ANU_BOT_TOKEN/m);
  expect((await rig.runWith([BOT_TOKEN], 'secret', 'set', 'ANU_BOT_TOKEN')).exit).toBe(0);
  await rig.startCore();
  expect((await rig.run('notify', 'test', '--channel', 'telegram')).exit).toBe(0);
});

test('a store that others could read is closed to them at the start, which the log says', async () => {
  writeFileSync(file, `ANU_BOT_TOKEN=${BOT_TOKEN}\n`);
  chmodSync(file, 0o644);
  await rig.startCore();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(rig.dataDir, 'logs', 'wheelhouse.log'), 'utf8')).toContain('its mode was repaired to 0600');
});
