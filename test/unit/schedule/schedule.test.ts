import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeScheduleRig, type ScheduleRig } from '../../support/schedule-rig.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Where the fake clock begins: Friday 20 November 2026, 09:00 UTC. */
const START = Date.UTC(2026, 10, 20, 9);

let rig: ScheduleRig;
beforeEach(() => {
  rig = makeScheduleRig();
});
afterEach(async () => rig.close());

const daily = (more: object = {}) => rig.schedule.create({ group: 'family', prompt: 'Say good morning', kind: 'cron', value: '0 10 * * *', ...more });
const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

describe('creating', () => {
  test('a task waits for its first due time, in the zone of the settings, and stands in the log', () => {
    const task = daily();
    expect(task).toMatchObject({ groupId: 'g-family', status: 'active', zone: 'UTC', followsZone: true, contextMode: 'isolated', missed: 'latest', createdBy: 'person', lastSlot: null });
    expect(at(task.nextRun)).toBe('2026-11-20T10:00:00.000Z');
    expect(rig.schedule.find(task.id)).toEqual(task);
    expect(rig.events()).toMatchObject([{ action: 'created', text: 'Scheduled for Family: Say good morning' }]);
  });

  test('a zone of its own stays when that of the settings changes', () => {
    expect(daily({ zone: 'Asia/Seoul' })).toMatchObject({ zone: 'Asia/Seoul', followsZone: false, nextRun: Date.UTC(2026, 10, 21, 1) });
  });

  test('an interval of 3600000 runs first in an hour', () => {
    expect(daily({ kind: 'interval', value: '3600000' }).nextRun).toBe(START + HOUR);
  });

  test.each([
    ['an unknown group', { group: 'strangers' }, 'GROUP_NOT_FOUND'],
    ['an empty prompt', { prompt: '  \n' }, 'INPUT_INVALID'],
    ['a prompt without end', { prompt: 'x'.repeat(20_001) }, 'INPUT_INVALID'],
    ['a line that is none', { value: 'every day' }, 'INPUT_INVALID'],
    ['a time in the past', { kind: 'once', value: '2026-11-20T08:59' }, 'INPUT_INVALID'],
  ])('%s is refused and nothing is written', (_what, more, code) => {
    expect(() => daily(more)).toThrow(expect.objectContaining({ code }));
    expect(rig.schedule.list()).toEqual([]);
    expect(rig.events()).toEqual([]);
  });

  test('nothing is scheduled, changed, resumed or run while the kill switch is on', () => {
    const task = daily();
    rig.setKillSwitch('ACTIVATED');
    for (const act of [() => daily(), () => rig.schedule.edit(task.id, { prompt: 'x' }), () => rig.schedule.resume(task.id), () => rig.schedule.runNow(task.id)]) {
      expect(act).toThrow(expect.objectContaining({ code: 'SYSTEM_LOCKED' }));
    }
  });
});

describe('finding', () => {
  test('a task is found by enough of the end of its id, and a wrong word says where to look', () => {
    const task = daily();
    expect(rig.schedule.find(task.id.slice(-8)).id).toBe(task.id);
    expect(() => rig.schedule.find('nothing')).toThrow('wheelhouse schedule list');
    expect(() => rig.schedule.find('abc')).toThrow(expect.objectContaining({ code: 'SCHEDULE_NOT_FOUND' }));
  });

  test('a list has what runs next first, and can be of one group or status', () => {
    const late = daily({ value: '0 23 * * *', prompt: 'late' });
    const early = daily({ value: '0 10 * * *', prompt: 'early' });
    const other = daily({ group: 'work', prompt: 'other' });
    rig.schedule.pause(other.id);
    expect(rig.schedule.list().map(({ prompt }) => prompt)).toEqual(['early', 'late', 'other']);
    expect(rig.schedule.list({ group: 'family' }).map(({ id }) => id)).toEqual([early.id, late.id]);
    expect(rig.schedule.list({ status: 'paused' }).map(({ id }) => id)).toEqual([other.id]);
    expect(() => rig.schedule.list({ group: 'strangers' })).toThrow(expect.objectContaining({ code: 'GROUP_NOT_FOUND' }));
  });
});

