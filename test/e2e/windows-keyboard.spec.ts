import type { Page } from '@playwright/test';
import { expect, test } from '../support/windows/rig.ts';

const focused = (page: Page) => page.locator(':focus');
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

test('pages are reached by number, by letter and by Tab', async ({ windows: { page } }) => {
  for (const [key, name] of [['2', 'Activity'], ['3', 'Board'], ['4', 'Messages'], ['5', 'Locks'], ['1', 'Overview']] as const) {
    await page.keyboard.press(key);
    await expect(heading(page, name)).toBeFocused();
  }
  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await expect(heading(page, 'Board')).toBeVisible();

  await page.reload();
  await page.locator('body').press('Tab');
  await expect(focused(page)).toHaveText('Skip to the content');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('the link to the kill switch is in sight in a window of the usual height, and the page’s own link in any', async ({ windows: { page, show } }) => {
  const linkTo = (name: string) => page.getByRole('navigation').getByRole('link', { name });
  await page.setViewportSize({ width: 1120, height: 690 });
  await expect(linkTo('Kill switch')).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 1120, height: 440 });
  await expect(linkTo('Kill switch')).not.toBeInViewport();
  await show('kill-switch');
  await expect(linkTo('Kill switch')).toBeInViewport({ ratio: 1 });
  await show('overview');
  await expect(linkTo('Overview')).toBeInViewport({ ratio: 1 });
});

