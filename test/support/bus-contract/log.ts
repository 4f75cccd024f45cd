import { describe, expect, onTestFinished, test } from 'vitest';
import type { BusStore } from '../../../main/bus/store.ts';
import type { LogEvent } from '../../../main/bus/types.ts';
import { callerIn } from './callers.ts';
import type { MakeBus } from './make-bus.ts';

const producer = callerIn('Producer');
const be = callerIn('BE');

const texts = (page: { readonly events: readonly LogEvent[] }): string[] => page.events.map((event) => event.text);

async function say(store: BusStore, ...bodies: string[]): Promise<void> {
  for (const body of bodies) await store.postMessage(producer, { to_role: 'BE', body });
}

/** What every bus store promises about the activity log. */
export function logContract(make: MakeBus): void {
  async function open() {
    const bus = await make();
    onTestFinished(() => bus.close());
    return bus;
  }

  describe('team log (seed 001)', () => {
    test('tells in order what happened', async () => {
      const { store } = await open();
      await say(store, 'hi');
      await store.postMessage(be, { to_role: 'FE', body: 'deployed' });
      const page = await store.readLog({ after_id: 0, limit: 100 });
      expect(texts(page)).toEqual(['Producer→BE: hi', 'BE→FE: deployed']);
      expect(page).toMatchObject({ cursor: page.events[1]!.id, has_more: false });
    });

    test('after an id it tells only what came later', async () => {
      const { store } = await open();
      await say(store, 'a');
      const { cursor } = await store.readLog({ after_id: 0, limit: 100 });
      await say(store, 'b');
      expect(texts(await store.readLog({ after_id: cursor, limit: 100 }))).toEqual(['Producer→BE: b']);
    });

    test('without a cursor it is capped to the newest, the newest last', async () => {
      const { store } = await open();
      for (let n = 0; n < 10; n += 1) await say(store, `m${n}`);
      const page = await store.readLog({ after_id: 0, limit: 3 });
      expect(texts(page)).toEqual(['Producer→BE: m7', 'Producer→BE: m8', 'Producer→BE: m9']);
      expect(page.has_more).toBe(false);
    });
  });

  test('following with the cursor misses nothing, whatever the limit', async () => {
    const { store } = await open();
    await say(store, 'start');
    let { cursor } = await store.readLog({ after_id: 0, limit: 1 });
    for (let n = 0; n < 7; n += 1) await say(store, `m${n}`);
    const seen: string[] = [];
    for (let more = true; more; ) {
      const page = await store.readLog({ after_id: cursor, limit: 3 });
      seen.push(...texts(page));
      ({ cursor, has_more: more } = page);
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((n) => `Producer→BE: m${n}`));
    expect(await store.readLog({ after_id: cursor, limit: 3 })).toEqual({ events: [], cursor, has_more: false });
  });

  test('a cursor ahead of the newest event is refused with the newest id', async () => {
    const { store } = await open();
    await say(store, 'a');
    const { event_id: newest } = await store.position();
    await expect(store.readLog({ after_id: newest + 1, limit: 3 })).rejects.toMatchObject({ code: 'CURSOR_AHEAD', details: { newest } });
  });

  test('windows list it newest first, by kind, role and text', async () => {
    const { store } = await open();
    await say(store, 'Ünïted 배포 50% off_now');
    await store.postMessage(be, { to_role: 'FE', body: 'done' });
    await store.createTask(producer, { title: 'deploy', assignee_role: 'BE' });
    const list = async (query: object) => (await store.listLog({ limit: 10, ...query })).events.map((event) => `${event.role} ${event.kind}`);
    expect(await list({})).toEqual(['Producer task', 'BE message', 'Producer message']);
    expect(await list({ kinds: ['message'] })).toEqual(['BE message', 'Producer message']);
    expect(await list({ kinds: ['task', 'lock'] })).toEqual(['Producer task']);
    expect(await list({ kinds: [] })).toEqual([]);
    expect(await list({ role: 'BE' })).toEqual(['BE message']);
    expect(await list({ role: 'Producer', kinds: ['message'] })).toEqual(['Producer message']);
    for (const query of ['ünïTED', '배포', '50%', 'OFF_', '배포'.normalize('NFD')]) {
      expect([query, ...(await list({ query }))]).toEqual([query, 'Producer message']);
    }
    expect(await list({ query: '5%0' })).toEqual([]);
    expect(await list({ query: 'done', role: 'BE' })).toEqual(['BE message']);
  });

  test('windows page backwards', async () => {
    const { store } = await open();
    await say(store, 'a', 'b', 'c');
    const first = await store.listLog({ limit: 2 });
    expect(first.has_more).toBe(true);
    const second = await store.listLog({ limit: 2, before_id: first.events.at(-1)!.id });
    expect([...texts(first), ...texts(second)]).toEqual(['Producer→BE: c', 'Producer→BE: b', 'Producer→BE: a']);
    expect(second.has_more).toBe(false);
  });

  test('subscribers hear each commit after it, exactly as the log has it, until they stop', async () => {
    const { store } = await open();
    const heard: LogEvent[] = [];
    const stop = store.subscribe((events) => heard.push(...events));
    await say(store, 'a', 'b');
    await store.readInbox(be, { after_id: 0, limit: 10, mark_read: true, unread_only: false });
    expect(heard).toEqual((await store.readLog({ after_id: 0, limit: 10 })).events);
    expect(heard).toHaveLength(4);
    stop();
    await say(store, 'c');
    expect(heard).toHaveLength(4);
  });

  test('a refused call leaves no line and is heard by nobody', async () => {
    const { store } = await open();
    const heard: LogEvent[] = [];
    store.subscribe((events) => heard.push(...events));
    await expect(store.ackMessage(be, { message_id: 1 })).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND' });
    expect(heard).toEqual([]);
    expect((await store.readLog({ after_id: 0, limit: 10 })).events).toEqual([]);
  });
}
