import { afterEach, beforeEach, expect, test } from 'vitest';
import { NoticeHistory } from '../../../main/notify/history.ts';
import { Notifications } from '../../../main/notify/notifications.ts';
import { RecoveryNotices } from '../../../main/wheelhouse/recovery-notices.ts';
import { makeKillSwitchRig, PASSWORD } from '../../support/kill-switch-rig.ts';

const DAY = 86_400_000;

let rig: ReturnType<typeof makeKillSwitchRig>;
let running: RecoveryNotices;
const begin = (): RecoveryNotices => {
  const notices = new RecoveryNotices({
    ...rig,
    notifications: new Notifications(rig.store),
    report: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  notices.start();
  return notices;
};
beforeEach(async () => {
  rig = makeKillSwitchRig();
  await rig.masterPassword.setFirst(PASSWORD);
  rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
  running = begin();
});
afterEach(() => {
  running.stop();
  rig.close();
});

const told = () => new NoticeHistory(rig.store).list().map(({ type, createdAt }) => ({ type, at: Date.parse(createdAt) }));
const recover = async () => rig.killSwitch.recover(rig.withPassword());

test('people are told once when a recovery can be finished, in the second in which it can', async () => {
  const startedAt = rig.clock.now();
  await recover();
  rig.clock.advance(DAY - 2000);
  expect(told()).toEqual([]);
  rig.clock.advance(2000);
  expect(told()).toEqual([{ type: 'KILL_SWITCH_RECOVERY_READY', at: startedAt + DAY }]);
  rig.clock.advance(DAY);
  expect(told()).toHaveLength(1);
  expect(await recover()).toMatchObject({ status: 'NORMAL' });
  expect(told()).toHaveLength(1);
});

test('a restart neither forgets it nor tells it again', async () => {
  await recover();
  rig.clock.advance(DAY - 2000);
  running.stop();
  rig.clock.advance(10_000);
  expect(told()).toEqual([]);
  for (let starts = 0; starts < 2; starts += 1) {
    running = begin();
    running.stop();
  }
  expect(told()).toHaveLength(1);
});

test('one that was cancelled is not told, and the next one waits from its own beginning', async () => {
  await recover();
  rig.clock.advance(DAY / 2);
  rig.killSwitch.cancelRecovery(null);
  rig.clock.advance(DAY);
  expect(told()).toEqual([]);
  await recover();
  rig.clock.advance(DAY);
  expect(told()).toHaveLength(1);
  rig.killSwitch.cancelRecovery(null);
  await recover();
  rig.clock.advance(DAY);
  expect(told()).toHaveLength(2);
});
