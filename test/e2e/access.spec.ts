import { ask, connectV2 } from '../support/mcp-clients.ts';
import { api } from '../support/session-api.ts';
import { expect, test } from '../support/windows/rig.ts';

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
  const row = page.getByRole('row', { name: /^Issued/ });
  await expect(row).toContainText('10 of 10');
  await expect(row).toContainText('in 59 min.');
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
  await expect(page.getByRole('row', { name: /^Issued/ })).toContainText('Revoked');
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
