import type { Page } from '@playwright/test';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { FakeClock } from '../support/fake-clock.ts';
import { expect, test } from '../support/windows/rig.ts';

const PASSWORD = 'correct horse battery';

async function setPassword(page: Page): Promise<void> {
  await page.getByLabel('New master password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'Set the master password first' })).toBeHidden();
}

async function stopEverything(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Stop everything…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Stop everything?' });
  const confirm = dialog.getByRole('button', { name: 'Stop everything' });
  await dialog.getByLabel('Reason').fill(reason);
  await expect(confirm).toBeDisabled();
  await dialog.getByLabel('Type STOP to confirm').fill('stop');
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Everything is stopped' })).toBeVisible();
}

async function startRecovery(page: Page, password: string): Promise<void> {
  await page.getByLabel('Master password').fill(password);
  await page.getByRole('button', { name: 'Start recovery' }).click();
}

test('everything is stopped, and the page says what, why and how back', async ({ windows: { core, page, teammate, show } }) => {
  const backend = await teammate('BE');
  await core.call('tasks.create', { title: 'Half done', assignee_role: 'BE' });
  await backend.use('claim_task', { task_id: 1 });
  await backend.use('acquire_lock', { resource: 'schema', intent: 'adding a column' });
  const { token } = await core.agent('late', 'FE');
  await show('kill-switch');
  await setPassword(page);
  const stops = page.getByRole('region', { name: 'What will stop' });
  await expect(stops.getByRole('listitem')).toHaveText(['2live sessions', '2active agents', '0agent runs', '1tasks in progress', '1locks held']);

  await stopEverything(page, 'an agent deletes files');
  const stopped = page.getByRole('region', { name: 'What happened' });
  await expect(stopped).toContainText('an agent deletes files');
  await expect(stopped).toContainText('2 sessions revoked · 2 agents suspended');
  const answer = await fetch(`${core.url}/mcp`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(503);
  // What the page promised about tasks and locks.
  await expect.poll(async () => (await core.call('snapshot.get', {})).locks).toEqual([]);
  await expect.poll(async () => (await core.call('snapshot.get', {})).tasks[0]?.status).toBe('open');

  await show('board');
  await expect(page.getByRole('heading', { name: 'Board' })).toBeVisible();
  await expect(page.getByText('The kill switch is on: no agent can act.')).toBeVisible();
  await expect(page.getByRole('link', { name: /Kill switch The kill switch is on/ })).toBeVisible();
  await page.getByRole('link', { name: 'Open the kill switch' }).click();
  await expect(page.getByRole('heading', { name: 'Everything is stopped' })).toBeVisible();
});

test('two passwords that differ are not set', async ({ windows: { page, show } }) => {
  await show('kill-switch');
  await page.getByLabel('New master password').fill(PASSWORD);
  await page.getByLabel('The same again').fill('something else');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('The two are not the same.')).toBeVisible();
  await expect(page.getByLabel('New master password')).toHaveValue('');
});

test('the overview of a first start leads to setting the master password, which can be changed later', async ({ windows: { core, page, show } }) => {
  const other = 'another horse battery';
  await page.getByRole('region', { name: 'Master password' }).getByRole('button', { name: 'Set it now' }).click();
  await setPassword(page);
  await page.getByText('Change the master password').click();
  await page.getByLabel('Present master password').fill('wrong password');
  await page.getByLabel('New master password').fill(other);
  await page.getByLabel('The same again').fill(other);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByRole('alert').locator('code')).toHaveText('INVALID_MASTER_PASSWORD');

  await page.getByLabel('Present master password').fill(PASSWORD);
  await page.getByLabel('New master password').fill(other);
  await page.getByLabel('The same again').fill(other);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('The master password is changed')).toBeVisible();
  await core.call('masterPassword.change', { current: other, password: PASSWORD });
  await show('overview');
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Master password' })).toBeHidden();
});

