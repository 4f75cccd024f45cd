import { join } from 'node:path';

/** Where the parts of the built application are: below the checkout, or inside app.asar. */
export interface AppFiles {
  readonly windows: string;
  readonly preload: string;
  readonly icon: string;
  readonly trayIcons: string;
}

export function appFiles(appPath: string): AppFiles {
  return {
    windows: join(appPath, 'out', 'renderer'),
    preload: join(appPath, 'out', 'preload', 'index.cjs'),
    icon: join(appPath, 'resources', 'icons', 'app.png'),
    trayIcons: join(appPath, 'resources', 'icons', 'tray'),
  };
}
