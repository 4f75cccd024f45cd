import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, symlinkSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataPaths, prepareDataDir } from '../../../main/config/data-dir.ts';
import { daemonLockFile } from '../../../main/store/daemon-lock.ts';
import { diagnose, repair, type Diagnosis } from '../../../main/store/doctor.ts';
import { openStore } from '../../../main/store/open.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
let clock: FakeClock;
let paths: ReturnType<typeof dataPaths>;
beforeEach(() => {
  dir = makeTempDir();
  // Files get the machine's times, so the clock must not be far from them.
  clock = new FakeClock(Date.now());
  paths = prepareDataDir(join(dir.path, 'wh'), () => undefined);
  const store = openStore({ file: paths.database, durability: 'normal', clock, onListenerError: () => undefined });
  store.transact((tx) => {
    for (let number = 0; number < 300; number += 1) tx.event({ kind: 'test', action: 'x', text: 'x'.repeat(800) });
  });
  store.close();
});
afterEach(() => dir.remove());

function look(env: Readonly<Record<string, string>> = {}): readonly Diagnosis[] {
  return diagnose({ dataDir: paths.root, env, clock });
}

/** What is wrong, except for what depends on the machine the tests run on. */
function complaints(env: Readonly<Record<string, string>> = {}): readonly Diagnosis[] {
  return look(env).filter(({ ok, id }) => !ok && id !== 'disk-space' && id !== 'file-system');
}

it('finds nothing wrong in a healthy directory, and names all that it looked at', () => {
  expect(complaints()).toEqual([]);
  expect(look().map(({ id }) => id)).toEqual(
    expect.arrayContaining(['data-dir', 'config', 'modes', 'daemon-lock', 'temp-files', 'database.integrity', 'database.schema', 'database.foreign-keys', 'clock', 'database.wal', 'disk-space']),
  );
});