describe('changing', () => {
  test('a new cadence moves the next run at once', () => {
    const task = daily();
    expect(rig.schedule.edit(task.id, { value: '30 9 * * *' }).nextRun).toBe(START + HOUR / 2);
    expect(rig.schedule.edit(task.id, { kind: 'interval', value: '7200000' }).nextRun).toBe(START + 2 * HOUR);
    expect(rig.events().at(-1)).toMatchObject({ action: 'changed', text: expect.stringContaining('kind, value') });
  });

  test('a new prompt leaves the times alone, and nothing new writes no line', () => {
    const task = daily({ kind: 'interval', value: '3600000' });
    rig.clock.advance(HOUR / 4);
    expect(rig.schedule.edit(task.id, { prompt: 'Say good evening' }).nextRun).toBe(START + HOUR);
    const lines = rig.events().length;
    rig.schedule.edit(task.id, { prompt: 'Say good evening', value: '3600000' });
    expect(rig.events()).toHaveLength(lines);
  });

  test('a wrong one changes nothing', () => {
    const task = daily();
    expect(() => rig.schedule.edit(task.id, { value: '61 * * * *' })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(rig.schedule.find(task.id)).toEqual(task);
  });

  test('a paused task stays paused and has its new times when it goes on', () => {
    const task = daily();
    rig.schedule.pause(task.id);
    expect(rig.schedule.edit(task.id, { value: '0 12 * * *' })).toMatchObject({ status: 'paused', nextRun: null });
    expect(rig.schedule.resume(task.id).nextRun).toBe(START + 3 * HOUR);
  });

  test('a completed task lives again by a new time', async () => {
    const task = daily({ kind: 'once', value: '2026-11-20T10:00' });
    rig.scheduler.start();
    await rig.pass(HOUR);
    rig.end(rig.queue.queued()[0]!.scheduleRunId);
    expect(rig.schedule.find(task.id).status).toBe('completed');
    rig.schedule.edit(task.id, { value: '2026-11-20T11:00' });
    await rig.pass(HOUR);
    expect(rig.prompts()).toHaveLength(2);
  });

  test('the zone can go back to that of the settings', () => {
    const task = daily({ zone: 'Asia/Seoul' });
    expect(rig.schedule.edit(task.id, { zone: null })).toMatchObject({ zone: 'UTC', followsZone: true, nextRun: START + HOUR });
  });
});

describe('TASK-01: pause, resume, cancel', () => {
  test('what passed in a pause stays past', async () => {
    const task = daily();
    rig.scheduler.start();
    expect(rig.schedule.pause(task.id)).toMatchObject({ status: 'paused', pausedBy: 'person', nextRun: null });
    await rig.pass(3 * DAY);
    expect(rig.prompts()).toEqual([]);
    expect(rig.schedule.resume(task.id)).toMatchObject({ status: 'active', pausedBy: null, nextRun: START + 3 * DAY + HOUR });
    await rig.pass(HOUR);
    expect(rig.prompts()).toHaveLength(1);
  });

  test('an interval keeps its grid over a pause', () => {
    const task = daily({ kind: 'interval', value: '3600000' });
    rig.schedule.pause(task.id);
    rig.clock.advance(2.5 * HOUR);
    expect(rig.schedule.resume(task.id).nextRun).toBe(START + 3 * HOUR);
  });

  test('twice is once', () => {
    const task = daily();
    rig.schedule.pause(task.id);
    const lines = rig.events().length;
    rig.schedule.pause(task.id);
    expect(rig.events()).toHaveLength(lines);
    rig.schedule.resume(task.id);
    rig.schedule.resume(task.id);
    expect(rig.events()).toHaveLength(lines + 1);
  });

  test('what runs once and was paused over its time runs when it goes on, late', async () => {
    const task = daily({ kind: 'once', value: '2026-11-20T10:00' });
    rig.scheduler.start();
    rig.schedule.pause(task.id);
    await rig.pass(5 * HOUR);
    rig.schedule.resume(task.id);
    await rig.scheduler.check();
    expect(rig.prompts()).toHaveLength(1);
  });

  test('trap 14: a task that was paused during its run stays paused after it', async () => {
    const task = daily({ kind: 'once', value: '2026-11-20T10:00' });
    rig.scheduler.start();
    await rig.pass(HOUR);
    rig.schedule.pause(task.id);
    rig.end(rig.queue.queued()[0]!.scheduleRunId);
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'paused' });
    expect(rig.schedule.resume(task.id)).toMatchObject({ status: 'completed' });
    await rig.scheduler.check();
    expect(rig.prompts()).toHaveLength(1);
  });

  test('trap 15: cancel forgets what was logged first, then the task, and what waited in the queue', async () => {
    const task = daily();
    rig.scheduler.start();
    await rig.pass(HOUR);
    const [queued] = rig.queue.queued();
    rig.schedule.cancel(task.id);
    expect(rig.queue.queued()).toEqual([]);
    expect(rig.schedule.runs({ limit: 10 })).toEqual([]);
    expect(() => rig.schedule.find(task.id)).toThrow(expect.objectContaining({ code: 'SCHEDULE_NOT_FOUND' }));
    expect(rig.events().at(-1)).toMatchObject({ action: 'cancelled' });
    // The end of a run that was under way finds nothing to be written into, which is no error.
    rig.end(queued!.scheduleRunId);
    expect(rig.schedule.runs({ limit: 10 })).toEqual([]);
  });

  test('a completed task cannot be paused', async () => {
    const task = daily({ kind: 'once', value: '2026-11-20T10:00' });
    rig.scheduler.start();
    await rig.pass(HOUR);
    rig.end(rig.queue.queued()[0]!.scheduleRunId);
    expect(() => rig.schedule.pause(task.id)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });
});

