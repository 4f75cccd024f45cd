import { basename, dirname } from 'node:path';
import { readName } from './names.ts';

/** What a folder's events are told to. `names` null: something about the folder itself. */
export interface FolderListener {
  readonly changed: (names: readonly string[] | null) => void;
  readonly failed: (error: unknown) => void;
}

/** Begins to listen to a folder, which need not be there yet. Resolves with what ends it. */
export type ListenToFolder = (path: string, listener: FolderListener) => Promise<() => Promise<void>>;

/** The events of the system. They are hints: some file systems have none, and any may be missed. */
export const listenToFolder: ListenToFolder = async (path, { changed, failed }) => {
  const { watch } = await import('chokidar');
  const watcher = watch(path, {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    // Renames are how completions come; waiting whether a removed file comes back would only delay them.
    atomic: false,
    ignorePermissionErrors: true,
    // Files beside them, as bot-activity.json, may change every second.
    ignored: (entry) => dirname(entry) === path && readName(basename(entry)).kind === 'other',
  });
  watcher.on('all', (_, entry) => changed(dirname(entry) === path ? [basename(entry)] : null));
  watcher.on('error', failed);
  return async () => watcher.close();
};
