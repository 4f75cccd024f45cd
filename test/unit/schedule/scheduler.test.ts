import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { makeScheduleRig, type ScheduleRig } from '../../support/schedule-rig.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 20, 9);

let rig: ScheduleRig;
beforeEach(() => {
  rig = makeScheduleRig();
});
afterEach(async () => rig.close());

const hourly = (more: object = {}) => rig.schedule.create({ group: 'family', prompt: 'Look at the mail', kind: 'cron', value: '0 * * * *', ...more });
const runsOf = (taskId: string) => rig.schedule.runs({ taskId, limit: 50 }).map(({ cause, status, slots, dueAt, error }) => ({ cause, status, slots, at: new Date(dueAt).toISOString().slice(11, 16), error }));
const finishAll = (): void => {
  for (const { scheduleRunId } of rig.queue.queued()) rig.end(scheduleRunId);
};

describe('at its time', () => {
  test('a task is queued in the millisecond it is due, and again at its next time', async () => {
    hourly();
    rig.scheduler.start();
    await rig.pass(HOUR - 1);
    expect(rig.queue.queued()).toEqual([]);
    await rig.pass(1);
    expect(rig.queue.queued()).toMatchObject([{ groupId: 'g-family', prompt: 'Look at the mail', contextMode: 'isolated', at: START + HOUR }]);
    finishAll();
    await rig.pass(HOUR);
    expect(rig.queue.queued().map(({ at }) => at)).toEqual([START + HOUR, START + 2 * HOUR]);
  });

  test('SCHED-01: the context mode goes along', async () => {
    hourly({ contextMode: 'group' });
    rig.scheduler.start();
    await rig.pass(HOUR);
    expect(rig.queue.queued()).toMatchObject([{ contextMode: 'group' }]);
  });

  test('one timer serves all tasks, none runs without a task, and a new earlier one is heard of', async () => {
    rig.scheduler.start();
    await rig.scheduler.check();
    expect(rig.clock.timers).toBe(0);
    for (let n = 0; n < 20; n += 1) hourly({ prompt: `task ${n}` });
    await rig.scheduler.check();
    expect(rig.clock.timers).toBe(1);
    rig.schedule.create({ group: 'work', prompt: 'soon', kind: 'interval', value: '60000' });
    await rig.pass(MINUTE);
    expect(rig.prompts()).toEqual(['soon']);
  });

  test('waiting writes nothing and wakes up twice a minute', async () => {
    for (let n = 0; n < 50; n += 1) hourly({ prompt: `task ${n}`, value: '0 23 * * *' });
    rig.scheduler.start();
    await rig.pass(0);
    const changes = (): unknown => rig.store.db.prepare('SELECT total_changes()').pluck().get();
    const [before, armed] = [changes(), rig.clock.armed];
    await rig.pass(10 * HOUR);
    expect(changes()).toBe(before);
    expect(rig.clock.armed - armed).toBe(10 * 60 * 2);
  });

  test('what was reckoned ahead is forgotten when the task is changed', async () => {
    const task = hourly({ value: '0 10 * * *' });
    hourly({ value: '0 10 * * *', prompt: 'another' });
    rig.scheduler.start();
    await rig.pass(MINUTE);
    rig.schedule.edit(task.id, { value: '0 10 * * 5' });
    await rig.pass(HOUR);
    expect(rig.schedule.find(task.id).nextRun).toBe(START + 7 * DAY + HOUR);
  });

  test('many at the same time all run, in the order of their times', async () => {
    for (let n = 0; n < 120; n += 1) hourly({ prompt: `task ${n}`, group: n % 2 === 0 ? 'work' : 'family' });
    rig.schedule.create({ group: 'work', prompt: 'first', kind: 'once', value: '2026-11-20T09:59' });
    rig.scheduler.start();
    rig.clock.advance(HOUR);
    await rig.scheduler.check();
    expect(rig.queue.queued()).toHaveLength(121);
    expect(rig.prompts()[0]).toBe('first');
    expect(new Set(rig.prompts()).size).toBe(121);
  });

  test('a run that has not ended when the next is due is not joined by another; it is written down once', async () => {
    const task = hourly();
    rig.scheduler.start();
    await rig.pass(HOUR);
    await rig.pass(HOUR);
    await rig.pass(HOUR);
    expect(rig.queue.queued()).toHaveLength(1);
    expect(runsOf(task.id)).toEqual([
      { cause: 'missed', status: 'skipped', slots: 2, at: '12:00', error: 'The run before had not ended.' },
      { cause: 'due', status: 'queued', slots: 1, at: '10:00', error: null },
    ]);
    finishAll();
    await rig.pass(HOUR);
    expect(rig.queue.queued()).toHaveLength(2);
  });
});

