import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ethereumKey, solanaKey } from '../support/owner-keys.ts';
import { expect, test, type Windows } from '../support/windows/rig.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');
const PASSWORD = 'correct horse battery';
type Key = ReturnType<typeof ethereumKey>;

/** One agent, and the master password that every change takes. */
async function opened({ core, page, show }: Windows, agent = 'fe-1') {
  await core.call('masterPassword.set', { password: PASSWORD });
  const made = await core.agent(agent, 'FE');
  await show(`owners/${made.agentId}`);
  const pane = page.getByRole('complementary', { name: `Owner of ${agent}` });
  await expect(pane).toBeVisible();
  return { ...made, pane };
}

type Pane = ReturnType<Page['getByRole']>;

async function sign(pane: Pane, key: Key): Promise<void> {
  await pane.getByRole('button', { name: 'Show the text to sign' }).click();
  const message = await pane.getByLabel('Text to sign', { exact: true }).inputValue();
  await pane.getByLabel('Signature', { exact: true }).fill(await key.sign(message));
}

const stateOf = async ({ core }: Windows) => (await core.call('owners.list', {})).owners[0];

for (const [chain, makeKey] of [
  ['Ethereum', ethereumKey],
  ['Solana', solanaKey],
] as const) {
  test(`an owner on ${chain} is registered, signs, and is replaced by their own consent`, async ({ windows }) => {
    const { page } = windows;
    const { pane } = await opened(windows);
    const [first, second] = [makeKey(), makeKey()];
    await pane.getByLabel('Address of the owner').fill(first.address);
    await expect(pane.getByText(chain, { exact: true })).toBeVisible();
    await pane.getByLabel('Master password').fill(PASSWORD);
    await pane.getByRole('button', { name: 'Register owner' }).click();
    await expect(pane.getByText('Not verified')).toBeVisible();
    await expect(page.getByRole('row', { name: /^fe-1/ })).toContainText('Not verified');
    expect(await stateOf(windows)).toMatchObject({ state: 'GRACE', address: first.address });

    await sign(pane, first);
    await pane.getByRole('button', { name: 'Verify owner' }).click();
    await expect(pane.getByText('Verified', { exact: true })).toBeVisible();
    await expect(pane.getByText('A verified owner cannot be removed')).toBeVisible();
    await expect(pane.getByRole('button', { name: 'Remove owner…' })).toHaveCount(0);

    await pane.getByText('Replace the owner').click();
    await pane.getByLabel('New address').fill(second.address);
    await expect(pane.getByRole('button', { name: 'Replace owner' })).toBeDisabled();
    await sign(pane, second);
    await pane.getByLabel('Master password').fill(PASSWORD);
    await pane.getByRole('button', { name: 'Replace owner' }).click();
    await expect(pane.getByRole('alert').locator('code')).toHaveText('INVALID_SIGNATURE');
    expect(await stateOf(windows)).toMatchObject({ address: first.address });

    await pane.getByLabel('Signature', { exact: true }).fill(await first.sign(await pane.getByLabel('Text to sign', { exact: true }).inputValue()));
    await pane.getByLabel('Master password').fill(PASSWORD);
    await pane.getByRole('button', { name: 'Replace owner' }).click();
    await expect.poll(async () => stateOf(windows)).toMatchObject({ state: 'LOCKED', address: second.address });
    await expect(pane.getByText(second.address)).toBeVisible();
  });
}

test('an address that nobody can have is told what is wrong with it, before it is sent or after', async ({ windows }) => {
  const { pane } = await opened(windows);
  const address = pane.getByLabel('Address of the owner');
  await address.fill('vitalik.eth');
  await address.blur();
  await expect(pane.getByText('This is no Ethereum address (0x and 40 digits) and no Solana address.')).toBeVisible();
  await expect(address).toHaveAttribute('aria-invalid', 'true');
  for (const [wrong, why] of [
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'It has lost the capitals that are its checksum.'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee', 'Its checksum is wrong: a letter was mistyped.'],
    ['4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T', 'This is no public key'],
  ] as const) {
    await address.fill(wrong);
    await pane.getByLabel('Master password').fill(PASSWORD);
    await pane.getByRole('button', { name: 'Register owner' }).click();
    await expect(pane.getByText(why)).toBeVisible();
  }
  expect(await stateOf(windows)).toMatchObject({ state: 'NONE' });
});

