import { chmodSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { moveIntoFreePlace, removeDatabase, requireFolder, syncFile, tempBeside } from './database-files.ts';
import { MIGRATIONS } from './migrations.ts';
import { databaseCorrupt, explainSqliteError } from './sqlite-errors.ts';
import { Store } from './store.ts';

/** How much a commit is worth: `full` survives a power cut, `normal` a crash of the program (DESIGN §5). */
export type Durability = 'full' | 'normal';

export interface OpenOptions {
  readonly file: string;
  readonly durability: Durability;
  readonly clock: Clock;
  /** Hears what an after-commit listener throws. */
  readonly onListenerError: (error: unknown) => void;
  /** Whether to look through the whole file first, as after a run that did not end properly. Takes about a second per GB. */
  readonly verify?: boolean;
}

/**
 * Opens the database file (made when it is missing), brings its schema up to date and returns the store. A file that is
 * newer, damaged or not ours to write is left as it is: throws DATABASE_NEWER, DATABASE_CORRUPT, DATA_DIR_UNUSABLE,
 * DISK_FULL or DATABASE_BUSY.
 */
export function openStore(options: OpenOptions): Store {
  const { file } = options;
  requireFolder(file);
  if (sizeOf(file) === null) createDatabase(file);
  refuseEmpty(file);
  return guarded(file, (db) => {
    db.pragma('journal_mode = WAL');
    db.pragma(`synchronous = ${options.durability.toUpperCase()}`);
    db.pragma('foreign_keys = ON');
    if (options.verify === true) quickCheck(db, file);
    migrate(db, file);
    keepPrivate(file);
    return new Store(db, options.clock, options.onListenerError);
  });
}

/** Throws DATABASE_CORRUPT with what is wrong first. */
export function quickCheck(db: Database.Database, file: string): void {
  const finding = db.pragma('quick_check(1)', { simple: true }) as string;
  if (finding !== 'ok') throw databaseCorrupt(file, finding);
}

/** Applies the missing steps. Throws DATABASE_NEWER. */
function migrate(db: Database.Database, file: string): void {
  refuseNewer(db, file);
  for (let step = schemaVersion(db); step < MIGRATIONS.length; step += 1) {
    db.transaction(() => {
      // Another process may have applied the step while this one waited for the write lock.
      if (schemaVersion(db) > step) return;
      db.exec(MIGRATIONS[step]!.sql);
      db.pragma(`user_version = ${step + 1}`);
    }).immediate();
  }
}

/** Throws DATABASE_NEWER when this program does not know the schema of the file. */
export function refuseNewer(db: Database.Database, file: string): void {
  const version = schemaVersion(db);
  if (version <= MIGRATIONS.length) return;
  throw new AppError(
    'DATABASE_NEWER',
    `${file} has schema ${version}, this Wheelhouse knows ${MIGRATIONS.length}. Install the newer Wheelhouse again, or restore a backup made by this one.`,
    { file, found: version, known: MIGRATIONS.length },
  );
}

/** The number of migrations that were applied to the file. */
export function schemaVersion(db: Database.Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/**
 * A new database appears under its name only when it is complete, so that an empty file is never a young database but
 * always a lost one.
 */
function createDatabase(file: string): void {
  if ((sizeOf(`${file}-wal`) ?? 0) > 0) throw databaseCorrupt(file, 'the file is gone, but its -wal file is still there');
  const temp = tempBeside(file);
  try {
    guarded(temp, (db) => {
      // Nobody else sees the file yet, so one sync at the end is enough.
      db.pragma('journal_mode = MEMORY');
      db.pragma('synchronous = OFF');
      migrate(db, temp);
      db.close();
    });
    keepPrivate(temp);
    syncFile(temp);
    moveIntoFreePlace(temp, file);
  } finally {
    removeDatabase(temp);
  }
}

/** SQLite takes an empty file for a new database and throws away the -wal beside it. */
function refuseEmpty(file: string): void {
  if (sizeOf(file) === 0) throw databaseCorrupt(file, 'the file is empty');
}

function sizeOf(file: string): number | null {
  return statSync(file, { throwIfNoEntry: false })?.size ?? null;
}

/** The write-ahead files get the mode of the database when they are made; ones from before may be open to others. */
function keepPrivate(file: string): void {
  if (process.platform === 'win32') return;
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    const found = statSync(name, { throwIfNoEntry: false });
    if (found && (found.mode & 0o077) !== 0) chmodSync(name, 0o600);
  }
}

/** Opens, and closes again when `use` throws; SQLite's own complaints are explained. */
function guarded<T>(file: string, use: (db: Database.Database) => T): T {
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { timeout: 5000 });
    return use(db);
  } catch (error) {
    db?.close();
    throw explainSqliteError(error, file);
  }
}
