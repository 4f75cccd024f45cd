import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesWith } from '../support/files-with.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../support/telegram-api.ts';
import { expect, test as base } from '../support/windows/rig.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');
const SECRET_PART = BOT_TOKEN.split(':')[1]!;

/** A core without any token, whose bot would talk to the Bot API on loopback. */
const test = base.extend<{ readonly telegram: TelegramApi }>({
  // oxlint-disable-next-line no-empty-pattern
  telegram: async ({}, use) => {
    const api = await startTelegramApi();
    await use(api);
    await api.close();
  },
  coreOptions: async ({ telegram }, use) => use({ secrets: { ntfyToken: 'tk_environment' }, config: { notify: { telegram_chat: '6937032012', telegram_api: telegram.apiRoot } } }),
});

test('a token that is typed into the window connects the bot at once, never comes back, and is removed again', async ({ windows, telegram }) => {
  const { page, show, core } = windows;
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  const answers: string[] = [];
  page.on('response', async (response) => answers.push(await response.text().catch(() => '')));
  await page.reload();
  await show('channels/telegram');
  const pane = page.getByRole('complementary');
  await expect(pane.getByText('Not set', { exact: true })).toBeVisible();
  await pane.getByRole('button', { name: 'Enter: Bot token' }).click();
  const field = pane.getByLabel('Bot token', { exact: true });
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('type', 'password');

  await field.fill('not a token');
  await page.keyboard.press('Enter');
  await expect(pane.getByRole('alert')).toContainText('Copy it from @BotFather');
  await expect(field).toHaveValue('');

  await field.fill(` ${BOT_TOKEN}`);
  await page.keyboard.press('Enter');
  await expect(pane.getByText('Connected')).toBeVisible();
  await expect(pane.getByText('Set', { exact: true })).toBeVisible();
  await expect(field).toBeHidden();
  expect(readFileSync(join(core.dataDir, '.env'), 'utf8')).toBe(`ANU_BOT_TOKEN=${BOT_TOKEN}\n`);

  await show('notifications/channels');
  await pane.getByRole('button', { name: 'Send a test by Telegram' }).click();
  await expect(page.getByText('Telegram has taken the test')).toBeVisible();
  expect(telegram.messages).toMatchObject([{ chatId: '6937032012' }]);

  expect(await page.content()).not.toContain(SECRET_PART);
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.filter((frame) => frame.includes(SECRET_PART))).toEqual([]);
  expect(answers.filter((answer) => answer.includes(SECRET_PART))).toEqual([]);
  expect(filesWith(core.dataDir, [SECRET_PART])).toEqual(['.env']);

  await pane.getByRole('button', { name: 'Remove: Bot token' }).click();
  await expect(pane.getByRole('button', { name: 'Enter: Bot token' })).toBeVisible();
  await expect(pane.getByText('Needs the token of a bot')).toBeVisible();
  await expect.poll(async () => (await core.call('channels.list', {})).channels.find(({ name }) => name === 'telegram')?.state).toBe('off');
  expect(filesWith(core.dataDir, [SECRET_PART])).toEqual([]);
});

test('what comes from the environment is said and cannot be changed here', async ({ windows }) => {
  const { page, show } = windows;
  await show('notifications/channels');
  const pane = page.getByRole('complementary');
  await expect(pane.getByText('Comes from the environment in which Wheelhouse was started, as NTFY_TOKEN. Change it there.')).toBeVisible();
  await expect(pane.getByRole('button', { name: /: Access token/ })).toHaveCount(0);
  await expect(pane.getByRole('button', { name: 'Enter: Webhook' })).toBeVisible();
});

test('a store that cannot be used is no silence', async ({ windows }) => {
  const { page, show, core } = windows;
  mkdirSync(join(core.dataDir, '.env'));
  await show('channels/telegram');
  await expect(page.getByText('Whether tokens are set is not known')).toBeVisible();
  await expect(page.getByText(/secret store.*not a regular file/)).toBeVisible();
});

for (const language of ['en', 'ko'] as const) {
  test(`the form has names, order and contrast: ${language}`, async ({ windows }) => {
    const { page, show, core } = windows;
    await core.call('settings.set', { language });
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    const enter = language === 'ko' ? '봇 토큰 입력' : 'Enter: Bot token';
    for (const [place, theme] of [['channels/telegram', 'light'], ['notifications/channels', 'dark']] as const) {
      await core.call('settings.set', { theme });
      await show(place);
      await page.getByRole('button', { name: enter }).click();
      await expect(page.locator('input[type=password]')).toBeFocused();
      expect(await page.evaluate(AUDIT), place).toEqual([]);
      if (process.env['SECRETS_PICTURES'] !== undefined) await page.screenshot({ path: join(process.env['SECRETS_PICTURES'], `${place.replace('/', '-')}-${language}.png`) });
    }
  });
}
