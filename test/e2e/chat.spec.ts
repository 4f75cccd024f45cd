import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { demoSnapshot } from '../support/renderer-fixture.ts';
import { BOT_TOKEN, startTelegramApi, type TelegramApi } from '../support/telegram-api.ts';
import { TEAM, telegramMessage } from '../support/channels/telegram-rig.ts';
import { expect, test as base } from '../support/windows/rig.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');
const AGENT = join(import.meta.dirname, '../support/agents/chat-agent.sh');

/** Telegram in the table of channels; its chats have rows of their own. */
const channelRow = (page: Page): Locator => page.getByRole('table', { name: 'Channels' }).getByRole('row', { name: /Telegram/ });

/** A core whose bot talks to the Bot API on loopback. */
const test = base.extend<{ readonly telegram: TelegramApi }>({
  // oxlint-disable-next-line no-empty-pattern
  telegram: async ({}, use) => {
    const api = await startTelegramApi();
    await use(api);
    await api.close();
  },
  coreOptions: async ({ telegram }, use) => use({ secrets: { botToken: BOT_TOKEN }, config: { notify: { telegram_api: telegram.apiRoot } } }),
});

test('the first chat takes one press and no account; what is said there stays', async ({ windows }) => {
  const { page, show, core } = windows;
  await show('chat');
  await page.getByRole('button', { name: 'Start a chat' }).click();
  const field = page.getByRole('textbox', { name: 'Write to the agent of Home' });
  await expect(field).toBeFocused();
  await field.fill('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem').filter({ hasText: 'second line' })).toBeVisible();
  await expect(field).toHaveValue('');
  const { messages } = await core.call('chat.history', { group: 'Home' });
  expect(messages.map(({ content, fromPerson }) => ({ content, fromPerson }))).toContainEqual({ content: 'first line\nsecond line', fromPerson: true });
  await show('overview');
  await show('chat');
  await page.getByRole('option', { name: /Home/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'second line' })).toBeVisible();
});

test.describe('an agent that prints', () => {
  test.use({ coreOptions: { config: { agents: { runner: 'process', allow_process_runner: true, process_command: ['sh', AGENT], stop_timeout_sec: 1 } } } });

  test('what it prints shows while it works, its end alone when that is long, until its answer takes the place', async ({ windows }) => {
    const { page, show, core } = windows;
    const { chat } = await core.call('chat.create', { name: 'Home' });
    await core.call('chat.send', { group: 'Home', text: 'do: print done' });
    await show(`chat/${chat.group!.id}`);
    const pane = page.getByRole('complementary');
    const printed = pane.getByRole('log');
    await expect(printed).toContainText('step 40');
    await expect(printed).toBeInViewport({ ratio: 1 });
    await expect(printed).not.toContainText('step 30');
    await expect(pane.getByRole('status')).toContainText('The agent is working…');
    await expect(pane.getByRole('link', { name: 'Whole output' })).toHaveAttribute('href', `#/agents/${chat.group!.id}`);
    await core.call('settings.set', { language: 'ko' });
    await expect(pane.getByRole('status')).toContainText('에이전트가 작업 중…');
    expect(await page.evaluate(AUDIT)).toEqual([]);
    const { groups } = await core.call('groups.list', {});
    writeFileSync(join(core.dataDir, 'groups', groups[0]!.folder, 'done'), '');
    await expect(pane.getByRole('listitem').filter({ hasText: 'done' })).toHaveCount(2);
    await expect(printed).toHaveCount(0);
    await expect(pane.getByRole('status')).toHaveCount(0);
    await expect(pane.getByText('step 40')).toHaveCount(0);
  });
});

test('what is written and not sent waits for its chat', async ({ windows }) => {
  const { page, show, core } = windows;
  const { chat } = await core.call('chat.create', { name: 'Garden' });
  await core.call('chat.create', { name: 'Kitchen' });
  await show(`chat/${chat.group!.id}`);
  await page.getByRole('textbox', { name: 'Write to the agent of Garden' }).fill('half a thought');
  await page.getByRole('option', { name: /Kitchen/ }).click();
  await expect(page.getByRole('textbox', { name: 'Write to the agent of Kitchen' })).toHaveValue('');
  await page.getByRole('option', { name: /Garden/ }).click();
  await expect(page.getByRole('textbox', { name: 'Write to the agent of Garden' })).toHaveValue('half a thought');
});

