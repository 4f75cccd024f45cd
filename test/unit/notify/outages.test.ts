import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NoticeType } from '../../../main/notify/types.ts';
import { Outages } from '../../../main/wheelhouse/outages.ts';
import { killSwitchOn, makeNotifyRig, type NotifyRig } from '../../support/notify-rig.ts';

let rig: NotifyRig;
let outages: Outages;
beforeEach(() => {
  rig = makeNotifyRig(['telegram', 'desktop']);
  outages = new Outages(rig.store);
});
afterEach(async () => rig.close());

const chatsDown = (): void => void rig.enqueue({ type: 'CHANNEL_DOWN', context: { channel: 'telegram', reason: 'no network', since: '2026-11-20T09:00:00.000Z' }, dedupeKey: 'telegram' });
const chatsBack = (): void => rig.store.transact((tx) => void tx.event({ kind: 'channel', action: 'connected', subject: 'channel:telegram', text: 'Telegram is connected' }));
const known = () => rig.store.transact((tx) => ({ chats: outages.chatsToldDown(tx, 'telegram'), notices: outages.noticesToldDown(tx, 'telegram') }));
const told = (...types: readonly NoticeType[]) => rig.history.list({ types }).map(({ type }) => type);

/** Telegram does not answer, and something is to be told. */
async function fail(dispatcher = rig.dispatcherOf({ outageTold: (tx, channel) => outages.chatsToldDown(tx, channel) })) {
  rig.on('telegram').answer = () => ({ kind: 'failed', reason: 'HTTP 502', uncertain: false });
  dispatcher.start();
  rig.enqueue(killSwitchOn());
  await rig.pass(120_000);
  return dispatcher;
}

test('an outage of Telegram that was told of its chats is not told again of its notices; the log has both', async () => {
  chatsDown();
  rig.clock.advance(1);
  const dispatcher = await fail();
  expect(rig.dispatcher.records.get('telegram').failures).toBeGreaterThan(3);
  expect(told('CHANNEL_DOWN', 'NOTICE_CHANNEL_DOWN')).toEqual(['CHANNEL_DOWN']);
  expect(rig.store.db.prepare("SELECT count(*) FROM events WHERE action = 'channel_down'").pluck().get()).toBe(1);
  await dispatcher.stop();
});

test('when the chats are back and notices still do not arrive, that is an outage of its own, told once', async () => {
  chatsDown();
  rig.clock.advance(1);
  const dispatcher = await fail();
  chatsBack();
  await rig.pass(30 * 60_000);
  expect(told('CHANNEL_DOWN', 'NOTICE_CHANNEL_DOWN')).toEqual(['NOTICE_CHANNEL_DOWN', 'CHANNEL_DOWN']);
  await rig.pass(10 * 3_600_000);
  expect(told('NOTICE_CHANNEL_DOWN')).toHaveLength(1);
  await dispatcher.stop();
});

test('people know of the outage from its notices, until one arrives', async () => {
  expect(known()).toEqual({ chats: false, notices: false });
  const dispatcher = await fail();
  expect(known()).toEqual({ chats: false, notices: true });
  rig.on('telegram').answer = () => ({ kind: 'sent', providerId: null });
  rig.enqueue({ type: 'TEST', context: { channel: 'telegram' } });
  await rig.pass(20 * 60_000);
  expect(known()).toEqual({ chats: false, notices: false });
  await dispatcher.stop();
});

test('people know of the outage from its chats, until they are connected, and for six hours at most', () => {
  chatsDown();
  expect(known().chats).toBe(true);
  rig.clock.advance(1);
  chatsBack();
  expect(known().chats).toBe(false);
  rig.clock.advance(3_600_000);
  chatsDown();
  expect(known().chats).toBe(true);
  rig.clock.advance(6 * 3_600_000);
  expect(known().chats).toBe(false);
});

test('a notice that was switched off has told nobody', async () => {
  for (const channel of ['telegram', 'desktop'] as const) rig.history.setMute('CHANNEL_DOWN', channel, true);
  rig.dispatcher.start();
  chatsDown();
  await rig.settled();
  expect(rig.history.list()).toMatchObject([{ state: 'suppressed', reason: 'muted' }]);
  expect(known().chats).toBe(false);
});
