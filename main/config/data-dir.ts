import { accessSync, chmodSync, constants, lstatSync, mkdirSync, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { Environment } from './load.ts';

/** Folders of the data directory (DESIGN §16), parents first. */
const FOLDERS = ['data', join('data', 'ipc'), 'groups', 'events', 'logs', 'backups', 'mcp-tokens'] as const;
const PRIVATE = 0o700;
const OTHERS = 0o077;
const STICKY = 0o1000;

/**
 * Where the data directory is: `WAIAAS_DATA_DIR`, else `arg`, else `~/.waiaas` (the order of seed 000, for everything
 * that needs it). Always absolute; a leading `~` is the home folder, because service managers do not expand it.
 */
export function resolveDataDir(env: Environment, arg?: string, home: string = homedir()): string {
  const chosen = env['WAIAAS_DATA_DIR'] || arg;
  if (!chosen) return join(home, '.waiaas');
  const expanded = /^~(?=$|[/\\])/.test(chosen) ? join(home, chosen.slice(1)) : chosen;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

/** The places inside a data directory. */
export interface DataPaths {
  readonly root: string;
  readonly database: string;
  readonly lock: string;
  readonly logs: string;
  readonly backups: string;
  readonly mailbox: string;
  readonly groups: string;
  /** The home folders of agents, which keep their conversations; one per group. */
  readonly agentHomes: string;
  /** What is written down of each run of an agent; one folder per group. */
  readonly runLogs: string;
  readonly events: string;
  readonly tokens: string;
}

/** Names every place inside `root`; touches nothing. */
export function dataPaths(root: string): DataPaths {
  return {
    root,
    database: join(root, 'data', 'wheelhouse.db'),
    lock: join(root, 'daemon.lock'),
    logs: join(root, 'logs'),
    backups: join(root, 'backups'),
    mailbox: join(root, 'data', 'ipc'),
    groups: join(root, 'groups'),
    agentHomes: join(root, 'data', 'sessions'),
    runLogs: join(root, 'logs', 'runs'),
    events: join(root, 'events'),
    tokens: join(root, 'mcp-tokens'),
  };
}

/**
 * Makes the directory and its folders, private to the user. Refuses what is a link, not a directory, somebody else's or
 * not writable with DATA_DIR_UNUSABLE; a mode that lets others in is repaired and told to `warn`.
 */
export function prepareDataDir(root: string, warn: (message: string) => void): DataPaths {
  for (const dir of [root, ...FOLDERS.map((folder) => join(root, folder))]) prepareFolder(dir, warn);
  return dataPaths(root);
}

function prepareFolder(dir: string, warn: (message: string) => void): void {
  try {
    makeFolder(dir);
    checkFolder(dir, lstatSync(dir), warn);
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw error instanceof AppError ? error : unusable(dir, error as NodeJS.ErrnoException);
  }
}

/** Makes `dir` and what is missing above it. Node's own `recursive` never returns where mkdir says ENOENT, as in /proc. */
function makeFolder(dir: string): void {
  if (lstatSync(dir, { throwIfNoEntry: false })) return;
  const parent = dirname(dir);
  if (parent !== dir) makeFolder(parent);
  try {
    mkdirSync(dir, { mode: PRIVATE });
  } catch (error) {
    // Another process made it in the meantime; what it made is checked like anything else that was there.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function checkFolder(dir: string, stats: Stats, warn: (message: string) => void): void {
  if (stats.isSymbolicLink()) throw refused(dir, 'is a symbolic link, which could lead anywhere. Name the real directory in WAIAAS_DATA_DIR.');
  if (!stats.isDirectory()) throw refused(dir, 'is not a directory. Move it away, or choose another place with WAIAAS_DATA_DIR.');
  // Windows has neither owners nor modes in this sense; the user profile keeps others out.
  if (process.platform === 'win32') return;
  const user = process.geteuid!();
  if (stats.uid !== user) {
    throw refused(dir, `belongs to user ${stats.uid}, Wheelhouse runs as user ${user}. Start it as the owner, or choose another place with WAIAAS_DATA_DIR.`);
  }
  // Making a shared directory such as /tmp private would break the machine for everybody else.
  if ((stats.mode & STICKY) !== 0) throw refused(dir, 'is shared with other users. Choose a directory of your own with WAIAAS_DATA_DIR.');
  if ((stats.mode & OTHERS) !== 0) {
    chmodSync(dir, PRIVATE);
    warn(`${dir} was open to other users (mode ${(stats.mode & 0o777).toString(8)}); it is private now (700).`);
  }
}

function refused(dir: string, reason: string): AppError {
  return new AppError('DATA_DIR_UNUSABLE', `The data directory cannot be used: ${dir} ${reason}`, { dir });
}

function unusable(dir: string, error: NodeJS.ErrnoException): AppError {
  const code = error.code ?? 'unknown error';
  const cure = code === 'ENOSPC' ? 'Free some space.' : 'Make it writable for you, or choose another place with WAIAAS_DATA_DIR.';
  return new AppError('DATA_DIR_UNUSABLE', `The data directory cannot be used: ${dir} cannot be created or written (${code}). ${cure}`, { dir, cause: code }, { cause: error });
}
