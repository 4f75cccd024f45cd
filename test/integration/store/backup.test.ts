import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../main/base/log.ts';
import { dataPaths, prepareDataDir } from '../../../main/config/data-dir.ts';
import { backup, listBackups, pruneBackups } from '../../../main/store/backup.ts';
import { BackupSchedule } from '../../../main/store/backup-schedule.ts';
import { acquireDaemonLock } from '../../../main/store/daemon-lock.ts';
import { openStore } from '../../../main/store/open.ts';
import { restore } from '../../../main/store/restore.ts';
import type { Store } from '../../../main/store/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const JUMP = 2 ** 20;

let dir: ReturnType<typeof makeTempDir>;
let clock: FakeClock;
let paths: ReturnType<typeof dataPaths>;
beforeEach(() => {
  dir = makeTempDir();
  clock = new FakeClock();
  paths = prepareDataDir(dir.path, () => undefined);
});
afterEach(() => dir.remove());

function open(): Store {
  return openStore({ file: paths.database, durability: 'normal', clock, onListenerError: () => undefined });
}

function withStore<T>(use: (store: Store) => T): T {
  const store = open();
  try {
    return use(store);
  } finally {
    store.close();
  }
}

function say(store: Store, text: string): number {
  return store.transact((tx) => tx.event({ kind: 'test', action: 'said', text }));
}

function texts(store: Store): unknown {
  return store.db.prepare('SELECT text FROM events ORDER BY id').pluck().all();
}

