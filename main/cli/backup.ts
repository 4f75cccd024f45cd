import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { iso, systemClock } from '../base/clock.ts';
import { dataPaths, prepareDataDir } from '../config/data-dir.ts';
import { listBackups } from '../store/backup.ts';
import { restore as restoreBackup } from '../store/restore.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { count, localTime } from './text.ts';

/** `wheelhouse backup`. */
export async function backup({ core, output }: CommandContext): Promise<number> {
  const made = await (await core('offline')).call('backup.now', {});
  output.result(made, `${made.file} (${(made.bytes / 1e6).toFixed(2)} MB)`);
  return EXIT.ok;
}

/** `wheelhouse restore`: without a file it lists what there is, because the messages of a damaged database send people here. */
export async function restore({ input, output, dataDir, io }: CommandContext): Promise<number> {
  const file = input.optionalArg('file');
  if (file === undefined) {
    const folder = dataPaths(dataDir).backups;
    const backups = (existsSync(folder) ? listBackups(folder) : []).map((found) => ({ file: found.file, taken_at: iso(found.takenAt) }));
    const lines = backups.map((found) => `${localTime(found.taken_at)}  wheelhouse restore ${found.file}`);
    output.result({ backups }, lines.length === 0 ? `There are no backups in ${folder}.` : lines.join('\n'));
    return EXIT.ok;
  }
  prepareDataDir(dataDir, (text) => output.note(text));
  const restored = await restoreBackup({ backupFile: resolve(io.cwd, file), dataDir, clock: systemClock });
  const lines = [
    'Restored; start Wheelhouse again.',
    restored.previous === null ? 'There was no database before.' : `The database before it is kept at ${restored.previous}.`,
    `${count(restored.endedLeases, 'lock')} ended, and every fence jumped ahead.`,
    ...(restored.previous === null || restored.decisionsKept ? [] : ['The old database could not be read: revoke again what you had revoked since the backup.']),
  ];
  output.result(restored, lines.join('\n'));
  return EXIT.ok;
}
