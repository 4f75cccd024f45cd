import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../base/atomic-file.ts';

/** Where a running core keeps the key with which the command line of the same user proves itself. */
export function localKeyFile(dataDir: string): string {
  return join(dataDir, 'data', 'local-key');
}

/** Makes a new key for this run and writes it for its owner alone. */
export async function writeLocalKey(dataDir: string): Promise<string> {
  const key = randomBytes(32).toString('hex');
  await writeFileAtomic(localKeyFile(dataDir), key, { mode: 0o600 });
  return key;
}

export async function removeLocalKey(dataDir: string): Promise<void> {
  await rm(localKeyFile(dataDir), { force: true });
}
