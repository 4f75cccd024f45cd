import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../base/errors.ts';
import { iso, type Clock } from '../base/clock.ts';

/** What SQLite keeps beside a database under its name. */
const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** A moment as part of a file name: `20261120T090000000Z`, which sorts like the moments do. */
export function stamp(ms: number): string {
  return iso(ms).replaceAll(/[-:.]/g, '');
}

/** Throws DATA_DIR_UNUSABLE when there is no folder for `file`, which SQLite would not say clearly. */
export function requireFolder(file: string): void {
  const dir = dirname(file);
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new AppError('DATA_DIR_UNUSABLE', `${dir} is not a directory, so ${file} cannot be opened. Make it, or choose another data directory with WAIAAS_DATA_DIR.`, { file });
}

/** A temporary name in the same folder, of the form that `wheelhouse doctor` knows as left over. */
export function tempBeside(file: string): string {
  return join(dirname(file), `.${basename(file)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
}

/** Deletes a database with all its parts, where it exists. */
export function removeDatabase(file: string): void {
  for (const part of ['', ...COMPANIONS]) rmSync(`${file}${part}`, { force: true });
}

/** Gives `from` the name `to` unless another process was faster, whose file then stays. */
export function moveIntoFreePlace(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    // Some file systems have no hard links; there the narrow race is accepted.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    if (!existsSync(to)) renameSync(from, to);
  }
  syncFolder(dirname(to));
}

export interface SetAsideOptions {
  readonly file: string;
  /** Why, as part of the new name: `corrupt`, `before-restore`. */
  readonly reason: string;
  readonly clock: Clock;
}

/**
 * Moves a database with its write-ahead files to `<file>.<reason>-<moment>`, where it stays openable. Only on the
 * person's word, and only while no program has it open. Returns the new name. Throws NOT_FOUND when there is no file.
 */
export function setAside({ file, reason, clock }: SetAsideOptions): string {
  const parts = ['', ...COMPANIONS].filter((part) => existsSync(`${file}${part}`));
  if (parts.length === 0) throw new AppError('NOT_FOUND', `There is no database at ${file}.`, { file });
  const aside = freeName(`${file}.${reason}-${stamp(clock.now())}`);
  for (const part of parts) renameSync(`${file}${part}`, `${aside}${part}`);
  syncFolder(dirname(file));
  return aside;
}

function freeName(wanted: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (['', ...COMPANIONS].every((part) => !existsSync(`${name}${part}`))) return name;
  }
}

/** Makes renames in the folder survive a power cut; Windows has no such call. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return;
  syncFile(dir);
}

/** Makes the content of a file survive a power cut. */
export function syncFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
