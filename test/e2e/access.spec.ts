import type { Locator } from '@playwright/test';
import { FakeClock } from '../support/fake-clock.ts';
import { ask, connectV2 } from '../support/mcp-clients.ts';
import { api, lockOwner } from '../support/session-api.ts';
import { expect, test, type Windows } from '../support/windows/rig.ts';

test('the first agent is added, gets a session whose token works, and is refused once it is revoked', async ({ windows: { core, page, show } }) => {
  await show('sessions');
  await expect(page.getByText('No agents yet')).toBeVisible();
  await page.keyboard.press('c');
  await page.getByLabel('Name').fill('fe-1');
  await page.getByLabel('Role', { exact: true }).selectOption('FE');
  await page.keyboard.press('Enter');

  await page.getByLabel('How long a token is good').selectOption('1 hour');
  await page.getByLabel('How often it may be renewed').selectOption('10 times');
  await page.getByRole('button', { name: 'Issue session', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('shown only now');
  const token = await page.getByRole('region', { name: 'Token' }).locator('code').innerText();

  const client = await connectV2(`${core.url}/mcp`, token, 'modern');
  expect(await ask(client, 'list_tasks', {})).toMatchObject({ tasks: [] });
  await client.close();

  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.locator('body')).not.toContainText(token);
  const row = page.getByRole('row', { name: /^Issued \d/ });
  await expect(row).toContainText('10 of 10');
  await expect(row).toContainText(/in (59 min|1 hr)\./);
  await row.click();
  const pane = page.getByRole('complementary', { name: 'Session of fe-1' });
  await expect(pane).toContainText('Live');
  await pane.getByRole('button', { name: 'Revoke…' }).click();
  const question = page.getByRole('dialog');
  await expect(question.getByRole('button', { name: 'Revoke session' })).toBeDisabled();
  await question.getByLabel('Reason').fill('left on a train');
  await question.getByRole('button', { name: 'Revoke session' }).click();

  await expect(pane).toContainText('left on a train');
  await expect(pane.getByRole('button', { name: 'Revoke…' })).toBeHidden();
  const { session } = await core.call('sessions.list', {}).then(({ sessions }) => ({ session: sessions[0]! }));
  expect((await api(core, 'GET', `/v1/sessions/${session.id}`, token)).code).toBe('SESSION_REVOKED');
  await page.keyboard.press('Escape');
  await expect(page.getByText('No session here')).toBeVisible();
  await page.getByLabel('State').selectOption('Revoked');
  await expect(page.getByRole('row', { name: /^Issued \d/ })).toContainText('Revoked');
});

test('limits of one’s own are checked before they are sent, and kept', async ({ windows: { core, page, show } }) => {
  const { agentId } = await core.agent('fe-1', 'FE');
  await show(`sessions/for-${agentId}`);
  await page.getByLabel('How long a token is good').selectOption('Another number…');
  const issue = page.getByRole('button', { name: 'Issue session', exact: true });
  await expect(issue).toBeDisabled();
  await page.getByLabel('Minutes').fill('4');
  await expect(page.getByLabel('Minutes')).toHaveAttribute('aria-invalid', 'true');
  await expect(issue).toBeDisabled();
  await page.getByLabel('Minutes').fill('90');
  await page.getByLabel('How often it may be renewed').selectOption('Never');
  await page.getByLabel('How long the owner is asked about a renewal').selectOption('1 day');
  await issue.click();
  await expect(page.getByRole('region', { name: 'Token' })).toBeVisible();
  const { sessions } = await core.call('sessions.list', {});
  expect(sessions).toContainEqual(expect.objectContaining({ ttlSec: 5_400, maxRenewals: 0, rejectWindowSec: 86_400 }));
});

test('the sixth session of an agent is refused with the count and the cure', async ({ windows: { core, page, show } }) => {
  const { agentId } = await core.agent('fe-1', 'FE');
  for (let n = 0; n < 4; n += 1) await core.call('sessions.create', { agent: agentId });
  await show(`sessions/for-${agentId}`);
  await page.getByRole('button', { name: 'Issue session', exact: true }).click();
  await expect(page.getByText('fe-1 has 5 live sessions and may have 5. Revoke one that is not needed')).toBeVisible();
});

test('all sessions are ended at once, after a question with a reason', async ({ windows: { core, page, show } }) => {
  const [first, second] = [await core.agent('fe-1', 'FE'), await core.agent('be-1', 'BE')];
  await show('sessions');
  await page.getByRole('button', { name: 'End all sessions…' }).click();
  const question = page.getByRole('dialog', { name: 'End all 2 live sessions?' });
  await expect(question.getByRole('button', { name: 'End all sessions' })).toBeDisabled();
  await question.getByLabel('Reason').fill('a backup was stolen');
  await question.getByRole('button', { name: 'End all sessions' }).click();
  await expect(page.getByText('2 sessions were ended')).toBeVisible();
  await expect(page.getByRole('button', { name: 'End all sessions…' })).toBeHidden();
  for (const { sessionId, token } of [first, second]) expect((await api(core, 'GET', `/v1/sessions/${sessionId}`, token)).status).toBe(401);
  expect((await core.call('sessions.list', {})).sessions).toEqual(expect.arrayContaining([expect.objectContaining({ revokeReason: 'a backup was stolen' })]));
});

test('an agent is suspended with a reason, and resumed; its session then works again', async ({ windows: { core, page, show } }) => {
  const { agentId, sessionId, token } = await core.agent('fe-1', 'FE');
  const status = async (): Promise<number> => (await api(core, 'GET', `/v1/sessions/${sessionId}`, token)).status;
  await show('sessions');
  await expect(page.getByRole('button', { name: 'fe-1', exact: true })).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Agent fe-1' });
  await expect(pane).toContainText('Active');
  await pane.getByRole('button', { name: 'Suspend…' }).click();
  const question = page.getByRole('dialog', { name: 'Suspend fe-1?' });
  await question.getByLabel('Reason').fill('writes nonsense');
  await question.getByRole('button', { name: 'Suspend agent' }).click();
  await expect(pane).toContainText('writes nonsense');
  expect(await status()).toBe(403);

  await show('overview');
  await page.getByRole('region', { name: 'Needs you' }).getByRole('link', { name: /is suspended/ }).click();
  await expect(page).toHaveURL(new RegExp(`#/sessions/agent-${agentId}$`));
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(pane).toContainText('Active');
  expect(await status()).toBe(200);
});

test('a name that cannot be used is told in words, and nothing is added', async ({ windows: { core, page, show } }) => {
  await core.agent('fe-1', 'FE');
  await show('sessions/new');
  await page.getByLabel('Name').fill('FE-1');
  await page.keyboard.press('Enter');
  await expect(page.getByText('There is an agent named “FE-1” already')).toBeVisible();
  await page.getByLabel('Name').fill('../fe');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The agent was not added').last()).toBeVisible();
  expect((await core.call('agents.list', {})).agents).toHaveLength(1);
});

test.describe('a renewal of an agent with a verified owner', () => {
  const MINUTE = 60_000;
  let clock: FakeClock;
  // The browser's clock is the real one: the core's begins before it by what the test lets pass.
  test.use({
    // oxlint-disable-next-line no-empty-pattern
    coreOptions: async ({}, use) => {
      clock = new FakeClock(Date.now() - 40 * MINUTE);
      await use({ clock });
    },
  });

  async function renewed({ core, page }: Windows) {
    const made = await core.agent('fe-1', 'FE', 3_600);
    lockOwner(core.dataDir, made.agentId);
    clock.advance(40 * MINUTE);
    const { body } = await api(core, 'PUT', `/v1/sessions/${made.sessionId}/renew`, made.token);
    await comes(page.getByRole('row', { name: /^fe-1/ }));
    return { sessionId: made.sessionId, token: body['token'] as string };
  }

  /** The core sends its news a moment later by its own clock. */
  const comes = async (what: Locator) =>
    expect(async () => {
      clock.advance(1_000);
      await expect(what).toBeVisible({ timeout: 300 });
    }).toPass({ timeout: 20_000 });

  test('appears, and goes on when it is kept', async ({ windows }) => {
    const { page, core, show } = windows;
    await core.agent('be-1', 'BE');
    clock.advance(1_000);
    await show('approvals');
    await expect(page.getByText('Nothing to approve')).toBeVisible();
    const { sessionId, token } = await renewed(windows);
    const row = page.getByRole('row', { name: /^fe-1/ });
    await expect(row).toContainText('1 of 30');
    await expect(row.getByRole('timer')).toContainText(/^(1:00:00|59:)/);
    await expect(page.getByRole('link', { name: /Approvals.*1 renewal asks you/ })).toBeVisible();
    await show('overview');
    await expect(page.getByRole('region', { name: 'Needs you' }).getByRole('link', { name: /renewed its session/ })).toBeVisible();
    await show('approvals');

    await row.getByRole('button', { name: 'Keep the session of fe-1' }).click();
    await comes(page.getByText('Nothing to approve'));
    await page.getByLabel('Shown').selectOption('All renewals');
    await expect(row).toContainText('Kept');
    await page.getByLabel('Shown').selectOption('Kept and rejected');
    await expect(row).toContainText('Kept');
    await page.getByLabel('Agent', { exact: true }).selectOption('be-1');
    await expect(page.getByText('Nothing has been kept or rejected yet')).toBeVisible();
    await page.getByLabel('Agent', { exact: true }).selectOption('fe-1');
    await expect(row.getByRole('button')).toHaveCount(0);
    expect((await api(core, 'GET', `/v1/sessions/${sessionId}`, token)).status).toBe(200);
  });

  test('ends the session when it is rejected, after a question', async ({ windows }) => {
    const { page, core, show } = windows;
    await show('approvals');
    const { sessionId, token } = await renewed(windows);
    await page.getByRole('button', { name: 'Reject the renewal of fe-1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect((await api(core, 'GET', `/v1/sessions/${sessionId}`, token)).status).toBe(200);

    await page.getByRole('button', { name: 'Reject the renewal of fe-1' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Reject and end session' }).click();
    await comes(page.getByText('Nothing to approve'));
    expect((await api(core, 'GET', `/v1/sessions/${sessionId}`, token)).code).toBe('SESSION_REVOKED');
    await page.getByLabel('Shown').selectOption('All renewals');
    await expect(page.getByRole('row', { name: /^fe-1/ })).toContainText('Rejected');
  });
});
