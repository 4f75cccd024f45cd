import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { TEMP_FILE } from './atomic-file.ts';

const STALE_AFTER_MS = 60_000;

/**
 * Removes what writers left behind when they were killed between write and rename: temporary files older than a
 * minute. Returns how many went. A missing directory holds none.
 */
export async function sweepTempFiles(dir: string, nowMs: number): Promise<number> {
  let removed = 0;
  for (const name of await namesIn(dir)) {
    if (!TEMP_FILE.test(name)) continue;
    const path = join(dir, name);
    const found = await unlessMissing(lstat(path));
    if (found === null || nowMs - found.mtimeMs < STALE_AFTER_MS) continue;
    await unlessMissing(unlink(path));
    removed += 1;
  }
  return removed;
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return (await unlessMissing(readdir(dir))) ?? [];
}

/** Another process may sweep or finish at the same time. */
async function unlessMissing<T>(step: Promise<T>): Promise<T | null> {
  try {
    return await step;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
