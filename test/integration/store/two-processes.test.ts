import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../../main/store/open.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startLineProcess } from '../../support/line-process.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const PROGRAM = join(import.meta.dirname, '../../support/store-process.ts');

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(() => dir.remove());

it('lets processes make one new database and count in it together without losing a step', async () => {
  const file = join(dir.path, 'wheelhouse.db');
  const writers = ['A', 'B', 'C'].map((who) => startLineProcess(PROGRAM, ['write', file, '200', who]));

  expect(await Promise.all(writers.map(async (writer) => writer.next()))).toEqual([{ done: 'A' }, { done: 'B' }, { done: 'C' }]);
  await Promise.all(writers.map(async (writer) => writer.end()));

  const store = openStore({ file, durability: 'full', clock: new FakeClock(), onListenerError: () => undefined });
  expect(store.db.prepare("SELECT value FROM counters WHERE name = 'shared'").pluck().get()).toBe(600);
  expect(store.db.prepare('SELECT count(DISTINCT text) FROM events').pluck().get()).toBe(600);
  store.close();
});
