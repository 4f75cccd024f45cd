import { describe, expect, onTestFinished, test } from 'vitest';
import { SqliteBusStore } from '../../../main/bus/sqlite-store.ts';
import { callerIn } from '../../support/bus-contract/callers.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempStore } from '../../support/temp-store.ts';

const producer = callerIn('Producer');
const be = callerIn('BE');
const inbox = { after_id: 0, limit: 100, mark_read: false, unread_only: false };

function open() {
  const clock = new FakeClock();
  const temp = makeTempStore(clock);
  onTestFinished(() => temp.close());
  const { db } = temp.store;
  const makeBus = () => new SqliteBusStore(temp.store, { clock, platform: 'linux', claimSilenceMs: null, coordinator: 'Producer' });
  return { db, clock, makeBus, bus: makeBus() };
}

describe('a change and its log line are one', () => {
  const counts = (db: ReturnType<typeof open>['db']) =>
    ['messages', 'events', 'idempotency'].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());

  test('when the line cannot be written, there is no message and no key', async () => {
    const { db, bus } = open();
    db.exec("CREATE TRIGGER no_log BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the log is full'); END");
    const call = { to_role: 'BE', body: 'hi', idempotency_key: 'k' };
    await expect(bus.postMessage(producer, call)).rejects.toThrow('the log is full');
    expect(counts(db)).toEqual([0, 0, 0]);
    db.exec('DROP TRIGGER no_log');
    expect(await bus.postMessage(producer, call)).toMatchObject({ message_id: 1 });
    expect(counts(db)).toEqual([1, 1, 1]);
  });

  test('the search index knows no message that was taken back, and every one that was not', async () => {
    const { db, bus } = open();
    const post = () => bus.postMessage(producer, { to_role: 'BE', body: 'hello' });
    const found = async () => (await bus.listMessages({ query: 'hello', limit: 500 })).messages.length;
    for (let n = 1; n < 64; n += 1) await post();
    db.exec("CREATE TRIGGER no_log BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the log is full'); END");
    await expect(post()).rejects.toThrow('the log is full');
    expect(await found()).toBe(63);
    db.exec('DROP TRIGGER no_log');
    for (let n = 64; n <= 130; n += 1) await post();
    expect(await found()).toBe(130);
  });

  test('when the line cannot be written, a read delivers nothing', async () => {
    const { db, bus } = open();
    await bus.postMessage(producer, { to_role: 'BE', body: 'hi' });
    db.exec("CREATE TRIGGER no_log BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'the log is full'); END");
    await expect(bus.readInbox(be, { ...inbox, mark_read: true })).rejects.toThrow('the log is full');
    expect((await bus.getMessages([1]))[0]).toMatchObject({ delivered_at: null, read_at: null });
  });
});

test('a removed message leaves nothing in the search index, whether it had been indexed or not', async () => {
  const { db, bus } = open();
  for (let n = 0; n < 70; n += 1) await bus.postMessage(producer, { to_role: 'BE', body: 'hello' });
  const indexed = () => db.prepare('SELECT count(*) FROM messages_fts_docsize').pluck().get();
  expect(indexed()).toBe(64);
  await bus.prune({ maxMessages: 0, messageDays: null, maxEvents: null, eventDays: null, idempotencyHours: 24 });
  expect(indexed()).toBe(0);
  expect(await bus.listMessages({ query: 'hello', limit: 5 })).toEqual({ messages: [], has_more: false });
  expect(db.prepare("INSERT INTO messages_fts (messages_fts) VALUES ('integrity-check')").run()).toBeTruthy();
});

test('messages that came into the file without an index are found all the same', async () => {
  const { db, bus } = open();
  const insert = db.prepare("INSERT INTO messages (ts, from_role, to_role, body, from_session) VALUES (0, 'FE', 'BE', 'hello', 's')");
  for (let n = 0; n < 200; n += 1) insert.run();
  expect((await bus.listMessages({ query: 'hello', limit: 500 })).messages).toHaveLength(200);
});

