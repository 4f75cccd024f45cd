import { describe, expect, onTestFinished, test } from 'vitest';
import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import { openStore } from '../../../main/store/open.ts';
import { callerIn } from '../../support/bus-contract/callers.ts';
import { makeTeamBus, turn } from '../../support/team-bus.ts';

const producer = callerIn('Producer');
const be = callerIn('BE');
const fe = callerIn('FE');
const ai = callerIn('AI');

function open() {
  const made = makeTeamBus();
  onTestFinished(() => made.close());
  return made;
}

/** Whether the promise is still pending after everything that is ready has run. */
async function isWaiting(call: Promise<unknown>): Promise<boolean> {
  let done = false;
  void call.then(
    () => (done = true),
    () => (done = true),
  );
  await turn();
  return !done;
}

describe('waiting for a message', () => {
  test('answers at once when there is one', async () => {
    const { bus } = open();
    await bus.postMessage(producer, { to_role: 'BE', body: 'there' });
    expect((await bus.readInbox(be, { wait_sec: 50 })).messages).toMatchObject([{ body: 'there' }]);
  });

  test('answers when one arrives for the role, and not for another', async () => {
    const { bus } = open();
    const call = bus.readInbox(be, { wait_sec: 50 });
    await bus.postMessage(producer, { to_role: 'FE', body: 'not you' });
    expect(await isWaiting(call)).toBe(true);
    await bus.postMessage(producer, { to_role: 'BE', body: 'you' });
    expect((await call).messages).toMatchObject([{ body: 'you', delivered_at: expect.any(String) }]);
  });

  test('waits on when the message belongs to another thread', async () => {
    const { bus } = open();
    const call = bus.readInbox(be, { wait_sec: 50, thread_id: 'deploy' });
    await bus.postMessage(producer, { to_role: 'BE', body: 'chat' });
    expect(await isWaiting(call)).toBe(true);
    await bus.postMessage(producer, { to_role: 'BE', body: 'go', thread_id: 'deploy' });
    expect((await call).messages).toMatchObject([{ body: 'go' }]);
  });

  test('gives an empty page at the deadline, and no sooner', async () => {
    const { bus, clock } = open();
    const call = bus.readInbox(be, { wait_sec: 20 });
    await turn();
    clock.advance(19_999);
    expect(await isWaiting(call)).toBe(true);
    clock.advance(1);
    expect(await call).toEqual({ messages: [], cursor: 0, has_more: false, unread: 0 });
  });

  test('two sessions of a role are both woken', async () => {
    const { bus } = open();
    const calls = [bus.readInbox(be, { wait_sec: 50 }), bus.readInbox(callerIn('BE', 'second'), { wait_sec: 50 })];
    await turn();
    await bus.postMessage(producer, { to_role: 'BE', body: 'both' });
    for (const page of await Promise.all(calls)) expect(page.messages).toMatchObject([{ body: 'both' }]);
  });

  test('sees at the deadline what another process wrote', async () => {
    const { bus, clock, file } = open();
    const call = bus.readInbox(be, { wait_sec: 20 });
    await turn();
    const other = openStore({ file, durability: 'normal', clock, onListenerError: (error) => { throw error; } });
    onTestFinished(() => other.close());
    const store = new SqliteBusStore(other, { clock, platform: 'linux', claimSilenceMs: null, coordinator: 'Producer' });
    await store.postMessage(producer, { to_role: 'BE', body: 'from elsewhere' });
    clock.advance(20_000);
    expect((await call).messages).toMatchObject([{ body: 'from elsewhere' }]);
  });

  test('ends with the reason of the abort, and what comes later is not delivered to nobody', async () => {
    const { bus, clock } = open();
    const gone = new AbortController();
    const call = bus.readInbox(be, { wait_sec: 50 }, { signal: gone.signal });
    await turn();
    gone.abort(new Error('the client hung up'));
    await expect(call).rejects.toThrow('the client hung up');
    await bus.postMessage(producer, { to_role: 'BE', body: 'later' });
    await turn();
    expect((await bus.getMessages([1]))[0]!.delivered_at).toBeNull();
    expect(clock.timers).toBe(1);
  });

  test('a client that is gone when the message comes does not get it', async () => {
    const { bus } = open();
    const gone = new AbortController();
    const call = bus.readInbox(be, { wait_sec: 50 }, { signal: gone.signal });
    await turn();
    const posted = bus.postMessage(producer, { to_role: 'BE', body: 'late' });
    gone.abort(new Error('gone'));
    await expect(call).rejects.toThrow('gone');
    await posted;
    expect((await bus.getMessages([1]))[0]!.delivered_at).toBeNull();
  });

  test('an aborted call does not even begin to read', async () => {
    const { bus } = open();
    await bus.postMessage(producer, { to_role: 'BE', body: 'x' });
    await expect(bus.readInbox(be, { wait_sec: 5 }, { signal: AbortSignal.abort(new Error('gone')) })).rejects.toThrow('gone');
    expect((await bus.getMessages([1]))[0]!.delivered_at).toBeNull();
  });

  test('the kill switch ends it at the next wake', async () => {
    const { bus, clock, lock } = open();
    const call = bus.readInbox(be, { wait_sec: 20 });
    await turn();
    lock();
    clock.advance(20_000);
    await expect(call).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
  });
});

