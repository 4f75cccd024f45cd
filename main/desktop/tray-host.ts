import type { Log } from '../base/log.ts';

/** Runs a program and gives what it printed; rejects when it is missing, fails or takes too long. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

const WATCHER = 'org.kde.StatusNotifierWatcher';
const WATCHER_PATH = '/StatusNotifierWatcher';
const GET_PROPERTY = 'org.freedesktop.DBus.Properties.Get';
const PROPERTY = 'IsStatusNotifierHostRegistered';

const QUESTIONS: readonly (readonly [program: string, args: readonly string[]])[] = [
  ['gdbus', ['call', '--session', '--dest', WATCHER, '--object-path', WATCHER_PATH, '--method', GET_PROPERTY, WATCHER, PROPERTY]],
  ['dbus-send', ['--session', '--print-reply', `--dest=${WATCHER}`, WATCHER_PATH, GET_PROPERTY, `string:${WATCHER}`, `string:${PROPERTY}`]],
];

/**
 * Whether something shows tray icons. Elsewhere than on Linux the system does. On Linux Electron cannot tell
 * (electron/electron#5872), so the session bus is asked; without an answer there is no host as far as we know, because
 * a window that only minimises is a smaller harm than one that cannot be opened again.
 */
export async function trayHostPresent(platform: NodeJS.Platform, run: RunProgram, log: Log): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (const [program, args] of QUESTIONS) {
    try {
      const answer = await run(program, args);
      return /\btrue\b/.test(answer);
    } catch (error) {
      log.debug({ err: error, program }, 'no answer about a tray host');
    }
  }
  return false;
}