test('a stop without a password asks for one before the way back', async ({ windows: { page, show } }) => {
  await show('kill-switch');
  await stopEverything(page, 'no password yet');
  await expect(page.getByRole('button', { name: 'Start recovery' })).toBeHidden();
  await setPassword(page);
  await expect(page.getByRole('button', { name: 'Start recovery' })).toBeVisible();
});

test('a wrong password moves nothing; a recovery counts down and can be cancelled', async ({ windows: { core, page, show } }) => {
  await core.call('masterPassword.set', { password: PASSWORD });
  await show('kill-switch');
  await stopEverything(page, 'a drill');
  await startRecovery(page, 'wrong password');
  await expect(page.getByRole('alert').getByText('The master password is wrong. Nothing was changed.')).toBeVisible();
  await expect(page.getByLabel('Master password')).toHaveValue('');
  expect((await core.call('killSwitch.get', {})).state).toBe('ACTIVATED');

  await startRecovery(page, PASSWORD);
  const recovery = page.getByRole('region', { name: 'Recovery under way' });
  await expect(recovery.getByRole('timer')).toHaveText(/^23:59:\d\d$/);
  await expect(recovery.getByRole('button', { name: 'Finish recovery' })).toBeDisabled();
  await recovery.getByRole('button', { name: 'Cancel recovery' }).click();
  await expect(page.getByRole('heading', { name: 'Everything is stopped' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start recovery' })).toBeVisible();
});

test('an owner signs the text that is shown', async ({ windows: { core, page, show } }) => {
  const wallet = privateKeyToAccount(generatePrivateKey());
  await core.call('masterPassword.set', { password: PASSWORD });
  await core.call('agents.add', { name: 'be-1', role: 'BE' });
  await core.call('owners.set', { agent: 'be-1', address: wallet.address, master_password: PASSWORD });
  await show('kill-switch');
  await stopEverything(page, 'a drill');
  await page.getByRole('button', { name: 'Show the text to sign' }).click();
  const message = await page.getByLabel('Text to sign', { exact: true }).inputValue();
  await page.getByLabel('Master password').fill(PASSWORD);
  await page.getByLabel('Signature', { exact: true }).fill(await privateKeyToAccount(generatePrivateKey()).signMessage({ message }));
  await page.getByRole('button', { name: 'Start recovery' }).click();
  await expect(page.getByRole('alert').locator('code')).toHaveText('INVALID_SIGNATURE');

  await page.getByLabel('Master password').fill(PASSWORD);
  await page.getByLabel('Signature', { exact: true }).fill(await wallet.signMessage({ message }));
  await page.getByRole('button', { name: 'Start recovery' }).click();
  await expect(page.getByRole('region', { name: 'Recovery under way' }).getByRole('timer')).toHaveText(/^00:29:\d\d$/);
});

test.describe('with a clock that can be moved', () => {
  const clock = new FakeClock();
  test.use({ coreOptions: { clock, config: { security: { kill_switch_recovery_wait_no_owner: 300 } } } });

  test('a recovery is finished once its wait is over', async ({ windows: { core, page, show } }) => {
    await core.call('masterPassword.set', { password: PASSWORD });
    await core.call('agents.add', { name: 'be-1', role: 'BE' });
    await core.call('killSwitch.activate', { reason: 'a drill' });
    await core.call('killSwitch.recover', { master_password: PASSWORD });
    await page.reload();
    await show('kill-switch');
    await expect(page.getByRole('region', { name: 'Recovery under way' }).getByRole('timer')).toHaveText(/^00:0[45]:\d\d$/);

    clock.advance(300_000);
    await page.reload();
    await expect(page.getByText('The recovery can be finished now.')).toBeVisible();
    await page.getByLabel('Master password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Finish recovery' }).click();
    await expect(page.getByText('The kill switch is off', { exact: true })).toBeVisible();
    await expect.poll(async () => (await core.call('killSwitch.get', {})).state).toBe('NORMAL');
    expect((await core.call('snapshot.get', {})).agents).toMatchObject([{ status: 'active' }]);
  });
});