test('a task is created, found, moved and closed without a mouse', async ({ windows: { core, page } }) => {
  for (const title of ['First', 'Second', 'Third']) await core.call('tasks.create', { title, assignee_role: 'BE' });
  await page.keyboard.press('3');
  await expect(heading(page, 'Board')).toBeFocused();
  await page.keyboard.press('c');
  await expect(page.getByLabel('Title')).toBeFocused();
  await page.keyboard.type('From the keyboard, c and 1 are only letters here');
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Task #4' });
  await expect(pane).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(pane).toBeHidden();
  await expect(focused(page)).toContainText('From the keyboard');

  await page.keyboard.press('k');
  await expect(focused(page)).toContainText('Third');
  await page.keyboard.press('ArrowUp');
  await expect(focused(page)).toContainText('Second');
  await page.keyboard.press('m');
  await expect(page.getByRole('menuitemradio', { name: 'Open' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Blocked' }).getByText('Second')).toBeVisible();

  await page.getByRole('button', { name: /First/ }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(focused(page)).toContainText('Second');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Task #2' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(focused(page)).toContainText('Second');
});

test('a task that was just created has the focus after its pane is closed, however late the live feed tells of it', async ({ windows: { core, page } }) => {
  for (const title of ['First', 'Second']) await core.call('tasks.create', { title, assignee_role: 'BE' });
  await page.routeWebSocket(/\/v1\/live/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => void setTimeout(() => socket.send(message), 400));
  });
  await page.reload();
  await expect(heading(page, 'Overview')).toBeVisible();
  await page.keyboard.press('3');
  await expect(heading(page, 'Board')).toBeFocused();
  await page.keyboard.press('c');
  await expect(page.getByLabel('Title')).toBeFocused();
  await page.keyboard.type('Told late');
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Task #3' });
  await expect(pane).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(pane).toBeHidden();
  await expect(focused(page)).toContainText('Told late');
});

test('a message is found, answered and sent without a mouse', async ({ windows: { page, teammate } }) => {
  const backend = await teammate('BE');
  await backend.use('post_message', { to_role: 'Producer', body: 'Ship it today?' });
  await (await teammate('FE')).use('post_message', { to_role: 'Producer', body: 'Another one' });
  await page.keyboard.press('4');
  await expect(page.getByRole('listbox', { name: 'Conversations' }).getByRole('option')).toHaveCount(2);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const conversation = page.getByRole('complementary', { name: 'Conversation' });
  await expect(conversation).toBeFocused();
  await expect(conversation.getByText('Ship it today?')).toBeVisible();
  await conversation.getByRole('button', { name: 'Reply' }).focus();
  await page.keyboard.press('Enter');
  await expect(conversation.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('Yes. 오늘 배포합시다');
  await page.keyboard.press('Control+Enter');
  await expect(conversation.getByRole('listitem')).toHaveCount(2);
  const { messages } = await backend.use('read_inbox', {});
  expect(messages).toMatchObject([{ body: 'Yes. 오늘 배포합시다', reply_to: 1 }]);
});

test('what was typed waits when the pane is closed by Escape', async ({ windows: { page } }) => {
  await page.keyboard.press('4');
  await expect(heading(page, 'Messages')).toBeFocused();
  await page.keyboard.press('c');
  const body = page.getByLabel('Message', { exact: true });
  await expect(body).toBeFocused();
  await page.keyboard.type('Half a thought');
  await page.keyboard.press('Escape');
  await expect(body).toBeHidden();
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('c');
  await expect(body).toHaveValue('Half a thought');
});

test('the activity is walked through with j and k, and a line opens with Enter', async ({ windows: { core, page } }) => {
  for (const title of ['one', 'two', 'three']) await core.call('tasks.create', { title, assignee_role: 'BE' });
  await page.keyboard.press('2');
  await expect(page.getByText('three', { exact: true })).toBeVisible();
  await page.keyboard.press('j');
  const feed = page.getByRole('listbox', { name: 'Activity' });
  await expect(feed).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Event' });
  await expect(pane).toBeFocused();
  await expect(pane).toContainText("Producer created 'two' → BE");
  await page.keyboard.press('Escape');
  await expect(feed).toBeFocused();
});

test('the rows of a table are walked through, Enter leads into the detail, and a click anywhere on a row shows it', async ({ windows: { page, show } }) => {
  await show('channels');
  const table = page.getByRole('table', { name: 'Channels' });
  const opener = (name: string) => table.getByRole('button', { name });
  await expect(opener('Console')).toBeVisible();
  await page.keyboard.press('j');
  await expect(opener('Console')).toBeFocused();
  await page.keyboard.press('j');
  await expect(opener('WhatsApp')).toBeFocused();
  await expect(page.getByRole('complementary')).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'WhatsApp' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(opener('WhatsApp')).toBeFocused();

  await table.getByRole('row', { name: /Telegram/ }).getByRole('cell').last().click();
  await expect(page.getByRole('complementary', { name: 'Telegram' })).toBeVisible();
  await expect(opener('Telegram')).toHaveAttribute('aria-expanded', 'true');
  await opener('Telegram').focus();
  await page.keyboard.press('k');
  await expect(page.getByRole('complementary', { name: 'WhatsApp' })).toBeVisible();
});

test('a slash leads to the search, Escape empties and leaves it', async ({ windows: { page } }) => {
  await page.keyboard.press('3');
  await expect(heading(page, 'Board')).toBeFocused();
  await page.keyboard.press('/');
  const search = page.getByRole('searchbox');
  await expect(search).toBeFocused();
  await page.keyboard.type('12');
  await expect(heading(page, 'Board')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(search).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(search).not.toBeFocused();
});

test('a dialog keeps the focus, Escape answers no and gives the focus back', async ({ windows: { page, teammate } }) => {
  const backend = await teammate('BE');
  await backend.use('acquire_lock', { resource: 'compose' });
  await page.keyboard.press('5');
  const name = page.getByRole('button', { name: 'compose' });
  await expect(name).toBeVisible();
  await page.keyboard.press('j');
  await expect(name).toBeFocused();
  await page.keyboard.press('Enter');
  const force = page.getByRole('button', { name: 'Force release…' });
  await force.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  for (let i = 0; i < 6; i += 1) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate("document.activeElement === document.body || document.activeElement.closest('dialog') !== null")).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(force).toBeFocused();
  await expect(page.getByRole('row', { name: /compose/ })).toContainText('BE');
});

test('a question mark shows the shortcuts', async ({ windows: { page } }) => {
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('3');
  await expect(heading(page, 'Overview')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});
