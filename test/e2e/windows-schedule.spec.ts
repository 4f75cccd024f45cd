import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../support/windows/rig.ts';
import { addGroups, furnishSchedule, runToEnd, SCHEDULE_CONFIG } from '../support/schedule-furniture.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');

test.use({ timezoneId: 'Asia/Seoul', coreOptions: { config: SCHEDULE_CONFIG } });

test('a task is scheduled from the keyboard, and its times are shown before it is saved', async ({ windows: { core, page, show } }) => {
  await addGroups(core, 'Home', 'Family');
  await show('schedule');
  await expect(page.getByText('Nothing is scheduled')).toBeVisible();
  await page.keyboard.press('c');
  const pane = page.getByRole('complementary');
  await expect(pane.getByLabel('Group')).toHaveValue(/.+/);
  await pane.getByLabel('Group').selectOption('Family');
  await pane.getByLabel('Prompt').fill('Say good morning');
  await pane.getByLabel('Cron line').fill('30 7 * * 1-5');
  const preview = page.getByRole('region', { name: 'When it would run' });
  await expect(preview).toContainText('At 07:30, Monday through Friday');
  await expect(preview.getByRole('listitem')).toHaveCount(3);
  await expect(preview.getByRole('listitem').first()).toContainText('7:30:00 AM');
  await pane.getByLabel('Time zone').fill('Europe/Berlin');
  await expect(preview.getByRole('listitem').first()).toContainText(/[23]:30:00 PM/);
  await pane.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByRole('complementary', { name: /Say good morning/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Say good morning/ })).toContainText('Berlin');
  const { tasks } = await core.call('schedule.list', {});
  expect(tasks).toMatchObject([{ groupName: 'Family', prompt: 'Say good morning', value: '30 7 * * 1-5', zone: 'Europe/Berlin', followsZone: false, contextMode: 'isolated' }]);
});

test('what cannot be scheduled says so where it is written, in the language of the person', async ({ windows: { core, page, show } }) => {
  await addGroups(core, 'Home');
  await show('schedule/new');
  const pane = page.getByRole('complementary');
  await pane.getByLabel('Prompt').fill('x');
  await pane.getByLabel('Cron line').fill('61 * * * *');
  await expect(pane.getByText(/cannot be read.*minute/)).toBeVisible();
  await expect(pane.getByRole('button', { name: 'Schedule', exact: true })).toBeDisabled();
  await core.call('settings.set', { language: 'ko' });
  await expect(pane.getByText(/다섯 칸/)).toBeVisible();
  await pane.getByLabel('실행 방식').selectOption('한 번');
  await pane.getByLabel('날짜와 시각').fill('2020-01-01T09:00');
  await expect(pane.getByText('앞으로 올 날짜와 시각을 입력해 주세요.')).toBeVisible();
  await pane.getByLabel('날짜와 시각').fill('2031-01-01T09:00');
  await expect(pane.getByRole('button', { name: '예약', exact: true })).toBeEnabled();
  await pane.getByLabel('시간대').fill('Mars/Olympus');
  await expect(pane.getByText(/IANA 시간대 이름/)).toBeVisible();
});

test('a task is run, paused, resumed, changed and cancelled in its pane', async ({ windows: { core, page, show } }) => {
  await addGroups(core, 'Home');
  const { task } = await core.call('schedule.create', { group: 'Home', prompt: 'Look at the mail (fails)', kind: 'cron', value: '0 9 * * *' });
  await show(`schedule/${task.id}`);
  const pane = page.getByRole('complementary');
  await expect(pane.getByText('It has not run yet.')).toBeVisible();
  await pane.getByRole('button', { name: 'Run now' }).click();
  await expect(pane.getByRole('listitem').filter({ hasText: 'by hand' })).toContainText('Failed');
  await expect(pane.getByText('The letter box is locked')).toBeVisible();
  await expect(pane.getByRole('listitem').filter({ hasText: 'by hand' })).toContainText(/\d s/);
  await pane.getByRole('button', { name: 'Pause' }).click();
  await expect(pane.getByRole('button', { name: 'Resume' })).toBeVisible();
  await pane.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('row', { name: /Look at the mail/ })).toContainText('At 09:00, every day');
  await pane.getByRole('button', { name: 'Edit' }).click();
  await pane.getByLabel('Runs', { exact: true }).selectOption('Every so often');
  await pane.getByLabel('Every', { exact: true }).fill('2');
  await pane.getByLabel('Unit').selectOption('hours');
  await pane.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('row', { name: /Look at the mail/ })).toContainText('Every 2 hours');
  await pane.getByRole('button', { name: 'Cancel task…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the task' }).click();
  await expect(page.getByText('Nothing is scheduled')).toBeVisible();
  await expect(pane).toBeHidden();
  expect((await core.call('schedule.list', {})).tasks).toEqual([]);
});

