import { describe, expect, onTestFinished, test } from 'vitest';
import { callerIn } from './callers.ts';
import type { MakeBus } from './make-bus.ts';

const producer = callerIn('Producer');
const be = callerIn('BE');
const retention = { maxMessages: null, messageDays: null, maxEvents: null, eventDays: null, idempotencyHours: 24 };

/** What every bus store promises about repeated calls. */
export function idempotencyContract(make: MakeBus): void {
  async function open() {
    const bus = await make();
    onTestFinished(() => bus.close());
    return bus;
  }

  describe('idempotency key', () => {
    test('a repeated call has one effect and gets the first answer, marked', async () => {
      const { store, clock } = await open();
      const call = { to_role: 'BE', body: 'hi', idempotency_key: 'k1' };
      const first = await store.postMessage(producer, call);
      const before = await store.position();
      clock.advance(60_000);
      expect(await store.postMessage(producer, call)).toEqual({ ...first, replayed: true });
      expect(first).not.toHaveProperty('replayed');
      expect(await store.position()).toEqual(before);
    });

    test('holds for every changing call', async () => {
      const { store } = await open();
      const { message_id } = await store.postMessage(producer, { to_role: 'BE', body: 'hi' });
      const ack = { message_id, idempotency_key: 'ack' };
      const acked = await store.ackMessage(be, ack);
      expect(await store.ackMessage(be, ack)).toEqual({ ...acked, first: true, replayed: true });

      const create = { title: 'deploy', assignee_role: 'BE', idempotency_key: 'create' };
      const created = await store.createTask(producer, create);
      expect(await store.createTask(producer, create)).toEqual({ ...created, replayed: true });
      expect((await store.listTasks({ limit: 10 })).tasks).toHaveLength(1);
    });

    test('is refused with other arguments or for another call', async () => {
      const { store } = await open();
      const { message_id } = await store.postMessage(producer, { to_role: 'BE', body: 'hi', idempotency_key: 'k' });
      const refusal = { code: 'IDEMPOTENCY_KEY_REUSED', details: { key: 'k' } };
      await expect(store.postMessage(producer, { to_role: 'BE', body: 'ho', idempotency_key: 'k' })).rejects.toMatchObject(refusal);
      await expect(store.ackMessage(producer, { message_id, idempotency_key: 'k' })).rejects.toMatchObject(refusal);
      expect(await store.position()).toMatchObject({ message_id });
    });

    test('does not care about the order of the arguments or about absent ones', async () => {
      const { store } = await open();
      const first = await store.postMessage(producer, { to_role: 'BE', body: 'hi', thread_id: undefined, idempotency_key: 'k' });
      expect(await store.postMessage(producer, { idempotency_key: 'k', body: 'hi', to_role: 'BE' })).toEqual({ ...first, replayed: true });
    });

    test('belongs to its session', async () => {
      const { store } = await open();
      const call = { to_role: 'BE', body: 'hi', idempotency_key: 'k' };
      const first = await store.postMessage(producer, call);
      const other = await store.postMessage(callerIn('Producer', 'another session'), call);
      expect(other.message_id).not.toBe(first.message_id);
      expect(other).not.toHaveProperty('replayed');
    });

    test('a call that failed may be repeated with the same key', async () => {
      const { store } = await open();
      const call = { message_id: 1, idempotency_key: 'k' };
      await expect(store.ackMessage(be, call)).rejects.toMatchObject({ code: 'MESSAGE_NOT_FOUND' });
      await store.postMessage(producer, { to_role: 'BE', body: 'hi' });
      expect(await store.ackMessage(be, call)).toMatchObject({ first: true });
    });

    test('is forgotten after the configured hours and not before', async () => {
      const { store, clock } = await open();
      const call = { to_role: 'BE', body: 'hi', idempotency_key: 'k' };
      const first = await store.postMessage(producer, call);
      clock.advance(24 * 3_600_000 - 1);
      await store.prune(retention);
      expect(await store.postMessage(producer, call)).toEqual({ ...first, replayed: true });
      clock.advance(2);
      await store.prune(retention);
      expect((await store.postMessage(producer, call)).message_id).toBe(first.message_id + 1);
    });
  });
}