describe('waiting for a lock', () => {
  const ask = { resource: 'nas-deploy', wait_sec: 50 };

  test('answers with the lease when the holder releases, in the order of asking', async () => {
    const { bus } = open();
    const held = await bus.acquireLock(be, { resource: 'nas-deploy' });
    const first = bus.acquireLock(fe, ask);
    await turn();
    const second = bus.acquireLock(ai, { ...ask, ttl_sec: 60 });
    await turn();
    await bus.releaseLock(be, { resource: 'nas-deploy' });
    const lease = await first;
    expect(lease).toMatchObject({ acquired: true, resource: 'nas-deploy', mode: 'exclusive', ttl_sec: 300, reentrant: false });
    expect(lease.acquired && held.acquired && lease.fence > held.fence).toBe(true);
    expect(await isWaiting(second)).toBe(true);
    await bus.releaseLock(fe, { resource: 'nas-deploy' });
    expect(await second).toMatchObject({ acquired: true, ttl_sec: 60 });
    expect((await bus.checkLock(ai, { resource: 'nas-deploy' })).valid).toBe(true);
  });

  test('answers exactly what the store granted', async () => {
    const { bus } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const call = bus.acquireLock(fe, ask);
    await turn();
    await bus.releaseLock(be, { resource: 'nas-deploy' });
    const lease = await call;
    const { lease_id, fence, expires_at } = (await bus.listLocks()).locks[0]!;
    expect(lease).toMatchObject({ lease_id, fence, expires_at });
  });

  test('is granted the moment the lease before it expires, though nobody calls', async () => {
    const { bus, clock } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy', ttl_sec: 10 });
    const call = bus.acquireLock(fe, ask);
    await turn();
    clock.advance(9999);
    expect(await isWaiting(call)).toBe(true);
    clock.advance(1);
    expect(await call).toMatchObject({ acquired: true });
  });

  test('is granted on waking up when the lease ended while the machine slept', async () => {
    const { bus, clock } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy', ttl_sec: 30 });
    const call = bus.acquireLock(fe, ask);
    await turn();
    clock.jump(29_999);
    bus.resume();
    expect(await isWaiting(call)).toBe(true);
    clock.jump(1);
    expect(await isWaiting(call)).toBe(true);
    bus.resume();
    expect(await call).toMatchObject({ acquired: true });
  });

  test('is refused at the deadline with the holder, and its place is kept for a while', async () => {
    const { bus, clock } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy', intent: 'release 2' });
    const call = bus.acquireLock(fe, { ...ask, wait_sec: 10 });
    await turn();
    clock.advance(10_000);
    expect(await call).toMatchObject({ acquired: false, held_by: 'BE', ttl_remaining: 290, intent: 'release 2', position: 1 });
  });

  test('a holder that shortens its time is taken at its word', async () => {
    const { bus, clock } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy', ttl_sec: 300 });
    const call = bus.acquireLock(fe, ask);
    await turn();
    await bus.heartbeatLock(be, { resource: 'nas-deploy', ttl_sec: 5 });
    await turn();
    clock.advance(5000);
    expect(await call).toMatchObject({ acquired: true });
  });

  test('an aborted call gives its place to the next', async () => {
    const { bus } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const gone = new AbortController();
    const first = bus.acquireLock(fe, ask, { signal: gone.signal });
    await turn();
    const second = bus.acquireLock(ai, ask);
    await turn();
    gone.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await bus.releaseLock(be, { resource: 'nas-deploy' });
    expect(await second).toMatchObject({ acquired: true });
  });

  test('a repeated call keeps the place when the first connection is found dead', async () => {
    const { bus } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const dead = new AbortController();
    const first = bus.acquireLock(fe, ask, { signal: dead.signal });
    await turn();
    const repeated = bus.acquireLock(fe, ask);
    await turn();
    const other = bus.acquireLock(ai, ask);
    await turn();
    dead.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await bus.releaseLock(be, { resource: 'nas-deploy' });
    expect(await repeated).toMatchObject({ acquired: true });
    expect(await isWaiting(other)).toBe(true);
  });

  test('a session that waits for two locks gets each answer from its own grant', async () => {
    const { bus } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    await bus.acquireLock(be, { resource: 'compose' });
    const deploy = bus.acquireLock(fe, ask);
    const compose = bus.acquireLock(fe, { ...ask, resource: 'compose' });
    await turn();
    await bus.releaseLock(be, { resource: 'compose' });
    expect(await compose).toMatchObject({ acquired: true, resource: 'compose' });
    expect(await isWaiting(deploy)).toBe(true);
  });

  test('with a key, the repeated call gets the lease of the first', async () => {
    const { bus } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const keyed = { ...ask, idempotency_key: 'k' };
    const lost = bus.acquireLock(fe, keyed);
    await turn();
    await bus.releaseLock(be, { resource: 'nas-deploy' });
    const first = await lost;
    const again = await bus.acquireLock(fe, keyed);
    expect(again).toMatchObject({ acquired: true, fence: first.acquired && first.fence });
    expect((await bus.listLocks()).locks).toHaveLength(1);
  });
});

