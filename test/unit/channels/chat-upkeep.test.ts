import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChatRetention } from '../../../main/channels/chat-upkeep.ts';
import { FAMILY, incoming, makeChannels } from '../../support/channels/channels-rig.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let rig: ReturnType<typeof makeChannels>;
let groupId: string;
function open(retention: ChatRetention): void {
  rig = makeChannels({ retention });
  groupId = rig.serve().id;
  rig.channels.start();
}
beforeEach(() => open({ days: 30, messages: null }));
afterEach(async () => rig.close());

const hear = async (text: string, daysAgo = 0): Promise<void> => rig.telegram.events.received(incoming({ text, sentAt: rig.clock.now() - daysAgo * DAY_MS }));
/** A run was given everything up to this message. */
const given = (upTo: number): void => void rig.store.transact((tx) => rig.channels.conversations.advance(tx, groupId, upTo));
const settle = async (): Promise<unknown> => new Promise(setImmediate);
const kept = (): readonly string[] => rig.channels.messages.page(FAMILY, { limit: 100 }).map(({ content }) => content).toReversed();
const sends = (): unknown => rig.store.db.prepare('SELECT count(*) FROM outbound').pluck().get();
const removed = (): readonly string[] => rig.events('chat').filter(({ action }) => action === 'pruned').map(({ text }) => text);

test('old messages are removed with what was sent of them, and the activity log says so', async () => {
  await hear('old', 31);
  rig.reply(groupId, 'answer');
  await settle();
  rig.clock.jump(29 * DAY_MS);
  await hear('new');
  given(3);
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual(['answer', 'new']);
  expect(sends()).toBe(1);
  rig.clock.jump(2 * DAY_MS);
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual(['new']);
  expect(sends()).toBe(0);
  expect(removed()).toEqual(['Removed 1 old messages of chats', 'Removed 1 old messages of chats']);
});

test('what no run was given yet stays, however old it is', async () => {
  for (const text of ['one', 'two', 'three']) await hear(text, 400);
  given(1);
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual(['two', 'three']);
});

test('what an agent is at work on stays until it is done: it may yet go back', async () => {
  await hear('at work', 31);
  given(1);
  rig.channels.conversations.working(groupId, true);
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual(['at work']);
  rig.channels.conversations.working(groupId, false);
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual([]);
});

test('what is not sent yet stays, and goes once it was sent', async () => {
  rig.telegram.become({ state: 'waiting', reason: 'no network', retryAt: 0 });
  rig.reply(groupId, 'waits');
  await hear('later');
  given(2);
  rig.channels.test('telegram', 'tg:5');
  rig.clock.jump(31 * DAY_MS);
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual(['waits']);
  expect(sends()).toBe(2);
  rig.telegram.become({ state: 'connected', as: null });
  await expect.poll(() => rig.telegram.taken.length).toBe(2);
  rig.clock.jump(31 * DAY_MS);
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual([]);
  expect(sends()).toBe(0);
});

test('nothing is removed while the kill switch is on', async () => {
  await hear('old', 31);
  given(1);
  rig.setKillSwitch('ACTIVATED');
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual(['old']);
  rig.setKillSwitch('NORMAL');
  rig.clock.advance(HOUR_MS);
  expect(kept()).toEqual([]);
});

test('of more messages than are kept the oldest go, more than one batch of them', async () => {
  await rig.close();
  open({ days: null, messages: 100 });
  for (let n = 1; n <= 1200; n += 1) await hear(`m${n}`);
  given(1200);
  rig.clock.advance(HOUR_MS);
  expect(rig.store.db.prepare('SELECT min(id), max(id), count(*) FROM chat_messages').raw().get()).toEqual([1101, 1200, 100]);
  expect(rig.reported).toEqual([]);
});
