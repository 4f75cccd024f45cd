import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';

/** A right that one holder has at a time, among all processes of this machine. */
export interface ProcessLock {
  readonly held: boolean;
  /** Gives the right back; safe to call twice. */
  release(): void;
}

/**
 * Takes the lock; null while somebody else has it, another holder in this process included. It is a lock of the operating
 * system on an empty file, held through SQLite: it ends with its process, however that ends, so that nobody has to judge
 * whether a left-over file is stale. Throws the error of SQLite when the file cannot be made or opened.
 */
export function tryProcessLock(file: string): ProcessLock | null {
  let mutex: Database.Database | null = null;
  try {
    createPrivate(file);
    mutex = new Database(file, { timeout: 0 });
    mutex.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    mutex?.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
  const lock = mutex;
  return {
    get held() {
      return lock.open;
    },
    release: () => void lock.close(),
  };
}

/** Only when it is missing: closing a file that this process has locked elsewhere would end that lock (POSIX). */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    // SQLite says better what is wrong with the place.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
