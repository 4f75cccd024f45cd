import { afterEach, beforeEach, expect, test } from 'vitest';
import { Notifications } from '../../../main/notify/notifications.ts';
import type { Notice } from '../../../main/notify/notices.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempStore } from '../../support/temp-store.ts';

const clock = new FakeClock();
let temp: ReturnType<typeof makeTempStore>;
let notifications: Notifications;
beforeEach(() => {
  temp = makeTempStore(clock);
  notifications = new Notifications(temp.store);
});
afterEach(() => temp.close());

const down = (dedupeKey?: string): Notice => ({
  type: 'CHANNEL_DOWN',
  context: { channel: 'whatsapp', reason: 'the account was logged out', since: '2026-11-20T09:00:00.000Z' },
  ...(dedupeKey !== undefined && { dedupeKey }),
});
const completion = (dedupeKey: string): Notice => ({
  type: 'COMPLETION_DONE',
  context: { completionId: dedupeKey, task: '897', times: 1, team: null, summary: null, report: null, finishedAt: '2026-11-20T09:00:00.000Z' },
  dedupeKey,
});
const enqueue = (notice: Notice): number => temp.store.transact((tx) => notifications.enqueue(tx, notice));
const count = (): unknown => temp.store.db.prepare('SELECT COUNT(*) FROM notices').pluck().get();

test('a notice and what it tells about are committed together or not at all', () => {
  const told: string[] = [];
  temp.store.onCommit((events) => told.push(...events.map(({ kind, action, subject }) => `${kind}.${action} ${subject}`)));
  expect(() =>
    temp.store.transact((tx) => {
      notifications.enqueue(tx, down());
      throw new Error('the change itself failed');
    }),
  ).toThrow('the change itself failed');
  expect(count()).toBe(0);
  const id = enqueue(down());
  expect(told).toEqual([`notification.raised notice:${id}`]);
});

test('the same key is the same notice for as long as the row of its type says', () => {
  const first = enqueue(down('whatsapp'));
  expect(enqueue(down('whatsapp'))).toBe(first);
  expect(enqueue(down('telegram'))).not.toBe(first);
  expect(enqueue(down())).not.toBe(first);
  clock.advance(30 * 60_000);
  expect(enqueue(down('whatsapp'))).not.toBe(first);
});

test('the same completion is told once, however much later it is seen again', () => {
  const first = enqueue(completion('c-1'));
  clock.advance(40 * 86_400_000);
  expect(enqueue(completion('c-1'))).toBe(first);
  expect(enqueue(completion('c-2'))).not.toBe(first);
});
