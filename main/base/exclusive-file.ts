import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What file systems without hard links say, as FAT and some network folders. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Makes a file that did not exist, whole from its first moment and flushed to disk; false when the name is taken. Readers
 * never see a part of it, except where the file system has no hard links. Rejects with the file system's error.
 */
export async function createExclusive(path: string, text: string, mode = 0o644): Promise<boolean> {
  const temp = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  await writeNew(temp, text, mode);
  try {
    return await giveName(temp, path);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return await writeNew(path, text, mode).then(() => true, takenIsFalse);
  } finally {
    await unlink(temp);
  }
}

/**
 * Renames a file without ever replacing another; false when the name is taken. Finishes a rename of its own that was cut off. Where the file system has no hard links,
 * somebody who makes the name at the same moment loses it. Rejects with the file system's error, ENOENT when `from` is gone.
 */
export async function renameExclusive(from: string, to: string): Promise<boolean> {
  try {
    if (!(await giveName(from, to)) && !(await isOneFile(from, to))) return false;
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    if (await exists(to)) return false;
    await rename(from, to);
    return true;
  }
  await unlink(from);
  return true;
}

async function giveName(from: string, to: string): Promise<boolean> {
  return link(from, to).then(() => true, takenIsFalse);
}

/** Whether two names belong to one file. */
export async function isOneFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(a, { bigint: true }).catch(goneIsNull), lstat(b, { bigint: true }).catch(goneIsNull)]);
  return one !== null && other !== null && one.ino === other.ino && one.dev === other.dev;
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(text, 'utf-8');
    await file.sync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** Whether something has the name, a dangling link too. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

function goneIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function takenIsFalse(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}
