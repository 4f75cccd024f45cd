import { lstat, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, isOneFile, renameExclusive } from '../base/exclusive-file.ts';
import { markerName, type Marker } from './names.ts';

/** The folder for what is over, inside each watched one (seed 003 §2.2). */
const ARCHIVE = 'archive';
/** More completions of one task than this would be a sign of something else being wrong. */
const MOST_SAME_NAMES = 100_000;

/** Makes a marker file unless it is there. Never writes through what somebody put in its place. */
export async function makeMarker(folder: string, task: string, marker: Marker): Promise<void> {
  try {
    const file = await open(join(folder, markerName(task, marker)), 'wx', 0o644);
    await file.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Moves files of the folder into its archive and never replaces one that is there: all get the same number, as `a.done~2`.
 * A file that is gone meanwhile is left out. Rejects with the file system's error; running again finishes the move.
 */
export async function moveToArchive(folder: string, names: readonly string[]): Promise<void> {
  const archive = await prepareArchive(folder);
  for (let number = 1, left = [...names]; left.length > 0 && number < MOST_SAME_NAMES; number += 1) {
    const suffix = number === 1 ? '' : `~${number}`;
    if (await anyTaken(left.map((name) => [join(folder, name), join(archive, name + suffix)]))) continue;
    const taken: string[] = [];
    for (const name of left) {
      const moved = await renameExclusive(join(folder, name), join(archive, name + suffix)).catch(goneIsMoved);
      if (!moved) taken.push(name);
    }
    left = taken;
  }
}

async function prepareArchive(folder: string): Promise<string> {
  const archive = join(folder, ARCHIVE);
  await mkdir(archive, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  // A link could lead anywhere.
  if (!(await lstat(archive)).isDirectory()) throw new Error(`${archive} is not a folder; move it away`);
  return archive;
}

/** Whether a name is taken by another file than the one that is to get it. */
async function anyTaken(moves: readonly (readonly [from: string, to: string])[]): Promise<boolean> {
  for (const [from, to] of moves) {
    if ((await exists(to)) && !(await isOneFile(from, to))) return true;
  }
  return false;
}

function goneIsMoved(error: NodeJS.ErrnoException): true {
  if (error.code === 'ENOENT') return true;
  throw error;
}
