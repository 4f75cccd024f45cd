import type { Page } from '@playwright/test';
import { expect, test as base } from '../support/windows/rig.ts';

const FAILING = ['sh', '-c', 'cat > /dev/null; echo "no such model" >&2; exit 3'];

const test = base.extend({
  coreOptions: { config: { ui: { language: 'ko' }, agents: { runner: 'process', allow_process_runner: true, process_command: FAILING } } },
});

/** Sentences in English that nobody quotes. The log of a run is a file, and shown as it is. */
async function englishOf(page: Page): Promise<readonly string[]> {
  const [whole, logs] = await Promise.all([page.getByRole('main').innerText(), page.locator('main pre').allInnerTexts()]);
  return logs.reduce((text, log) => text.replace(log, ''), whole).replaceAll(/“[^”]*”/g, '').match(/\b(?:The|It|Its|Look|There|Start|another|something) [a-z]+ [^\n]*/g) ?? [];
}

test('a Korean window says in Korean why things failed, and quotes what an agent said', async ({ windows }) => {
  const { page, show, core } = windows;
  const { chat } = await core.call('chat.create', { name: '집' });
  const group = chat.group!.id;
  const { task } = await core.call('schedule.create', { group, prompt: '아침 인사', kind: 'cron', value: '0 9 * * *' });
  await core.call('schedule.run', { task: task.id });
  await expect.poll(async () => (await core.call('runs.list', { group, which: 'ended' })).runs.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const [run] = (await core.call('runs.list', { group, which: 'ended' })).runs;

  await show(`agents/${group}`);
  await page.getByRole('complementary').getByText('아침 인사').click();
  await expect(page.getByRole('main')).toContainText('에이전트가 종료 코드 3(으)로 끝났습니다. 마지막 출력: “no such model”');
  expect(run?.error).toContain('The agent ended with exit code 3.');
  expect(await englishOf(page)).toEqual([]);

  await show(`schedule/${task.id}`);
  await expect(page.getByRole('complementary')).toContainText('에이전트가 종료 코드 3(으)로 끝났습니다.');
  expect(await englishOf(page)).toEqual([]);

  await show('channels/telegram');
  await expect(page.getByRole('complementary')).toContainText('설정되지 않았습니다');
  expect(await englishOf(page)).toEqual([]);

  await show('activity');
  await expect(page.getByRole('main')).toContainText('종료 코드 3');
  expect(await englishOf(page)).toEqual([]);
});
