import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../../main/base/errors.ts';
import { setAside } from '../../../main/store/database-files.ts';
import { MIGRATIONS } from '../../../main/store/migrations.ts';
import { openStore } from '../../../main/store/open.ts';
import type { Store } from '../../../main/store/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const clock = new FakeClock();
let dir: ReturnType<typeof makeTempDir>;
let file: string;
beforeEach(() => {
  dir = makeTempDir();
  file = join(dir.path, 'wheelhouse.db');
});
afterEach(() => dir.remove());

function open(verify = false): Store {
  return openStore({ file, durability: 'normal', clock, onListenerError: () => undefined, verify });
}

/** A database of about a hundred pages. */
function fill(): void {
  const store = open();
  store.transact((tx) => {
    for (let number = 0; number < 400; number += 1) tx.event({ kind: 'test', action: 'filled', text: `${number} ${'x'.repeat(800)}` });
  });
  store.close();
}

function errorOf(attempt: () => unknown): AppError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

function overwrite(at: number, bytes: Buffer): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

describe('a new database', () => {
  it('has the current schema, WAL, full durability and foreign keys', () => {
    const store = openStore({ file, durability: 'full', clock, onListenerError: () => undefined });

    expect(store.db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(store.db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(store.db.pragma('synchronous', { simple: true })).toBe(2);
    expect(store.db.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(store.db.pragma('busy_timeout', { simple: true })).toBe(5000);
    store.close();
  });

  it('is private with its write-ahead files and leaves nothing beside them', () => {
    const store = open();
    store.transact((tx) => tx.event({ kind: 'test', action: 'x', text: 'x' }));

    for (const name of readdirSync(dir.path)) expect([name, statSync(join(dir.path, name)).mode & 0o777]).toEqual([name, 0o600]);
    expect(readdirSync(dir.path).sort()).toEqual(['wheelhouse.db', 'wheelhouse.db-shm', 'wheelhouse.db-wal']);
    store.close();
  });

  it('keeps what was written, and is made private again', () => {
    fill();
    chmodSync(file, 0o644);

    const store = open(true);

    expect(store.db.prepare('SELECT count(*) FROM events').pluck().get()).toBe(400);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    store.close();
  });
});

describe('an older database', () => {
  it('gets the missing steps, each once, and keeps its rows', () => {
    const old = new Database(file);
    old.exec(MIGRATIONS[0]!.sql);
    old.exec("INSERT INTO counters (name, value) VALUES ('fence', 7)");
    old.pragma('user_version = 1');
    old.close();

    open().close();
    const store = open();

    expect(store.db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(store.db.prepare("SELECT value FROM counters WHERE name = 'fence'").pluck().get()).toBe(7);
    store.close();
  });
});

it('refuses a newer database and leaves it as it is', () => {
  fill();
  const newer = new Database(file);
  newer.pragma('user_version = 999');
  newer.close();
  const before = readFileSync(file);

  const error = errorOf(() => open());

  expect(error.code).toBe('DATABASE_NEWER');
  expect(error.message).toBe(`${file} has schema 999, this Wheelhouse knows ${MIGRATIONS.length}. Install the newer Wheelhouse again, or restore a backup made by this one.`);
  expect(readFileSync(file)).toEqual(before);
});

describe('a damaged database is refused with the cure and left as it is', () => {
  const PAGE = 4096;

  it.each<[string, () => void]>([
    ['cut off in the middle', () => truncateSync(file, PAGE * 20)],
    ['cut off inside a page', () => truncateSync(file, PAGE * 20 + 1000)],
    ['cut off in the first page', () => truncateSync(file, 50)],
    ['empty', () => truncateSync(file, 0)],
    ['another file', () => writeFileSync(file, 'this is a letter, not a database\n'.repeat(500))],
    ['random bytes', () => writeFileSync(file, Buffer.from(Array.from({ length: PAGE * 10 }, (_, index) => (index * 197 + 31) % 256)))],
    ['with a schema page of zeros', () => overwrite(100, Buffer.alloc(PAGE - 100))],
    ['with a damaged schema', () => overwrite(PAGE - 2000, Buffer.alloc(2000, 0xff))],
  ])('when it is %s', (_name, damage) => {
    fill();
    damage();
    const before = readFileSync(file);

    const error = errorOf(() => open());

    expect(error.code).toBe('DATABASE_CORRUPT');
    expect(error.message).toContain('wheelhouse restore');
    expect(error.message).toContain('wheelhouse doctor --set-aside');
    expect(readFileSync(file)).toEqual(before);
  });

  it('when pages deep inside are overwritten and the last run did not end properly', () => {
    fill();
    overwrite(PAGE * 40, Buffer.alloc(PAGE * 3, 0xaa));
    const before = readFileSync(file);

    expect(errorOf(() => open(true)).code).toBe('DATABASE_CORRUPT');
    expect(readFileSync(file)).toEqual(before);
  });

  it('when the file is gone but its write-ahead file is not', () => {
    writeFileSync(`${file}-wal`, 'what was not yet in the file');

    expect(errorOf(() => open()).code).toBe('DATABASE_CORRUPT');
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}-wal`, 'utf-8')).toBe('what was not yet in the file');
  });

  it('when the file is empty beside its write-ahead file', () => {
    writeFileSync(file, '');
    writeFileSync(`${file}-wal`, 'what was not yet in the file');

    expect(errorOf(() => open()).code).toBe('DATABASE_CORRUPT');
    expect(readFileSync(`${file}-wal`, 'utf-8')).toBe('what was not yet in the file');
  });
});

describe('setting aside', () => {
  it('keeps the damaged file with its write-ahead files under another name, and a new start works', () => {
    writeFileSync(file, 'damaged');
    writeFileSync(`${file}-wal`, 'wal');

    const aside = setAside({ file, reason: 'corrupt', clock });

    expect(aside).toBe(`${file}.corrupt-20261120T090000000Z`);
    expect(readFileSync(aside, 'utf-8')).toBe('damaged');
    expect(readFileSync(`${aside}-wal`, 'utf-8')).toBe('wal');
    open().close();
  });

  it('never overwrites an earlier one', () => {
    writeFileSync(file, 'first');
    setAside({ file, reason: 'corrupt', clock });
    writeFileSync(file, 'second');

    const aside = setAside({ file, reason: 'corrupt', clock });

    expect(readFileSync(aside, 'utf-8')).toBe('second');
    expect(readFileSync(`${file}.corrupt-20261120T090000000Z`, 'utf-8')).toBe('first');
  });

  it('says when there is nothing', () => {
    expect(errorOf(() => setAside({ file, reason: 'corrupt', clock })).code).toBe('NOT_FOUND');
  });
});

describe('what the machine does wrong has its own error', () => {
  it.each<[string, (path: string) => string]>([
    ['a folder in its place', (path) => (mkdirSync(path), path)],
    ['a file in place of its folder', (path) => (writeFileSync(path, ''), join(path, 'wheelhouse.db'))],
    ['no folder', (path) => join(path, 'wheelhouse.db')],
  ])('%s', (_name, prepare) => {
    file = prepare(file);

    const error = errorOf(() => open());

    expect(error.code).toBe('DATA_DIR_UNUSABLE');
    expect(error.message).toContain(file);
  });

  it('a full disk, after which nothing of the change is there and the next one works', () => {
    const store = open();
    const pages = store.db.pragma('page_count', { simple: true }) as number;
    store.db.pragma(`max_page_count = ${pages}`);
    const say = (text: string): number => store.transact((tx) => tx.event({ kind: 'test', action: 'x', text }));

    expect(errorOf(() => say('x'.repeat(100_000))).code).toBe('DISK_FULL');
    expect(store.db.inTransaction).toBe(false);

    store.db.pragma('max_page_count = 1000000');
    say('fits');
    expect(store.db.prepare('SELECT text FROM events').pluck().all()).toEqual(['fits']);
    store.close();
  });

  it('another process that writes for too long', () => {
    const store = open();
    store.db.pragma('busy_timeout = 0');
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');

    const error = errorOf(() => store.transact((tx) => tx.event({ kind: 'test', action: 'x', text: 'x' })));
    expect(error).toMatchObject({ code: 'DATABASE_BUSY', retryable: true });

    other.exec('ROLLBACK');
    store.transact((tx) => tx.event({ kind: 'test', action: 'x', text: 'x' }));
    other.close();
    store.close();
  });

  it('a damaged page that is found while working', () => {
    fill();
    const whole = new Database(file, { readonly: true });
    const root = whole.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'events'").pluck().get() as number;
    whole.close();
    overwrite(4096 * (root - 1), Buffer.alloc(4096, 0xaa));
    const store = open();

    expect(errorOf(() => store.transact(() => store.db.prepare('SELECT sum(length(text)) FROM events').get())).code satisfies ErrorCode).toBe('DATABASE_CORRUPT');
    store.close();
  });
});
