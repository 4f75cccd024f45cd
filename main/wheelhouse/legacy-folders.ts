import { constants } from 'node:fs';
import { chmod, chown, copyFile, link, lstat, mkdir, opendir, rm, statfs, utimes } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';
import type { ImportTally } from './import-tally.ts';
import type { ImportOptions } from './import-job.ts';

/** A folder of an older installation, and where its files belong. */
export interface FolderMove {
  /** What people call it, as `groups/family`. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

interface FoundFile {
  /** Parts of the path below the folder. */
  readonly path: readonly string[];
  readonly bytes: number;
}

/**
 * Copies the files of groups. A link is never followed, neither in the old installation nor in the folder of a group, where an
 * agent could have put one; what is here already is never touched. A file appears whole or not at all.
 */
export async function copyFolders(moves: readonly FolderMove[], tally: ImportTally, { dryRun, signal, tell }: ImportOptions): Promise<void> {
  const found: { readonly move: FolderMove; readonly files: readonly FoundFile[] }[] = [];
  for (const move of moves) {
    const files: FoundFile[] = [];
    if (signal.aborted || !(await isFolder(move.from))) continue;
    await look(move, [], files, tally);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    tally.folder({ folder: move.name, files: files.length, bytes });
    found.push({ move, files });
  }
  const all = found.flatMap(({ move, files }) => files.map((file) => ({ move, file })));
  const missing = [];
  for (const each of all) if (!(await isHere(each, tally))) missing.push(each);
  if (dryRun) {
    for (const _ of missing) tally.imported('files');
    return;
  }
  await assertRoom(missing);
  for (const [done, { move, file }] of missing.entries()) {
    if (signal.aborted) return;
    tell({ doing: 'files', what: move.name, done, total: missing.length });
    await copy(move, file, tally);
  }
}

async function look(move: FolderMove, path: readonly string[], files: FoundFile[], tally: ImportTally): Promise<void> {
  for await (const { name } of await opendir(join(move.from, ...path))) {
    const at = [...path, name];
    const stats = await lstat(join(move.from, ...at));
    if (stats.isDirectory()) await look(move, at, files, tally);
    else if (stats.isFile()) files.push({ path: at, bytes: stats.size });
    else tally.refuse('files', `${move.name}/${at.join('/')} is ${stats.isSymbolicLink() ? 'a link' : 'no plain file'}; it was left out`);
  }
}

/** Whether something is in its place already; when that is something else, the report says so. */
async function isHere({ move, file }: { readonly move: FolderMove; readonly file: FoundFile }, tally: ImportTally): Promise<boolean> {
  const here = await statsOf(join(move.to, ...file.path));
  if (here === null) return false;
  tally.kept('files');
  const there = await lstat(join(move.from, ...file.path));
  const same = here.isFile() && here.size === there.size && Math.abs(here.mtimeMs - there.mtimeMs) < 1000;
  if (!same) tally.differs(`${move.name}/${file.path.join('/')} is here already and differs; it was left as it is`);
  return true;
}

/** Throws DISK_FULL before anything is copied. */
async function assertRoom(missing: readonly { readonly move: FolderMove; readonly file: FoundFile }[]): Promise<void> {
  const [first] = missing;
  if (first === undefined) return;
  await mkdir(first.move.to, { recursive: true, mode: 0o700 });
  const { bavail, bsize } = await statfs(first.move.to);
  const bytes = missing.reduce((sum, { file }) => sum + file.bytes, 0);
  if (bytes > bavail * bsize) throw new AppError('DISK_FULL', `The files of the groups need ${bytes} bytes, and ${bavail * bsize} are free below ${first.move.to}. Free some space, and run it again.`, { bytes, free: bavail * bsize });
}

async function copy({ name, from, to }: FolderMove, { path }: FoundFile, tally: ImportTally): Promise<void> {
  const source = join(from, ...path);
  const target = join(to, ...path);
  const refuse = (why: string): void => tally.refuse('files', `${name}/${path.join('/')} ${why}`);
  if (!(await makeFolders(from, to, path.slice(0, -1)))) return refuse('belongs into a folder that is a link or a file here; it was left out');
  // Its name says whose it is, so that the next import removes what a crash left behind.
  const half = join(to, ...path.slice(0, -1), `.${path.at(-1)}.importing`);
  try {
    const stats = await lstat(source);
    await rm(half, { force: true });
    await copyFile(source, half, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await likeTheOld(half, stats);
    // Unlike a rename, it never takes the place of something.
    await link(half, target);
    tally.imported('files');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return tally.kept('files');
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('DISK_FULL', `The disk is full: ${target} cannot be written. Free some space, and run it again.`, { file: target }, { cause: error });
    refuse(`cannot be copied (${code ?? String(error)})`);
  } finally {
    await rm(half, { force: true });
  }
}

/** Makes what is missing on the way down; false when a link or a file is in the way. */
async function makeFolders(from: string, to: string, path: readonly string[]): Promise<boolean> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (let depth = 0; depth <= path.length; depth += 1) {
    const dir = join(to, ...path.slice(0, depth));
    const here = await statsOf(dir);
    if (here !== null && !here.isDirectory()) return false;
    if (here === null) {
      await mkdir(dir, { mode: 0o700 });
      await ownAs(dir, await lstat(join(from, ...path.slice(0, depth))));
    }
  }
  return true;
}

async function likeTheOld(file: string, stats: Stats): Promise<void> {
  // Whether it can be run stays; nobody but its owner gets any right.
  await chmod(file, (stats.mode & 0o700) | 0o600);
  await ownAs(file, stats);
  await utimes(file, stats.atime, stats.mtime);
}

/** The user of the containers owns what agents write; only the superuser can and must keep that. */
async function ownAs(path: string, { uid, gid }: Stats): Promise<void> {
  if (process.geteuid?.() === 0) await chown(path, uid, gid);
}

async function isFolder(path: string): Promise<boolean> {
  return (await statsOf(path))?.isDirectory() ?? false;
}

async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
