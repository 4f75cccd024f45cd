/** Runs an Electron application on the stand-in: `node run.ts <folder of package.json> [arguments]`. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const STAND_IN = pathToFileURL(join(import.meta.dirname, 'module.ts')).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === 'electron' ? { url: STAND_IN, shortCircuit: true } : next(specifier, context)),
});

const [, , appPath, ...args] = process.argv;
if (appPath === undefined) throw new Error('Name the folder of the application.');
// Electron's own command line: the program, the application, its arguments.
process.argv = [process.execPath, resolve(appPath), ...args];
const { main } = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8')) as { main: string };
const { standInBecomeReady } = (await import(STAND_IN)) as { standInBecomeReady: () => void };
// As in Electron: an entry that waits for `ready` in its top level never gets it, and Node ends with code 13.
await import(pathToFileURL(resolve(appPath, main)).href);
standInBecomeReady();
// A desktop application lives until it quits, with nothing open but its tray.
setInterval(() => undefined, 2 ** 30);
