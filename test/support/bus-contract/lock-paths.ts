import { expect, test } from 'vitest';
import { callerIn } from './callers.ts';
import type { LockBus } from './lock-calls.ts';

const be = callerIn('BE', 'be-1');
const fe = callerIn('FE', 'fe-1');
const ai = callerIn('AI', 'ai-1');

/** What every bus store promises about locks on paths. How patterns overlap is tested in test/unit/bus/lock-names.test.ts. */
export function lockPathContract(open: () => Promise<LockBus>): void {
  test('keeps out every pattern that overlaps and names the lock in the way', async () => {
    const { acquire } = await open();
    await acquire(be, 'src/bus/**');
    for (const resource of ['src/bus/store.ts', 'src/**', 'src/*/store.ts', '**/*.ts', 'src\\bus\\', 'path:src/bus']) {
      expect(await acquire(fe, resource), resource).toMatchObject({ acquired: false, held_by: 'BE', held_resource: 'path:src/bus/**' });
    }
    for (const resource of ['src/main.ts', 'src/*', 'src/business/**', '/src/bus/store.ts', 'bus', 'docs/']) {
      expect(await acquire(fe, resource), resource).toMatchObject(resource === 'src/*' ? { acquired: false } : { acquired: true });
    }
  });

  test('is one lock however it is written', async () => {
    const { store, hold, acquire } = await open();
    const { fence, resource } = await hold(be, './src//bus/');
    expect(resource).toBe('path:src/bus/**');
    expect(await hold(be, 'src\\bus\\**')).toMatchObject({ fence, reentrant: true });
    expect(await store.checkLock(be, { resource: 'path:src/bus/**' })).toMatchObject({ valid: true });
    expect(await store.releaseLock(be, { resource: 'src/bus/' })).toMatchObject({ released: true });
    expect(await acquire(fe, 'src/bus/store.ts')).toMatchObject({ acquired: true });
  });

  test('with overlapping readers lets a writer in when the last is gone', async () => {
    const { store, acquire, queue, holders } = await open();
    await acquire(be, 'src/**', { mode: 'shared' });
    await acquire(fe, 'src/bus/**', { mode: 'shared' });
    await queue(ai, 'src/bus/store.ts');
    await store.releaseLock(be, { resource: 'src/**' });
    expect(await holders()).toEqual({ 'path:src/bus/**': ['fe-1'] });
    await store.releaseLock(fe, { resource: 'src/bus/**' });
    expect(await holders()).toEqual({ 'path:src/bus/store.ts': ['ai-1'] });
  });

  test('that is released is exactly the one named', async () => {
    const { store, acquire, holders } = await open();
    await acquire(be, 'src/**');
    await acquire(be, 'src/main.ts');
    expect(await store.releaseLock(be, { resource: 'src/main.ts' })).toMatchObject({ released: true });
    expect(await holders()).toEqual({ 'path:src/**': ['be-1'] });
    expect(await store.releaseLock(be, { resource: 'src/bus.ts' })).toMatchObject({ released: false, held_by: null, reason: 'not_held' });
  });

  test('grants several that do not overlap at once', async () => {
    const { store, acquire, queue, holders } = await open();
    await acquire(be, '**');
    await queue(fe, 'src/**');
    await queue(ai, 'docs/**');
    await store.releaseLock(be, { resource: '**' });
    expect(await holders()).toEqual({ 'path:docs/**': ['ai-1'], 'path:src/**': ['fe-1'] });
  });

  test.each(['', 'a\u0007', '../etc', 'src/a**'])('of the bad name %j is refused', async (resource) => {
    const { store, acquire } = await open();
    await expect(acquire(be, resource)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(store.releaseLock(be, { resource })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(store.checkLock(be, { resource })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
}