describe('a machine that slept follows the missed-run policy', () => {
  test.each([
    ['latest', ['12:00'], [{ cause: 'missed', status: 'queued', slots: 3, at: '12:00', error: null }]],
    ['all', ['10:00', '11:00', '12:00'], ['12:00', '11:00', '10:00'].map((at) => ({ cause: 'missed', status: 'queued', slots: 1, at, error: null }))],
    ['skip', [], [{ cause: 'missed', status: 'skipped', slots: 3, at: '12:00', error: 'Wheelhouse was not running, and the task skips what it missed.' }]],
  ] as const)('%s', async (missed, ran, log) => {
    const task = hourly({ missed });
    rig.scheduler.start();
    await rig.scheduler.check();
    rig.clock.sleep(3 * HOUR + 10 * MINUTE);
    rig.scheduler.resume();
    await rig.scheduler.check();
    expect(rig.queue.queued()).toHaveLength(ran.length);
    expect(runsOf(task.id)).toEqual(log);
    expect(rig.schedule.find(task.id).nextRun).toBe(START + 4 * HOUR);
    finishAll();
    await rig.pass(50 * MINUTE);
    expect(rig.queue.queued()).toHaveLength(ran.length + 1);
  });

  test('the same after a restart of the program', async () => {
    const task = hourly({ missed: 'latest' });
    await rig.scheduler.stop();
    rig.clock.jump(2 * DAY + 10 * MINUTE);
    const restarted = rig.open();
    restarted.scheduler.start();
    await restarted.scheduler.check();
    expect(runsOf(task.id)).toMatchObject([{ cause: 'missed', slots: 48 }]);
    await restarted.scheduler.stop();
  });

  test('waking up shortly before a due time does not make it late', async () => {
    hourly();
    rig.scheduler.start();
    await rig.scheduler.check();
    rig.clock.sleep(HOUR - 2000);
    rig.scheduler.resume();
    await rig.scheduler.settled();
    await rig.pass(2000);
    expect(rig.queue.queued()).toMatchObject([{ at: START + HOUR }]);
  });

  test('without any news of the sleep it is noticed within half a minute', async () => {
    hourly();
    rig.scheduler.start();
    await rig.scheduler.check();
    rig.clock.sleep(HOUR + MINUTE);
    await rig.pass(30_000);
    expect(rig.queue.queued()).toHaveLength(1);
  });

  test('what runs once and is skipped is completed, and told', async () => {
    const task = rig.schedule.create({ group: 'work', prompt: 'Call home', kind: 'once', value: '2026-11-20T10:00', missed: 'skip' });
    rig.scheduler.start();
    rig.clock.sleep(DAY);
    rig.scheduler.resume();
    await rig.scheduler.check();
    expect(rig.schedule.find(task.id).status).toBe('completed');
    expect(rig.notices()).toMatchObject([{ type: 'SCHEDULE_FAILED', title: 'Call home', group: 'Work' }]);
  });
});

