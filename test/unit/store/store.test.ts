import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../../main/store/open.ts';
import type { Store, StoredEvent } from '../../../main/store/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
let clock: FakeClock;
let store: Store;
let listenerErrors: unknown[];
beforeEach(() => {
  dir = makeTempDir();
  clock = new FakeClock();
  listenerErrors = [];
  store = openStore({ file: `${dir.path}/wheelhouse.db`, durability: 'normal', clock, onListenerError: (error) => listenerErrors.push(error) });
});
afterEach(() => {
  store.close();
  dir.remove();
});

function put(name: string, value: number): void {
  store.db.prepare('INSERT INTO counters (name, value) VALUES (?, ?)').run(name, value);
}

function counters(): unknown {
  return store.db.prepare('SELECT name, value FROM counters ORDER BY name').all();
}

function eventTexts(): unknown {
  return store.db.prepare('SELECT text FROM events ORDER BY id').pluck().all();
}

describe('a change', () => {
  it('commits with the line that reports it', () => {
    const id = store.transact((tx) => {
      put('a', tx.now);
      return tx.event({ kind: 'system', action: 'counted', text: 'a was counted', role: 'FE', subject: 'counter:a', data: { by: 1 } });
    });

    expect(counters()).toEqual([{ name: 'a', value: clock.now() }]);
    expect(store.db.prepare('SELECT * FROM events').all()).toEqual([
      { id, ts: clock.now(), kind: 'system', action: 'counted', role: 'FE', session_id: null, subject: 'counter:a', text: 'a was counted', data: '{"by":1}' },
    ]);
  });

  it('leaves neither row nor event when it throws, and throws the same', () => {
    const bug = new Error('a bug');

    expect(() =>
      store.transact((tx) => {
        put('a', 1);
        tx.event({ kind: 'system', action: 'counted', text: 'never' });
        throw bug;
      }),
    ).toThrow(bug);

    expect(counters()).toEqual([]);
    expect(eventTexts()).toEqual([]);
    expect(store.db.inTransaction).toBe(false);
  });

  it('leaves neither row nor event when the database refuses a part of it', () => {
    expect(() =>
      store.transact((tx) => {
        tx.event({ kind: 'system', action: 'counted', text: 'never' });
        put('a', 1);
        put('a', 2);
      }),
    ).toThrow(/UNIQUE/);

    expect(counters()).toEqual([]);
    expect(eventTexts()).toEqual([]);
  });

  it('has one time from beginning to end', () => {
    const times = store.transact((tx) => {
      const first = tx.now;
      clock.advance(5000);
      return [first, tx.now];
    });

    expect(times[0]).toBe(times[1]);
  });

  it('is refused inside another one, which is undone', () => {
    expect(() =>
      store.transact(() => {
        put('outer', 1);
        store.transact(() => put('inner', 1));
      }),
    ).toThrow(/inside transact/);

    expect(counters()).toEqual([]);
    store.transact(() => put('next', 1));
    expect(counters()).toEqual([{ name: 'next', value: 1 }]);
  });

  it('is refused when it waits, and undone', () => {
    expect(() =>
      store.transact(async () => {
        put('a', 1);
        await Promise.resolve();
      }),
    ).toThrow(/that waits/);

    expect(counters()).toEqual([]);
  });

  it('gets event ids that are never used again, also after a rollback or a deletion', () => {
    const say = (text: string): number => store.transact((tx) => tx.event({ kind: 'system', action: 'said', text }));
    const first = say('one');
    store.db.exec('DELETE FROM events');

    expect(say('two')).toBeGreaterThan(first);
  });
});

describe('listeners', () => {
  it('hear the events of a change together, in order, after the commit', () => {
    const heard: { readonly texts: readonly string[]; readonly committed: boolean }[] = [];
    store.onCommit((events) => heard.push({ texts: events.map((event) => event.text), committed: !store.db.inTransaction }));

    store.transact((tx) => {
      tx.event({ kind: 'system', action: 'x', text: 'one' });
      tx.event({ kind: 'system', action: 'x', text: 'two' });
      expect(heard).toEqual([]);
    });

    expect(heard).toEqual([{ texts: ['one', 'two'], committed: true }]);
  });

  it('hear what the table has', () => {
    const heard: StoredEvent[] = [];
    store.onCommit((events) => heard.push(...events));

    const id = store.transact((tx) => tx.event({ kind: 'lock', action: 'granted', text: 'x', sessionId: 's1', data: { fence: 3 } }));

    expect(heard).toEqual([{ id, ts: clock.now(), kind: 'lock', action: 'granted', text: 'x', role: null, sessionId: 's1', subject: null, data: { fence: 3 } }]);
  });

  it('hear nothing of a change that was undone, or that reports nothing', () => {
    let calls = 0;
    store.onCommit(() => {
      calls += 1;
    });

    expect(() =>
      store.transact((tx) => {
        tx.event({ kind: 'system', action: 'x', text: 'never' });
        throw new Error('undone');
      }),
    ).toThrow('undone');
    store.transact(() => put('a', 1));

    expect(calls).toBe(0);
  });

  it('are not starved by one that throws, and the change stands', () => {
    const heard: string[] = [];
    store.onCommit(() => {
      throw new Error('faulty listener');
    });
    store.onCommit((events) => heard.push(events[0]!.text));

    store.transact((tx) => tx.event({ kind: 'system', action: 'x', text: 'news' }));

    expect(heard).toEqual(['news']);
    expect(listenerErrors).toEqual([new Error('faulty listener')]);
    expect(eventTexts()).toEqual(['news']);
  });

  it('all hear one order when a listener commits as well', () => {
    const say = (text: string): number => store.transact((tx) => tx.event({ kind: 'system', action: 'x', text }));
    store.onCommit((events) => {
      if (events[0]!.text === 'question') say('answer');
    });
    const heard: string[] = [];
    store.onCommit((events) => heard.push(...events.map((event) => event.text)));

    say('question');

    expect(heard).toEqual(['question', 'answer']);
  });

  it('hear no more after they left', () => {
    const heard: string[] = [];
    const leave = store.onCommit((events) => heard.push(events[0]!.text));
    leave();

    store.transact((tx) => tx.event({ kind: 'system', action: 'x', text: 'news' }));

    expect(heard).toEqual([]);
  });
});
