import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test, type Windows } from '../support/windows/rig.ts';

const AUDIT = readFileSync(join(import.meta.dirname, '../support/windows/audit.js'), 'utf8');
const audit = async (page: Page): Promise<readonly string[]> => page.evaluate(AUDIT);

const eventsOf = ({ core }: Windows): string => join(core.dataDir, 'events');

/** As a tool does: written elsewhere, then renamed into the folder. */
function drop(windows: Windows, task: string, body: string | object = ''): void {
  const made = join(windows.core.dataDir, `${task}.tmp`);
  writeFileSync(made, typeof body === 'string' ? body : JSON.stringify(body));
  renameSync(made, join(eventsOf(windows), `${task}.done`));
}

test('an empty page says how to report something', async ({ windows }) => {
  const { page, show } = windows;
  await show('completions');
  await expect(page.getByText('Nothing has been reported as done')).toBeVisible();
  await expect(page.getByText('wheelhouse done task-1 --report')).toBeVisible();
  await expect(page.getByText(`touch "${eventsOf(windows)}/task-1.done"`)).toBeVisible();
  expect(await audit(page)).toEqual([]);
});

test('what a tool drops appears by itself, and an ack in the window reaches the folder', async ({ windows }) => {
  const { page, show } = windows;
  await show('completions');
  drop(windows, 'task-897.1', { summary: '로그인 화면 완료\n<img src=x onerror=alert(1)>', team: 'dev1', report: '/srv/reports/task-897.1.md' });
  const row = page.getByRole('row', { name: /task-897\.1/ });
  await expect(row.getByText('Pending')).toBeVisible();
  await row.getByRole('button', { name: 'task-897.1', exact: true }).click();
  const detail = page.getByRole('complementary', { name: 'Completion of task-897.1' });
  // What the file says is shown as it stands and never becomes part of the page.
  await expect(detail.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
  await expect(detail.getByRole('link', { name: '/srv/reports/task-897.1.md' })).toBeVisible();
  expect(await audit(page)).toEqual([]);
  await detail.getByRole('button', { name: 'Acknowledge task-897.1' }).click();
  await expect(row.getByText('Acknowledged')).toBeVisible();
  await expect(detail.getByRole('button', { name: 'Acknowledge task-897.1' })).toHaveCount(0);
  await expect.poll(() => existsSync(join(eventsOf(windows), 'task-897.1.done.acked'))).toBe(true);
});

test.describe('the link of a report', () => {
  const report = '# 완료 보고\n<script>document.title = "run"</script>\n[link](javascript:alert(1))\n';

  test('shows its text as it stands, and Back closes it', async ({ windows }) => {
    const { core, page, show } = windows;
    const path = join(core.dataDir, 'report.md');
    writeFileSync(path, report);
    drop(windows, 'task-1', { report: path });
    await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(1);
    await show('completions/1');
    await page.getByRole('link', { name: path }).click();
    const text = page.getByRole('region', { name: 'Text of the report' });
    await expect(text.locator('pre')).toHaveText(report);
    await expect(text.getByRole('link')).toHaveCount(0);
    await expect(text.locator('script')).toHaveCount(0);
    await expect(page).toHaveTitle(/Completions/);
    expect(await audit(page)).toEqual([]);
    await page.goBack();
    await expect(text).toHaveCount(0);
    await page.goForward();
    await text.getByRole('button', { name: 'Close the report' }).click();
    await expect(text).toHaveCount(0);
  });

  test('shows the beginning of a long one, and says so', async ({ windows }) => {
    const { core, page, show } = windows;
    const path = join(core.dataDir, 'long.md');
    writeFileSync(path, '가'.repeat(200_000));
    drop(windows, 'task-1', { report: path });
    await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(1);
    await show('completions/1?report=1');
    await expect(page.getByText('The first 256 KiB of 586 KiB.')).toBeVisible();
  });

  test('says why there is nothing to show, also of a pipe', async ({ windows }) => {
    const { core, page, show } = windows;
    const folder = join(core.dataDir, 'reports');
    mkdirSync(folder);
    execFileSync('mkfifo', [join(folder, 'pipe.md')]);
    symlinkSync('/etc/passwd', join(folder, 'link.md'));
    writeFileSync(join(folder, 'picture.md'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]));
    const said = { 'gone.md': 'This file is not there (any more).', 'pipe.md': 'This is not a regular file.', 'link.md': 'This is a symbolic link. Links are not followed.', 'picture.md': 'This file is not text.', '.': 'This is a folder, not a file.' };
    for (const [n, [name, words]] of Object.entries(said).entries()) {
      drop(windows, `task-${n}`, { report: join(folder, name) });
      await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(n + 1);
      await show(`completions/${n + 1}?report=${n + 1}`);
      await expect(page.getByRole('alert').filter({ hasText: words })).toBeVisible();
    }
  });

  test('is none for an address', async ({ windows }) => {
    const { core, page, show } = windows;
    drop(windows, 'task-1', { report: 'https://example.org/report?id=1' });
    await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(1);
    await show('completions/1');
    await expect(page.getByText('Wheelhouse does not open addresses.')).toBeVisible();
    await expect(page.getByRole('complementary').getByRole('link')).toHaveCount(0);
  });
});