describe('a clock that is moved', () => {
  test('set back by an hour: a due time that ran does not run again', async () => {
    hourly();
    rig.scheduler.start();
    await rig.pass(HOUR);
    finishAll();
    rig.clock.jump(-HOUR);
    rig.scheduler.resume();
    await rig.pass(HOUR);
    expect(rig.queue.queued()).toHaveLength(1);
    await rig.pass(HOUR);
    expect(rig.queue.queued()).toHaveLength(2);
  });

  test('years ahead and then right again: the task goes on by the right clock, and no due time runs twice', async () => {
    const task = hourly();
    rig.scheduler.start();
    rig.clock.jump(4 * 365 * DAY);
    await rig.pass(MINUTE);
    finishAll();
    expect(rig.queue.queued()).toHaveLength(1);
    rig.clock.jump(-4 * 365 * DAY);
    rig.scheduler.resume();
    expect(rig.schedule.find(task.id).nextRun).toBe(START + HOUR);
    await rig.pass(HOUR);
    expect(rig.queue.queued()).toHaveLength(2);
  });

  test('a due time that ran while the clock was ahead does not run again when it really comes', async () => {
    hourly({ value: '0 10 * * *' });
    rig.scheduler.start();
    rig.clock.jump(3 * DAY);
    await rig.pass(HOUR);
    finishAll();
    rig.clock.jump(-3 * DAY);
    rig.scheduler.resume();
    const days: string[] = [];
    for (let day = 0; day < 5; day += 1) {
      await rig.pass(DAY);
      finishAll();
    }
    for (const { scheduleRunId } of rig.queue.queued()) days.push(new Date(rig.schedule.runs({ limit: 50 }).find(({ id }) => id === scheduleRunId)!.dueAt).toISOString().slice(8, 10));
    expect(days).toEqual(['23', '21', '22', '24', '25']);
  });

  test('another time zone in the settings moves the tasks that go along with it, and no others', async () => {
    const along = hourly({ value: '0 12 * * *' });
    const fixed = hourly({ value: '0 12 * * *', zone: 'Europe/Berlin' });
    const moved = rig.open({ time_zone: 'Asia/Seoul' });
    moved.scheduler.start();
    await moved.scheduler.stop();
    expect(moved.schedule.find(along.id)).toMatchObject({ zone: 'Asia/Seoul', nextRun: Date.UTC(2026, 10, 21, 3) });
    expect(moved.schedule.find(fixed.id)).toEqual(fixed);
    expect(() => rig.open({ time_zone: 'Nowhere/Here' })).toThrow('schedule.time_zone');
  });
});

describe('what cannot run does not fail for ever (fault 9)', () => {
  test('a task whose group is gone is paused and told about', async () => {
    const task = hourly();
    rig.scheduler.start();
    rig.groups.all.delete('g-family');
    await rig.pass(HOUR);
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'paused', pausedBy: 'broken', pauseReason: 'Its group is gone.' });
    expect(rig.notices()).toMatchObject([{ type: 'SCHEDULE_PAUSED', reason: 'Its group is gone.' }]);
    expect(() => rig.schedule.resume(task.id)).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });

  test('the removal of a group is heard at once, and what was queued for it is ended', async () => {
    const task = hourly();
    rig.scheduler.start();
    rig.schedule.runNow(task.id);
    rig.groups.all.delete('g-family');
    rig.store.transact((tx) => tx.event({ kind: 'group', action: 'removed', text: 'Group Family was removed' }));
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'paused', pausedBy: 'broken' });
    expect(runsOf(task.id)).toMatchObject([{ status: 'aborted', error: 'Its group is gone.' }]);
  });

  test('a row that cannot be read any more is paused with the reason', async () => {
    const task = hourly();
    rig.store.db.prepare("UPDATE scheduled_tasks SET value = '99 * * * *' WHERE id = ?").run(task.id);
    rig.scheduler.start();
    await rig.pass(HOUR);
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'paused', pausedBy: 'broken', pauseReason: expect.stringContaining('99') });
  });

  test('one that the queue refuses does not hold up the others', async () => {
    const bad = hourly({ prompt: 'poison' });
    hourly({ prompt: 'good' });
    hourly({ prompt: 'fine' });
    rig.queue.refusals.set('poison', new AppError('FORBIDDEN', 'not this one'));
    rig.scheduler.start();
    await rig.pass(HOUR);
    expect(rig.prompts().sort()).toEqual(['fine', 'good']);
    expect(rig.schedule.find(bad.id)).toMatchObject({ status: 'paused', pausedBy: 'broken', pauseReason: 'It could not be started: not this one' });
    expect(runsOf(bad.id)).toEqual([]);
  });

  test('when the machine is at fault nobody is paused, and it is tried again', async () => {
    hourly();
    rig.queue.refusals.set('Look at the mail', new AppError('DISK_FULL', 'no space'));
    rig.scheduler.start();
    await rig.pass(HOUR);
    expect(rig.schedule.list({ status: 'paused' })).toEqual([]);
    expect(rig.reports).toEqual(['scheduled tasks could not be started: no space']);
    rig.queue.refusals.clear();
    await rig.pass(30_000);
    expect(rig.queue.queued()).toHaveLength(1);
  });
});

