import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { AGENT_FOLDER, findMissing, PARTS, type MissingParts, type Part } from './parts.ts';

const PACKAGES: Record<Part | 'font', readonly string[]> = {
  chromium: ['chromium'],
  redis: ['redis-server'],
  notices: ['dbus', 'libnotify-bin', 'python3-dbus', 'python3-gi'],
  containers: ['podman', 'runc', 'netavark', 'iptables', 'busybox-static'],
  font: ['fonts-noto-cjk'],
  // Comes from npm.
  'agent-sdk': [],
};
/** What does the same with less, where there is such a package: Debian has it, Ubuntu does not. */
const LIGHTER: Readonly<Record<string, string>> = { chromium: 'chromium-headless-shell' };
const APT_TIMEOUT_MS = 6 * 60_000;
const NPM_TIMEOUT_MS = 3 * 60_000;

/** Installs what suites need and the machine lacks, where that can be done unasked; returns what is still missing. */
export function installMissingParts(say: (line: string) => void): MissingParts {
  const wanted = PARTS.filter((part) => findMissing(part) !== null);
  const packages = [...wanted, ...(hasKoreanFont() ? [] : (['font'] as const))].flatMap((part) => PACKAGES[part]);
  let failure: string | null = null;
  if (packages.length > 0) {
    failure = aptRefusal();
    if (failure === null) {
      say(`Installing ${packages.join(' ')} with apt-get…`);
      failure = aptInstall(packages);
    }
  }
  if (findMissing('chromium') !== null) {
    say('Fetching a Chromium with Playwright…');
    const playwright = ['node_modules/@playwright/test/cli.js', 'install', 'chromium'];
    spawnSync(process.execPath, playwright, { stdio: ['ignore', 'inherit', 'inherit'], timeout: APT_TIMEOUT_MS });
  }
  if (findMissing('agent-sdk') !== null) {
    say('Installing the Claude Agent SDK in resources/agent…');
    npmInstall(AGENT_FOLDER);
  }
  return Object.fromEntries(
    PARTS.flatMap((part) => {
      const reason = findMissing(part);
      return reason === null ? [] : [[part, failure === null || part === 'agent-sdk' ? reason : `${reason}; ${failure}`]];
    }),
  );
}

/** Why nothing can be installed here without asking; null when it can. */
function aptRefusal(): string | null {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release)) return 'it is installed unasked on Debian and Ubuntu only';
  if (process.getuid?.() !== 0) return 'it is installed unasked for root only';
  return null;
}

function aptInstall(packages: readonly string[]): string | null {
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: APT_TIMEOUT_MS,
    }).status === 0;
  if (!apt('update', '-qq')) return 'apt-get update failed (see above)';
  const named = packages.map((name) => (LIGHTER[name] !== undefined && isPackage(LIGHTER[name]) ? LIGHTER[name] : name));
  return apt('install', '-y', '-qq', '--no-install-recommends', ...named) ? null : 'apt-get install failed (see above)';
}

function isPackage(name: string): boolean {
  return spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0;
}

/** What stays missing is named by its suite. */
function npmInstall(folder: string): void {
  spawnSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: NPM_TIMEOUT_MS,
    shell: process.platform === 'win32',
  });
}

/** Without one, Korean text in screenshots is a row of boxes. */
function hasKoreanFont(): boolean {
  if (process.platform !== 'linux') return true;
  return spawnSync('fc-list', [':lang=ko'], { encoding: 'utf8' }).stdout?.trim() !== '';
}