describe('a long history', () => {
  const ROWS = 12_000;

  function openLong() {
    const made = open();
    const { db } = made;
    const insert = db.prepare("INSERT INTO events (ts, kind, action, role, text) VALUES (0, 'message', 'posted', 'FE', ?)");
    const post = db.prepare("INSERT INTO messages (ts, from_role, to_role, body, from_session) VALUES (0, 'FE', ?, 'hello', 's')");
    db.transaction(() => {
      for (let n = 1; n <= ROWS; n += 1) {
        insert.run(n === 1 ? 'the first Ümlaut' : `line ${n}`);
        post.run(n === 1 || n === ROWS ? 'BE' : 'AI');
      }
    })();
    return made;
  }

  test('the log is searched to its first line, page after page', async () => {
    const { bus } = openLong();
    for (const query of ['the FIRST', 'ümLAUT']) {
      for (const narrow of [{}, { role: 'FE' }, { kinds: ['message'] }, { kinds: ['message', 'task'], role: 'FE' }]) {
        const page = await bus.listLog({ query, limit: 5, ...narrow });
        expect(page).toMatchObject({ events: [{ id: 1 }], has_more: false });
      }
    }
    const ids: number[] = [];
    for (let before_id: number | undefined; ; before_id = ids.at(-1)) {
      const page = await bus.listLog({ query: 'LINE 1', limit: 500, before_id });
      ids.push(...page.events.map((event) => event.id));
      if (!page.has_more) break;
    }
    expect(ids).toEqual(Array.from({ length: ROWS }, (_, n) => ROWS - n).filter((id) => id > 1 && String(id).startsWith('1')));
  });

  test('a search of one role reaches the first message, and leaves others their turn meanwhile', async () => {
    const { bus } = openLong();
    await bus.listMessages({ query: 'hello', limit: 1 });
    let turns = 0;
    const takeTurn = (): void => {
      turns += 1;
      next = setImmediate(takeTurn);
    };
    let next = setImmediate(takeTurn);
    const page = await bus.listMessages({ query: 'hello', role: 'BE', limit: 5 });
    clearImmediate(next);
    expect(page.messages.map((message) => message.id)).toEqual([ROWS, 1]);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('cost', () => {
  /** Every statement on messages that was prepared meanwhile, with how SQLite would run it. */
  async function plansOf(work: (made: ReturnType<typeof open>) => Promise<unknown>): Promise<ReadonlyMap<string, string>> {
    const made = open();
    const { db } = made;
    const prepared = new Set<string>();
    const prepare = db.prepare.bind(db);
    db.prepare = (sql: string) => {
      prepared.add(sql);
      return prepare(sql);
    };
    await work(made);
    db.prepare = prepare;
    const named = { role: '', after: 0, before: 0, before_id: 1, limit: 1, thread: '', thread_id: '', expression: '"x"*', query: '', kinds: '[]', max: 0 };
    return new Map(
      [...prepared]
        .filter((sql) => sql.startsWith('SELECT') && /FROM (messages|events)\b/.test(sql))
        .map((sql) => {
          const statement = prepare(`EXPLAIN QUERY PLAN ${sql}`);
          const positional = sql.match(/\?/g)?.map(() => '[]') ?? [];
          const rows = (positional.length > 0 ? statement.all(...positional) : statement.all(/@/.test(sql) ? named : {})) as { detail: string }[];
          return [sql.replace(/\s+/g, ' '), rows.map((row) => row.detail).join('; ')];
        }),
    );
  }

  test('reading, counting and listing never walk or sort a whole table', async () => {
    const plans = await plansOf(async ({ makeBus }) => {
      const bus = makeBus();
      for (const role of [undefined, 'BE']) {
        for (const thread_id of [undefined, 't']) {
          for (const query of [undefined, 'x']) await bus.listMessages({ role, thread_id, query, limit: 5 });
        }
      }
    });
    expect(plans.size).toBeGreaterThan(15);
    const walks = [...plans].filter(([, plan]) => /SCAN (m|messages|events)\b|USE TEMP B-TREE/.test(plan)).map(([sql]) => sql);
    // The oldest rows for retention, and the newest lines of the log: both walk the id order and stop at their limit.
    expect(walks.filter((sql) => !/FROM (messages|events) ORDER BY id (DESC )?LIMIT/.test(sql))).toEqual([
      // At most two pages of ids from two indexes are put in order.
      expect.stringContaining('UNION'),
    ]);
  });

  test('an inbox page is found through the index of its filter', async () => {
    const plans = await plansOf(async ({ makeBus }) => makeBus());
    const used = [...plans].filter(([sql]) => sql.includes('m.to_role = @role AND m.id > @after')).map(([, plan]) => plan);
    expect(used.toSorted()).toEqual([
      'SEARCH m USING INDEX messages_inbox (to_role=? AND id>?)',
      'SEARCH m USING INDEX messages_thread (thread_id=? AND id>?)',
      'SEARCH m USING INDEX messages_thread (thread_id=? AND id>?)',
      'SEARCH m USING INDEX messages_unread (to_role=? AND id>?)',
    ]);
  });
});
