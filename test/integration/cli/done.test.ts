import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import type { CompletionView } from '../../../preload/contract.ts';

let rig: CliRig;
let events: string;
beforeEach(() => {
  rig = makeCliRig();
  events = join(rig.dataDir, 'events');
});
afterEach(async () => rig.close());

const body = (task: string): unknown => JSON.parse(readFileSync(join(events, `${task}.done`), 'utf8'));
const list = async (...words: string[]): Promise<readonly CompletionView[]> => (await rig.json<{ completions: readonly CompletionView[] }>('completion', 'list', ...words)).completions;

describe.each(['with a running core', 'without a core'])('wheelhouse done, %s', (mode) => {
  beforeEach(async () => {
    if (mode === 'with a running core') await rig.startCore();
  });

  test('makes the file with what is said about the task, and has it taken in at once', async () => {
    writeFileSync(join(rig.dataDir, 'report.md'), 'fine');
    const { exit, out, err } = await rig.run('done', 'task-897.1', '--report', 'report.md', '--team', 'dev1', '--summary', '로그인 완료');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('task-897.1 is reported as done, completion 1');
    expect(body('task-897.1')).toEqual({ summary: '로그인 완료', report: join(rig.dataDir, 'report.md'), team: 'dev1' });
    expect(await list()).toMatchObject([{ task: 'task-897.1', team: 'dev1', summary: '로그인 완료', times: 1 }]);
  });

  test('prints the report that a completion names, harmlessly, and says when there is more or nothing to print', async () => {
    writeFileSync(join(rig.dataDir, 'report.md'), '# 완료\r\n\u001B[2Jfine\n');
    await rig.json('done', 'task-1', '--report', 'report.md');
    expect(await rig.run('completion', 'report', '1')).toEqual({ exit: 0, out: '# 완료\n�[2Jfine\n', err: '' });
    writeFileSync(join(rig.dataDir, 'report.md'), 'x'.repeat(300_000));
    const long = await rig.run('completion', 'report', '1');
    expect(long.out).toBe(`${'x'.repeat(262_144)}\n`);
    expect(long.err).toContain('has 300000 bytes');
    expect(await rig.json('completion', 'report', '1')).toMatchObject({ path: join(rig.dataDir, 'report.md'), bytes: 300_000, cut: true });
    await rig.json('done', 'task-2', '--report', 'nowhere.md');
    const gone = await rig.run('completion', 'report', '2');
    expect(gone.exit).not.toBe(0);
    expect(gone).toMatchObject({ out: '', err: expect.stringContaining('is not there (any more)') });
  });

  test('reports a task again: both are kept, and the earlier file goes to the archive', async () => {
    await rig.json('done', 'task-1');
    const second = await rig.json<{ completion: CompletionView }>('done', 'task-1', '--summary', 'again');
    expect(second.completion).toMatchObject({ times: 2, summary: 'again' });
    expect(await list('--all')).toMatchObject([
      { id: 2, times: 2, state: 'pending' },
      { id: 1, times: 1, state: 'archived', supersededBy: 2 },
    ]);
    expect(readdirSync(join(events, 'archive'))).toEqual(['task-1.done']);
  });

  test('takes in a file that lies there unseen before it makes its own', async () => {
    mkdirSync(events, { recursive: true });
    writeFileSync(join(events, 'task-1.done'), 'the first');
    await rig.json('done', 'task-1', '--summary', 'the second');
    expect((await list('--all')).map(({ summary }) => summary)).toEqual(['the second', 'the first']);
  });

  test('two at once are two completions', async () => {
    await Promise.all([rig.json('done', 'task-1', '--summary', 'a'), rig.json('done', 'task-1', '--summary', 'b')]);
    expect(new Set((await list('--all', '--task', 'task-1')).map(({ summary }) => summary))).toEqual(new Set(['a', 'b']));
  });

  test.each(["it's", 'two words', 'a\nb', "'''", '../../etc/cron.d/x', '.hidden', '-x'])('refuses the name %j and makes nothing', async (task) => {
    const { exit, err } = await rig.run('done', '--', task);
    expect(exit).toBe(2);
    expect(err).not.toBe('');
    expect(existsSync(events) ? readdirSync(events) : []).toEqual([]);
  });

  test('does not write through a link that lies in its place', async () => {
    mkdirSync(events, { recursive: true });
    const victim = join(rig.dataDir, 'victim');
    writeFileSync(victim, 'mine');
    symlinkSync(victim, join(events, 'task-1.done'));
    const { exit, err } = await rig.run('done', 'task-1');
    expect(exit).toBe(4);
    expect(err).toContain('is not taken for a completion');
    expect(readFileSync(victim, 'utf8')).toBe('mine');
  });

  test('says that a report is not there, and names it all the same', async () => {
    const { exit, err } = await rig.run('done', 'task-1', '--report', 'no.md');
    expect(exit).toBe(0);
    expect(err).toContain('There is no');
    expect(body('task-1')).toEqual({ report: join(rig.dataDir, 'no.md') });
    await rig.run('done', 'task-2', '--report', 'https://reports.example/2');
    expect(body('task-2')).toEqual({ report: 'https://reports.example/2' });
  });

  test('while the kill switch is on the file is made and waits', async () => {
    expect((await rig.run('kill', '--reason', 'drill')).exit).toBe(0);
    const { exit, out, err } = await rig.run('done', 'task-1');
    expect({ exit, out }).toEqual({ exit: 0, out: 'task-1 is reported as done.\n' });
    expect(err).toContain('kill switch');
    expect(readdirSync(events)).toEqual(['task-1.done']);
    expect(await list()).toEqual([]);
    expect((await rig.run('done', 'task-1')).exit).toBe(4);
    expect(readdirSync(events)).toEqual(['task-1.done']);
  });

  test('completions are listed, shown and acked', async () => {
    await rig.run('done', 'task-1', '--team', 'dev1', '--summary', 'Login works\u001b[31m');
    writeFileSync(join(events, 'two words.done'), '');
    await rig.run('done', 'task-2');
    const listed = await rig.run('completion', 'list', '--open');
    expect(listed.out).toMatch(/task-1 +dev1 +\S+ \S+ +pending +Login works/);
    expect(listed.out).not.toContain('\u001b');
    expect((await rig.run('completion', 'show', '1')).out).toContain('task-1 of dev1: pending');
    expect((await rig.run('completion', 'ack', '1')).out).toBe('Acknowledged task-1.\n');
    expect((await list('--open')).map(({ task }) => task)).toEqual(['task-2']);
    expect(existsSync(join(events, 'task-1.done.acked'))).toBe(true);
    expect((await rig.run('completion', 'ack', '9')).exit).toBe(4);
    // Without a core nobody has looked through the folder.
    if (mode === 'with a running core') await expect.poll(async () => (await rig.run('completion', 'list')).out).toContain('Refused: two words.done');
  });
});

test('names of folders count from the data directory, and a missing one is said', async () => {
  rig.env['WAIAAS_COMPLETIONS_FOLDERS'] = 'elsewhere';
  const { exit, err } = await rig.run('done', 'task-1');
  expect(exit).toBe(4);
  expect(err).toContain(join(rig.dataDir, 'elsewhere'));
  mkdirSync(join(rig.dataDir, 'elsewhere'));
  expect((await rig.run('done', 'task-1')).exit).toBe(0);
  expect(readdirSync(join(rig.dataDir, 'elsewhere'))).toEqual(['task-1.done']);
});
