import { describe, expect, test } from 'vitest';
import { callerIn } from './callers.ts';
import type { LockBus } from './lock-calls.ts';

const be = callerIn('BE', 'be-1');
const fe = callerIn('FE', 'fe-1');
const ai = callerIn('AI', 'ai-1');
const qa = callerIn('QA', 'qa-1');

/** What every bus store promises about waiting for a lock. */
export function lockQueueContract(open: () => Promise<LockBus>): void {
  test('is first come, first served, and hands over in the commit that frees the lock', async () => {
    const { store, acquire, queue, holders, waiters, commits } = await open();
    await acquire(be, 'compose');
    expect(await queue(fe, 'compose')).toMatchObject({ held_by: 'BE', position: 1, hint: expect.stringContaining('number 1') });
    const { ticket } = await queue(ai, 'compose', { ttl_sec: 60, intent: 'rebuild' });
    expect(await queue(ai, 'compose', { ttl_sec: 60, intent: 'rebuild' })).toMatchObject({ ticket, position: 2 });
    expect(await waiters()).toEqual(['fe-1', 'ai-1']);

    await store.releaseLock(be, { resource: 'compose' });
    expect(await holders()).toEqual({ compose: ['fe-1'] });
    expect(commits.at(-1)!.map((event) => event.text)).toEqual(['BE released compose', 'FE acquired compose']);
    await store.releaseLock(fe, { resource: 'compose' });
    expect(commits.at(-1)!.at(-1)).toMatchObject({
      action: 'granted',
      role: 'AI',
      data: { resource: 'compose', mode: 'exclusive', session_id: 'ai-1', ticket, fence: 3, lease_id: expect.any(String), ttl_sec: 60 },
    });
    expect((await store.listLocks()).locks).toMatchObject([{ session_id: 'ai-1', intent: 'rebuild', ttl_remaining: 60 }]);
    expect(await waiters()).toEqual([]);
  });

  test('logs who joins it and who leaves it, once', async () => {
    const { store, clock, acquire, queue, lines } = await open();
    await acquire(be, 'compose');
    await queue(fe, 'compose', { wait_sec: 5 });
    await queue(fe, 'compose', { wait_sec: 5 });
    clock.advance(35_000);
    await store.sweep();
    expect(lines()).toEqual(['BE acquired compose', 'FE waits for compose', 'FE waits no longer for compose']);
  });

  test('hands over when the lease expires or its session ends', async () => {
    const { store, clock, acquire, queue, holders, lines } = await open();
    await acquire(be, 'compose', { ttl_sec: 10 });
    await queue(fe, 'compose');
    await queue(ai, 'compose');
    clock.advance(10_000);
    await store.sweep();
    expect(await holders()).toEqual({ compose: ['fe-1'] });
    expect(lines()).toContain('BE lost compose: the time was over');
    await store.endSession('fe-1', 'session revoked');
    expect(await holders()).toEqual({ compose: ['ai-1'] });
  });

  test('is not overtaken: a newcomer waits behind it even for a lock it could share', async () => {
    const { store, acquire, queue, holders } = await open();
    await acquire(be, 'schema', { mode: 'shared' });
    await queue(fe, 'schema');
    expect(await acquire(ai, 'schema', { mode: 'shared' })).toMatchObject({ acquired: false, held_by: 'FE', ttl_remaining: 0, position: null });
    expect(await queue(ai, 'schema', { mode: 'shared' })).toMatchObject({ position: 2 });
    await store.releaseLock(be, { resource: 'schema' });
    expect(await holders()).toEqual({ schema: ['fe-1'] });
  });

  test('lets neighbours that can share in together', async () => {
    const { store, acquire, queue, holders, waiters } = await open();
    await acquire(be, 'schema');
    await queue(fe, 'schema', { mode: 'shared' });
    await queue(ai, 'schema', { mode: 'shared' });
    await queue(qa, 'schema');
    await store.releaseLock(be, { resource: 'schema' });
    expect(await holders()).toEqual({ schema: ['fe-1', 'ai-1'] });
    expect(await waiters()).toEqual(['qa-1']);
  });

  test('does not hold back what nobody in it wants', async () => {
    const { acquire, queue } = await open();
    await acquire(be, 'compose');
    await queue(fe, 'compose');
    expect(await acquire(ai, 'nas-deploy')).toMatchObject({ acquired: true });
  });

  test('does not hold back the renewal of a lease', async () => {
    const { acquire, queue } = await open();
    await acquire(be, 'compose');
    await queue(fe, 'compose');
    expect(await acquire(be, 'compose')).toMatchObject({ acquired: true, reentrant: true });
  });

  describe('a place', () => {
    test('is granted only while its caller waits; others go on meanwhile', async () => {
      const { store, clock, acquire, queue, holders } = await open();
      await acquire(be, 'compose');
      await queue(fe, 'compose', { wait_sec: 10 });
      await queue(ai, 'compose', { wait_sec: 50 });
      clock.advance(10_000);
      await store.releaseLock(be, { resource: 'compose' });
      expect(await holders()).toEqual({ compose: ['ai-1'] });
    });

    test('is kept for 30 s after the wait, in front of those who came later', async () => {
      const { store, clock, acquire, queue, holders } = await open();
      await acquire(be, 'compose');
      const { ticket } = await queue(fe, 'compose', { wait_sec: 10 });
      await queue(ai, 'compose', { wait_sec: 50 });
      clock.advance(39_999);
      expect(await queue(fe, 'compose', { wait_sec: 10 })).toMatchObject({ ticket, position: 1 });
      await store.releaseLock(be, { resource: 'compose' });
      expect(await holders()).toEqual({ compose: ['fe-1'] });
    });

    test('is lost after that', async () => {
      const { clock, acquire, queue } = await open();
      await acquire(be, 'compose');
      const { ticket } = await queue(fe, 'compose', { wait_sec: 10 });
      await queue(ai, 'compose', { wait_sec: 50 });
      clock.advance(40_000);
      const again = await queue(fe, 'compose', { wait_sec: 10 });
      expect(again.position).toBe(2);
      expect(again.ticket).toBeGreaterThan(ticket!);
    });

    test('is shown to a caller that asks without waiting, and used when the lock is free', async () => {
      const { store, clock, acquire, queue, waiters } = await open();
      await acquire(be, 'compose');
      const { ticket } = await queue(fe, 'compose', { wait_sec: 10 });
      clock.advance(10_000);
      expect(await acquire(fe, 'compose')).toMatchObject({ acquired: false, ticket, position: 1 });
      await store.releaseLock(be, { resource: 'compose' });
      expect(await acquire(fe, 'compose')).toMatchObject({ acquired: true, reentrant: false });
      expect(await waiters()).toEqual([]);
    });

    test('counts from where it was when its caller comes back to a lock it can share', async () => {
      const { store, clock, acquire, queue, holders } = await open();
      await acquire(be, 'schema');
      await queue(fe, 'schema', { mode: 'shared', wait_sec: 10 });
      await queue(qa, 'schema', { mode: 'shared', wait_sec: 50 });
      await queue(ai, 'schema', { wait_sec: 50 });
      clock.advance(10_000);
      await store.releaseLock(be, { resource: 'schema' });
      expect(await holders()).toEqual({ schema: ['qa-1'] });
      expect(await acquire(fe, 'schema', { mode: 'shared' })).toMatchObject({ acquired: true });
    });

    test('is not behind those any more who wait for what its session got since', async () => {
      const { store, clock, acquire, queue, holders } = await open();
      await acquire(be, 'src/a.ts');
      await acquire(ai, 'src/x/c.ts');
      await queue(fe, 'src/a.ts', { wait_sec: 10 });
      await queue(qa, 'src/**', { wait_sec: 50 });
      await queue(fe, 'src/*.ts', { wait_sec: 50 });
      clock.advance(10_000);
      await store.releaseLock(be, { resource: 'src/a.ts' });
      await acquire(fe, 'src/a.ts');
      expect(await holders()).toEqual({ 'path:src/*.ts': ['fe-1'], 'path:src/a.ts': ['fe-1'], 'path:src/x/c.ts': ['ai-1'] });
    });

    test('of a caller that is gone is not granted any more, but kept for its return', async () => {
      const { store, acquire, queue, holders, waiters } = await open();
      await acquire(be, 'compose');
      const { ticket } = await queue(fe, 'compose');
      await store.stopWaiting(fe, 'compose');
      expect(await waiters()).toEqual(['fe-1']);
      expect(await queue(fe, 'compose')).toMatchObject({ ticket, position: 1 });
      await store.stopWaiting(fe, 'compose');
      await store.releaseLock(be, { resource: 'compose' });
      expect(await holders()).toEqual({});
    });

    test('given up lets those behind it in at once', async () => {
      const { store, clock, acquire, queue, holders } = await open();
      await acquire(be, 'schema', { mode: 'shared' });
      await queue(fe, 'schema', { wait_sec: 10 });
      await queue(ai, 'schema', { mode: 'shared', wait_sec: 50 });
      await store.stopWaiting(fe, 'schema');
      expect(await holders()).toEqual({ schema: ['be-1', 'ai-1'] });

      await queue(fe, 'schema', { wait_sec: 10 });
      await queue(qa, 'schema', { mode: 'shared', wait_sec: 50 });
      expect(await store.nextDue()).toBe(clock.now() + 10_000);
      clock.advance(10_000);
      await store.sweep();
      expect(await holders()).toEqual({ schema: ['be-1', 'ai-1', 'qa-1'] });
    });

    test('ends with its session', async () => {
      const { store, acquire, queue, waiters } = await open();
      await acquire(be, 'compose');
      await queue(fe, 'compose');
      await queue(ai, 'compose');
      await store.endSession('fe-1', 'session expired');
      expect(await waiters()).toEqual(['ai-1']);
    });

    test('is for what its caller asks when it comes back', async () => {
      const { store, clock, acquire, queue } = await open();
      await acquire(be, 'schema');
      const { ticket } = await queue(fe, 'schema', { wait_sec: 10, ttl_sec: 60, intent: 'migrate' });
      clock.advance(10_000);
      expect(await queue(fe, 'schema', { mode: 'shared', ttl_sec: 90, intent: 'read' })).toMatchObject({ ticket });
      await store.releaseLock(be, { resource: 'schema' });
      expect((await store.listLocks()).locks).toMatchObject([{ session_id: 'fe-1', mode: 'shared', ttl_remaining: 90, intent: 'read' }]);
    });

    test('stays exclusive while one of two calls of its session waits for that', async () => {
      const { store, acquire, queue, holders, waiters } = await open();
      await acquire(be, 'schema', { mode: 'shared' });
      await queue(fe, 'schema');
      await queue(ai, 'schema', { mode: 'shared' });
      expect(await acquire(fe, 'schema', { mode: 'shared' })).toMatchObject({ acquired: true, mode: 'shared' });
      expect(await waiters()).toEqual(['fe-1', 'ai-1']);
      await store.releaseLock(be, { resource: 'schema' });
      expect(await holders()).toEqual({ schema: ['fe-1'] });
      expect(await store.checkLock(fe, { resource: 'schema' })).toMatchObject({ holders: [{ mode: 'exclusive' }] });

      await queue(qa, 'schema');
      await queue(qa, 'schema', { mode: 'shared' });
      expect((await store.listLocks()).waiters).toMatchObject([{ session_id: 'ai-1' }, { session_id: 'qa-1', mode: 'exclusive' }]);
    });
  });

  describe('a deadlock', () => {
    test('is refused with the circle named, and nothing changes', async () => {
      const { acquire, queue, holders, waiters } = await open();
      await acquire(fe, 'compose');
      await acquire(be, 'nas-deploy');
      await queue(be, 'compose');
      await expect(acquire(fe, 'nas-deploy', { wait_sec: 20 })).rejects.toMatchObject({
        code: 'DEADLOCK',
        message: expect.stringContaining('FE holds compose and waits for nas-deploy, held by BE, who waits for compose'),
        details: {
          cycle: [
            { role: 'FE', session_id: 'fe-1', waits_for: 'nas-deploy', kept_by: 'BE', through: 'nas-deploy', held: true },
            { role: 'BE', session_id: 'be-1', waits_for: 'compose', kept_by: 'FE', through: 'compose', held: true },
          ],
        },
      });
      expect(await holders()).toEqual({ compose: ['fe-1'], 'nas-deploy': ['be-1'] });
      expect(await waiters()).toEqual(['be-1']);
    });

    test('is found among three and through path patterns', async () => {
      const { acquire, queue } = await open();
      await acquire(fe, 'src/**');
      await acquire(be, 'nas-deploy');
      await acquire(ai, 'compose');
      await queue(be, 'compose');
      await queue(ai, 'src/main.ts');
      await expect(acquire(fe, 'nas-deploy', { wait_sec: 20 })).rejects.toThrow(
        'FE holds path:src/** and waits for nas-deploy, held by BE, who waits for compose, held by AI, who waits for path:src/main.ts',
      );
    });

    test('is found when two who share both ask for the lock alone', async () => {
      const { acquire, queue } = await open();
      await acquire(fe, 'schema', { mode: 'shared' });
      await acquire(be, 'schema', { mode: 'shared' });
      await queue(fe, 'schema');
      await expect(acquire(be, 'schema', { wait_sec: 20 })).rejects.toMatchObject({ code: 'DEADLOCK' });
    });

    test('is found when it goes through a place in the queue', async () => {
      const { acquire, queue } = await open();
      await acquire(be, 'schema', { mode: 'shared' });
      await acquire(ai, 'compose');
      await queue(ai, 'schema');
      await acquire(fe, 'nas-deploy');
      await queue(be, 'nas-deploy');
      await expect(acquire(fe, 'schema', { mode: 'shared', wait_sec: 20 })).rejects.toThrow(
        'FE holds nas-deploy and waits for schema, where the queue is led by AI, who waits for schema, held by BE, who waits for nas-deploy',
      );
    });

    test('is not seen where a call does not wait, or does not wait any more', async () => {
      const { clock, acquire, queue } = await open();
      await acquire(fe, 'compose');
      await acquire(be, 'nas-deploy');
      await queue(be, 'compose', { wait_sec: 10 });
      expect(await acquire(fe, 'nas-deploy')).toMatchObject({ acquired: false, held_by: 'BE' });
      clock.advance(10_000);
      expect(await queue(fe, 'nas-deploy')).toMatchObject({ position: 1 });
      await expect(acquire(be, 'compose', { wait_sec: 10 })).rejects.toMatchObject({ code: 'DEADLOCK' });
    });

    test('does not keep a holder from a second lock inside what it holds', async () => {
      const { acquire, queue } = await open();
      await acquire(fe, 'src/**');
      await queue(be, 'src/main.ts');
      expect(await acquire(fe, 'src/main.ts', { wait_sec: 20 })).toMatchObject({ acquired: true });
    });
  });
}
