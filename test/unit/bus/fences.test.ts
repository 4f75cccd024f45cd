import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import { openStore } from '../../../main/store/open.ts';
import { callerIn } from '../../support/bus-contract/callers.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

/** Opens the same file again and again, as a program that is restarted does. */
function makeRestarts() {
  const dir = makeTempDir();
  const clock = new FakeClock();
  onTestFinished(() => dir.remove());
  return {
    clock,
    async run<T>(use: (bus: SqliteBusStore) => Promise<T>): Promise<T> {
      const store = openStore({
        file: join(dir.path, 'wheelhouse.db'),
        durability: 'full',
        clock,
        onListenerError: (error) => {
          throw error;
        },
      });
      try {
        return await use(new SqliteBusStore(store, { clock, platform: 'linux', claimSilenceMs: null, coordinator: 'Producer' }));
      } finally {
        store.close();
      }
    },
  };
}

const be = callerIn('BE');
const lock = { resource: 'compose', ttl_sec: 60, mode: 'exclusive', wait_sec: 0 } as const;

test('a fence never goes back over restarts, whether the lock was released, expired or is still held', async () => {
  const { run, clock } = makeRestarts();
  const grant = async (session: string): Promise<number> => {
    const answer = await run((bus) => bus.acquireLock(callerIn('BE', session), lock));
    if (!answer.acquired) throw new Error(answer.hint);
    return answer.fence;
  };
  const first = await grant('one');
  expect(await grant('one')).toBe(first);
  await run((bus) => bus.releaseLock(callerIn('BE', 'one'), { resource: 'compose' }));
  const second = await grant('two');
  clock.jump(60_000);
  const third = await grant('three');
  expect([second > first, third > second]).toEqual([true, true]);
  expect(await run((bus) => bus.checkLock(be, { resource: 'compose', fence: second }))).toMatchObject({ valid: false, current_fence: third });
});

test('a queue and its order survive a restart', async () => {
  const { run } = makeRestarts();
  await run(async (bus) => {
    await bus.acquireLock(be, lock);
    await bus.acquireLock(callerIn('FE'), { ...lock, wait_sec: 20 });
    await bus.acquireLock(callerIn('AI'), { ...lock, wait_sec: 20 });
  });
  await run((bus) => bus.releaseLock(be, { resource: 'compose' }));
  const { locks, waiters } = await run((bus) => bus.listLocks());
  expect([locks.map((lease) => lease.held_by), waiters.map((waiter) => waiter.role)]).toEqual([['FE'], ['AI']]);
});