test('a chat that was seen on Telegram is registered, and talked in from the window', async ({ windows, telegram }) => {
  const { page, show } = windows;
  await show('channels');
  await expect(channelRow(page).getByText('Connected')).toBeVisible();
  telegram.push(telegramMessage({ text: 'not kept' }));
  await page.getByRole('button', { name: /Team/ }).click();
  const detail = page.getByRole('complementary');
  await expect(detail).toContainText('Not served');
  await detail.getByRole('textbox', { name: 'Trigger' }).fill('@앤디');
  await detail.getByRole('button', { name: 'Register as group' }).click();
  await expect(detail).toContainText('Wakes to @앤디');
  telegram.push(telegramMessage({ text: '@앤디야 안녕' }));
  await detail.getByRole('link', { name: 'Open the chat' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: '@앤디야 안녕' })).toContainText('Mia Kim');
  await expect(page.getByText('not kept')).toHaveCount(0);
  await expect(page.getByText('Its answer goes into the chat on Telegram.')).toBeVisible();
});

test('a channel is paused, resumed and tested', async ({ windows, telegram }) => {
  const { page, show, core } = windows;
  await show('channels/telegram');
  const detail = page.getByRole('complementary');
  await expect(detail).toContainText('@anu_bot');
  await detail.getByRole('button', { name: 'Pause' }).click();
  await expect(channelRow(page).getByText('Paused')).toBeVisible();
  await core.call('channels.test', { channel: 'telegram', to: `tg:${TEAM}` });
  await expect(channelRow(page).getByRole('cell').last()).toHaveText('1');
  expect(telegram.messages).toEqual([]);
  await detail.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => telegram.messages.map(({ text }) => text)).toEqual([expect.stringContaining('test message')]);
  await expect(channelRow(page).getByRole('cell').last()).toHaveText('0');
});

/** Opens a page of the windows over a snapshot, without a core. */
async function showFixture(page: Page, rendererDir: string, snapshot: ReturnType<typeof demoSnapshot>, place: string): Promise<void> {
  await page.addInitScript(`window.fixture = ${JSON.stringify({ snapshot })}`);
  await page.addInitScript({ path: join(import.meta.dirname, '../support/windows/fake-bridge.js') });
  await page.route('https://wheelhouse.test/**', async (route) => {
    const path = new URL(route.request().url()).pathname;
    await route.fulfill({ path: join(rendererDir, path === '/' ? 'index.html' : path) });
  });
  await page.goto(`https://wheelhouse.test/#/${place}`);
}

test('in place of a chat that is gone stands the list, also where there is room for one of both', async ({ page, rendererDir }) => {
  await page.setViewportSize({ width: 640, height: 700 });
  await showFixture(page, rendererDir, demoSnapshot('en', Date.now()), 'chat/gone');
  await expect(page.getByRole('option', { name: /Family/ })).toBeVisible();
});

test('a pairing shows its code to scan, or to type', async ({ page, rendererDir }) => {
  const snapshot = demoSnapshot('en', Date.now());
  const pairing = (more: object) => ({ channels: snapshot.channels.map((channel) => (channel.name === 'whatsapp' ? { ...channel, state: 'pairing' as const, as: null, ...more } : channel)) });
  await showFixture(page, rendererDir, { ...snapshot, ...pairing({ qr: '2@ABCDEF,GHIJ,KLMN' }) }, 'channels/whatsapp');
  const code = page.getByRole('img', { name: 'QR code for pairing' });
  await expect(code).toBeVisible();
  const size = Number((await code.getAttribute('viewBox'))!.split(' ')[2]);
  expect(size).toBeGreaterThanOrEqual(21 + 4);
  await page.evaluate(`window.fixture.tell(${JSON.stringify({ type: 'patch', patch: pairing({ code: 'ABCD1234' }) })})`);
  await expect(page.getByText('ABCD-1234')).toBeVisible();
  await expect(code).toHaveCount(0);
});

for (const language of ['en', 'ko'] as const) {
  test(`both pages have names, order and contrast: ${language}`, async ({ windows, telegram }) => {
    const { page, show, core } = windows;
    const { chat } = await core.call('chat.create', { name: 'Home' });
    await core.call('chat.send', { group: 'Home', text: 'hello' });
    telegram.push(telegramMessage({ text: 'x' }));
    await expect.poll(async () => (await core.call('chats.list', {})).chats.length).toBe(2);
    await core.call('settings.set', { language, theme: language === 'en' ? 'light' : 'dark' });
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    for (const place of ['chat', `chat/${chat.group!.id}`, 'chat/new', 'channels', 'channels/whatsapp', 'channels/telegram', `channels/chat-tg%3A${TEAM}`]) {
      await show(place);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      if (place.includes('/')) await expect(page.getByRole('complementary')).toBeVisible();
      expect(await page.evaluate(AUDIT), place).toEqual([]);
    }
  });
}