test('an ack by another tool appears in the window', async ({ windows }) => {
  const { page, show } = windows;
  await show('completions');
  drop(windows, 'task-1');
  await expect(page.getByRole('row', { name: /task-1/ }).getByText('Pending')).toBeVisible();
  writeFileSync(join(eventsOf(windows), 'task-1.done.acked'), '', { flag: 'wx' });
  await expect(page.getByRole('row', { name: /task-1/ }).getByText('Acknowledged')).toBeVisible();
});

test('state and team narrow the list, and the address keeps them', async ({ windows }) => {
  const { core, page, show } = windows;
  for (const [task, team] of [['a', 'dev1'], ['b', 'dev2'], ['c', 'dev1']] as const) drop(windows, task, { team });
  await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(3);
  const { id } = (await core.call('completions.list', { task: 'b' })).completions[0]!;
  await core.call('completions.ack', { completion_id: id });
  await show('completions');
  const rows = page.getByRole('row').filter({ hasNot: page.getByRole('columnheader') });
  await expect(rows).toHaveCount(3);
  await page.getByLabel('Shown').selectOption('open');
  await expect(rows).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Team' }).selectOption('dev2');
  await expect(page.getByText('No completion matches these filters')).toBeVisible();
  expect(page.url()).toContain('state=open&team=dev2');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(rows).toHaveCount(3);
});

test('a completion can be told again, and says what was told', async ({ windows }) => {
  const { core, page, show } = windows;
  drop(windows, 'task-1');
  await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(1);
  await show('completions/1');
  const told = page.getByRole('complementary').getByRole('listitem').filter({ hasText: 'Task done' });
  await expect(told).toHaveCount(1);
  await expect(told).toContainText('No channel is set up that could carry it.');
  await page.getByRole('button', { name: 'Notify again' }).click();
  await expect(told).toHaveCount(2);
});

test('a second completion of a task leads from the first to it', async ({ windows }) => {
  const { core, page, show } = windows;
  drop(windows, 'task-1', 'the first');
  await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(1);
  drop(windows, 'task-1', 'the second');
  await show('completions/1?state=all');
  await page.getByRole('complementary').getByRole('link', { name: 'Show that completion' }).click();
  await expect(page.getByRole('complementary').getByText('the second')).toBeVisible();
  await expect(page.getByRole('complementary').getByText('2×')).toBeVisible();
});

test('refused files are shown with their reasons', async ({ windows }) => {
  const { page, show } = windows;
  writeFileSync(join(eventsOf(windows), "two words '''.done"), '');
  symlinkSync('/etc/passwd', join(eventsOf(windows), 'link.done'));
  mkdirSync(join(eventsOf(windows), 'folder.done'));
  await show('completions');
  await expect(page.getByText('3 files were not taken for completions.')).toBeVisible();
  await page.getByRole('button', { name: 'Show why' }).click();
  const detail = page.getByRole('complementary', { name: 'Refused files' });
  await expect(detail.getByRole('listitem').filter({ hasText: "two words '''.done" })).toContainText('Its name is not safe');
  await expect(detail.getByRole('listitem').filter({ hasText: 'link.done' })).toContainText('It is a symbolic link.');
  await expect(detail.getByRole('listitem').filter({ hasText: 'folder.done' })).toContainText('It is a folder.');
  expect(await audit(page)).toEqual([]);
});

test.describe('without an ack in time', () => {
  test.use({ coreOptions: { config: { completions: { escalate_after_sec: 1 } } } });

  test('a completion waits for the person everywhere, until it is acked on the overview', async ({ windows }) => {
    const { core, page, show } = windows;
    drop(windows, 'task-1', { team: 'dev1', summary: 'Index built' });
    await expect(page.getByRole('link', { name: /Completions/ })).toContainText('1 completion was escalated');
    await expect(page.getByText('task-1 is done, and nobody has acknowledged it')).toBeVisible();
    // Itself, and that nobody was told of it; its escalation counts once.
    await expect.poll(async () => (await core.call('status.get', {})).status.needsYou).toBe(2);
    await page.getByRole('button', { name: 'Acknowledge task-1' }).click();
    await expect(page.getByText('task-1 is done, and nobody has acknowledged it')).toHaveCount(0);
    await expect.poll(async () => (await core.call('status.get', {})).status.needsYou).toBe(0);
    await show('completions');
    await expect(page.getByRole('row', { name: /task-1/ }).getByText('Acknowledged')).toBeVisible();
  });
});

for (const language of ['en', 'ko'] as const) {
  test(`the page fits and has names at every width: ${language}`, async ({ windows }) => {
    const { core, page, show } = windows;
    await core.call('settings.set', { language });
    const word = '가나다라마바사아자차카타파하'.repeat(4);
    drop(windows, `${'a-very-long-name-of-a-task-'.repeat(6)}x`, { summary: `${word}${'x'.repeat(1500)}`, report: `/srv/${'deep/'.repeat(60)}r.md`, team: 'x'.repeat(60) });
    await expect.poll(async () => (await core.call('completions.list', {})).completions.length).toBe(1);
    for (const width of [480, 760, 1_200]) {
      await page.setViewportSize({ width, height: 700 });
      for (const place of ['completions', 'completions/1']) {
        await show(place);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        expect({ width, place, overflow }).toEqual({ width, place, overflow: 0 });
      }
      expect(await audit(page)).toEqual([]);
    }
  });
}
