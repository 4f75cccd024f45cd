// `npm start`: the tray where Electron can run, else the headless core with the windows in a browser.
import './require-node.mjs';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale } from './build-if-stale.mjs';
import { electronExecutable, fetchElectron, noDesktopReason } from './electron-binary.mjs';

const root = resolve(import.meta.dirname, '../..');
const args = process.argv.slice(2);

/** An end with an error sooner than this means that the tray never came up: no display behind DISPLAY, a missing library. */
const NEVER_STARTED_MS = 5000;

/** Runs the tray; resolves with why it could not start at all, or with null when it ran. */
function runElectron(executable) {
  const startedAt = performance.now();
  return new Promise((done) => {
    const child = spawn(executable, [root, ...args], { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', (error) => done(`Electron could not be started (${error.code ?? error.message})`));
    child.on('exit', (code, signal) => {
      if (signal === null && code !== 0 && performance.now() - startedAt < NEVER_STARTED_MS) {
        return done(`Electron ended at once with code ${code} (its own words are above)`);
      }
      process.exitCode = code ?? 1;
      done(null);
    });
  });
}

async function tryDesktop() {
  const reason = noDesktopReason(process);
  if (reason !== null) return reason;
  if (electronExecutable(root) === null) {
    process.stdout.write('Fetching Electron (about 110 MB, once)…\n');
    const failure = await fetchElectron(root);
    if (failure !== null) return failure;
  }
  return runElectron(electronExecutable(root));
}

if (!existsSync(resolve(root, 'node_modules/electron-vite'))) {
  process.stderr.write('The dependencies are not installed: run `npm ci` first.\n');
  process.exit(1);
}
try {
  await buildIfStale(root);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
const reason = await tryDesktop();
if (reason !== null) {
  process.stdout.write(`${reason}, so Wheelhouse runs without a tray and opens its windows in a browser.\n`);
  process.argv.splice(2, args.length, 'serve', '--ui', ...args);
  await import(pathToFileURL(resolve(root, 'out/main/cli.js')).href);
}
