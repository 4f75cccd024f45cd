import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findBrowser } from '../../support/browser.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const dirs: ReturnType<typeof makeTempDir>[] = [];
afterEach(() => dirs.splice(0).forEach((dir) => dir.remove()));

/** A home without a browser in the usual places: a platform of which none are known. */
function home(...programs: readonly string[]): string {
  const dir = makeTempDir();
  dirs.push(dir);
  for (const program of programs) {
    const file = join(dir.path, program);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    chmodSync(file, 0o755);
  }
  return dir.path;
}
const nowhere = { platform: 'darwin', uid: 501 } as const;
const CACHE = 'Library/Caches/ms-playwright';
const APP = 'chrome-mac/Chromium.app/Contents/MacOS/Chromium';

describe('finding a browser', () => {
  it('takes the one that is named', () => {
    const path = home('my-chrome');
    const named = join(path, 'my-chrome');
    expect(findBrowser({ ...nowhere, home: path, env: { CHROME_PATH: named } })).toEqual({ executablePath: named, args: [] });
  });

  it('says so when the named one is not there, instead of taking another', () => {
    expect(() => findBrowser({ ...nowhere, home: home(), env: { CHROME_PATH: '/no/such/chrome' } })).toThrow("CHROME_PATH names '/no/such/chrome'");
  });

  it('takes the newest build of Playwright’s cache', () => {
    const path = home(`${CACHE}/chromium-999/${APP}`, `${CACHE}/chromium-1200/${APP}`);
    expect(findBrowser({ ...nowhere, home: path, env: {} })?.executablePath).toBe(join(path, CACHE, 'chromium-1200', APP));
  });

  it('leaves Chromium’s sandbox on for everybody but root', () => {
    const env = { CHROME_PATH: join(home('chrome'), 'chrome') };
    expect(findBrowser({ ...nowhere, home: '', env })?.args).toEqual([]);
    expect(findBrowser({ ...nowhere, uid: 0, home: '', env })?.args).toEqual(['--no-sandbox']);
  });

  it('is honest when there is none', () => {
    expect(findBrowser({ ...nowhere, home: home(), env: {} })).toBeNull();
  });
});