describe('ends of waiting', () => {
  test('a stop ends every wait as something to repeat, gives up the places, and leaves no timer', async () => {
    const { bus, clock, store } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const calls = [bus.readInbox(fe, { wait_sec: 50 }), bus.acquireLock(ai, { resource: 'nas-deploy', wait_sec: 50 })];
    const ends = Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: 'NOT_RUNNING', retryable: true })));
    await turn();
    await bus.stop();
    await ends;
    expect(clock.timers).toBe(0);
    await store.releaseLock(be, { resource: 'nas-deploy' });
    expect((await store.listLocks()).locks).toEqual([]);
  });

  test('a stop waits for the calls under way, and no call begins to wait after it', async () => {
    const { bus, clock } = open();
    const posted = bus.postMessage(producer, { to_role: 'BE', body: 'last words' });
    const searched = bus.listMessages({ query: 'last' });
    const waiting = bus.readInbox(fe, { wait_sec: 50 }).catch((error: unknown) => error);
    await bus.stop();
    expect(clock.timers).toBe(0);
    expect(await Promise.race([posted, turn()])).toMatchObject({ message_id: 1 });
    expect(await Promise.race([searched, turn()])).toHaveProperty('messages');
    expect(await Promise.race([waiting, turn()])).toMatchObject({ code: 'NOT_RUNNING' });
  });

  test('a stop returns only when the ended calls are done with the store', async () => {
    const { bus, store } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const stopWaiting = store.stopWaiting.bind(store);
    let left = false;
    store.stopWaiting = async (caller, resource) => {
      await turn();
      await stopWaiting(caller, resource);
      left = true;
    };
    const call = bus.acquireLock(ai, { resource: 'nas-deploy', wait_sec: 50 });
    const outcome = call.catch((error: unknown) => error);
    await turn();
    await bus.stop();
    expect(left).toBe(true);
    expect(await outcome).toMatchObject({ code: 'NOT_RUNNING' });
  });

  test('a session that ends takes its waits with it, and only those', async () => {
    const { bus } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const mine = [bus.readInbox(fe, { wait_sec: 50 }), bus.acquireLock(fe, { resource: 'nas-deploy', wait_sec: 50 })];
    const ends = Promise.all(mine.map((call) => expect(call).rejects.toMatchObject({ code: 'SESSION_REVOKED' })));
    const other = bus.readInbox(callerIn('FE', 'another'), { wait_sec: 50 });
    await turn();
    await bus.endSession(fe.sessionId, 'session revoked');
    await ends;
    expect(await isWaiting(other)).toBe(true);
    expect((await bus.listLocks()).waiters).toEqual([]);
  });

  test('a session that ends lets the next one have its lock', async () => {
    const { bus } = open();
    await bus.acquireLock(be, { resource: 'nas-deploy' });
    const call = bus.acquireLock(fe, { resource: 'nas-deploy', wait_sec: 50 });
    await turn();
    await bus.endSession(be.sessionId, 'session revoked');
    expect(await call).toMatchObject({ acquired: true });
  });
});
