import { renameSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { copyDatabase } from './backup.ts';
import { acquireDaemonLock } from './daemon-lock.ts';
import { removeDatabase, setAside, syncFolder, tempBeside } from './database-files.ts';
import { openStore, refuseNewer, schemaVersion } from './open.ts';
import { explainSqliteError, explainStorageError } from './sqlite-errors.ts';

export interface RestoreOptions {
  readonly backupFile: string;
  readonly dataDir: string;
  readonly clock: Clock;
}

export interface Restored {
  /** Where the database that was in use before is kept; null when there was none. */
  readonly previous: string | null;
  /** How many leases and queue places of the backup were ended. */
  readonly endedLeases: number;
  /** Whether revoked sessions, kill switch and master password were taken over from the database that was in use. */
  readonly decisionsKept: boolean;
}

/** What the person decided to stop; an older copy must not undo it. */
interface Decisions {
  readonly revoked: readonly { readonly id: string; readonly revoked_at: number; readonly revoke_reason: string | null }[];
  readonly lockdown: readonly { readonly key: string; readonly value: string; readonly updated_at: number }[];
}

/** The rows of `system_state` about kill switch, recovery and master password. */
const LOCKDOWN_KEYS = "key LIKE 'kill\\_switch%' ESCAPE '\\' OR key LIKE 'recovery\\_%' ESCAPE '\\' OR key = 'master_password'";

/**
 * How far every fence jumps (DESIGN §5): the lost database may have granted fences that the backup has never seen, and
 * a guard that saw one of those must refuse what the restored lock hands out again.
 */
const FENCE_JUMP = 2 ** 20;

/**
 * Puts a backup in the place of the database, which is set aside and never deleted. What was revoked or
 * killed since the backup stays so, where the present database can still be read. Rejects with ALREADY_RUNNING while a core runs, and
 * with NOT_FOUND, DATABASE_CORRUPT or DATABASE_NEWER when the backup is not usable; then nothing was changed.
 */
export async function restore({ backupFile, dataDir, clock }: RestoreOptions): Promise<Restored> {
  const file = join(dataDir, 'data', 'wheelhouse.db');
  const lock = await acquireDaemonLock({ dataDir, clock });
  const temp = tempBeside(file);
  try {
    copyBackup(backupFile, temp);
    const kept = readDecisions(file);
    const endedLeases = prepareCopy(temp, backupFile, kept, clock);
    const previous = exists(file) ? setAside({ file, reason: 'before-restore', clock }) : null;
    renameSync(temp, file);
    syncFolder(dirname(file));
    return { previous, endedLeases, decisionsKept: kept !== null };
  } catch (error) {
    throw explainStorageError(error, file);
  } finally {
    removeDatabase(temp);
    lock.release();
  }
}

function copyBackup(backupFile: string, temp: string): void {
  if (!exists(backupFile)) throw new AppError('NOT_FOUND', `There is no backup at ${backupFile}.`, { file: backupFile });
  let source: Database.Database | null = null;
  try {
    source = new Database(backupFile, { readonly: true, fileMustExist: true });
    const finding = source.pragma('integrity_check(1)', { simple: true }) as string;
    if (finding !== 'ok') throw backupDamaged(backupFile, finding);
    if (schemaVersion(source) === 0) throw backupDamaged(backupFile, 'it is not a database of Wheelhouse');
    refuseNewer(source, backupFile);
    copyDatabase(source, temp);
  } catch (error) {
    const explained = explainSqliteError(error, backupFile);
    throw explained instanceof AppError && explained.code === 'DATABASE_CORRUPT' ? backupDamaged(backupFile, String(explained.details['finding'])) : explained;
  } finally {
    source?.close();
  }
}

/** From the database in use; null when it is missing or cannot be read. */
function readDecisions(file: string): Decisions | null {
  if (!exists(file)) return null;
  let db: Database.Database | null = null;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    return {
      revoked: db.prepare('SELECT id, revoked_at, revoke_reason FROM sessions WHERE revoked_at IS NOT NULL').all() as Decisions['revoked'],
      lockdown: db.prepare(`SELECT key, value, updated_at FROM system_state WHERE ${LOCKDOWN_KEYS}`).all() as Decisions['lockdown'],
    };
  } catch (error) {
    if (error instanceof Database.SqliteError) return null;
    throw error;
  } finally {
    db?.close();
  }
}

function prepareCopy(temp: string, backupFile: string, kept: Decisions | null, clock: Clock): number {
  const rethrow = (error: unknown): never => {
    throw error;
  };
  const store = openStore({ file: temp, durability: 'full', clock, onListenerError: rethrow });
  try {
    return store.transact((tx) => {
      raiseFences(store.db);
      if (kept !== null) keepDecisions(store.db, kept);
      const ended = store.db.prepare('DELETE FROM leases').run().changes + store.db.prepare('DELETE FROM lock_tickets').run().changes;
      tx.event({
        kind: 'system',
        action: 'restored',
        text: `The database was restored from ${basename(backupFile)}; every lock was released`,
        data: { backup: basename(backupFile), ended_leases: ended, fence_jump: FENCE_JUMP },
      });
      return ended;
    });
  } finally {
    store.close();
  }
}

function raiseFences(db: Database.Database): void {
  db.prepare("INSERT INTO counters (name, value) VALUES ('fence', ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value").run(FENCE_JUMP);
  db.prepare('UPDATE lock_fences SET fence = fence + ?').run(FENCE_JUMP);
}

function keepDecisions(db: Database.Database, kept: Decisions): void {
  const revoke = db.prepare('UPDATE sessions SET revoked_at = ?, revoke_reason = ? WHERE id = ? AND revoked_at IS NULL');
  for (const { id, revoked_at, revoke_reason } of kept.revoked) revoke.run(revoked_at, revoke_reason, id);
  db.prepare(`DELETE FROM system_state WHERE ${LOCKDOWN_KEYS}`).run();
  const put = db.prepare('INSERT INTO system_state (key, value, updated_at) VALUES (?, ?, ?)');
  for (const { key, value, updated_at } of kept.lockdown) put.run(key, value, updated_at);
  if (kept.lockdown.some(({ key, value }) => key === 'kill_switch_status' && value === '"NORMAL"')) {
    // Recovered since the backup, so nobody is suspended by the kill switch any more.
    db.exec("UPDATE agents SET status = 'active', status_reason = NULL WHERE status = 'suspended' AND status_reason LIKE 'KILL\\_SWITCH: %' ESCAPE '\\'");
  }
}

function backupDamaged(file: string, finding: string): AppError {
  return new AppError('DATABASE_CORRUPT', `The backup ${file} cannot be used: ${finding}. Choose another one; nothing was changed.`, { file, finding });
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}