describe('SCHED-02: how a run ended', () => {
  const runOnce = async (): Promise<string> => {
    await rig.pass(HOUR);
    return rig.queue.queued().at(-1)!.scheduleRunId;
  };

  test('stands in the run log with result and duration', async () => {
    const task = hourly();
    rig.scheduler.start();
    const runId = await runOnce();
    rig.store.transact((tx) => rig.outcomes.started(tx, runId));
    expect(rig.schedule.runs({ taskId: task.id, limit: 1 })).toMatchObject([{ status: 'running', startedAt: START + HOUR }]);
    rig.clock.advance(5000);
    rig.end(runId, { result: 'Three new letters', durationMs: 4000 });
    expect(rig.schedule.runs({ taskId: task.id, limit: 1 })).toMatchObject([{ id: runId, status: 'succeeded', result: 'Three new letters', durationMs: 4000, endedAt: START + HOUR + 5000 }]);
    expect(rig.events().map(({ action }) => action)).toEqual(['created', 'due', 'started', 'succeeded']);
  });

  test('a second end changes nothing', async () => {
    const task = hourly();
    rig.scheduler.start();
    const runId = await runOnce();
    rig.end(runId, { result: 'first' });
    rig.end(runId, { status: 'failed', error: 'second' });
    expect(rig.schedule.runs({ taskId: task.id, limit: 5 })).toMatchObject([{ status: 'succeeded', result: 'first' }]);
    expect(rig.schedule.find(task.id).failures).toBe(0);
  });

  test('a failure is told with its reason; five in a row pause the task', async () => {
    const task = hourly();
    rig.scheduler.start();
    for (let n = 1; n <= 5; n += 1) {
      rig.end(await runOnce(), { status: 'failed', result: null, error: `broken ${n}` });
      expect(rig.schedule.find(task.id).failures).toBe(n);
    }
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'paused', pausedBy: 'failures', pauseReason: '5 runs in a row failed. The last: broken 5', nextRun: null });
    const told = rig.notices();
    expect(told.filter(({ type }) => type === 'SCHEDULE_FAILED').map(({ reason }) => reason)).toEqual(['broken 1', 'broken 2', 'broken 3', 'broken 4']);
    expect(told.at(-1)).toMatchObject({ type: 'SCHEDULE_PAUSED', failures: 5, taskId: task.id });
    expect(rig.schedule.resume(task.id)).toMatchObject({ status: 'active', failures: 0 });
  });

  test('failures of a task in a row count once for its agent: when the task is paused for them', async () => {
    hourly();
    rig.scheduler.start();
    const blamed: boolean[] = [];
    for (let n = 1; n <= 5; n += 1) blamed.push(rig.end(await runOnce(), { status: 'failed', error: 'no' }));
    expect(blamed).toEqual([false, false, false, false, true]);
  });

  test('a task that cannot be paused for its failures leaves every one of them to its agent', async () => {
    const once = rig.schedule.create({ group: 'work', prompt: 'x', kind: 'once', value: new Date(rig.clock.now() + HOUR).toISOString() });
    rig.scheduler.start();
    expect(rig.end(await runOnce(), { status: 'failed', error: 'no' })).toBe(true);
    expect(rig.schedule.find(once.id).status).toBe('completed');
  });

  test('a success in between begins the count anew; a stopped run does not count', async () => {
    const task = hourly();
    rig.scheduler.start();
    for (const status of ['failed', 'failed', 'aborted', 'succeeded', 'failed'] as const) rig.end(await runOnce(), { status, error: status === 'succeeded' ? null : 'no' });
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'active', failures: 1 });
  });

  test('without a limit in the settings nothing is paused', async () => {
    const patient = makeScheduleRig({ config: { auto_pause_failures: null } });
    const task = patient.schedule.create({ group: 'work', prompt: 'x', kind: 'cron', value: '0 * * * *' });
    patient.scheduler.start();
    for (let n = 0; n < 8; n += 1) {
      await patient.pass(HOUR);
      expect(patient.end(patient.queue.queued().at(-1)!.scheduleRunId, { status: 'failed', error: 'no' })).toBe(true);
    }
    expect(patient.schedule.find(task.id)).toMatchObject({ status: 'active', failures: 8 });
    await patient.close();
  });
});

