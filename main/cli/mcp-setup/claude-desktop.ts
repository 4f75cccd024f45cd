import { posix, win32 } from 'node:path';
import { AppError } from '../../base/errors.ts';

/** What decides where Claude Desktop keeps its configuration. */
export interface DesktopPlaces {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** The `Claude_…` folders in `%LOCALAPPDATA%\Packages` that hold {@link MSIX_FOLDER}. Empty elsewhere. */
  readonly packages: readonly string[];
}

/** Where an application from the Microsoft Store keeps what it believes to be in `%APPDATA%`. */
export const MSIX_FOLDER = win32.join('LocalCache', 'Roaming', 'Claude');
/** The package family of Claude Desktop is this and a hash of its publisher. */
export const MSIX_NAME = /^Claude_/;

const FILE = 'claude_desktop_config.json';

/**
 * The file that Claude Desktop reads (bus.md §4.1). On Windows the packaged application, which is the usual one, reads
 * another file than its own "Edit config" opens: the one in its package is taken when there is exactly one package, and
 * the classic one when there is none. Throws CONFIG_INVALID when several could be meant.
 */
export function desktopConfigFile({ platform, env, home, packages }: DesktopPlaces): string {
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Claude', FILE);
  if (platform !== 'win32') return posix.join(env['XDG_CONFIG_HOME'] || posix.join(home, '.config'), 'Claude', FILE);
  const inPackages = packages.map((name) => win32.join(packagesFolder(env, home), name, MSIX_FOLDER, FILE));
  if (inPackages.length > 1) {
    const message = `Claude Desktop is installed ${inPackages.length} times, and which one you use cannot be told: ${inPackages.join(', ')}. Uninstall all but one; nothing was changed.`;
    throw new AppError('CONFIG_INVALID', message, { files: inPackages });
  }
  return inPackages[0] ?? win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), 'Claude', FILE);
}

/** Where Windows keeps the data of packaged applications. */
export function packagesFolder(env: NodeJS.ProcessEnv, home: string): string {
  return win32.join(env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'Packages');
}

export interface BridgeEntry {
  /** The words that start this program. */
  readonly program: readonly string[];
  readonly dataDir: string;
  /** Null: the default token file. */
  readonly agent: string | null;
  /** Null: that of the core on the data directory, found at every connection. */
  readonly baseUrl: string | null;
}

/** The entry of `claude_desktop_config.json`: names the places, holds no secret. */
export function bridgeEntry({ program, dataDir, agent, baseUrl }: BridgeEntry): Readonly<Record<string, unknown>> {
  const [command, ...args] = program;
  return {
    command,
    args: [...args, 'mcp', 'bridge', ...(agent === null ? [] : ['--agent', agent])],
    env: { WAIAAS_DATA_DIR: dataDir, ...(baseUrl !== null && { WAIAAS_BASE_URL: baseUrl }) },
  };
}