it('leaves the mode of the secret store to who asks for a repair', () => {
  const file = join(paths.root, '.env');
  writeFileSync(file, 'ANTHROPIC_API_KEY=sk-x\n');
  chmodSync(file, 0o644);

  expect(complaints()).toEqual([expect.objectContaining({ id: 'modes', message: expect.stringContaining(file) as string })]);
  expect(statSync(file).mode & 0o777).toBe(0o644);
  repair({ dataDir: paths.root, clock });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('works beside a core that has the database open, and changes nothing', () => {
  const store = openStore({ file: paths.database, durability: 'normal', clock, onListenerError: () => undefined });

  expect(complaints()).toEqual([]);
  store.transact((tx) => tx.event({ kind: 'test', action: 'x', text: 'still works' }));
  store.close();
});

describe('it finds', () => {
  function damage(at: number): void {
    const fd = openSync(paths.database, 'r+');
    writeSync(fd, Buffer.alloc(4096, 0xaa), 0, 4096, at);
    closeSync(fd);
  }
  const edit = (sql: string): void => {
    const db = new Database(paths.database);
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
    db.close();
  };

  it.each<[string, () => void, Partial<Diagnosis>]>([
    [
      'a secret store that is a link',
      () => symlinkSync(join(dir.path, 'elsewhere'), join(paths.root, '.env')),
      { id: 'config', severity: 'error', message: expect.stringContaining('symbolic link') as string, cure: 'Until then Wheelhouse does not start.' },
    ],
    [
      'a secret that cannot be one',
      () => writeFileSync(join(paths.root, '.env'), 'ANU_BOT_TOKEN=hunter22\n', { mode: 0o600 }),
      { id: 'config', severity: 'error', message: expect.stringMatching(/^(?!.*hunter22).*ANU_BOT_TOKEN/) as string },
    ],
    ['a damaged page', () => damage(4096 * 60), { id: 'database.integrity', severity: 'error', cure: expect.stringContaining('wheelhouse restore') as string }],
    [
      'two indexes that were mixed up',
      () => {
        const db = new Database(paths.database);
        const [first, second] = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name IN ('events_by_kind', 'events_by_role')").pluck().all() as [number, number];
        db.unsafeMode();
        db.pragma('writable_schema = ON');
        db.prepare("UPDATE sqlite_schema SET rootpage = ? - rootpage WHERE name IN ('events_by_kind', 'events_by_role')").run(first + second);
        db.close();
      },
      { id: 'database.integrity', severity: 'error', message: expect.stringContaining('is damaged: ') as string },
    ],
    ['a folder in place of the database', () => (rmSync(paths.database), mkdirSync(paths.database)), { id: 'database', severity: 'error' }],
    ['a database that is cut off', () => truncateSync(paths.database, 5000), { id: 'database.integrity', severity: 'error' }],
    ['a file that is no database', () => writeFileSync(paths.database, 'a letter '.repeat(999)), { id: 'database.integrity', severity: 'error' }],
    ['an empty database', () => truncateSync(paths.database, 0), { id: 'database.schema', severity: 'error' }],
    ['a newer database', () => edit('PRAGMA user_version = 999'), { id: 'database.schema', severity: 'error' }],
    ['rows that point to nothing', () => edit("INSERT INTO task_dependencies VALUES (1, 2)"), { id: 'database.foreign-keys', severity: 'error' }],
    ['entries from the future', () => edit("INSERT INTO events (ts, kind, action, text) VALUES (9999999999999, 'x', 'x', 'x')"), { id: 'clock', severity: 'warning' }],
    ['a wrong configuration', () => writeFileSync(join(paths.root, 'config.toml'), '[server]\nprot = 1\n', { mode: 0o600 }), { id: 'config', severity: 'error', message: expect.stringContaining('config.toml:2') as string }],
    ['a database that others can read', () => chmodSync(paths.database, 0o644), { id: 'modes', severity: 'warning', message: expect.stringContaining('wheelhouse.db is open to other users (mode 644)') as string }],
    ['a token that others can read', () => writeFileSync(join(paths.root, 'mcp-token'), 'x', { mode: 0o640 }), { id: 'modes', severity: 'warning' }],
    ['a directory that others can enter', () => chmodSync(paths.root, 0o755), { id: 'data-dir', severity: 'warning' }],
  ])('%s', (_name, spoil, finding) => {
    spoil();

    expect(complaints()).toContainEqual(expect.objectContaining({ ok: false, ...finding }));
    for (const { message, cure } of complaints()) expect([message, cure]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
  });

  it('a shared key that is too short, without showing it', () => {
    const [found] = complaints({ CO_BUS_KEY: 'hunter22' });

    expect(found).toMatchObject({ id: 'config', severity: 'error' });
    expect(JSON.stringify(found)).not.toContain('hunter22');
  });

  it.each<[string, (path: string) => void]>([
    ['no directory', () => undefined],
    ['a file in its place', (path) => writeFileSync(path, '')],
    ['a link in its place', (path) => symlinkSync('/tmp', path)],
  ])('%s, and says only that', (_name, make) => {
    const path = join(dir.path, 'other');
    make(path);

    expect(diagnose({ dataDir: path, env: {}, clock })).toEqual([expect.objectContaining({ id: 'data-dir', severity: 'error' })]);
    expect(repair({ dataDir: path, clock })).toEqual([]);
  });

  it('nothing wrong with a database that is not there yet', () => {
    const path = join(dir.path, 'fresh');
    mkdirSync(path, { mode: 0o700 });

    expect(diagnose({ dataDir: path, env: {}, clock }).filter(({ ok, id }) => !ok && id.startsWith('database'))).toEqual([]);
    expect(existsSync(dataPaths(path).database)).toBe(false);
  });
});

describe('repairing', () => {
  it('closes what is open, removes a stale lock and old temporary files, and leaves the rest', () => {
    const old = join(paths.root, '.config.toml.123.0a1b2c3d.tmp');
    const oldDatabase = join(paths.root, 'data', '.wheelhouse.db.123.0a1b2c3d.tmp-wal');
    const young = join(paths.root, '.config.toml.124.0a1b2c3d.tmp');
    const other = join(paths.root, 'notes.tmp');
    for (const path of [old, oldDatabase, young, other]) writeFileSync(path, '', { mode: 0o600 });
    const before = new Date(clock.now() - 3_600_000);
    for (const path of [old, oldDatabase, other]) utimesSync(path, before, before);
    writeFileSync(daemonLockFile(paths.root), JSON.stringify({ pid: 2 ** 22 - 1, startedAt: '2026-11-20T09:00:00.000Z', host: null, port: null, process: null }), { mode: 0o600 });
    chmodSync(paths.database, 0o666);
    chmodSync(paths.root, 0o777);

    const done = repair({ dataDir: paths.root, clock });

    expect(done).toEqual([
      `closed ${paths.root} to other users`,
      `closed ${paths.database} to other users`,
      `removed ${daemonLockFile(paths.root)}`,
      'removed 2 temporary files',
    ]);
    expect([old, oldDatabase, young, other].map((path) => existsSync(path))).toEqual([false, false, true, true]);
    expect(statSync(paths.database).mode & 0o777).toBe(0o600);
    expect(complaints()).toEqual([]);
    expect(repair({ dataDir: paths.root, clock })).toEqual([]);
  });

  it('never touches a damaged database', () => {
    writeFileSync(paths.database, 'a letter '.repeat(999));
    const size = statSync(paths.database).size;

    repair({ dataDir: paths.root, clock });

    expect(statSync(paths.database).size).toBe(size);
    expect(complaints()).toHaveLength(1);
  });

  it('leaves the lock of a core that runs', () => {
    writeFileSync(daemonLockFile(paths.root), JSON.stringify({ pid: process.pid, startedAt: '2026-11-20T09:00:00.000Z', host: null, port: null, process: null }), { mode: 0o600 });

    repair({ dataDir: paths.root, clock });

    expect(existsSync(daemonLockFile(paths.root))).toBe(true);
    expect(look()).toContainEqual(expect.objectContaining({ id: 'daemon-lock', ok: true, message: expect.stringContaining(`process ${process.pid}`) }));
  });
});