test('an owner who has not signed is removed with the master password, and not with a wrong one', async ({ windows }) => {
  const { core, page } = windows;
  const { pane } = await opened(windows);
  await core.call('owners.set', { agent: 'fe-1', address: ethereumKey().address, master_password: PASSWORD });
  await pane.getByRole('button', { name: 'Remove owner…' }).click();
  const question = page.getByRole('dialog', { name: 'Remove the owner of fe-1?' });
  await question.getByLabel('Master password').fill('wrong password');
  await question.getByRole('button', { name: 'Remove owner' }).click();
  await expect(question.getByRole('alert')).toContainText('The master password is wrong');
  await question.getByLabel('Master password').fill(PASSWORD);
  await question.getByRole('button', { name: 'Remove owner' }).click();
  await expect(question).toBeHidden();
  await expect(pane.getByText('No owner', { exact: true })).toBeVisible();
});

test('the page follows what happens elsewhere, and nothing typed for one owner is left for the next', async ({ windows }) => {
  const { core, page } = windows;
  const { pane } = await opened(windows);
  await pane.getByLabel('Address of the owner').fill('0x');
  const owner = ethereumKey();
  await core.call('owners.set', { agent: 'fe-1', address: owner.address, master_password: PASSWORD });
  await expect(pane.getByText('Not verified')).toBeVisible();
  await pane.getByText('Replace the owner').click();
  await expect(pane.getByLabel('New address')).toHaveValue('');
  await core.agent('be-1', 'BE');
  await expect(page.getByRole('row', { name: /^be-1/ })).toContainText('No owner');

  await core.call('killSwitch.activate', { reason: 'a drill' });
  await expect(pane.getByText('Owners do not change while the kill switch is on.')).toBeVisible();
  await expect(pane.getByRole('button', { name: 'Remove owner…' })).toBeHidden();
});

test('without a master password the page leads to where it is set', async ({ windows: { core, page, show } }) => {
  const { agentId } = await core.agent('fe-1', 'FE');
  await show(`owners/${agentId}`);
  await page.getByRole('link', { name: 'Set it first' }).click();
  await expect(page.getByRole('heading', { name: 'Set the master password first' })).toBeVisible();
});

test('the list is worked with the keyboard and filtered', async ({ windows: { core, page, show } }) => {
  await core.call('masterPassword.set', { password: PASSWORD });
  for (const [name, role] of [
    ['ai-1', 'AI'],
    ['be-1', 'BE'],
    ['fe-1', 'FE'],
  ] as const) await core.agent(name, role);
  await core.call('owners.set', { agent: 'be-1', address: solanaKey().address, master_password: PASSWORD });
  await show('owners');
  await expect(page.getByText('1 of 3 agents have an owner')).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Owner of be-1' });
  await expect(pane).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^be-1/ })).toBeFocused();
  await page.getByLabel('Shown').selectOption('Without an owner');
  await expect(page.getByRole('row', { name: /^be-1/ })).toHaveCount(0);
  await expect(page.getByRole('row')).toHaveCount(3);
});

test('owners that cannot be read are asked for again', async ({ windows: { core, page, show } }) => {
  await core.agent('fe-1', 'FE');
  await page.route('**/v1/call/owners.list', async (route) => route.fulfill({ status: 500, json: { ok: false, error: { code: 'INTERNAL', message: 'x', details: {}, retryable: true } } }));
  await show('owners');
  await expect(page.getByText('The owners could not be loaded')).toBeVisible();
  await page.unroute('**/v1/call/owners.list');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('row', { name: /^fe-1/ })).toContainText('No owner');
});

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['en', 'ko'] as const) {
    test(`every form has names, order and contrast: ${theme}, ${language}`, async ({ windows }) => {
      const { core, page, show } = windows;
      const { agentId, pane } = await opened(windows);
      const audited = async (): Promise<unknown> => page.evaluate(AUDIT);
      const address = pane.getByRole('textbox').first();
      await address.fill('nonsense');
      await address.blur();
      await core.call('settings.set', { theme, language });
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await show(`owners/${agentId}`);
      const localised = page.getByRole('complementary');
      expect(await audited()).toEqual([]);
      await core.call('owners.set', { agent: 'fe-1', address: ethereumKey().address, master_password: PASSWORD });
      await localised.locator('summary').click();
      await localised.locator('form').first().getByRole('button').first().click();
      await expect(localised.locator('textarea').first()).toBeVisible();
      expect(await audited()).toEqual([]);
    });
  }
}
