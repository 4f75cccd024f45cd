import { chmodSync, lstatSync, readdirSync, rmSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { TEMP_FILE } from '../base/atomic-file.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { configFile, loadConfig, type Environment } from '../config/load.ts';
import { SecretStore } from '../config/secret-store.ts';
import { daemonLockFile, isHolderAlive, readDaemonLock } from './daemon-lock.ts';
import { fine, problem, warning, type Finding } from './doctor-findings.ts';

const OTHERS = 0o077;
/** A writer is done in milliseconds; what is older was left by one that died. */
const TEMP_STALE_MS = 600_000;
const PRIVATE_FOLDERS = ['data', 'backups', 'mcp-tokens', 'logs'];

export function checkDataDir(dataDir: string): Finding {
  const id = 'data-dir';
  const found = lstatSync(dataDir, { throwIfNoEntry: false });
  if (!found) return problem(id, `${dataDir} does not exist.`, 'Start Wheelhouse once, or name the right directory with WAIAAS_DATA_DIR.');
  if (!found.isDirectory()) return problem(id, `${dataDir} is a link or a file.`, 'Name a real directory with WAIAAS_DATA_DIR.');
  if (isForeign(found)) return problem(id, `${dataDir} belongs to user ${found.uid}.`, 'Run Wheelhouse as its owner.');
  return isOpen(found) ? openToOthers(id, dataDir, found) : fine(id, `${dataDir} is yours and private.`);
}

export function checkConfig(dataDir: string, env: Environment, clock: Clock): Finding {
  try {
    const config = loadConfig({ dataDir, env });
    new SecretStore({ dataDir, env, agentNames: config.agents.credentials, clock, warn: null }).values();
    return fine('config', 'The configuration is valid.');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return problem('config', error.message, error.code === 'SECRET_FILE_REFUSED' ? 'Until then Wheelhouse does not start.' : `Correct ${configFile(dataDir)}, the environment or the secret store; docs/configuration.md lists every key.`);
  }
}

/** Everything in here is the owner's alone: settings, tokens, the database with its keys, and copies of it. */
export function checkModes(dataDir: string): readonly Finding[] {
  if (process.platform === 'win32') return [];
  const folders = PRIVATE_FOLDERS.map((name) => join(dataDir, name));
  const open = [...filesIn(dataDir), ...folders, ...folders.flatMap(filesIn)].flatMap((path) => {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found && !found.isSymbolicLink() && isOpen(found) ? [openToOthers('modes', path, found)] : [];
  });
  return open.length > 0 ? open : [fine('modes', 'Only you can read the files.')];
}

export function checkDaemonLock(dataDir: string): Finding {
  const id = 'daemon-lock';
  const holder = readDaemonLock(dataDir);
  if (!holder) return fine(id, 'No core is running.');
  if (isHolderAlive(holder)) return fine(id, `A core is running: process ${holder.pid}, since ${holder.startedAt}.`);
  const file = daemonLockFile(dataDir);
  return warning(id, `${file} was left by process ${holder.pid}, which is gone.`, 'The next start mends it, or: wheelhouse doctor --fix', () => {
    rmSync(file, { force: true });
    return `removed ${file}`;
  });
}

export function checkTempFiles(dataDir: string, clock: Clock): Finding {
  const id = 'temp-files';
  const stale = [dataDir, ...PRIVATE_FOLDERS.map((name) => join(dataDir, name))].flatMap(filesIn).filter((path) => {
    // SQLite names its journals after the file.
    if (!TEMP_FILE.test(basename(path).replace(/-(?:wal|shm|journal)$/, ''))) return false;
    return clock.now() - lstatSync(path).mtimeMs > TEMP_STALE_MS;
  });
  if (stale.length === 0) return fine(id, 'There are no left-over temporary files.');
  return warning(id, `${stale.length} temporary files were left over: ${stale.join(', ')}`, 'wheelhouse doctor --fix', () => {
    for (const path of stale) rmSync(path, { force: true });
    return `removed ${stale.length} temporary files`;
  });
}

function openToOthers(id: string, path: string, found: Stats): Finding {
  const kept = found.mode & 0o700;
  return warning(id, `${path} is open to other users (mode ${(found.mode & 0o777).toString(8)}).`, `chmod ${kept.toString(8)} ${path}, or: wheelhouse doctor --fix`, () => {
    chmodSync(path, kept);
    return `closed ${path} to other users`;
  });
}

function isOpen(found: Stats): boolean {
  return process.platform !== 'win32' && (found.mode & OTHERS) !== 0;
}

function isForeign(found: Stats): boolean {
  return process.platform !== 'win32' && found.uid !== process.geteuid!();
}

function filesIn(dir: string): readonly string[] {
  if (!lstatSync(dir, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(dir, entry.name));
}
