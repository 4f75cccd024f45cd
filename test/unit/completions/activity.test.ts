import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { activeTasks, finishedBots, readTeamMap, withIdle } from '../../../main/completions/activity.ts';
import { BotActivity } from '../../../main/completions/bot-activity.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const TEAMS = readTeamMap(['dev1=dev1', 'dev2=dev2', 'helper=dev1', 'anu=', 'anu-direct=']);
const TIMERS = {
  tasks: {
    'task-1': { team: 'dev1', status: 'running' },
    'task-2': { team: 'dev2', start_time: '2026-11-25T09:00:00' },
    'task-0': { team: 'dev1', end_time: '2026-11-25T08:00:00' },
  },
};

describe('which bots are idle', () => {
  test('those at work in the team whose active task is done, and no others', () => {
    const activity = { dev1: { status: 'processing' }, helper: 'processing', dev2: { state: 'processing' }, anu: { status: 'processing' }, guest: 'processing' };
    expect(finishedBots(activity, TIMERS, TEAMS, new Set(['task-1']))).toEqual(['dev1', 'helper']);
    expect(finishedBots(activity, TIMERS, TEAMS, new Set(['task-2']))).toEqual(['dev2']);
    expect(finishedBots(activity, TIMERS, TEAMS, new Set(['task-1', 'task-2']))).toEqual(['dev1', 'dev2', 'helper']);
  });

  test('none for a task that is over by its timer, or of nobody', () => {
    const activity = { dev1: { status: 'processing' } };
    expect(finishedBots(activity, TIMERS, TEAMS, new Set(['task-0', 'task-9']))).toEqual([]);
  });

  test('none that is idle already', () => {
    expect(finishedBots({ dev1: { status: 'idle' } }, TIMERS, TEAMS, new Set(['task-1']))).toEqual([]);
  });

  test.each([
    ['an object by task', { 'task-1': { team: 'dev1', status: 'running' } }],
    ['an object under "tasks"', { tasks: { 'task-1': { team_id: 'dev1' } } }],
    ['a list', [{ task_id: 'task-1', team: 'dev1', ended_at: null }]],
    ['a list under "tasks"', { tasks: [{ id: 'task-1', team: 'dev1', status: 'active' }] }],
  ])('timers may be %s', (_, timers) => {
    expect(finishedBots({ dev1: 'processing' }, timers, TEAMS, new Set(['task-1']))).toEqual(['dev1']);
  });

  test.each([[null], ['text'], [7]])('refuses %j for timers or activity', (wrong) => {
    expect(() => activeTasks(wrong)).toThrow('neither an object nor a list');
    expect(() => finishedBots(wrong, TIMERS, TEAMS, new Set(['task-1']))).toThrow('no object of bots');
  });

  test('everything else in the file stays', () => {
    expect(withIdle({ version: 2, bots: { dev1: { status: 'processing', since: 'x', updated_at: 'old' }, dev2: 'processing' } }, ['dev1'], 'now')).toEqual({
      version: 2,
      bots: { dev1: { status: 'idle', since: 'x', updated_at: 'now' }, dev2: 'processing' },
    });
    expect(withIdle({ dev1: 'processing', dev2: { state: 'processing' } }, ['dev1', 'dev2'], 'now')).toEqual({ dev1: 'idle', dev2: { state: 'idle' } });
  });
});

describe('the activity file', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let activityFile: string;
  let timersFile: string;
  let reports: string[];
  let bots: BotActivity;
  const done = new Set(['task-1']);
  beforeEach(() => {
    dir = makeTempDir();
    activityFile = join(dir.path, 'bot-activity.json');
    timersFile = join(dir.path, 'task-timers.json');
    reports = [];
    bots = new BotActivity({ clock: new FakeClock(), activityFile, timersFile, teamOfBot: TEAMS, openTasks: () => done, report: (what, error) => reports.push(`${what}: ${(error as Error).message}`) });
    writeFileSync(timersFile, JSON.stringify(TIMERS));
  });
  afterEach(() => dir.remove());

  test('is written whole, with its permissions and its indentation', async () => {
    writeFileSync(activityFile, JSON.stringify({ dev1: { status: 'processing' }, dev2: { status: 'processing' } }, null, 2));
    chmodSync(activityFile, 0o640);
    await bots.check();
    expect(readFileSync(activityFile, 'utf8')).toBe(`${JSON.stringify({ dev1: { status: 'idle' }, dev2: { status: 'processing' } }, null, 2)}\n`);
    expect(statSync(activityFile).mode & 0o777).toBe(0o640);
    expect(reports).toEqual([]);
  });

  test('is not touched when there is nothing to change', async () => {
    writeFileSync(activityFile, '{"dev1":{"status":"idle"}}');
    const before = statSync(activityFile, { bigint: true });
    await bots.check();
    expect(statSync(activityFile, { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
  });

  test('may be missing, and so may the timers', async () => {
    await bots.check();
    writeFileSync(activityFile, '{"dev1":"processing"}');
    writeFileSync(timersFile, '{}');
    await bots.check();
    expect(reports).toEqual([]);
  });

  test.each(['', '{"dev1": {"status": "proc', '[]', 'null', '\u0000'])('half-written or wrong (%j) it is reported once, left as it is, and read at the next look', async (wrong) => {
    writeFileSync(activityFile, wrong);
    await bots.check();
    await bots.check();
    expect(reports).toHaveLength(1);
    expect(readFileSync(activityFile, 'utf8')).toBe(wrong);
    writeFileSync(activityFile, '{"dev1":"processing"}');
    await bots.check();
    expect(JSON.parse(readFileSync(activityFile, 'utf8'))).toEqual({ dev1: 'idle' });
  });

  test('a folder in the place of the timers breaks nothing', async () => {
    writeFileSync(activityFile, '{"dev1":"processing"}');
    bots = new BotActivity({ clock: new FakeClock(), activityFile, timersFile: join(dir.path, 'sub'), teamOfBot: TEAMS, openTasks: () => done, report: (what) => reports.push(what) });
    mkdirSync(join(dir.path, 'sub'));
    await bots.check();
    expect(reports).toHaveLength(1);
  });
});
