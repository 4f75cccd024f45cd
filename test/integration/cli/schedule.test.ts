import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { TASK_AGENT } from '../../support/schedule-furniture.ts';

interface Task {
  readonly id: string;
  readonly status: string;
  readonly value: string;
  readonly zone: string;
}

let rig: CliRig;
beforeEach(async () => {
  rig = makeCliRig({
    env: {
      WAIAAS_SCHEDULE_TIME_ZONE: 'Asia/Seoul',
      WAIAAS_AGENTS_RUNNER: 'process',
      WAIAAS_AGENTS_ALLOW_PROCESS_RUNNER: 'true',
      WAIAAS_AGENTS_PROCESS_COMMAND: JSON.stringify(['sh', TASK_AGENT]),
    },
  });
  await rig.json('group', 'add', 'console:home', '--name', 'Home', '--folder', 'main', '--main');
  await rig.json('group', 'add', 'console:family', '--name', 'Family');
});
afterEach(() => rig.close());

const add = async (...words: string[]): Promise<Task> => (await rig.json<{ task: Task }>('schedule', 'add', ...words)).task;

describe('TASK-01: wheelhouse schedule', () => {
  it('adds, shows, changes, pauses, resumes and cancels without a running core', async () => {
    expect((await rig.run('schedule', 'list')).out).toContain('Nothing is scheduled');
    const task = await add('Sum up the news', '--group', 'family', '--cron', '0 9 * * 1-5', '--context', 'group');
    expect(task).toMatchObject({ zone: 'Asia/Seoul', status: 'active', value: '0 9 * * 1-5' });
    const short = task.id.slice(-8);
    expect((await rig.run('schedule', 'list')).out).toMatch(new RegExp(`${short}\\s+Family\\s+0 9 \\* \\* 1-5.*Sum up the news`));
    expect((await rig.run('schedule', 'show', short)).out).toMatch(/time zone Asia\/Seoul, as in the settings[\s\S]*Conversation\s+that of the group goes on[\s\S]*Sum up the news/);
    expect((await rig.run('schedule', 'pause', short)).out).toContain(`Paused ${short}`);
    expect((await rig.json<{ tasks: Task[] }>('schedule', 'list', '--status', 'paused')).tasks).toHaveLength(1);
    expect((await rig.run('schedule', 'edit', short, '--every', '90m', '--zone', 'Europe/Berlin')).out).toContain('Changed');
    expect((await rig.run('schedule', 'resume', short)).out).toContain('active, next');
    expect((await rig.run('schedule', 'list')).out).toContain('every 90m Europe/Berlin');
    expect((await rig.run('schedule', 'cancel', short)).out).toContain(`Cancelled ${short}: Sum up the news`);
    expect((await rig.json<{ tasks: Task[] }>('schedule', 'list')).tasks).toEqual([]);
  });

  it('lists by group, and the log by group and task', async () => {
    const news = await add('Sum up the news (fails)', '--group', 'Family', '--cron', '0 9 * * *');
    await add('Look at the mail', '--group', 'main', '--every', '7200000');
    expect((await rig.json<{ tasks: Task[] }>('schedule', 'list', '--group', 'Family')).tasks.map(({ id }) => id)).toEqual([news.id]);
    expect((await rig.run('schedule', 'log')).out).toContain('Nothing has run yet.');
    expect((await rig.run('schedule', 'run', news.id)).out).toContain('It runs when Wheelhouse is started.');
    await rig.startCore();
    await expect.poll(async () => (await rig.run('schedule', 'log', '--group', 'Family')).out).toMatch(/failed \(manual\)\s+\d+\.\ds\s+\w{8} Sum up the news \(fails\)\s+.*The letter box is locked/);
    expect(await rig.json('schedule', 'log', '--group', 'main')).toMatchObject({ runs: [] });
    expect(await rig.json('schedule', 'log', news.id, '--limit', '1')).toMatchObject({ runs: [{ status: 'failed', taskId: news.id }] });
  });

  it('says the same to a running core', async () => {
    await rig.startCore();
    const task = await add('매일 아침 인사', '--group', 'Family', '--at', '2031-01-01T09:00', '--zone', 'Asia/Seoul');
    expect((await rig.run('schedule', 'show', task.id)).out).toContain('매일 아침 인사');
    expect((await rig.run('schedule', 'run', task.id)).out).toContain('It is queued');
  });

  it.each([
    [['add', 'x', '--group', 'Family'], 2, '--cron "0 9 * * 1-5", --every 2h or --at'],
    [['add', 'x', '--group', 'Family', '--cron', '* * * * *', '--every', '1h'], 2, 'exclude each other'],
    [['add', 'x', '--group', 'Family', '--every', '2 hours'], 2, 'whole number of milliseconds'],
    [['add', 'x', '--group', 'Family', '--cron', '0 9 * *'], 2, 'five fields'],
    [['add', 'x', '--group', 'Family', '--cron', '0 9 * * *', '--zone', 'Moon/Base'], 2, 'Asia/Seoul'],
    [['add', 'x', '--group', 'Famly', '--cron', '0 9 * * *'], 4, "Did you mean 'family'"],
    [['edit', 'nothing1'], 2, 'needs a change'],
    [['edit', 'nothing1', '--prompt', 'x'], 4, 'wheelhouse schedule list'],
    [['cancel', 'nothing1'], 4, 'wheelhouse schedule list'],
  ] as const)('refuses `schedule %s` and says how to mend it', async (words, exit, advice) => {
    const refused = await rig.run('schedule', ...words);
    expect(refused.err).toContain(advice);
    expect(refused).toMatchObject({ exit, out: '' });
  });
});
