import { describe, expect, onTestFinished, test } from 'vitest';
import type { BusStore, Retention } from '../../../main/bus/store.ts';
import { callerIn } from './callers.ts';
import type { MakeBus } from './make-bus.ts';

const producer = callerIn('Producer');
const DAY_MS = 86_400_000;
const everything: Retention = { maxMessages: null, messageDays: null, maxEvents: null, eventDays: null, idempotencyHours: 24 };

async function fill(store: BusStore, count: number, body = 'hello'): Promise<void> {
  for (let n = 0; n < count; n += 1) await store.postMessage(producer, { to_role: 'BE', body });
}

async function pruneAll(store: BusStore, retention: Retention): Promise<{ calls: number; messages: number; events: number }> {
  const sum = { calls: 0, messages: 0, events: 0 };
  for (;;) {
    const removed = await store.prune(retention);
    sum.calls += 1;
    sum.messages += removed.messages;
    sum.events += removed.events;
    if (removed.messages + removed.events === 0) return sum;
  }
}

const found = async (store: BusStore, query: string): Promise<number> => (await store.listMessages({ query, limit: 500 })).messages.length;

/** What every bus store promises about keeping itself small and knowing who is alive. */
export function upkeepContract(make: MakeBus): void {
  async function open() {
    const bus = await make();
    onTestFinished(() => bus.close());
    return bus;
  }

  describe('retention', () => {
    test('without limits nothing is removed', async () => {
      const { store, clock } = await open();
      await fill(store, 3);
      clock.advance(10_000 * DAY_MS);
      expect(await store.prune(everything)).toEqual({ messages: 0, events: 0 });
    });

    test('messages older than allowed go, from the search too', async () => {
      const { store, clock } = await open();
      await fill(store, 2, 'old');
      clock.advance(3 * DAY_MS);
      await fill(store, 1, 'young');
      expect((await pruneAll(store, { ...everything, messageDays: 2 })).messages).toBe(2);
      expect(await found(store, 'old')).toBe(0);
      expect(await found(store, 'young')).toBe(1);
    });

    test('of too many messages the newest stay, and ids go on', async () => {
      const { store } = await open();
      await fill(store, 10);
      await pruneAll(store, { ...everything, maxMessages: 4 });
      const { messages } = await store.listMessages({ limit: 100 });
      expect(messages.map((message) => message.id)).toEqual([10, 9, 8, 7]);
      await pruneAll(store, { ...everything, maxMessages: 0 });
      expect((await store.postMessage(producer, { to_role: 'BE', body: 'next' })).message_id).toBe(11);
    });

    test('a cursor that points at a removed message still works', async () => {
      const { store } = await open();
      await fill(store, 5);
      await pruneAll(store, { ...everything, maxMessages: 0 });
      const inbox = { limit: 10, mark_read: false, unread_only: false };
      expect((await store.readInbox(callerIn('BE'), { ...inbox, after_id: 5 })).messages).toEqual([]);
      await fill(store, 1);
      expect((await store.readInbox(callerIn('BE'), { ...inbox, after_id: 3 })).messages.map((message) => message.id)).toEqual([6]);
    });

    test('the log says what was removed and how much of it nobody ever received', async () => {
      const { store } = await open();
      await fill(store, 3);
      await store.readInbox(callerIn('BE'), { after_id: 0, limit: 1, mark_read: false, unread_only: false });
      await pruneAll(store, { ...everything, maxMessages: 0 });
      const { events } = await store.listLog({ limit: 1 });
      expect(events).toMatchObject([{ kind: 'message', action: 'pruned', data: { first_id: 1, last_id: 3, undelivered: 2 } }]);
    });

    test('the log is cut by age and by count', async () => {
      const { store, clock } = await open();
      await fill(store, 4);
      clock.advance(3 * DAY_MS);
      await fill(store, 6);
      expect((await pruneAll(store, { ...everything, eventDays: 2 })).events).toBe(4);
      expect((await pruneAll(store, { ...everything, maxEvents: 2 })).events).toBe(4);
      expect((await store.readLog({ after_id: 0, limit: 100 })).events.map((event) => event.id)).toEqual([9, 10]);
    });

    test('one call removes a bounded number of rows', async () => {
      const { store } = await open();
      await fill(store, 1200);
      const removed = await pruneAll(store, { ...everything, maxMessages: 0, maxEvents: 0 });
      expect(removed.messages).toBe(1200);
      expect(removed.calls).toBeGreaterThan(2);
    });
  });

  describe('signs of life', () => {
    const lastSeen = async (store: BusStore) => (await store.inboxCounts(['BE']))[0]!.last_seen_at;

    test('the newest of a role counts, and they are written once a minute', async () => {
      const { store, clock } = await open();
      const at = () => new Date(clock.now()).toISOString();
      await store.touch(callerIn('BE', 'one'));
      const first = at();
      clock.advance(30_000);
      await store.touch(callerIn('BE', 'one'));
      expect(await lastSeen(store)).toBe(first);
      await store.touch(callerIn('BE', 'two'));
      expect(await lastSeen(store)).toBe(at());
      clock.advance(60_000);
      await store.touch(callerIn('BE', 'one'));
      expect(await lastSeen(store)).toBe(at());
    });

    test('each session has its own; one that never showed is missing', async () => {
      const { store, clock } = await open();
      const one = callerIn('BE', 'one');
      await store.touch(one);
      const seen = await store.lastSeen([one.sessionId, 'never']);
      expect([...seen]).toEqual([[one.sessionId, new Date(clock.now()).toISOString()]]);
    });

    test('a clock that was set back does not make a session older', async () => {
      const { store, clock } = await open();
      await store.touch(callerIn('BE'));
      const seen = await lastSeen(store);
      clock.jump(-DAY_MS);
      await store.touch(callerIn('BE'));
      expect(await lastSeen(store)).toBe(seen);
    });
  });
}
