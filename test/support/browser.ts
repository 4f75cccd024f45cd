import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface BrowserSearch {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Null where the system has no such thing. */
  readonly uid: number | null;
  readonly home: string;
}

/** How to start Chromium here, in Playwright's words. */
export interface BrowserLaunch {
  readonly executablePath: string;
  readonly args: string[];
}

/** Where browsers usually are. The headless shell comes first: it draws no window around a page, which halves the work. */
export const USUAL: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/snap/bin/chromium'],
  darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe'],
};

/** Playwright keeps its own browsers here, one folder per build. */
const CACHES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: '.cache/ms-playwright',
  darwin: 'Library/Caches/ms-playwright',
  win32: 'AppData/Local/ms-playwright',
};
const IN_CACHE: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['chrome-linux64/chrome', 'chrome-linux/chrome'],
  darwin: ['chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing', 'chrome-mac/Chromium.app/Contents/MacOS/Chromium'],
  win32: ['chrome-win64/chrome.exe', 'chrome-win/chrome.exe'],
};

/** `CHROME_PATH`, then the usual places, then Playwright's cache (newest build first); null when there is none. */
export function findBrowser(search: BrowserSearch = thisMachine()): BrowserLaunch | null {
  const { env, platform, uid } = search;
  const named = env['CHROME_PATH'];
  if (named !== undefined && named !== '' && !existsSync(named)) throw new Error(`CHROME_PATH names '${named}', where there is no file.`);
  const found = [...(named ? [named] : []), ...(USUAL[platform] ?? []), ...cached(search)].find((path) => existsSync(path));
  if (found === undefined) return null;
  // Chromium's sandbox refuses to run as root.
  return { executablePath: found, args: uid === 0 ? ['--no-sandbox'] : [] };
}

/** Like {@link findBrowser}, but says what to do when there is none. */
export function requireBrowser(): BrowserLaunch {
  const browser = findBrowser();
  if (browser === null) throw new Error('No Chromium was found. Install one (Debian: apt-get install chromium) or name it in CHROME_PATH.');
  return browser;
}

function cached({ env, platform, home }: BrowserSearch): readonly string[] {
  const root = env['PLAYWRIGHT_BROWSERS_PATH'] ?? join(home, CACHES[platform] ?? '.cache/ms-playwright');
  if (!existsSync(root)) return [];
  const builds = readdirSync(root)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1]));
  return builds.flatMap((build) => (IN_CACHE[platform] ?? []).map((path) => join(root, build, path)));
}

function thisMachine(): BrowserSearch {
  return { env: process.env, platform: process.platform, uid: process.getuid?.() ?? null, home: homedir() };
}
