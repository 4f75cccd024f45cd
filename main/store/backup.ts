import { closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Clock } from '../base/clock.ts';
import { removeDatabase, requireFolder, stamp, syncFile, syncFolder, tempBeside } from './database-files.ts';
import { quickCheck } from './open.ts';
import { explainStorageError } from './sqlite-errors.ts';
import type { Store } from './store.ts';

/** A backup in the folder, with the moment in its name. */
export interface BackupFile {
  readonly file: string;
  readonly takenAt: number;
}

const NAME = /^wheelhouse-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.db$/;

/**
 * Copies the live database into `dir` as `wheelhouse-<moment>.db` and checks the copy; a file of that name is always a
 * whole backup. Returns its path. Blocks while it copies. Throws DISK_FULL, DATABASE_CORRUPT, DATA_DIR_UNUSABLE.
 */
export function backup(store: Store, dir: string, clock: Clock): string {
  const file = join(dir, `wheelhouse-${stamp(clock.now())}.db`);
  const temp = tempBeside(file);
  requireFolder(file);
  try {
    copyDatabase(store.db, temp);
    renameSync(temp, file);
    syncFolder(dir);
    return file;
  } catch (error) {
    throw explainStorageError(error, file);
  } finally {
    removeDatabase(temp);
  }
}

/** Writes a whole, private, checked copy of an open database to `target`, where there must be nothing. */
export function copyDatabase(source: Database.Database, target: string): void {
  // SQLite would give the new file the mode of the umask; it accepts an empty one that is private already.
  closeSync(openSync(target, 'wx', 0o600));
  source.prepare('VACUUM INTO ?').run(target);
  const copy = new Database(target, { readonly: true });
  try {
    quickCheck(copy, target);
  } finally {
    copy.close();
  }
  syncFile(target);
}

/** The backups in `dir`, newest first. */
export function listBackups(dir: string): readonly BackupFile[] {
  return readdirSync(dir)
    .flatMap((name) => {
      const parts = NAME.exec(name);
      if (!parts) return [];
      const [year, month, day, hour, minute, second, ms] = parts.slice(1).map(Number);
      return [{ file: join(dir, name), takenAt: Date.UTC(year!, month! - 1, day, hour, minute, second, ms) }];
    })
    .sort((a, b) => b.takenAt - a.takenAt);
}

/** Deletes all backups but the `kept` newest; other files stay. Returns what went. */
export function pruneBackups(dir: string, kept: number): readonly string[] {
  const old = listBackups(dir).slice(kept).map(({ file }) => file);
  for (const file of old) rmSync(file);
  return old;
}
