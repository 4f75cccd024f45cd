import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskWatch } from '../../../main/wheelhouse/disk-watch.ts';
import { tellRunFailures } from '../../../main/wheelhouse/run-notices.ts';
import type { NewEvent } from '../../../main/store/store.ts';
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

test('a failed run of a chat is told with its reason and the next attempt, one that is given up as such, a scheduled one by the schedule', () => {
  const stop = tellRunFailures({ ...rig, report });
  const commit = (...events: readonly NewEvent[]) => rig.store.transact((tx) => events.forEach((event) => tx.event(event)));
  const ended = (action: string, id: string, attempt: number, kind = 'messages'): NewEvent => ({
    kind: 'run',
    action,
    subject: `run:${id}`,
    text: 'The run of Dev failed: exit code 1: out of memory',
    data: { group: 'g', name: 'Dev', kind, attempt },
  });
  commit(ended('failed', 'r-1', 1), { kind: 'run', action: 'queued', text: 'Dev is tried again', data: { group: 'g', name: 'Dev', attempt: 2, delayMs: 5000 } });
  commit(ended('dead', 'r-2', 6));
  commit(ended('failed', 'r-3', 1, 'task'), ended('succeeded', 'r-4', 1));
  const common = { group: 'Dev', reason: 'exit code 1: out of memory' };
  expect(told()).toEqual([
    { type: 'RUN_FAILED', ...common, runId: 'r-1', attempts: 1, retryAt: new Date(rig.clock.now() + 5000).toISOString() },
    { type: 'RUN_DEAD', ...common, runId: 'r-2', attempts: 6 },
  ]);
  stop();
});
