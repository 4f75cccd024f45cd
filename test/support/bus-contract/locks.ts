import { describe, expect, test } from 'vitest';
import { callerIn } from './callers.ts';
import { openLocks } from './lock-calls.ts';
import { lockModelContract } from './lock-model.ts';
import { lockPathContract } from './lock-paths.ts';
import { lockQueueContract } from './lock-queue.ts';
import type { MakeBus } from './make-bus.ts';

const be = callerIn('BE', 'be-1');
const beAgain = callerIn('BE', 'be-2');
const fe = callerIn('FE', 'fe-1');
const ai = callerIn('AI', 'ai-1');
const producer = callerIn('Producer', 'producer-1');

/** What every bus store promises about locks. */
export function lockContract(make: MakeBus): void {
  const open = () => openLocks(make);

  describe('a lock (seed 001)', () => {
    test('is held by one; another is told by whom and for how long', async () => {
      const { acquire } = await open();
      expect(await acquire(be, 'nas-deploy', { intent: 'release 1.4' })).toMatchObject({ acquired: true, resource: 'nas-deploy' });
      expect(await acquire(fe, 'nas-deploy')).toMatchObject({
        acquired: false,
        held_by: 'BE',
        held_resource: 'nas-deploy',
        ttl_remaining: 300,
        intent: 'release 1.4',
        ticket: null,
        position: null,
        hint: expect.stringContaining('wait_sec'),
      });
    });

    test('is released by its owner only and can then be had again', async () => {
      const { store, acquire } = await open();
      await acquire(be, 'compose');
      expect(await store.releaseLock(fe, { resource: 'compose' })).toEqual({
        released: false,
        resource: 'compose',
        held_by: 'BE',
        reason: 'other_session',
      });
      expect(await store.releaseLock(be, { resource: 'compose' })).toEqual({ released: true, resource: 'compose' });
      expect(await acquire(fe, 'compose')).toMatchObject({ acquired: true });
    });

    test('is renewed by its owner only, from now on for the new time', async () => {
      const { store, clock, acquire } = await open();
      await acquire(be, 'nginx-conf', { ttl_sec: 10 });
      clock.advance(9000);
      expect(await store.heartbeatLock(fe, { resource: 'nginx-conf', ttl_sec: 300 })).toEqual({
        renewed: false,
        resource: 'nginx-conf',
        held_by: 'BE',
        reason: 'other_session',
      });
      expect(await store.heartbeatLock(be, { resource: 'nginx-conf', ttl_sec: 300 })).toMatchObject({ renewed: true, fence: 1 });
      clock.advance(299_000);
      expect(await acquire(fe, 'nginx-conf')).toMatchObject({ acquired: false, ttl_remaining: 1 });
    });

    test('can be had by another once it has expired', async () => {
      const { clock, acquire } = await open();
      await acquire(ai, 'memory-mirror', { ttl_sec: 5 });
      clock.advance(5000);
      expect(await acquire(fe, 'memory-mirror')).toMatchObject({ acquired: true });
    });

    test('is listed with its holder', async () => {
      const { store, acquire, holders } = await open();
      await acquire(be, 'nas-deploy', { intent: 'release' });
      await acquire(fe, 'compose');
      expect(await holders()).toEqual({ 'nas-deploy': ['be-1'], compose: ['fe-1'] });
      const [compose, deploy] = (await store.listLocks()).locks;
      expect(compose).toMatchObject({ held_by: 'FE', mode: 'exclusive', fence: 2, ttl_remaining: 300 });
      expect(deploy).toMatchObject({ held_by: 'BE', agent_name: 'BE agent', intent: 'release', fence: 1 });
    });

    test('tells the log in the words of the team', async () => {
      const { store, acquire, commits } = await open();
      await acquire(be, 'nas-deploy');
      await store.releaseLock(be, { resource: 'nas-deploy' });
      expect(commits.flat()).toMatchObject([
        { action: 'acquired', text: 'BE acquired nas-deploy', role: 'BE', subject: 'lock:nas-deploy', data: { fence: 1, session_id: 'be-1' } },
        { action: 'released', text: 'BE released nas-deploy' },
      ]);
    });
  });

  describe('a lease', () => {
    test('belongs to its session: another one of the same role can neither have, release nor renew it', async () => {
      const { store, acquire, holders } = await open();
      await acquire(be, 'compose');
      expect(await acquire(beAgain, 'compose')).toMatchObject({ acquired: false, held_by: 'BE' });
      expect(await store.releaseLock(beAgain, { resource: 'compose' })).toMatchObject({ released: false, reason: 'other_session' });
      expect(await store.heartbeatLock(beAgain, { resource: 'compose', ttl_sec: 60 })).toMatchObject({ renewed: false, reason: 'other_session' });
      expect(await holders()).toEqual({ compose: ['be-1'] });
    });

    test('is acquired again by its session with the same fence and never for a shorter time', async () => {
      const { clock, hold } = await open();
      const first = await hold(be, 'compose', { ttl_sec: 100 });
      expect(first.reentrant).toBe(false);
      clock.advance(50_000);
      expect(await hold(be, 'compose', { ttl_sec: 100 })).toEqual({
        ...first,
        reentrant: true,
        expires_at: new Date(clock.now() + 100_000).toISOString(),
      });
      expect(await hold(be, 'compose', { ttl_sec: 10 })).toMatchObject({ fence: first.fence, reentrant: true, ttl_sec: 100 });
    });

    test('that expired is not honoured, whether a sweep came by or not', async () => {
      const { store, clock, hold, holders } = await open();
      const { fence } = await hold(be, 'compose', { ttl_sec: 10 });
      clock.advance(10_000);
      expect(await holders()).toEqual({});
      expect(await store.checkLock(be, { resource: 'compose', fence })).toMatchObject({ valid: false, locked: false, current_fence: fence });
      expect(await store.heartbeatLock(be, { resource: 'compose', ttl_sec: 10 })).toMatchObject({ renewed: false, held_by: null, reason: 'expired' });
      expect(await store.releaseLock(be, { resource: 'compose' })).toMatchObject({ released: false, held_by: null, reason: 'expired' });
      await store.sweep();
      expect(await store.releaseLock(be, { resource: 'compose' })).toMatchObject({ released: false, reason: 'expired' });
    });

    test('expires also while the machine sleeps', async () => {
      const { clock, acquire } = await open();
      await acquire(be, 'compose', { ttl_sec: 300 });
      clock.jump(299_999);
      expect(await acquire(fe, 'compose')).toMatchObject({ acquired: false, ttl_remaining: 1 });
      clock.jump(1);
      expect(await acquire(fe, 'compose')).toMatchObject({ acquired: true });
    });

    test('that expired and went to another cannot be touched by its old holder, who learns why', async () => {
      const { store, clock, hold } = await open();
      const { fence } = await hold(be, 'compose', { ttl_sec: 10 });
      clock.advance(10_000);
      const { fence: next } = await hold(beAgain, 'compose');
      expect(next).toBeGreaterThan(fence);
      expect(await store.releaseLock(be, { resource: 'compose', fence })).toMatchObject({ released: false, held_by: 'BE', reason: 'expired' });
      expect(await store.heartbeatLock(be, { resource: 'compose', fence, ttl_sec: 60 })).toMatchObject({ renewed: false, reason: 'expired' });
      expect(await store.checkLock(beAgain, { resource: 'compose', fence: next })).toMatchObject({ valid: true });
    });

    test('is released or renewed by fence only when the fence is its own', async () => {
      const { store, clock, hold } = await open();
      const { fence: old } = await hold(be, 'compose', { ttl_sec: 10 });
      clock.advance(10_000);
      const { fence } = await hold(be, 'compose');
      expect(await store.releaseLock(be, { resource: 'compose', fence: old })).toMatchObject({ released: false, held_by: 'BE', reason: 'stale_fence' });
      expect(await store.heartbeatLock(be, { resource: 'compose', fence: old, ttl_sec: 60 })).toMatchObject({ reason: 'stale_fence' });
      expect(await store.heartbeatLock(be, { resource: 'compose', fence, ttl_sec: 60 })).toMatchObject({ renewed: true, fence });
      expect(await store.releaseLock(be, { resource: 'compose', fence })).toMatchObject({ released: true });
      expect(await store.releaseLock(be, { resource: 'compose', fence })).toMatchObject({ released: false, held_by: null, reason: 'not_held' });
    });

    test('ends with its session, with the reason in the log', async () => {
      const { store, acquire, holders, lines } = await open();
      await acquire(be, 'compose');
      await acquire(be, 'nas-deploy');
      await acquire(beAgain, 'nginx-conf');
      await store.endSession('be-1', 'session revoked');
      expect(await holders()).toEqual({ 'nginx-conf': ['be-2'] });
      expect(lines().slice(3)).toEqual(['BE released compose (session revoked)', 'BE released nas-deploy (session revoked)']);
    });
  });

  describe('a fence', () => {
    test('grows with every grant, whatever the resource and however the lease before it ended', async () => {
      const { store, clock, hold } = await open();
      const fences: number[] = [];
      const note = async (session: string, resource: string) => {
        fences.push((await hold(callerIn('BE', session), resource, { ttl_sec: 10 })).fence);
      };
      await note('one', 'compose');
      await store.releaseLock(callerIn('BE', 'one'), { resource: 'compose' });
      await note('two', 'compose');
      clock.advance(10_000);
      await note('three', 'compose');
      await store.forceReleaseLock(producer, { resource: 'compose', reason: 'stuck' });
      await note('four', 'nas-deploy');
      await note('one', 'compose');
      expect(fences).toEqual([1, 2, 3, 4, 5]);
      expect(await store.checkLock(be, { resource: 'compose' })).toMatchObject({ current_fence: 5 });
      expect(await store.checkLock(be, { resource: 'nas-deploy' })).toMatchObject({ current_fence: 4 });
    });
  });

  describe('check_lock', () => {
    test('is valid for the fence of a live lease, or without a fence for the session that holds one', async () => {
      const { store, hold } = await open();
      const { fence } = await hold(be, 'compose');
      expect(await store.checkLock(fe, { resource: 'compose', fence })).toMatchObject({ valid: true, locked: true, current_fence: fence });
      expect(await store.checkLock(fe, { resource: 'compose', fence: fence - 1 })).toMatchObject({ valid: false });
      expect(await store.checkLock(be, { resource: 'compose' })).toMatchObject({ valid: true, holders: [{ held_by: 'BE', session_id: 'be-1' }] });
      expect(await store.checkLock(beAgain, { resource: 'compose' })).toMatchObject({ valid: false });
      expect(await store.checkLock(be, { resource: 'never' })).toEqual({ resource: 'never', valid: false, locked: false, current_fence: 0, holders: [] });
    });
  });

  describe('a shared lock', () => {
    test('has many holders and keeps writers out', async () => {
      const { acquire, holders, lines } = await open();
      await acquire(be, 'schema', { mode: 'shared' });
      await acquire(fe, 'schema', { mode: 'shared', ttl_sec: 600 });
      expect(await acquire(ai, 'schema')).toMatchObject({ acquired: false, held_by: 'FE', ttl_remaining: 600 });
      expect(await holders()).toEqual({ schema: ['be-1', 'fe-1'] });
      expect(lines()).toEqual(['BE acquired schema (shared)', 'FE acquired schema (shared)']);
    });

    test('is kept out by a writer', async () => {
      const { acquire } = await open();
      await acquire(be, 'schema');
      expect(await acquire(fe, 'schema', { mode: 'shared' })).toMatchObject({ acquired: false, held_by: 'BE' });
    });

    test('becomes exclusive, with a new fence, for its only holder', async () => {
      const { store, hold, acquire } = await open();
      const shared = await hold(be, 'schema', { mode: 'shared' });
      const exclusive = await hold(be, 'schema');
      expect(exclusive).toMatchObject({ mode: 'exclusive', reentrant: false, lease_id: shared.lease_id, fence: shared.fence + 1 });
      expect(await acquire(fe, 'schema', { mode: 'shared' })).toMatchObject({ acquired: false });
      expect(await store.checkLock(be, { resource: 'schema', fence: shared.fence })).toMatchObject({ valid: false });
    });

    test('does not become exclusive while others share it, and stays shared meanwhile', async () => {
      const { store, acquire, queue } = await open();
      await acquire(be, 'schema', { mode: 'shared' });
      await acquire(fe, 'schema', { mode: 'shared' });
      expect(await acquire(be, 'schema')).toMatchObject({ acquired: false, held_by: 'FE' });
      await queue(be, 'schema');
      expect(await acquire(ai, 'schema', { mode: 'shared' })).toMatchObject({ acquired: false, held_by: 'BE', ttl_remaining: 0 });
      await store.releaseLock(fe, { resource: 'schema' });
      expect((await store.listLocks()).locks).toMatchObject([{ session_id: 'be-1', mode: 'exclusive' }]);
    });

    test('asked for by its exclusive holder leaves it exclusive', async () => {
      const { hold } = await open();
      const { fence } = await hold(be, 'schema');
      expect(await hold(be, 'schema', { mode: 'shared' })).toMatchObject({ mode: 'exclusive', fence, reentrant: true });
    });
  });

  describe('taking a lock away', () => {
    test('ends every lease on exactly this resource and tells the losers why', async () => {
      const { store, hold, holders, lines } = await open();
      const { fence } = await hold(be, 'schema', { mode: 'shared' });
      await hold(fe, 'schema', { mode: 'shared' });
      await hold(ai, 'schema-2');
      expect(await store.forceReleaseLock(producer, { resource: 'schema', reason: 'hotfix first' })).toEqual({
        released: true,
        resource: 'schema',
        lost_by: ['BE', 'FE'],
      });
      expect(await holders()).toEqual({ 'schema-2': ['ai-1'] });
      expect(lines().slice(3)).toEqual(['Producer took schema from BE: hotfix first', 'Producer took schema from FE: hotfix first']);
      const inbox = { after_id: 0, limit: 10, mark_read: false, unread_only: false };
      expect((await store.readInbox(be, inbox)).messages).toMatchObject([
        { from_role: 'Producer', importance: 'high', body: expect.stringMatching(`'schema' \\(fence ${fence}\\).*hotfix first`) },
      ]);
      expect((await store.readInbox(fe, inbox)).messages).toHaveLength(1);
      expect((await store.readInbox(ai, inbox)).messages).toHaveLength(0);
      expect(await store.heartbeatLock(be, { resource: 'schema', ttl_sec: 60 })).toMatchObject({ renewed: false, reason: 'not_held' });
    });

    test('gives it to the next in the queue', async () => {
      const { store, acquire, queue, holders } = await open();
      await acquire(be, 'compose');
      await queue(fe, 'compose');
      await store.forceReleaseLock(producer, { resource: 'compose', reason: 'stuck' });
      expect(await holders()).toEqual({ compose: ['fe-1'] });
    });

    test('is refused when nobody holds it, also after it expired', async () => {
      const { store, clock, acquire } = await open();
      await expect(store.forceReleaseLock(producer, { resource: 'compose', reason: 'x' })).rejects.toMatchObject({ code: 'LOCK_NOT_HELD' });
      await acquire(be, 'compose', { ttl_sec: 5 });
      clock.advance(5000);
      await expect(store.forceReleaseLock(producer, { resource: 'compose', reason: 'x' })).rejects.toMatchObject({ code: 'LOCK_NOT_HELD' });
    });
  });

  describe('a repeated call', () => {
    test('gets the grant of the first, marked, and has no second effect', async () => {
      const { hold, holders, commits } = await open();
      const first = await hold(be, 'compose', { idempotency_key: 'k' });
      expect(await hold(be, 'compose', { idempotency_key: 'k' })).toEqual({ ...first, replayed: true });
      expect(await holders()).toEqual({ compose: ['be-1'] });
      expect(commits).toHaveLength(1);
    });

    test('after a refusal or a wait tries again', async () => {
      const { store, acquire } = await open();
      await acquire(be, 'compose');
      const refused = await acquire(fe, 'compose', { idempotency_key: 'k' });
      expect(refused).toMatchObject({ acquired: false });
      const queued = await acquire(ai, 'compose', { wait_sec: 20, idempotency_key: 'k' });
      expect(queued).toMatchObject({ acquired: false, position: 1 });
      await store.releaseLock(be, { resource: 'compose' });
      expect(await acquire(ai, 'compose', { wait_sec: 20, idempotency_key: 'k' })).toMatchObject({ acquired: true, reentrant: true });
      await store.releaseLock(ai, { resource: 'compose' });
      const granted = await acquire(fe, 'compose', { idempotency_key: 'k' });
      expect(granted).toMatchObject({ acquired: true });
      expect(granted).not.toHaveProperty('replayed');
    });

    test('of a release does not release what was acquired since', async () => {
      const { store, acquire, holders } = await open();
      await acquire(be, 'compose');
      await store.releaseLock(be, { resource: 'compose', idempotency_key: 'k' });
      await acquire(be, 'compose');
      expect(await store.releaseLock(be, { resource: 'compose', idempotency_key: 'k' })).toMatchObject({ released: true, replayed: true });
      expect(await holders()).toEqual({ compose: ['be-1'] });
    });
  });

  describe('the next thing due', () => {
    test('is the earliest end of a lease, a wait or a kept place', async () => {
      const { store, clock, acquire, queue } = await open();
      const in_ = (seconds: number) => clock.now() + seconds * 1000;
      expect(await store.nextDue()).toBeNull();
      await acquire(be, 'compose', { ttl_sec: 300 });
      expect(await store.nextDue()).toBe(in_(300));
      await queue(fe, 'compose', { wait_sec: 20 });
      expect(await store.nextDue()).toBe(in_(20));
      clock.advance(20_000);
      await store.sweep();
      expect(await store.nextDue()).toBe(in_(30));
      clock.advance(30_000);
      await store.sweep();
      expect(await store.nextDue()).toBe(in_(250));
      await store.releaseLock(be, { resource: 'compose' });
      expect(await store.nextDue()).toBeNull();
    });
  });

  describe('the queue of a lock', () => lockQueueContract(open));
  describe('a path pattern', () => lockPathContract(open));
  describe('the model', () => lockModelContract(make));
}
