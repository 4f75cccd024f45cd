import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Obstacle } from '../updates/types.ts';

export interface InstallationFacts {
  readonly packaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The program that runs, as `/Applications/Wheelhouse.app/Contents/MacOS/Wheelhouse`. */
  readonly executable: string;
  /** Where electron-builder put its own files. */
  readonly resourcesDir: string;
}

/** Why this installation cannot replace itself (`Updater.obstacle`); null: it can. */
export function updateObstacle(facts: InstallationFacts): Obstacle | null {
  if (!facts.packaged) return 'development';
  switch (facts.platform) {
    case 'linux':
      return onLinux(facts);
    case 'darwin':
      // Three folders up is the bundle; it is read-only in a disk image and where macOS quarantines what was not moved.
      return writable(posix.resolve(facts.executable, '../../../..')) ? null : 'read-only';
    default:
      // The installer of Windows asks for rights itself.
      return null;
  }
}

/** Only an AppImage is one file that can be replaced by its user; what a package manager put there belongs to root. */
function onLinux({ env, resourcesDir, executable }: InstallationFacts): Obstacle | null {
  const { APPIMAGE: image, APPDIR: mounted, SNAP: snap, FLATPAK_ID: flatpak } = env;
  // Written by electron-builder into deb, rpm and pacman packages.
  const packageType = existsSync(join(resourcesDir, 'package-type'));
  if (image === undefined || mounted === undefined || snap !== undefined || flatpak !== undefined || packageType) return 'package';
  // Programs hand these variables on to what they start: the AppImage of a terminal is not ours to replace.
  if (!executable.startsWith(`${posix.resolve(mounted)}/`)) return 'package';
  return writable(dirname(image)) ? null : 'read-only';
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
