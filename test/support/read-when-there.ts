import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** The JSON document in a file that somebody else is about to put there whole. Rejects after `timeoutMs`. */
export async function readWhenThere(file: string, timeoutMs = 20_000): Promise<unknown> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (performance.now() > deadline) throw new Error(`${file} did not come within ${timeoutMs} ms`, { cause: error });
    }
    await pause(10);
  }
}
