import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../main/store/migrations.ts';
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

it('lets processes bring one older database up to date at the same time', async () => {
  const openers = Array.from({ length: 6 }, () => startLineProcess(PROGRAM, ['open', join(dir.path, 'wheelhouse.db')]));
  await Promise.all(openers.map(async (opener) => opener.next()));
  const old = new Database(join(dir.path, 'wheelhouse.db'));
  old.exec(MIGRATIONS[0]!.sql);
  old.pragma('user_version = 1');
  old.close();

  const answers = await Promise.all(openers.map(async (opener) => opener.ask('open')));

  expect(answers).toEqual(openers.map(() => ({ opened: true })));
  await Promise.all(openers.map(async (opener) => opener.end()));
});
