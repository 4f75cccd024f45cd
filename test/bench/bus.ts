import { join } from 'node:path';
import Database from 'better-sqlite3';
import { systemClock } from '../../main/base/clock.ts';
import { SqliteBusStore } from '../../main/bus/sqlite-store.ts';
import { MIGRATIONS } from '../../main/store/migrations.ts';
import { openStore } from '../../main/store/open.ts';
import { callerIn } from '../support/bus-contract/callers.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** Figures of the team bus in process, each against a baseline of the same run (DESIGN §18). */
export interface BusFigures {
  /** Posts per second through the store, and as the same two inserts in plain better-sqlite3. */
  readonly postsPerSec: number;
  readonly rawPostsPerSec: number;
  /** Target: at least 0.7. */
  readonly postRatio: number;
  /** Microseconds for one page of 50 behind a cursor in the middle of the inbox. */
  readonly readSmallUs: number;
  readonly readLargeUs: number;
  /** 1 000 000 messages against 1 000; target: at most 1.5. */
  readonly readRatio: number;
}

const BODY = '배포 완료: the release is live. '.repeat(14).slice(0, 400);
const producer = callerIn('Producer');
const be = callerIn('BE');

/** Alternates the two kinds of work in rounds, so that both meet the same noise, and gives the median round of each. */
async function compare(rounds: number, a: () => unknown, b: () => unknown): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    for (const [kind, work] of [a, b].entries()) {
      const start = performance.now();
      await work();
      times[kind]!.push(performance.now() - start);
    }
  }
  const median = (list: number[]): number => list.toSorted((x, y) => x - y)[Math.floor(list.length / 2)]!;
  return [median(times[0]), median(times[1])];
}

/** Both sides commit with `synchronous=FULL` to a file of their own with the same schema. */
async function benchPost(dir: string): Promise<Pick<BusFigures, 'postsPerSec' | 'rawPostsPerSec' | 'postRatio'>> {
  const store = openBench(join(dir, 'post.db'));
  const bus = makeBus(store);
  const raw = new Database(join(dir, 'raw.db'));
  raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = FULL');
  raw.pragma('foreign_keys = ON');
  for (const { sql } of MIGRATIONS) raw.exec(sql);
  const message = raw.prepare(
    'INSERT INTO messages (ts, from_role, to_role, body, thread_id, reply_to, importance, ack_required, from_session, verified) VALUES (?,?,?,?,?,?,?,?,?,?)',
  );
  const event = raw.prepare('INSERT INTO events (ts, kind, action, role, session_id, subject, text, data) VALUES (?,?,?,?,?,?,?,?)');
  const inserts = raw.transaction(() => {
    const now = Date.now();
    const { lastInsertRowid } = message.run(now, 'Producer', 'BE', BODY, '', null, 'normal', 0, 's', 1);
    event.run(now, 'message', 'posted', 'Producer', 's', `message:${lastInsertRowid}`, BODY.slice(0, 60), '{}');
  });

  const each = 200;
  const [viaStore, plain] = await compare(
    31,
    async () => {
      for (let n = 0; n < each; n += 1) await bus.postMessage(producer, { to_role: 'BE', body: BODY });
    },
    () => {
      for (let n = 0; n < each; n += 1) inserts.immediate();
    },
  );
  store.close();
  raw.close();
  return { postsPerSec: (each / viaStore) * 1000, rawPostsPerSec: (each / plain) * 1000, postRatio: plain / viaStore };
}

async function benchRead(dir: string): Promise<Pick<BusFigures, 'readSmallUs' | 'readLargeUs' | 'readRatio'>> {
  const inboxes = [1000, 1_000_000].map((size) => {
    const store = openBench(join(dir, `inbox-${size}.db`));
    store.transact(({ now }) => {
      const insert = store.db.prepare(
        "INSERT INTO messages (ts, from_role, to_role, body, from_session, delivered_at) VALUES (?, 'Producer', 'BE', ?, 's', ?)",
      );
      for (let n = 0; n < size; n += 1) insert.run(now, BODY, now);
    });
    return { store, bus: makeBus(store), size };
  });
  const each = 100;
  const [small, large] = await compare(
    31,
    ...(inboxes.map(({ bus, size }) => async () => {
      for (let n = 0; n < each; n += 1) {
        await bus.readInbox(be, { after_id: Math.floor(size / 2) + n, limit: 50, mark_read: false, unread_only: n % 2 === 0 });
      }
    }) as [() => Promise<void>, () => Promise<void>]),
  );
  for (const { store } of inboxes) store.close();
  return { readSmallUs: (small / each) * 1000, readLargeUs: (large / each) * 1000, readRatio: large / small };
}

function openBench(file: string) {
  return openStore({
    file,
    durability: 'full',
    clock: systemClock,
    onListenerError: (error) => {
      throw error;
    },
  });
}

function makeBus(store: ReturnType<typeof openBench>): SqliteBusStore {
  return new SqliteBusStore(store, { clock: systemClock, platform: process.platform, claimSilenceMs: null, coordinator: 'Producer' });
}

/** Takes about a minute, most of it to fill the large inbox. */
export async function benchBus(): Promise<BusFigures> {
  const dir = makeTempDir('wheelhouse-bench-');
  try {
    return { ...(await benchPost(dir.path)), ...(await benchRead(dir.path)) };
  } finally {
    dir.remove();
  }
}
