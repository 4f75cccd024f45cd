import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, type Windows } from '../support/windows/rig.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');
const audit = async (page: Page): Promise<readonly string[]> => page.evaluate(AUDIT);

/** A team with something of everything. */
async function furnish({ core, teammate }: Windows): Promise<void> {
  const [backend, ai] = [await teammate('BE'), await teammate('AI')];
  await core.call('tasks.create', { title: 'Build it', assignee_role: 'BE', detail: 'With tests', priority: 1 });
  await core.call('tasks.create', { title: 'Then write about it', assignee_role: 'Producer', depends_on: [1] });
  await backend.use('claim_next_task');
  await backend.use('update_task', { task_id: 1, note: 'Waiting for the key', status: 'blocked' });
  await backend.use('post_message', { to_role: 'Producer', body: '키가 필요합니다', importance: 'urgent', ack_required: true });
  await backend.use('post_message', { to_role: 'AI', body: 'low and slow', importance: 'low', thread_id: 'notes' });
  await backend.use('acquire_lock', { resource: 'nas-deploy', intent: 'deploying' });
  await ai.use('acquire_lock', { resource: 'memory-mirror', mode: 'shared' });
}

const PLACES = ['overview', 'activity', 'activity/1', 'board', 'board/1', 'board/new', 'messages', 'messages/t%3Anotes', 'messages/new', 'locks', 'locks/nas-deploy', 'agents', 'chat', 'schedule', 'channels', 'completions', 'sessions', 'approvals', 'owners', 'notifications', 'kill-switch'];

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['en', 'ko'] as const) {
    test(`every page has names, order and contrast: ${theme}, ${language}`, async ({ windows }) => {
      const { core, page, show } = windows;
      await furnish(windows);
      await core.call('settings.set', { theme, language });
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      for (const place of PLACES) {
        await show(place);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        if (place.includes('/')) await expect(page.getByRole('complementary')).toBeVisible();
        expect(await audit(page), place).toEqual([]);
      }
    });
  }
}

test('dialogs and menus have names too', async ({ windows }) => {
  const { page, show } = windows;
  await furnish(windows);
  await show('board/1');
  await page.getByRole('complementary').getByRole('button', { name: 'Blocked' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  expect(await audit(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Reassign…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await audit(page)).toEqual([]);
});

test('the person’s own colours replace ours', async ({ windows }) => {
  const { page, show } = windows;
  await furnish(windows);
  await page.emulateMedia({ forcedColors: 'active' });
  for (const place of ['overview', 'board/1', 'locks/nas-deploy']) {
    await show(place);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const [text, canvas] = await page.evaluate<[string, string]>(
      "[getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.querySelector('main')).backgroundColor]",
    );
    expect(text).not.toBe(canvas);
  }
});

test('nothing moves for somebody who asked for that', async ({ windows: { page, show } }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await show('board');
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const running = await page.evaluate<number>('document.getAnimations().filter((animation) => animation.effect.getComputedTiming().activeDuration > 1).length');
  expect(running).toBe(0);
});

test('a message to the person is announced, once and politely', async ({ windows: { page, teammate } }) => {
  const backend = await teammate('BE');
  await backend.use('post_message', { to_role: 'Producer', body: 'one' });
  await backend.use('post_message', { to_role: 'Producer', body: 'two' });
  await backend.use('post_message', { to_role: 'AI', body: 'not for the person' });
  await expect(page.locator('[aria-live=polite]', { hasText: '2 new messages for you' })).toBeAttached();
});

for (const width of [480, 760, 1_024, 1_600]) {
  test(`everything fits at ${width} px, also what is long`, async ({ windows }) => {
    const { core, page, show } = windows;
    await furnish(windows);
    const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(3);
    await core.call('tasks.create', { title: word.slice(0, 290), detail: word.repeat(20), assignee_role: 'BE' });
    await core.call('messages.post', { to_role: 'BE', body: `${word}\n${'가나다라마바사아자차카타파하'.repeat(800)}`, thread_id: word.slice(0, 190) });
    await core.call('locks.acquire', { resource: `src/${'deep/'.repeat(30)}**`, intent: word });
    await page.setViewportSize({ width, height: 700 });
    for (const place of [...PLACES, 'board/3', `messages/t%3A${word.slice(0, 190)}`, 'locks']) {
      await show(place);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      const { page: overflow, wide } = await page.evaluate<{ page: number; wide: string[] }>(`({
        page: document.documentElement.scrollWidth - innerWidth,
        wide: [...document.querySelectorAll('aside, header, [class*=_list_], [class*=_scroll_]')]
          .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
          .map((element) => element.className),
      })`);
      expect({ place, overflow, wide }).toEqual({ place, overflow: 0, wide: [] });
    }
  });
}
