import { join, resolve } from 'node:path';

/** Where things lie that the settings of this room name: from the data directory on; a leading `~` is `home`, because service managers do not expand it. */
export function placeOf(dataDir: string, home: string, path: string): string {
  return resolve(dataDir, /^~(?=$|[/\\])/.test(path) ? join(home, path.slice(1)) : path);
}

/** The watched folders as absolute paths, each once; the first is where `wheelhouse done` writes. */
export function completionFolders(dataDir: string, home: string, folders: readonly string[]): readonly string[] {
  return [...new Set(folders.map((folder) => placeOf(dataDir, home, folder)))];
}
