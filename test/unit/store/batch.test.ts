import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommitGroup } from '../../../main/store/commit-group.ts';
import type { Store, Tx } from '../../../main/store/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempStore } from '../../support/temp-store.ts';

let temp: ReturnType<typeof makeTempStore>;
let store: Store;
let told: string[][];
beforeEach(() => {
  temp = makeTempStore(new FakeClock());
  store = temp.store;
  told = [];
  store.onCommit((events) => told.push(events.map((event) => event.text)));
});
afterEach(() => temp.close());

const say = (text: string) => (tx: Tx) => tx.event({ kind: 'test', action: 'said', text });
const texts = () => store.db.prepare('SELECT text FROM events ORDER BY id').pluck().all();
/** What another process sees: only what is committed. */
function committed(): unknown[] {
  const other = new Database(temp.file, { readonly: true });
  const found = other.prepare('SELECT text FROM events ORDER BY id').pluck().all();
  other.close();
  return found;
}

describe('changes of one batch', () => {
  test('count and are told only after their common commit', () => {
    store.batch(() => {
      store.transact(say('a'));
      store.transact(say('b'));
      expect(committed()).toEqual([]);
      expect(told).toEqual([]);
    });
    expect(committed()).toEqual(['a', 'b']);
    expect(told).toEqual([['a'], ['b']]);
  });

  test('are undone one by one when they throw', () => {
    const fault = new Error('not this one');
    store.batch(() => {
      store.transact(say('a'));
      expect(() =>
        store.transact((tx) => {
          say('undone')(tx);
          throw fault;
        }),
      ).toThrow(fault);
      store.transact(say('c'));
    });
    expect(committed()).toEqual(['a', 'c']);
    expect(told).toEqual([['a'], ['c']]);
  });

  test('are all undone when the batch throws', () => {
    expect(() =>
      store.batch(() => {
        store.transact(say('a'));
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(texts()).toEqual([]);
    expect(told).toEqual([]);
    store.transact(say('after'));
    expect(committed()).toEqual(['after']);
  });

  test('are all lost when SQLite gives up the transaction, and the cause is named', () => {
    expect(() =>
      store.batch(() => {
        store.transact(say('a'));
        expect(() =>
          store.transact((tx) => {
            say('b')(tx);
            store.db.exec('ROLLBACK');
            throw new Error('the disk is gone');
          }),
        ).toThrow('the disk is gone');
        expect(() => store.transact(say('c'))).toThrow('the disk is gone');
      }),
    ).toThrow('the disk is gone');
    expect(committed()).toEqual([]);
    expect(told).toEqual([]);
  });

  test('write nothing at all when none changes anything', () => {
    store.batch(() => {});
    expect(existsSync(temp.file)).toBe(true);
    expect(store.db.inTransaction).toBe(false);
  });

  test('cannot be nested', () => {
    expect(() => store.batch(() => store.batch(() => {}))).toThrow(/inside batch/);
    expect(() => store.transact(() => store.batch(() => {}))).toThrow(/inside batch\(\) or transact/);
  });
});

describe('a commit group', () => {
  test('commits what was asked for in one turn together, in order', async () => {
    const group = new CommitGroup(store);
    const commits: number[] = [];
    const count = store.db.prepare('SELECT count(*) FROM events').pluck();
    const all = Promise.all(['a', 'b', 'c'].map((text) => group.run(() => store.transact(say(text))).then((id) => commits.push(count.get() as number) && id)));
    expect(committed()).toEqual([]);
    expect(await all).toEqual([1, 2, 3]);
    expect(commits).toEqual([3, 3, 3]);
    expect(committed()).toEqual(['a', 'b', 'c']);
  });

  test('takes in what comes turn after turn, and commits after the first turn that brings nothing', async () => {
    const group = new CommitGroup(store);
    const ask = (text: string): Promise<unknown[]> => group.run(() => store.transact(say(text))).then(() => committed());
    const asked = await new Promise<Promise<unknown[]>[]>((allAsked) => {
      const promises: Promise<unknown[]>[] = [];
      const arrive = ([text, ...later]: readonly string[]): void => {
        if (later.length > 0) setImmediate(() => arrive(later));
        promises.push(ask(text!));
        if (later.length === 0) allAsked(promises);
      };
      arrive(['a', 'b', 'c']);
    });
    expect(await Promise.all(asked)).toEqual([1, 2, 3].map(() => ['a', 'b', 'c']));
    expect(await ask('d')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('rejects only the change that threw', async () => {
    const group = new CommitGroup(store);
    const results = await Promise.allSettled([
      group.run(() => store.transact(say('a'))),
      group.run(() => {
        throw new Error('refused');
      }),
      group.run(() => 'a look'),
    ]);
    expect(results).toMatchObject([{ value: 1 }, { reason: { message: 'refused' } }, { value: 'a look' }]);
    expect(committed()).toEqual(['a']);
  });

  test('rejects every change when the commit fails', async () => {
    const group = new CommitGroup(store);
    const blocker = new Database(temp.file);
    store.db.pragma('busy_timeout = 0');
    blocker.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([group.run(() => store.transact(say('a'))), group.run(() => store.transact(say('b')))]);
    expect(results).toMatchObject([{ reason: { code: 'DATABASE_BUSY' } }, { reason: { code: 'DATABASE_BUSY' } }]);
    blocker.exec('ROLLBACK');
    blocker.close();
    expect(await group.run(() => store.transact(say('c')))).toBe(1);
  });

  test('splits a very large group, so that other processes get their turn', async () => {
    const group = new CommitGroup(store);
    const batches: number[] = [];
    const batch = store.batch.bind(store);
    store.batch = (work) => {
      const before = texts().length;
      batch(work);
      batches.push(texts().length - before);
    };
    await Promise.all(Array.from({ length: 150 }, (_, n) => group.run(() => store.transact(say(String(n))))));
    expect(batches).toEqual([64, 64, 22]);
    expect(committed()).toEqual(Array.from({ length: 150 }, (_, n) => String(n)));
  });
});
