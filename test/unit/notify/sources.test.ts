import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskWatch } from '../../../main/wheelhouse/disk-watch.ts';
import { runNotices } from '../../../main/wheelhouse/run-notices.ts';
import { makeNotifyRig, type NotifyRig } from '../../support/notify-rig.ts';

let rig: NotifyRig;
beforeEach(() => {
  rig = makeNotifyRig();
});
afterEach(async () => rig.close());

const MIB = 1024 * 1024;
const report = (what: string, error: unknown): never => {
  throw new Error(what, { cause: error });
};
const told = () => rig.history.list().map(({ type, context }) => ({ type, ...context })).toReversed();

test('a disk that is nearly full is told once in six hours, and one with room is not', () => {
  let free = 500 * MIB;
  const watch = new DiskWatch({ ...rig, dataDir: '/data', freeBytes: () => free, report });
  watch.check();
  expect(told()).toEqual([]);
  free -= 1;
  rig.clock.advance(3_600_000);
  expect(told()).toEqual([{ type: 'DISK_LOW', path: '/data', freeMiB: 499 }]);
  rig.clock.advance(5 * 3_600_000);
  expect(told()).toHaveLength(1);
  rig.clock.advance(2 * 3_600_000);
  expect(told()).toHaveLength(2);
  watch.stop();
  expect(rig.clock.timers).toBe(0);
});

test('a failed run of a chat is told with its reason and the next attempt, and one that is given up as such', () => {
  const notices = runNotices(rig.notifications);
  const failure = { group: 'Dev', reason: 'The agent ended with code 1.' };
  const retryAt = rig.clock.now() + 5000;
  rig.store.transact((tx) => {
    notices.failed(tx, { ...failure, runId: 'r-1', attempts: 1, retryAt, dead: false });
    notices.failed(tx, { ...failure, runId: 'r-2', attempts: 6, retryAt: null, dead: true });
  });
  expect(told()).toEqual([
    { type: 'RUN_FAILED', ...failure, runId: 'r-1', attempts: 1, retryAt: new Date(retryAt).toISOString() },
    { type: 'RUN_DEAD', ...failure, runId: 'r-2', attempts: 6 },
  ]);
});
