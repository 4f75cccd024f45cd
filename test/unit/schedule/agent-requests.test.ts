import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mayHandle, maySchedule } from '../../../main/schedule/request-rules.ts';
import { makeScheduleRig, type ScheduleRig } from '../../support/schedule-rig.ts';

const MAIN = { id: 'g-main', isMain: true };
const FAMILY = { id: 'g-family', isMain: false };
const WORK = { id: 'g-work', isMain: false };

let rig: ScheduleRig;
beforeEach(() => {
  rig = makeScheduleRig();
});
afterEach(async () => rig.close());

const asked = (groupId: string) => ({ groupId, prompt: 'Look at the mail', kind: 'cron', value: '0 10 * * *', contextMode: 'group' }) as const;

test.each([
  ['the main group for itself', MAIN, 'g-main', true],
  ['the main group for another', MAIN, 'g-family', true],
  ['a group for itself', FAMILY, 'g-family', true],
  ['a group for the main group', FAMILY, 'g-main', false],
  ['a group for another', FAMILY, 'g-work', false],
])('IPC-02: %s', (_what, caller, target, allowed) => {
  expect(maySchedule(caller, target)).toBe(allowed);
  expect(mayHandle(caller, { groupId: target })).toBe(allowed);
});

describe('IPC-02: what agents ask for', () => {
  test('a group schedules for itself; who asked is kept', () => {
    expect(rig.requests.create(FAMILY, asked('g-family'))).toMatchObject({ groupId: 'g-family', contextMode: 'group', createdBy: 'g-family' });
    expect(rig.requests.create(MAIN, asked('g-work'))).toMatchObject({ groupId: 'g-work', createdBy: 'g-main' });
  });

  test('what it may not, or what is wrong, creates nothing', () => {
    expect(() => rig.requests.create(FAMILY, asked('g-main'))).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(() => rig.requests.create(MAIN, asked('g-nobody'))).toThrow(expect.objectContaining({ code: 'GROUP_NOT_FOUND' }));
    for (const wrong of [{ value: 'whenever' }, { kind: 'interval', value: 'abc' }, { kind: 'interval', value: '0' }, { kind: 'once', value: 'not-a-date' }] as const) {
      expect(() => rig.requests.create(FAMILY, { ...asked('g-family'), ...wrong })).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    }
    expect(rig.schedule.list()).toEqual([]);
  });

  test('SNAP-01: the main group sees all tasks, others their own', () => {
    for (const group of ['g-main', 'g-family', 'g-work']) rig.requests.create(MAIN, asked(group));
    expect(rig.requests.list(MAIN)).toHaveLength(3);
    expect(rig.requests.list(FAMILY).map(({ groupId }) => groupId)).toEqual(['g-family']);
  });

  test.each(['pause', 'resume', 'cancel'] as const)('%s: the main group any, a group its own; that of another is as if it were not there', (verb) => {
    const own = rig.requests.create(FAMILY, asked('g-family'));
    const other = rig.requests.create(WORK, asked('g-work'));
    if (verb === 'resume') for (const { id } of [own, other]) rig.schedule.pause(id);
    const before = rig.schedule.find(other.id);
    let foreign = '';
    let missing = '';
    try {
      rig.requests[verb](FAMILY, other.id);
    } catch (error) {
      foreign = (error as Error).message.replace(other.id, 'ID');
    }
    try {
      rig.requests[verb](FAMILY, 'no-such-task');
    } catch (error) {
      missing = (error as Error).message.replace('no-such-task', 'ID');
    }
    expect(foreign).toContain('There is no scheduled task');
    expect(foreign).toBe(missing);
    expect(rig.schedule.find(other.id)).toEqual(before);
    rig.requests[verb](FAMILY, own.id);
    rig.requests[verb](MAIN, other.id);
    expect(rig.events().map(({ action }) => action).filter((action) => action.startsWith(verb))).toHaveLength(2);
  });
});
