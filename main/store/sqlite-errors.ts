import Database from 'better-sqlite3';
import { AppError } from '../base/errors.ts';

/**
 * What SQLite reports about the machine or the file, as an error that a caller can act on. A mistake in our own SQL, or
 * anything that is not from SQLite, comes back as it is: those are bugs.
 */
export function explainSqliteError(error: unknown, file: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const { code } = error;
  const details = { file, sqlite: code };
  const cause = { cause: error };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return databaseCorrupt(file, error.message, error);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('DATABASE_BUSY', `${file} is being written by another process. Try again.`, details, cause);
  }
  // A full disk cannot grow the shared-memory file either, which SQLite reports in its own way.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') {
    return new AppError('DISK_FULL', `${file} cannot grow: the disk is full. Free some space and try again; nothing was changed.`, details, cause);
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM') {
    return new AppError('DATA_DIR_UNUSABLE', `${file} cannot be opened for writing (${code}). Make the file and its folder writable for you.`, details, cause);
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new AppError('DATA_DIR_UNUSABLE', `${file} cannot be read or written (${code}). Check the disk, then run: wheelhouse doctor`, details, cause);
  }
  return error;
}

/** As {@link explainSqliteError}, also for what copying and renaming database files runs into. */
export function explainStorageError(error: unknown, file: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const options = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('DISK_FULL', `${file} cannot be written: the disk is full. Free some space and try again; nothing was changed.`, { file }, options);
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AppError('DATA_DIR_UNUSABLE', `${file} cannot be written (${code}). Make its folder writable for you.`, { file }, options);
  }
  return explainSqliteError(error, file);
}

/** The damaged file stays as it is until the person decides. */
export function databaseCorrupt(file: string, finding: string, cause?: unknown): AppError {
  return new AppError(
    'DATABASE_CORRUPT',
    `${file} is damaged (${finding}). It was left untouched. Bring back a backup with: wheelhouse restore. ` +
      'To begin with an empty database and keep this one beside it: wheelhouse doctor --set-aside',
    { file, finding },
    cause === undefined ? {} : { cause },
  );
}
