import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Longer than a slow line needs for 110 MB; a machine without a way to it fails in a second. */
const FETCH_MS = 10 * 60_000;

/** Why no tray can be shown here, as the start of a sentence; null when it can. */
export function noDesktopReason({ platform, env, getuid }) {
  if (platform !== 'linux') return null;
  if (!env['DISPLAY'] && !env['WAYLAND_DISPLAY']) return 'There is no display here';
  // Chromium refuses to run its sandbox as root, and Wheelhouse does not run without the sandbox.
  if (getuid?.() === 0) return 'Electron does not run as root';
  return null;
}

/** The Electron program that belongs to `root`, or null while it has not been fetched. */
export function electronExecutable(root) {
  const folder = join(root, 'node_modules/electron');
  try {
    const executable = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'));
    return existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

/** Fetches the program with Electron's own installer; resolves with why it failed, or null. */
export function fetchElectron(root, timeoutMs = FETCH_MS) {
  return new Promise((done) => {
    const installer = spawn(process.execPath, [join(root, 'node_modules/electron/install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: timeoutMs,
    });
    let said = '';
    installer.stderr.on('data', (chunk) => (said += chunk));
    installer.on('exit', (code, signal) => {
      if (code === 0 && electronExecutable(root) !== null) return done(null);
      const why = signal === null ? firstLine(said) : `no end after ${Math.round(timeoutMs / 60_000)} minutes`;
      done(`Electron could not be fetched (${why})`);
    });
  });
}

function firstLine(text) {
  return text.trim().split('\n', 1)[0].replace(/^\w*Error: /, '') || 'its installer gave no reason';
}
