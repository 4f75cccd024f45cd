import { statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { iso, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { fine, problem, warning, type Finding } from './doctor-findings.ts';
import { MIGRATIONS } from './migrations.ts';
import { refuseNewer, schemaVersion } from './open.ts';
import { explainSqliteError } from './sqlite-errors.ts';

const MIB = 1024 * 1024;
/** Checkpoints keep it at about 4 MiB; a much larger one means that some reader holds them off. */
const LARGE_WAL_BYTES = 64 * MIB;
/** Clocks of one machine agree better than this. */
const FUTURE_MS = 60_000;

/** Reads the whole database file, which takes seconds per GB. */
export function checkDatabase(dataDir: string, clock: Clock): readonly Finding[] {
  const file = join(dataDir, 'data', 'wheelhouse.db');
  if (!statSync(file, { throwIfNoEntry: false })) return [fine('database', 'There is no database yet.')];
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true, timeout: 5000 });
    const whole = integrity(db, file);
    if (!whole.ok) return [whole];
    const known = schema(db, file);
    if (!known.ok) return [whole, known];
    return [whole, known, foreignKeys(db, file), clockSanity(db, clock), walSize(file)];
  } catch (error) {
    const explained = explainSqliteError(error, file);
    if (!(explained instanceof AppError)) throw explained;
    if (explained.code === 'DATABASE_CORRUPT') return [damaged(explained.message)];
    return [problem('database', explained.message, 'Correct that, then run: wheelhouse doctor')];
  } finally {
    db?.close();
  }
}

function integrity(db: Database.Database, file: string): Finding {
  const rows = db.pragma('integrity_check(5)') as readonly { readonly integrity_check: string }[];
  const found = rows.map((row) => row.integrity_check).join('; ');
  if (found === 'ok') return fine('database.integrity', 'The database is whole.');
  return damaged(`${file} is damaged: ${found}`);
}

function damaged(message: string): Finding {
  return problem('database.integrity', message, 'wheelhouse restore, or: wheelhouse doctor --set-aside');
}

function schema(db: Database.Database, file: string): Finding {
  const id = 'database.schema';
  const version = schemaVersion(db);
  try {
    refuseNewer(db, file);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return problem(id, error.message, 'Install the newer Wheelhouse again.');
  }
  if (version === 0) return problem(id, `${file} is not a database of Wheelhouse.`, 'wheelhouse doctor --set-aside');
  if (version < MIGRATIONS.length) return fine(id, `Schema ${version} of ${MIGRATIONS.length}; the next start brings it up to date.`);
  return fine(id, `Schema ${version} is current.`);
}

function foreignKeys(db: Database.Database, file: string): Finding {
  const id = 'database.foreign-keys';
  const broken = db.pragma('foreign_key_check') as readonly { readonly table: string }[];
  if (broken.length === 0) return fine(id, 'All references hold.');
  const tables = [...new Set(broken.map((row) => row.table))].join(', ');
  return problem(id, `${broken.length} rows of ${file} point to nothing (${tables}).`, 'wheelhouse restore');
}

function clockSanity(db: Database.Database, clock: Clock): Finding {
  const id = 'clock';
  const newest = db.prepare('SELECT max(ts) FROM (SELECT ts FROM events ORDER BY id DESC LIMIT 1000)').pluck().get() as number | null;
  const now = clock.now();
  if (newest === null || newest <= now + FUTURE_MS) return fine(id, `The clock says ${iso(now)}.`);
  return warning(id, `The clock says ${iso(now)}, but the newest entry was written at ${iso(newest)}.`, 'Set the clock; locks and sessions end by it.');
}

function walSize(file: string): Finding {
  const id = 'database.wal';
  const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes <= LARGE_WAL_BYTES) return fine(id, 'The write-ahead file is small.');
  return warning(id, `${file}-wal has ${Math.round(bytes / MIB)} MiB.`, 'Restart Wheelhouse; if it grows again, some program keeps the database open.');
}
