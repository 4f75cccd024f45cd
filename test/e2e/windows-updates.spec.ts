import type { Updater } from '../../main/updates/updates.ts';
import { startUpdateFeed, type UpdateFeed } from '../support/update-feed.ts';
import { expect, test as base } from '../support/windows/rig.ts';

/** A headless core that looks for updates on loopback. */
const test = base.extend<{ feed: UpdateFeed }>({
  // oxlint-disable-next-line no-empty-pattern
  feed: async ({}, use) => {
    const feed = await startUpdateFeed('7.0.0');
    await use(feed);
    await feed.close();
  },
  coreOptions: async ({ feed }, use) => use({ config: { updates: { feed: feed.url } } }),
});

test('the settings show the version, look for a newer one when asked, and say what the person can do', async ({ windows: { page } }) => {
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await expect(page.getByText('Wheelhouse 0.0.0-test')).toBeVisible();
  await page.getByRole('menuitem', { name: 'Updates…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Updates' });
  await expect(dialog.getByRole('status')).toHaveText('It was not looked yet.');
  await expect(dialog.getByText('Not since the start')).toBeVisible();
  await dialog.getByRole('button', { name: 'Check now' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Version 7.0.0 is published.');
  await expect(dialog.getByText('A core without a desktop does not replace itself.')).toBeVisible();
  await expect(dialog.getByText('just now')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('a look that failed says why, in the language of the person', async ({ windows: { page, core }, feed }) => {
  feed.faults = { status: 503 };
  await core.call('settings.set', { language: 'ko' });
  await page.getByRole('button', { name: '설정', exact: true }).click();
  await page.getByRole('menuitem', { name: '업데이트…' }).click();
  const dialog = page.getByRole('dialog', { name: '업데이트' });
  await dialog.getByRole('button', { name: '지금 확인' }).click();
  await expect(dialog.getByRole('alert')).toContainText('업데이트 서버가 응답하지 않습니다. 나중에 다시 확인합니다.');
  feed.faults = {};
  feed.publish('0.0.0-test');
  await dialog.getByRole('button', { name: '지금 확인' }).click();
  await expect(dialog.getByRole('status')).toHaveText('최신 버전입니다.');
  await expect(dialog.getByRole('alert')).toBeEmpty();
});

test.describe('where a desktop can replace itself', () => {
  let restarts = 0;
  const updater: Updater = {
    obstacle: null,
    download: async () => undefined,
    offerRestart: () => undefined,
    restart: () => void (restarts += 1),
  };
  test.use({ coreOptions: async ({ feed }, use) => use({ config: { updates: { feed: feed.url } }, updater }) });

  test('the window has the restart as well, for desktops without a tray', async ({ windows: { page } }) => {
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Updates…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Updates' });
    await dialog.getByRole('button', { name: 'Check now' }).click();
    await expect(dialog.getByRole('status')).toHaveText('Version 7.0.0 is downloaded. “Restart to update” installs it.');
    await dialog.getByRole('button', { name: 'Restart to update' }).click();
    await expect.poll(() => restarts).toBe(1);
  });
});

test.describe('without a feed', () => {
  test.use({ coreOptions: {} });
  test('it is said that nothing is looked for, and how that is changed', async ({ windows: { page } }) => {
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Updates…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Updates' });
    await expect(dialog.getByRole('status')).toContainText('Newer versions are not looked for. Set feed under [updates]');
    await expect(dialog.getByRole('button', { name: 'Check now' })).toBeDisabled();
  });
});