describe('run now', () => {
  test('runs it at once, leaves its times alone, and works for a paused one', () => {
    const task = daily();
    rig.schedule.pause(task.id);
    const run = rig.schedule.runNow(task.id);
    expect(run).toMatchObject({ taskId: task.id, cause: 'manual', status: 'queued', dueAt: START });
    expect(rig.queue.queued()).toMatchObject([{ scheduleRunId: run.id, groupId: 'g-family', prompt: 'Say good morning', contextMode: 'isolated' }]);
    rig.end(run.id);
    expect(rig.schedule.find(task.id).status).toBe('paused');
  });

  test('not while a run of it is under way', () => {
    const task = daily();
    rig.schedule.runNow(task.id);
    expect(() => rig.schedule.runNow(task.id)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    expect(rig.queue.queued()).toHaveLength(1);
  });

  test('when the queue refuses, nothing is written down', () => {
    const task = daily();
    rig.queue.refusals.set(task.prompt, new Error('the queue is shut'));
    expect(() => rig.schedule.runNow(task.id)).toThrow('the queue is shut');
    expect(rig.schedule.runs({ limit: 10 })).toEqual([]);
    rig.groups.all.delete('g-family');
    expect(() => rig.schedule.runNow(task.id)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });
});

test('a preview shows when a timing would run, in which zone', () => {
  expect(rig.schedule.preview({ kind: 'cron', value: '0 9 * * 1', zone: 'Asia/Seoul' }, 2)).toEqual({ zone: 'Asia/Seoul', next: [Date.UTC(2026, 10, 23), Date.UTC(2026, 10, 30)] });
  expect(rig.schedule.preview({ kind: 'once', value: '2026-12-24T18:00' }, 5)).toEqual({ zone: 'UTC', next: [Date.UTC(2026, 11, 24, 18)] });
  expect(() => rig.schedule.preview({ kind: 'cron', value: '* *' }, 5)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
});

test('the run log pages backwards, and forgets the oldest of a task', async () => {
  const few = makeScheduleRig({ config: { runs_kept: 3, run_days: 10 } });
  try {
    const task = few.schedule.create({ group: 'work', prompt: 'tick', kind: 'cron', value: '0 * * * *' });
    few.scheduler.start();
    for (let n = 0; n < 5; n += 1) {
      await few.pass(HOUR);
      few.end(few.queue.queued().at(-1)!.scheduleRunId, { result: `tick ${n}` });
    }
    const kept = few.schedule.runs({ taskId: task.id, limit: 10 });
    expect(kept.map(({ result }) => result)).toEqual(['tick 4', 'tick 3', 'tick 2']);
    expect(few.schedule.runs({ groupId: 'g-work', beforeId: kept[0]!.id, limit: 1 }).map(({ result }) => result)).toEqual(['tick 3']);
    few.schedule.pause(task.id);
    await few.pass(11 * DAY);
    const run = few.schedule.runNow(task.id);
    few.end(run.id, { result: 'x'.repeat(10_000) });
    const left = few.schedule.runs({ taskId: task.id, limit: 10 });
    expect(left).toHaveLength(1);
    expect(left[0]).toMatchObject({ status: 'succeeded', durationMs: 1200, result: expect.stringMatching(/^x{3999}…$/) });
  } finally {
    await few.close();
  }
});
