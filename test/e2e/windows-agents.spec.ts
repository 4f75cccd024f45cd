import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/windows/rig.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');
const AGENT = join(import.meta.dirname, '../support/agents/chat-agent.sh');

/** The agents are real programs of this machine that do what they are told. */
test.use({ coreOptions: { config: { agents: { runner: 'process', allow_process_runner: true, process_command: ['sh', AGENT], max_concurrent: 1, stop_timeout_sec: 1 } } } });

test('a group is registered, its run watched, told something and stopped, and its log read', async ({ windows: { core, page, show } }) => {
  await show('agents');
  await expect(page.getByText('No agent serves a chat yet')).toBeVisible();
  await page.keyboard.press('c');
  const pane = page.getByRole('complementary');
  await pane.getByLabel('Name').fill('Home');
  await pane.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('complementary', { name: 'Group Home' })).toBeVisible();

  await core.call('chat.send', { group: 'Home', text: 'do: say hello' });
  const output = pane.getByRole('log');
  await expect(output).toContainText('thinking');
  await expect(output).toContainText('To the chat');
  await expect(output).toContainText('hello');
  await pane.getByLabel('Tell the agent').fill('do: say psst');
  await pane.getByRole('button', { name: 'Tell', exact: true }).click();
  await expect(output).toContainText('heard: say psst');
  await expect(page.getByRole('row', { name: /Home/ })).toContainText('idle');

  await pane.getByRole('button', { name: 'Stop now' }).click();
  await expect(pane.getByRole('log')).toHaveCount(0);
  await expect(pane.getByRole('listitem').filter({ hasText: 'stopped' })).toHaveCount(1);
  await pane.getByRole('button', { name: '1 message' }).click();
  await expect(pane.getByText('stopped by hand')).toBeVisible();
  await expect(pane.getByText(/err\| thinking/)).toBeVisible();
  await pane.getByRole('button', { name: 'Back' }).click();
  await expect(pane.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('what waits says why, and can be taken out of the queue; a paused group waits until it is resumed', async ({ windows: { core, page, show } }) => {
  for (const name of ['Busy', 'Patient']) await core.call('chat.create', { name });
  await core.call('chat.send', { group: 'Busy', text: 'do: hang' });
  await expect.poll(async () => (await core.call('runs.list', {})).runs.map(({ state }) => state)).toEqual(['running']);
  await core.call('chat.send', { group: 'Patient', text: 'do: say hi' });
  const { groups } = await core.call('groups.list', {});
  await show(`agents/${groups.find(({ name }) => name === 'Patient')!.id}`);
  const pane = page.getByRole('complementary');
  await expect(pane.getByText('as many agents run as may')).toBeVisible();
  await pane.getByRole('button', { name: 'Pause' }).click();
  await expect(pane.getByText('the group is paused')).toBeVisible();
  await pane.getByRole('button', { name: 'Take it out of the queue' }).click();
  await expect(pane.getByText('the group is paused')).toHaveCount(0);
  await expect(pane.getByRole('listitem').filter({ hasText: 'stopped' })).toHaveCount(1);
  await core.call('settings.set', { language: 'ko' });
  await pane.getByRole('button', { name: '다시 시작' }).click();
  await expect(pane.getByRole('button', { name: '일시 중지' })).toBeVisible();
});

test('a group is changed and removed in its pane', async ({ windows: { core, page, show } }) => {
  await core.call('chat.create', { name: 'Home' });
  const { groups } = await core.call('groups.list', {});
  await show(`agents/${groups[0]!.id}`);
  const pane = page.getByRole('complementary');
  await pane.getByRole('button', { name: 'Settings' }).click();
  await pane.getByLabel('Memory (MiB)').fill('plenty');
  await expect(pane.getByText('A number above 0, or empty.')).toBeVisible();
  await pane.getByLabel('Memory (MiB)').fill('512');
  await pane.getByLabel('Network').selectOption('none');
  await pane.getByRole('button', { name: 'Add folder' }).click();
  await pane.getByLabel('Folder', { exact: true }).fill('/no/such/folder');
  await expect(pane.getByText(/^Refused\./)).toBeVisible();
  await pane.getByRole('button', { name: 'Save' }).click();
  await expect(pane.getByText('512 MiB')).toBeVisible();
  expect((await core.call('groups.list', {})).groups[0]!.container).toMatchObject({ memoryMb: 512, network: 'none', additionalMounts: [{ hostPath: '/no/such/folder', readonly: true }] });
  await pane.getByRole('button', { name: 'Remove group' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove group' }).click();
  await expect(page.getByText('No agent serves a chat yet')).toBeVisible();
  expect((await core.call('groups.list', {})).groups).toEqual([]);
});

test('the engine pane says that nothing is isolated, and keeps the allowlist', async ({ windows: { page, show } }) => {
  await show('agents/engine');
  const pane = page.getByRole('complementary');
  await expect(pane.getByText('not isolated')).toBeVisible();
  await expect(pane.getByText(/allowlist/).first()).toBeVisible();
});

test('every place of the page passes the audit, in both languages and themes', async ({ windows: { core, page, show } }) => {
  await core.call('chat.create', { name: 'Home' });
  await core.call('chat.send', { group: 'Home', text: 'do: say hello' });
  const { groups } = await core.call('groups.list', {});
  await expect.poll(async () => (await core.call('runs.list', {})).runs[0]?.sent).toBe(1);
  for (const language of ['en', 'ko'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      await core.call('settings.set', { language, theme });
      for (const place of ['agents', `agents/${groups[0]!.id}`, 'agents/new', 'agents/engine']) {
        await show(place);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        expect(await page.evaluate(AUDIT), `${place} ${language} ${theme}`).toEqual([]);
      }
    }
  }
});
