import { expect, test } from '@playwright/test';
import type { RenewedContext, SessionNotice } from '../../main/access/session-notices.ts';
import { requireBrowser } from '../support/browser.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { api, lockOwner } from '../support/session-api.ts';
import { startCore, type TestCore } from '../support/start-core.ts';

test.use({
  // oxlint-disable-next-line no-empty-pattern -- Playwright wants the pattern
  launchOptions: async ({}, use) => use(requireBrowser()),
});

let clock: FakeClock;
let rig: TestCore;
let link: string;
let sessionId: string;
test.beforeEach(async () => {
  clock = new FakeClock();
  const notices: SessionNotice[] = [];
  rig = await startCore({ clock, notifySession: (_tx, notice) => void notices.push(notice) });
  const made = await rig.agent('alice', 'FE', 3600);
  ({ sessionId } = made);
  lockOwner(rig.dataDir, made.agentId);
  clock.advance(2_160_000);
  await api(rig, 'PUT', `/v1/sessions/${sessionId}/renew`, made.token);
  link = (notices[0]!.context as RenewedContext).rejectUrl!;
});
test.afterEach(async () => rig.stop());

const state = async () => (await rig.call('sessions.list', {})).sessions[0]!.state;

test('an owner who follows the link sees the question, and the button ends the session', async ({ page }) => {
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Reject this renewal?' })).toBeVisible();
  await expect(page.getByText('alice (FE)')).toBeVisible();
  await page.reload();
  expect(await state()).toBe('live');

  await page.getByRole('button', { name: 'Reject and end the session' }).click();
  await expect(page.getByRole('heading', { name: 'Renewal rejected' })).toBeVisible();
  expect(await state()).toBe('revoked');
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Already ended' })).toBeVisible();
});

test.describe('with a Korean browser', () => {
  test.use({ locale: 'ko-KR' });

  test('the page is Korean, the switch leads to English and back, and the keyboard alone is enough', async ({ page }) => {
    await page.goto(link);
    await expect(page.getByRole('heading', { name: '이 갱신을 거부할까요?' })).toBeVisible();
    await page.getByRole('link', { name: 'English' }).click();
    await expect(page.getByRole('heading', { name: 'Reject this renewal?' })).toBeVisible();
    await page.getByRole('link', { name: '한국어' }).click();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: '거부하고 세션 종료' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: '갱신을 거부했습니다' })).toBeVisible();
    expect(await state()).toBe('revoked');
  });
});

test('a page of another site can neither frame it nor press its button', async ({ page, context }) => {
  const elsewhere = 'http://evil.test/';
  await context.route(`${elsewhere}**`, async (route) =>
    route.fulfill({ contentType: 'text/html', body: `<iframe src="${link}"></iframe><form method="post" action="${link}"><button>Win a prize</button></form>` }),
  );
  await page.goto(elsewhere);
  await expect(page.frameLocator('iframe').getByRole('button')).toHaveCount(0);
  await page.getByRole('button', { name: 'Win a prize' }).click();
  await expect(page.getByText('may not call this server')).toBeVisible();
  expect(await state()).toBe('live');
});