describe('a backup', () => {
  it('is a whole private copy under the moment it was taken, also of what is only in the write-ahead file', () => {
    withStore((store) => {
      say(store, 'kept');

      const file = backup(store, paths.backups, clock);

      expect(file).toBe(join(paths.backups, 'wheelhouse-20261120T090000000Z.db'));
      expect(readdirSync(paths.backups)).toEqual(['wheelhouse-20261120T090000000Z.db']);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const copy = new Database(file, { readonly: true });
      expect(copy.prepare('SELECT text FROM events').pluck().all()).toEqual(['kept']);
      expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
      copy.close();
      say(store, 'the store goes on');
    });
  });

  it('does not appear, and leaves nothing behind, when it cannot be written', () => {
    withStore((store) => {
      const nowhere = join(dir.path, 'nowhere');

      expect(() => backup(store, nowhere, clock)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE' }));
      expect(existsSync(nowhere)).toBe(false);
    });
  });

  it('is deleted when there are newer ones enough, and nothing else is', () => {
    withStore((store) => {
      const files = Array.from({ length: 4 }, () => {
        clock.advance(HOUR);
        return backup(store, paths.backups, clock);
      });
      writeFileSync(join(paths.backups, 'wheelhouse-mine.db'), 'mine');

      expect(pruneBackups(paths.backups, 2)).toEqual([files[1], files[0]]);

      expect(listBackups(paths.backups).map(({ file }) => file)).toEqual([files[3], files[2]]);
      expect(listBackups(paths.backups)[0]!.takenAt).toBe(clock.now());
      expect(existsSync(join(paths.backups, 'wheelhouse-mine.db'))).toBe(true);
    });
  });
});

describe('the schedule', () => {
  function taken(): readonly string[] {
    return listBackups(paths.backups).map(({ takenAt }) => new Date(takenAt).toISOString());
  }

  function schedule(store: Store, everyHours = 24): BackupSchedule {
    return new BackupSchedule({ store, dir: paths.backups, everyHours, kept: 2, clock, log: silentLog() });
  }

  it('makes the first backup soon after the start, then one at each interval, and keeps as many as asked', () => {
    withStore((store) => {
      const backups = schedule(store);
      backups.start();

      clock.advance(60_000);
      expect(taken()).toEqual(['2026-11-20T09:01:00.000Z']);
      clock.advance(3 * DAY);
      expect(taken()).toEqual(['2026-11-23T09:01:00.000Z', '2026-11-22T09:01:00.000Z']);

      backups.stop();
      clock.advance(DAY);
      expect(taken()).toHaveLength(2);
      expect(clock.timers).toBe(0);
    });
  });

  it('is not put off by a restart', () => {
    withStore((store) => {
      const first = schedule(store);
      first.start();
      clock.advance(60_000);
      first.stop();
      clock.advance(20 * HOUR);

      const second = schedule(store);
      second.start();
      clock.advance(4 * HOUR);

      expect(taken()).toEqual(['2026-11-21T09:01:00.000Z', '2026-11-20T09:01:00.000Z']);
      second.stop();
    });
  });

  it('makes none when it is off', () => {
    withStore((store) => {
      schedule(store, 0).start();
      clock.advance(DAY);

      expect(taken()).toEqual([]);
      expect(clock.timers).toBe(0);
    });
  });

  it('is not stopped for years by a backup that a wrong clock dated into the future', () => {
    writeFileSync(join(paths.backups, 'wheelhouse-20991231T000000000Z.db'), '');
    withStore((store) => {
      const backups = schedule(store);
      backups.start();
      clock.advance(DAY + 60_000);

      expect(taken()).toHaveLength(2);
      backups.stop();
    });
  });

  it('tries again an hour after a failure', () => {
    withStore((store) => {
      const backups = schedule(store);
      backups.start();
      store.db.exec('BEGIN');
      clock.advance(60_000);
      expect(taken()).toEqual([]);

      store.db.exec('ROLLBACK');
      clock.advance(HOUR);
      expect(taken()).toEqual(['2026-11-20T10:01:00.000Z']);
      backups.stop();
    });
  });
});

describe('restoring', () => {
  function fences(store: Store): unknown {
    return store.db.prepare("SELECT value FROM counters WHERE name = 'fence' UNION ALL SELECT fence FROM lock_fences").pluck().all();
  }

  /** A database with a fence of 7, a lease and a waiter; returns its backup. */
  function makeBackup(): string {
    return withStore((store) => {
      store.transact((tx) => {
        store.db.exec(`
          INSERT INTO counters (name, value) VALUES ('fence', 7);
          INSERT INTO lock_fences (resource, fence) VALUES ('compose', 7);
          INSERT INTO leases (id, resource, literal, mode, role, session_id, fence, ttl_ms, acquired_at, expires_at)
            VALUES ('l1', 'compose', 'compose', 'exclusive', 'FE', 's1', 7, 300000, ${tx.now}, ${tx.now + 300_000});
          INSERT INTO lock_tickets (resource, literal, mode, role, session_id, ttl_ms, queued_at, waits_until, kept_until)
            VALUES ('compose', 'compose', 'exclusive', 'BE', 's2', 300000, ${tx.now}, ${tx.now}, ${tx.now});
          INSERT INTO agents (id, name, role, created_at) VALUES ('a1', 'Kim', 'FE', 0);
          INSERT INTO sessions (id, agent_id, token_hash, created_at) VALUES ('s1', 'a1', 'h1', 0), ('s2', 'a1', 'h2', 0);
        `);
        tx.event({ kind: 'test', action: 'said', text: 'before the backup' });
      });
      return backup(store, paths.backups, clock);
    });
  }

  it('brings the rows back, jumps every fence, ends every lease and says so in the log', async () => {
    const backupFile = makeBackup();
    withStore((store) => {
      say(store, 'after the backup');
      store.db.exec("UPDATE counters SET value = 900 WHERE name = 'fence'");
    });

    const result = await restore({ backupFile, dataDir: dir.path, clock });

    expect(result.endedLeases).toBe(2);
    withStore((store) => {
      expect(fences(store)).toEqual([7 + JUMP, 7 + JUMP]);
      expect(store.db.prepare('SELECT count(*) FROM leases').pluck().get()).toBe(0);
      expect(store.db.prepare('SELECT count(*) FROM lock_tickets').pluck().get()).toBe(0);
      expect(texts(store)).toEqual(['before the backup', `The database was restored from ${basename(backupFile)}; every lock was released`]);
      expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
    });
  });

  it('sets the database that was in use aside, whole', async () => {
    const backupFile = makeBackup();
    withStore((store) => say(store, 'after the backup'));

    const { previous } = await restore({ backupFile, dataDir: dir.path, clock });

    expect(previous).toBe(`${paths.database}.before-restore-20261120T090000000Z`);
    const kept = new Database(previous!);
    expect(kept.prepare('SELECT text FROM events').pluck().all()).toEqual(['before the backup', 'after the backup']);
    kept.close();
    expect(statSync(paths.database).mode & 0o777).toBe(0o600);
  });

  it('raises fences again each time', async () => {
    const backupFile = makeBackup();
    await restore({ backupFile, dataDir: dir.path, clock });
    const second = withStore((store) => {
      clock.advance(1000);
      return backup(store, paths.backups, clock);
    });
    await restore({ backupFile: second, dataDir: dir.path, clock });

    withStore((store) => expect(fences(store)).toEqual([7 + 2 * JUMP, 7 + 2 * JUMP]));
  });

  it('does not give back what was revoked, or lift the kill switch, since the backup', async () => {
    const backupFile = makeBackup();
    withStore((store) => {
      store.db.exec("UPDATE sessions SET revoked_at = 5, revoke_reason = 'lost laptop' WHERE id = 's1'");
      store.db.exec(`UPDATE system_state SET value = '"ACTIVATED"' WHERE key = 'kill_switch_status'`);
    });

    expect((await restore({ backupFile, dataDir: dir.path, clock })).decisionsKept).toBe(true);

    withStore((store) => {
      expect(store.db.prepare('SELECT id, revoked_at, revoke_reason FROM sessions ORDER BY id').all()).toEqual([
        { id: 's1', revoked_at: 5, revoke_reason: 'lost laptop' },
        { id: 's2', revoked_at: null, revoke_reason: null },
      ]);
      expect(store.db.prepare("SELECT value FROM system_state WHERE key = 'kill_switch_status'").pluck().get()).toBe('"ACTIVATED"');
    });
  });

  it('keeps the recovery and the master password as they are now, not as they were', async () => {
    const put = (store: Store, rows: Record<string, string>): void => {
      for (const [key, value] of Object.entries(rows)) store.db.prepare('INSERT OR REPLACE INTO system_state VALUES (?,?,1)').run(key, value);
    };
    const state = (store: Store): unknown => Object.fromEntries(store.db.prepare('SELECT key, value FROM system_state').raw().all() as [string, string][]);
    withStore((store) => put(store, { kill_switch_status: '"RECOVERING"', recovery_eligible_at: '1000', recovery_progress: '{"left_ms":0}', kill_switch_reason: '"old"', master_password: 'old', other: 'old' }));
    const backupFile = withStore((store) => backup(store, paths.backups, clock));
    withStore((store) => {
      store.db.exec("DELETE FROM system_state WHERE key = 'recovery_progress'");
      put(store, { kill_switch_status: '"RECOVERING"', recovery_eligible_at: '9000', master_password: 'new', other: 'new' });
    });

    await restore({ backupFile, dataDir: dir.path, clock });

    withStore((store) => {
      expect(state(store)).toEqual({ kill_switch_status: '"RECOVERING"', recovery_eligible_at: '9000', kill_switch_reason: '"old"', master_password: 'new', other: 'old' });
    });
  });

  it('does not leave agents suspended by a kill switch that was recovered from since', async () => {
    withStore((store) => {
      store.db.exec(`UPDATE system_state SET value = '"ACTIVATED"' WHERE key = 'kill_switch_status'`);
      const add = store.db.prepare("INSERT INTO agents (id, name, role, status, status_reason, created_at) VALUES (?,?,'FE','suspended',?,1)");
      add.run('k1', 'k1', 'KILL_SWITCH: drill');
      add.run('k2', 'k2', 'AUTO_STOP: 3 failures');
    });
    const backupFile = withStore((store) => backup(store, paths.backups, clock));
    withStore((store) => store.db.exec(`UPDATE system_state SET value = '"NORMAL"' WHERE key = 'kill_switch_status'`));

    await restore({ backupFile, dataDir: dir.path, clock });

    withStore((store) => {
      expect(store.db.prepare("SELECT id, status, status_reason FROM agents WHERE id LIKE 'k_' ORDER BY id").all()).toEqual([
        { id: 'k1', status: 'active', status_reason: null },
        { id: 'k2', status: 'suspended', status_reason: 'AUTO_STOP: 3 failures' },
      ]);
    });
  });

  it('works when the database in use is damaged, or gone, and says that nothing could be taken over', async () => {
    const backupFile = makeBackup();
    truncateSync(paths.database, 100);
    expect(await restore({ backupFile, dataDir: dir.path, clock })).toMatchObject({ decisionsKept: false, previous: expect.stringContaining('before-restore') });

    const other = makeTempDir();
    prepareDataDir(other.path, () => undefined);
    expect(await restore({ backupFile, dataDir: other.path, clock })).toMatchObject({ decisionsKept: false, previous: null });
    expect(existsSync(dataPaths(other.path).database)).toBe(true);
    other.remove();
  });

  it('is refused while a core runs', async () => {
    const backupFile = makeBackup();
    const lock = await acquireDaemonLock({ dataDir: dir.path, clock });

    await expect(restore({ backupFile, dataDir: dir.path, clock })).rejects.toMatchObject({ code: 'ALREADY_RUNNING' });
    lock.release();
  });

  it.each<[string, (file: string) => void, string]>([
    ['is not there', () => undefined, 'NOT_FOUND'],
    ['is cut off', (file) => writeFileSync(file, readFileSync(listBackups(paths.backups)[0]!.file).subarray(0, 9000)), 'DATABASE_CORRUPT'],
    ['is another file', (file) => writeFileSync(file, 'a letter '.repeat(1000)), 'DATABASE_CORRUPT'],
    ['is empty', (file) => writeFileSync(file, ''), 'DATABASE_CORRUPT'],
    ['is a folder', (file) => mkdirSync(file), 'DATA_DIR_UNUSABLE'],
    [
      'is a database of another program',
      (file) => {
        const db = new Database(file);
        db.exec('CREATE TABLE events (id INTEGER)');
        db.close();
      },
      'DATABASE_CORRUPT',
    ],
    [
      'is newer than the program',
      (file) => {
        const db = new Database(file);
        db.pragma('user_version = 999');
        db.close();
      },
      'DATABASE_NEWER',
    ],
  ])('changes nothing when the backup %s', async (_name, make, code) => {
    makeBackup();
    const before = readFileSync(paths.database);
    const file = join(dir.path, 'chosen.db');
    make(file);
    const names = readdirSync(join(dir.path, 'data')).sort();

    await expect(restore({ backupFile: file, dataDir: dir.path, clock })).rejects.toMatchObject({ code, message: expect.stringContaining(file) });

    expect(readFileSync(paths.database)).toEqual(before);
    expect(readdirSync(join(dir.path, 'data')).filter((name) => name !== 'daemon.mutex').sort()).toEqual(names.filter((name) => name !== 'daemon.mutex'));
    (await acquireDaemonLock({ dataDir: dir.path, clock })).release();
  });
});
