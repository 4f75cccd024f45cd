import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../support/telegram-api.ts';
import { expect, test as base } from '../support/windows/rig.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');

/** A core whose notices go to a Bot API on loopback. */
const test = base.extend<{ telegram: TelegramApi }>({
  // oxlint-disable-next-line no-empty-pattern
  telegram: async ({}, use) => {
    const api = await startTelegramApi();
    await use(api);
    await api.close();
  },
  coreOptions: async ({ telegram }, use) =>
    use({ secrets: { botToken: BOT_TOKEN }, config: { notify: { desktop: false, telegram_chat: '6937032012', telegram_api: telegram.apiRoot } } }),
});

test('a test is sent from the window, arrives, and stands in the list with its attempt', async ({ windows, telegram }) => {
  const { page, show } = windows;
  await show('notifications');
  await page.getByRole('button', { name: 'Channels', exact: true }).click();
  const pane = page.getByRole('complementary');
  await expect(pane.getByText('…2012')).toBeVisible();
  await expect(pane.getByText('Needs the webhook of a channel', { exact: false })).toBeVisible();
  await pane.getByRole('button', { name: 'Send a test by Telegram' }).click();
  await expect(page.getByText('Telegram has taken the test')).toBeVisible();
  expect(telegram.messages.map(({ text }) => text)).toContain('🔔 Test from Wheelhouse\nNotices by Telegram arrive.');
  await page.getByRole('button', { name: 'Test from Wheelhouse' }).click();
  await expect(pane.getByRole('heading', { name: 'Attempts' })).toBeVisible();
  await expect(pane.getByText('Telegram: taken')).toBeVisible();
});

test('what was not taken is missed: counted, explained, told again, and no more counted once seen', async ({ windows, telegram }) => {
  const { page, show, core } = windows;
  telegram.failNext('sendMessage', { status: 400, description: 'Bad Request: chat not found' });
  await core.call('killSwitch.activate', { reason: 'a test' });
  await show('notifications?state=missed');
  await expect(page.getByText('1 missed: nobody was told')).toBeVisible();
  await expect(page.getByRole('link', { name: /1 missed notification/ })).toBeVisible();
  await page.getByRole('button', { name: 'Kill switch on' }).click();
  const pane = page.getByRole('complementary');
  await expect(pane.getByText('HTTP 400: Bad Request: chat not found').first()).toBeVisible();
  await pane.getByRole('button', { name: 'Notify again' }).click();
  await expect.poll(() => telegram.messages.filter(({ text }) => text.includes('Kill switch on')).length).toBe(1);
  await expect(page.getByText('1 missed: nobody was told')).toBeHidden();
  await expect(pane.getByText('Delivered').first()).toBeVisible();
});

test('all that was missed can be marked as seen', async ({ windows, telegram }) => {
  const { page, show, core } = windows;
  telegram.failNext('sendMessage', { status: 400 });
  await core.call('killSwitch.activate', { reason: 'a test' });
  await show('notifications');
  await page.getByRole('button', { name: 'Mark all as seen' }).click();
  await expect(page.getByRole('button', { name: 'Mark all as seen' })).toBeHidden();
  expect((await core.call('notices.status', {})).missed).toBe(0);
});

test('a kind that is switched off is not told any more, and quiet hours are kept', async ({ windows, telegram }) => {
  const { page, show, core } = windows;
  await show('notifications/channels');
  const pane = page.getByRole('complementary');
  await pane.getByRole('checkbox', { name: 'Kill switch on by Telegram' }).click();
  await expect.poll(async () => (await core.call('notices.status', {})).mutes).toEqual([{ type: 'KILL_SWITCH_ACTIVATED', channel: 'telegram' }]);
  await core.call('killSwitch.activate', { reason: 'a test' });
  await expect.poll(async () => (await core.call('notices.list', {})).notices[0]).toMatchObject({ state: 'suppressed', reason: 'muted' });
  expect(telegram.messages).toEqual([]);

  const field = pane.getByRole('textbox', { name: 'From and to' });
  await field.fill('25:00-07:00');
  await expect(pane.getByText('Write two times of day, as 22:00-07:00, or nothing.')).toBeVisible();
  await expect(pane.getByRole('button', { name: 'Save' })).toBeDisabled();
  await field.fill('22:00-07:00');
  await pane.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await core.call('notices.status', {})).quietHours).toBe('22:00-07:00');
  expect(readFileSync(join(core.dataDir, 'config.toml'), 'utf8')).toContain('quiet_hours = "22:00-07:00"');
});

for (const language of ['en', 'ko'] as const) {
  test(`the page has names, order and contrast, empty and full: ${language}`, async ({ windows, telegram }) => {
    const { page, show, core } = windows;
    await core.call('settings.set', { language });
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    await show('notifications');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(language === 'ko' ? '알림' : 'Notifications');
    expect(await page.evaluate(AUDIT)).toEqual([]);
    telegram.failNext('sendMessage', { status: 400 });
    await core.call('killSwitch.activate', { reason: 'a test' });
    for (const place of ['notifications/1', 'notifications/channels']) {
      await show(place);
      await expect(page.getByRole('complementary')).toBeVisible();
      expect(await page.evaluate(AUDIT), place).toEqual([]);
    }
  });
}
