import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the bundles are made of. */
const SOURCES = [
  'main', 'preload', 'renderer', 'resources/locales', 'resources/agent/src', 'resources/agent/Containerfile', 'resources/agent/package-lock.json',
  'electron.vite.config.ts', 'package.json', 'package-lock.json',
];
/** The entry of each bundle; the oldest one tells how old the build is. */
const OUTPUTS = ['out/main/index.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html', 'out/agent/runner.mjs'];

/** The newest change below `path`; a folder's own time tells of deleted files. */
function newestChange(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** Whether the bundles in `root` are missing or older than what they are made of. */
export function isStale(root) {
  const outputs = OUTPUTS.map((path) => join(root, path));
  if (!outputs.every((path) => existsSync(path))) return true;
  const built = Math.min(...outputs.map((path) => statSync(path).mtimeMs));
  return SOURCES.map((path) => join(root, path)).some((path) => existsSync(path) && newestChange(path) > built);
}

/** Builds the bundles when they are stale; two callers at once build once. Throws when the build fails. */
export async function buildIfStale(root) {
  if (!isStale(root)) return;
  const release = await takeBuildLock(root);
  try {
    if (!isStale(root)) return;
    if (process.stderr.isTTY) process.stderr.write('Building Wheelhouse first…\n');
    build(root);
  } finally {
    release();
  }
}

function build(root) {
  const vite = join(root, 'node_modules/electron-vite/bin/electron-vite.js');
  if (!existsSync(vite)) throw new Error('The dependencies are not installed: run `npm ci` first.');
  for (const words of [[vite, 'build', '--logLevel', 'warn'], [join(root, 'resources/scripts/agent-image.mjs')]]) {
    const result = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`The build failed.\n${result.stdout}${result.stderr}`);
  }
}

/** Waits until no other process builds, then takes its place. A lock left by a dead process counts as none. */
async function takeBuildLock(root) {
  const file = join(root, 'out/.building');
  mkdirSync(join(root, 'out'), { recursive: true });
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!holderLives(file)) rmSync(file, { force: true });
      else await sleep(200);
    }
  }
}

function holderLives(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // An empty file belongs to somebody who is just writing it.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
