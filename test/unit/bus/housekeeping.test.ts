import { describe, expect, onTestFinished, test } from 'vitest';
import { callerIn } from '../../support/bus-contract/callers.ts';
import { makeTeamBus, turn } from '../../support/team-bus.ts';

const be = callerIn('BE');
const HOUR_MS = 3_600_000;

function open(options: Parameters<typeof makeTeamBus>[0] = {}) {
  const made = makeTeamBus(options);
  onTestFinished(() => made.close());
  return made;
}

const actions = async (bus: ReturnType<typeof open>['bus']) => (await bus.listLog({})).events.map((event) => `${event.kind} ${event.action}`);

describe('deadlines', () => {
  test('a lease that nobody renews ends at its time without any call', async () => {
    const { bus, clock } = open();
    await bus.acquireLock(be, { resource: 'compose', ttl_sec: 60 });
    await turn();
    clock.advance(59_999);
    await turn();
    expect(await actions(bus)).toEqual(['lock acquired']);
    clock.advance(1);
    await turn();
    expect(await actions(bus)).toEqual(['lock expired', 'lock acquired']);
  });

  test('a claim whose session went silent is open again', async () => {
    const { bus, clock } = open();
    const { task_id } = await bus.createTask(callerIn('Producer'), { title: 'x', assignee_role: 'BE' });
    await bus.claimTask(be, { task_id });
    await turn();
    clock.advance(HOUR_MS + 1000);
    await turn();
    expect((await bus.getTasks([task_id]))[0]).toMatchObject({ status: 'open', held_by: null, released_reason: expect.any(String) });
  });

  test('what ended while the program was off ends at the start', async () => {
    const { bus, store, clock } = open({ started: false });
    await store.acquireLock(be, { resource: 'compose', ttl_sec: 60, mode: 'exclusive', wait_sec: 0 });
    clock.jump(61_000);
    bus.start();
    await turn();
    expect(await actions(bus)).toEqual(['lock expired', 'lock acquired']);
  });

  test('with nothing pending only the timer of the retention is armed', async () => {
    const { bus, clock } = open();
    await turn();
    expect(clock.timers).toBe(1);
    await bus.acquireLock(be, { resource: 'compose' });
    await turn();
    expect(clock.timers).toBe(2);
    await bus.releaseLock(be, { resource: 'compose' });
    await turn();
    expect(clock.timers).toBe(1);
  });

  test('a sweep that fails is reported and tried again', async () => {
    const { bus, store, clock, faults } = open({ started: false });
    const sweep = store.sweep.bind(store);
    let failures = 1;
    store.sweep = () => (failures-- > 0 ? Promise.reject(new Error('disk full')) : sweep());
    await store.acquireLock(be, { resource: 'compose', ttl_sec: 60, mode: 'exclusive', wait_sec: 0 });
    clock.jump(61_000);
    bus.start();
    await turn();
    expect(faults).toMatchObject([{ what: 'ending what is over', error: { message: 'disk full' } }]);
    clock.advance(5000);
    await turn();
    expect(await actions(bus)).toEqual(['lock expired', 'lock acquired']);
    expect(faults).toHaveLength(1);
  });

  test('a deadline that a sweep does not clear is looked at again later, not in a loop', async () => {
    const { bus, store, clock } = open({ started: false });
    let sweeps = 0;
    store.sweep = async () => void (sweeps += 1);
    store.nextDue = async () => clock.now() - 1000;
    bus.start();
    for (let second = 0; second < 10; second += 1) {
      clock.advance(1000);
      await turn();
    }
    expect(sweeps).toBeGreaterThanOrEqual(2);
    expect(sweeps).toBeLessThanOrEqual(3);
  });
});

describe('retention', () => {
  const retention = { maxMessages: 3, messageDays: null, maxEvents: null, eventDays: null, idempotencyHours: 24 };

  async function left(bus: ReturnType<typeof open>['bus']): Promise<number> {
    return (await bus.listMessages({ limit: 500 })).messages.length;
  }

  test('old rows go a minute after the start and then every hour', async () => {
    const { bus, clock } = open({ retention });
    const post = () => bus.postMessage(be, { to_role: 'FE', body: 'x' });
    for (let n = 0; n < 5; n += 1) await post();
    clock.advance(60_000);
    await expect.poll(() => left(bus)).toBe(3);
    await post();
    clock.advance(HOUR_MS);
    await expect.poll(() => left(bus)).toBe(3);
  });

  test('a failure is reported and the next hour tries again', async () => {
    const { bus, store, clock, faults } = open({ retention });
    const prune = store.prune.bind(store);
    let failures = 1;
    store.prune = (limits) => (failures-- > 0 ? Promise.reject(new Error('disk full')) : prune(limits));
    for (let n = 0; n < 5; n += 1) await bus.postMessage(be, { to_role: 'FE', body: 'x' });
    clock.advance(60_000);
    await expect.poll(() => faults).toMatchObject([{ what: 'removing what is too old' }]);
    clock.advance(HOUR_MS);
    await expect.poll(() => left(bus)).toBe(3);
  });
});