describe('the kill switch', () => {
  test('pauses every task, ends what waits, and nothing starts while it is on', async () => {
    const task = hourly();
    const paused = hourly({ prompt: 'paused before' });
    rig.schedule.pause(paused.id);
    rig.scheduler.start();
    rig.schedule.runNow(task.id);
    rig.setKillSwitch('ACTIVATED');
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'paused', pausedBy: 'kill_switch', nextRun: null });
    expect(runsOf(task.id)).toMatchObject([{ status: 'aborted', error: 'The kill switch was pulled.' }]);
    await rig.pass(5 * HOUR);
    expect(rig.queue.queued()).toHaveLength(1);
    expect(rig.clock.timers).toBe(0);
  });

  test('after the recovery what it paused goes on with the next due time; what a person paused does not', async () => {
    const task = hourly({ missed: 'all' });
    const paused = hourly({ prompt: 'paused before' });
    rig.schedule.pause(paused.id);
    rig.scheduler.start();
    rig.setKillSwitch('ACTIVATED');
    await rig.pass(5.5 * HOUR);
    rig.setKillSwitch('NORMAL');
    await rig.scheduler.check();
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'active', nextRun: START + 6 * HOUR });
    expect(rig.schedule.find(paused.id).status).toBe('paused');
    expect(rig.queue.queued()).toEqual([]);
    await rig.pass(HOUR / 2);
    expect(rig.prompts()).toEqual(['Look at the mail']);
  });

  test('what should have run once meanwhile stays paused and says so', async () => {
    const task = rig.schedule.create({ group: 'work', prompt: 'Call home', kind: 'once', value: '2026-11-20T10:00' });
    const later = rig.schedule.create({ group: 'work', prompt: 'Call again', kind: 'once', value: '2026-11-21T10:00' });
    rig.scheduler.start();
    rig.setKillSwitch('ACTIVATED');
    await rig.pass(5 * HOUR);
    rig.setKillSwitch('NORMAL');
    await rig.scheduler.check();
    expect(rig.schedule.find(task.id)).toMatchObject({ status: 'paused', pausedBy: 'broken', pauseReason: expect.stringContaining('kill switch was on') });
    expect(rig.schedule.find(later.id)).toMatchObject({ status: 'active' });
  });

  test('while it is on, a restart starts nothing', async () => {
    hourly();
    rig.setKillSwitch('ACTIVATED');
    const restarted = rig.open();
    restarted.scheduler.start();
    await rig.pass(5 * HOUR);
    await restarted.scheduler.stop();
    expect(rig.queue.queued()).toEqual([]);
  });
});