test('a run that lasts is seen at work, and cannot be started a second time', async ({ windows: { core, page, show } }) => {
  await addGroups(core, 'Home');
  const { task } = await core.call('schedule.create', { group: 'Home', prompt: 'Count the stars (hangs)', kind: 'cron', value: '0 9 * * *' });
  await show(`schedule/${task.id}`);
  const pane = page.getByRole('complementary');
  await pane.getByRole('button', { name: 'Run now' }).click();
  await expect(pane.getByRole('listitem').filter({ hasText: 'by hand' })).toContainText('Running');
  await expect(pane.getByRole('button', { name: 'Run now' })).toBeDisabled();
  const { runs } = await core.call('runs.list', {});
  await core.call('runs.abort', { run: runs[0]!.id });
  await expect(pane.getByRole('listitem').filter({ hasText: 'by hand' })).toContainText('Stopped');
  await expect(pane.getByRole('button', { name: 'Run now' })).toBeEnabled();
});

test('what failed too often says why it was paused, in the language of the person', async ({ windows: { core, page, show } }) => {
  await addGroups(core, 'Home');
  const { task } = await core.call('schedule.create', { group: 'Home', prompt: 'Look at the mail (fails)', kind: 'cron', value: '0 9 * * *' });
  for (let n = 0; n < 5; n += 1) await runToEnd(core, task.id);
  await show(`schedule/${task.id}`);
  await expect(page.getByText('5 runs in a row failed. The last: ')).toBeVisible();
  await core.call('settings.set', { language: 'ko' });
  await expect(page.getByText('5회 연속 실패했습니다.')).toBeVisible();
});

test('the time line shows the next runs, and leads to their tasks', async ({ windows: { core, page, show } }) => {
  await furnishSchedule(core);
  await show('schedule');
  const line = page.getByRole('region', { name: 'Next runs' });
  await expect(line.getByRole('button', { name: /서버 상태 점검: more than 60 runs/ })).toBeVisible();
  await line.getByRole('button', { name: '7 days' }).click();
  await line.getByRole('button', { name: /Ask whether anybody.*: 1 run, next/ }).click();
  await expect(page.getByRole('complementary', { name: /Ask whether anybody/ })).toBeVisible();
  await page.getByRole('combobox', { name: 'Group' }).selectOption('Family');
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Schedule');
});

test('without a group there is nobody to schedule for, and the form says so', async ({ windows: { page, show } }) => {
  await show('schedule/new');
  await expect(page.getByText(/needs a group whose agent does it/)).toBeVisible();
});

for (const [theme, language] of [['light', 'en'], ['dark', 'ko']] as const) {
  test(`names, order, contrast and room for what is long: ${theme}, ${language}`, async ({ windows: { core, page, show } }) => {
    await furnishSchedule(core);
    const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(20);
    const { task } = await core.call('schedule.create', { group: 'Home', prompt: long, kind: 'interval', value: '3600000' });
    await core.call('settings.set', { theme, language });
    await expect(page.locator('html')).toHaveAttribute('lang', language);
    for (const width of [1_200, 480]) {
      await page.setViewportSize({ width, height: 760 });
      for (const place of ['schedule', `schedule/${task.id}`, 'schedule/new', 'schedule?span=week']) {
        await show(place);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        if (place.includes('/')) await expect(page.getByRole('complementary')).toBeVisible();
        expect(await page.evaluate(AUDIT), place).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), place).toBe(0);
      }
    }
  });
}
