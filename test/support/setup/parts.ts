import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import type { BrowserType } from '@playwright/test';
import { USUAL } from '../browser.ts';

/** What suites need beyond `npm ci`: a browser, a Redis server, a container engine, and what the image of agents installs. */
export const PARTS = ['chromium', 'redis', 'containers', 'notices', 'agent-sdk'] as const;
export type Part = (typeof PARTS)[number];

/** Holds the lock file of what the image of agents installs (some 450 MB, so the checkout itself does without it). */
export const AGENT_FOLDER = resolve(import.meta.dirname, '../../../resources/agent');

/** The parts that the test command could not provide, with the reason; set for the suites by `npm test`. */
export type MissingParts = { readonly [P in Part]?: string };
export const MISSING_PARTS_VARIABLE = 'WHEELHOUSE_TEST_MISSING';

/** Why a suite that needs `part` cannot run here; null when it can. `npm test` repeats the reason in its last lines. */
export function missingPart(part: Part, env: NodeJS.ProcessEnv = process.env): string | null {
  const told = env[MISSING_PARTS_VARIABLE];
  if (told !== undefined) return (JSON.parse(told) as MissingParts)[part] ?? null;
  return findMissing(part, env);
}

/** Looks at the machine itself. */
export function findMissing(part: Part, env: NodeJS.ProcessEnv = process.env): string | null {
  switch (part) {
    case 'chromium':
      return findChromium(env) === null ? 'no Chromium or Chrome was found; set CHROME_PATH' : null;
    case 'redis':
      return findProgram('redis-server', env) === null ? 'redis-server is not installed' : null;
    case 'notices': {
      if (process.platform !== 'linux') return 'the notices of a Linux desktop are tested on Linux';
      const absent = ['dbus-run-session', 'notify-send'].filter((name) => findProgram(name, env) === null);
      if (absent.length > 0) return `${absent.join(', ')} not installed`;
      return spawnSync(NOTICE_PYTHON, ['-c', 'import dbus, gi'], { stdio: 'ignore' }).status === 0 ? null : `${NOTICE_PYTHON} has no dbus and gi`;
    }
    case 'containers': {
      if (process.platform !== 'linux') return 'the container suites drive Podman on Linux';
      if (process.getuid?.() !== 0) return 'the container suites need root for Podman';
      const absent = ['podman', 'runc', 'busybox', 'iptables'].filter((name) => findProgram(name, env) === null);
      return absent.length > 0 ? `${absent.join(', ')} not installed` : null;
    }
    case 'agent-sdk':
      return existsSync(join(AGENT_FOLDER, 'node_modules/@anthropic-ai/claude-agent-sdk/sdk.mjs')) ? null : 'the Claude Agent SDK is not installed in resources/agent; run npm ci there';
  }
}

/** The system's own Python: the packages for D-Bus belong to it. */
export const NOTICE_PYTHON = '/usr/bin/python3';

/** A browser that Playwright can drive: CHROME_PATH, then the usual places, then Playwright's own download. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const named = env['CHROME_PATH'];
  const works = (path: string): boolean => existsSync(path) && runs(path);
  const installed = [...(named ? [named] : []), ...(USUAL[process.platform] ?? [])].find(works);
  if (installed !== undefined) return installed;
  const downloaded = playwrightChromium();
  return works(downloaded) ? downloaded : null;
}

/** Loaded on demand: every suite that asks for some part comes through this file. */
function playwrightChromium(): string {
  const { chromium } = createRequire(import.meta.url)('@playwright/test') as { chromium: BrowserType };
  return chromium.executablePath();
}

/** Ubuntu puts a script in the browser's place that only asks for a snap, so being there is not enough on Linux. */
function runs(path: string): boolean {
  return process.platform !== 'linux' || spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}

/** The full path of a program on PATH or in the system folders that a user's PATH may lack. */
export function findProgram(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}
