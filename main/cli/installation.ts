import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files that this program came with: a checkout or an installed package. */
export interface Installation {
  readonly version: string;
  /** Where the built windows are, whether they were built or not. */
  readonly rendererDir: string;
}

/** Finds them from this file upwards, because the bundle lies deeper than the source. */
export function findInstallation(): Installation {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { version, rendererDir: join(folder, 'out/renderer') };
}
