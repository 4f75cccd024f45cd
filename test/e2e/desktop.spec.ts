import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { DesktopApp, LaunchOptions } from '../support/electron/drivers/driver.ts';
import { realElectronDriver } from '../support/electron/drivers/real-electron.ts';
import { standInDriver } from '../support/electron/drivers/stand-in.ts';
import { startDesktop, type DesktopRig } from '../support/electron/rig.ts';
import type { MenuItemRecord } from '../support/electron/state.ts';
import { startCore } from '../support/start-core.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const labels = (menu: readonly MenuItemRecord[]): readonly string[] => menu.filter(({ type }) => type === 'normal').map(({ label }) => label);
const menuOf = async (app: DesktopApp): Promise<readonly string[]> => labels((await app.state()).tray?.menu ?? []);
const iconOf = async (app: DesktopApp): Promise<string> => ((await app.state()).tray?.image ?? '').replace(/^.*\//, '');
const openWindows = async (app: DesktopApp): Promise<number> => (await app.state()).windows.filter(({ visible, minimized }) => visible && !minimized).length;

for (const driver of [standInDriver, realElectronDriver]) {
  if (driver.unavailable !== null) {
    // One line in the report instead of one per test, with the reason in it.
    test(`desktop on ${driver.name}: ${driver.unavailable}`, () => test.skip(true, driver.unavailable!));
    continue;
  }
  test.describe(`desktop on ${driver.name}`, () => {
    const rigs: DesktopRig[] = [];
    const start = async (options: Partial<LaunchOptions> = {}): Promise<DesktopRig> => {
      const rig = await startDesktop(driver, options);
      rigs.push(rig);
      return rig;
    };
    test.afterEach(async () => {
      const info = test.info();
      for (const rig of rigs.splice(0)) {
        if (info.status !== info.expectedStatus) await info.attach('output of the application', { body: rig.app.output() });
        await rig.dispose();
      }
    });

    test('a quiet start shows the tray and no window; a click on the icon opens it with live data', async () => {
      const { app, agent } = await start({ args: ['--hidden'] });
      await expect.poll(() => menuOf(app)).toContain('Open Wheelhouse');
      expect((await app.state()).windows).toEqual([]);
      const backend = await agent('Ada', 'BE');

      await app.clickTray();
      const page = await app.page();
      await expect(page.getByRole('navigation')).toBeVisible();
      await expect.poll(() => openWindows(app)).toBe(1);

      await backend.use('post_message', { to_role: 'FE', body: 'The endpoint is ready' });
      await app.clickMenu('messages');
      await expect(page.getByText('The endpoint is ready').first()).toBeVisible();
    });

    test('the icon and the menu tell what waits and what runs, in both languages', async () => {
      const { app, agent, core } = await start({ args: ['--hidden'] });
      await expect.poll(() => iconOf(app)).toMatch(/^idle-/);
      const frontend = await agent('Finn', 'FE');

      await frontend.use('acquire_lock', { resource: 'schema', intent: 'adding a column' });
      await expect.poll(() => iconOf(app)).toMatch(/^working-/);
      await expect.poll(() => menuOf(app)).toContain('1 lock held');
      await expect.poll(() => menuOf(app)).toContain('Quit Wheelhouse…');

      await frontend.use('post_message', { to_role: 'Producer', body: 'Which colour?' });
      await frontend.use('post_message', { to_role: 'Producer', body: 'And which size?' });
      await expect.poll(() => iconOf(app)).toMatch(/^needs-you-2-/);
      await expect.poll(async () => (await app.state()).tray?.toolTip).toBe('Wheelhouse · 2 things need you · 1 lock held');

      await (await core()).call('settings.set', { language: 'ko' });
      await expect.poll(() => menuOf(app)).toEqual(expect.arrayContaining(['확인할 일 2건', '점유된 락 1개']));
      await expect.poll(() => menuOf(app)).toContain('Wheelhouse 열기');
    });

    test('a system in Korean gets a tray in Korean', async () => {
      const { app } = await start({ args: ['--hidden'], languages: ['ko-KR', 'en-US'] });
      await expect.poll(() => menuOf(app)).toContain('Wheelhouse 종료');
    });

    test('closing destroys the window, the tray stays and opens a new one at the old place', async () => {
      const { app } = await start();
      await app.page();
      await expect.poll(() => openWindows(app)).toBe(1);
      const [before] = (await app.state()).windows;

      await app.closeWindow();
      await expect.poll(async () => (await app.state()).windows).toEqual([]);
      expect((await app.state()).tray).not.toBeNull();
      await expect.poll(async () => (await app.state()).notifications.map(({ title }) => title)).toEqual(['Wheelhouse keeps running']);

      await app.clickTray();
      await app.page();
      const [after] = (await app.state()).windows;
      expect(after!.id).not.toBe(before!.id);
      expect(after!.bounds).toEqual(before!.bounds);

      await app.closeWindow();
      await expect.poll(async () => (await app.state()).windows).toEqual([]);
      expect((await app.state()).notifications).toHaveLength(1);
    });

    test('without a place for tray icons closing only minimises, and a quiet start shows the window', async () => {
      const { app } = await start({ args: ['--hidden'], trayHost: false });
      await app.page();
      await app.closeWindow();
      await expect.poll(async () => (await app.state()).windows.map(({ minimized }) => minimized)).toEqual([true]);
      await expect.poll(async () => (await app.state()).notifications.map(({ title }) => title)).toEqual(['This desktop shows no tray icons']);
      await app.clickTray();
      await expect.poll(() => openWindows(app)).toBe(1);
    });

    test('a second start shows the window of the first and ends; its link opens the page and nothing else', async () => {
      const { app } = await start({ args: ['--hidden'] });
      await expect.poll(() => menuOf(app)).toContain('Open Wheelhouse');

      expect(await app.launchAgain(['wheelhouse://open/locks'])).toBe(0);
      const page = await app.page();
      await expect(page).toHaveURL(/#\/locks$/);

      expect(await app.launchAgain(['wheelhouse://open/board?resource=schema&release=1'])).toBe(0);
      expect(await app.launchAgain(['wheelhouse://open/activity'])).toBe(0);
      await expect(page).toHaveURL(/#\/activity$/);
      // One step back is the page of the first link: the one in between was no page.
      await page.goBack();
      await expect(page).toHaveURL(/#\/locks$/);
      expect((await app.state()).windows).toHaveLength(1);
      expect((await app.state()).dialogs).toEqual([]);
    });

    test('quitting asks while work runs; cancel keeps everything, agreeing stops the core', async () => {
      const { app, agent, core } = await start({ args: ['--hidden'] });
      const backend = await agent('Ada', 'BE');
      await backend.use('acquire_lock', { resource: 'api', intent: 'renaming a route' });
      await expect.poll(() => menuOf(app)).toContain('Quit Wheelhouse…');

      await app.clickMenu('quit');
      await app.answerDialog('Cancel');
      expect((await (await core()).call('locks.list', {})).locks).toHaveLength(1);

      await app.clickMenu('quit');
      await expect.poll(async () => (await app.state()).dialogs.at(-1)?.detail).toContain('1 lock held');
      expect((await app.state()).dialogs.at(-1)).toMatchObject({ defaultId: 0, buttons: ['Cancel', 'Stop and quit'] });
      await app.answerDialog('Stop and quit');
      expect(await app.ended).toBe(0);
    });

    test('quitting with nothing to interrupt, a shutdown and a signal end without a question', async () => {
      // With an open window as well: it closes for good this time.
      const idle = await start();
      await idle.app.page();
      await idle.app.pressInWindow('q', true);
      expect(await idle.app.ended).toBe(0);

      for (const end of [async (app: DesktopApp) => app.power('shutdown'), async (app: DesktopApp) => app.signal('SIGTERM')]) {
        const busy = await start({ args: ['--hidden'] });
        await (await busy.agent('Ada', 'BE')).use('acquire_lock', { resource: 'api', intent: 'renaming a route' });
        await expect.poll(() => menuOf(busy.app)).toContain('Quit Wheelhouse…');
        await end(busy.app);
        expect(await busy.app.ended).toBe(0);
      }
    });

    test('taking a lock away needs the native question; the page cannot answer it', async () => {
      const { app, agent, core } = await start();
      await (await agent('Ada', 'BE')).use('acquire_lock', { resource: 'schema', intent: 'adding a column' });
      const page = await app.page();
      const release = async (): Promise<unknown> =>
        page.evaluate(`window.wheelhouse.call('locks.forceRelease', { resource: 'schema', reason: 'Ada is away' })`);
      const locks = async (): Promise<number> => (await (await core()).call('locks.list', {})).locks.length;
      await expect.poll(() => menuOf(app)).toContain('1 lock held');

      const refused = release();
      await expect.poll(async () => (await app.state()).dialogs.at(-1)?.detail).toContain('BE (Ada)');
      expect((await app.state()).dialogs.at(-1)!.detail).toContain('Ada is away');
      await app.answerDialog('Cancel');
      expect(await refused).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
      expect(await locks()).toBe(1);

      const agreed = release();
      await app.answerDialog('Release the lock');
      expect(await agreed).toMatchObject({ ok: true, result: { lost_by: [expect.any(String)] } });
      expect(await locks()).toBe(0);
    });

    test('ending a session needs the native question as well, which names whose it is', async () => {
      const { app, agent, core } = await start();
      await agent('Ada', 'BE');
      const page = await app.page();
      const sessions = async () => (await (await core()).call('sessions.list', {})).sessions;
      const { id } = (await sessions())[0]!;
      await expect(page.getByRole('navigation')).toBeVisible();
      const revoke = async (): Promise<unknown> => page.evaluate(`window.wheelhouse.call('sessions.revoke', { session_id: '${id}', reason: 'left on a train' })`);

      const refused = revoke();
      await expect.poll(async () => (await app.state()).dialogs.at(-1)?.message).toBe('End the session of Ada?');
      expect((await app.state()).dialogs.at(-1)!.detail).toContain('left on a train');
      await app.answerDialog('Cancel');
      expect(await refused).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
      expect(await sessions()).toMatchObject([{ state: 'live' }]);

      const agreed = revoke();
      await app.answerDialog('End session');
      expect(await agreed).toMatchObject({ ok: true, result: { session: { state: 'revoked' } } });
    });

    test('only our own windows may call, and only what the contract has', async () => {
      const { app } = await start();
      const page = await app.page();
      const call = `window.wheelhouse.call('snapshot.get', {})`;
      expect(await page.evaluate(call)).toMatchObject({ ok: true, result: { info: { mode: 'desktop' } } });
      expect(await page.evaluate(`window.wheelhouse.call('ui.link', {})`)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
      expect(await page.evaluate(`window.wheelhouse.call('toString', {})`)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });

      const foreign = await app.openForeignWindow();
      expect(await foreign.evaluate(call)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
      // The page waits for a snapshot that a stranger never gets.
      await expect(foreign.getByRole('navigation')).toBeHidden();
    });

    test('a page has no Node, no way out and no permissions', async () => {
      const { app } = await start();
      const page = await app.page();
      const url = page.url();
      expect(await page.evaluate('[typeof require, typeof process, typeof module, typeof ipcRenderer]')).toEqual(Array(4).fill('undefined'));
      expect(await page.evaluate('Object.isFrozen(window.wheelhouse)')).toBe(true);
      expect(await page.evaluate(`Object.keys(window.wheelhouse)`)).toEqual(['call', 'listen']);

      await page.evaluate(`location.assign('https://example.com/')`);
      await page.evaluate(`window.open('https://example.com/')`);
      // Both are refused before anything is fetched, so the page still answers from where it was.
      expect(await page.evaluate(`window.wheelhouse.call('snapshot.get', {}).then(({ ok }) => ok)`)).toBe(true);
      expect(page.url()).toBe(url);
      expect((await app.state()).windows).toHaveLength(1);

      const violation = await page.evaluate(`new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
        document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.injected = true' }));
      })`);
      expect(violation).toBe('script-src-elem');
      expect(await page.evaluate('window.injected')).toBeUndefined();
      await expect(page.evaluate(`fetch('http://127.0.0.1:9/')`)).rejects.toThrow();

      expect(await app.askPermission('media')).toBe(false);
      expect(await app.askPermission('geolocation')).toBe(false);
      expect(await app.askPermission('clipboard-sanitized-write')).toBe(true);
    });

    test('a page that crashes is loaded again once; after the second time the tray opens a new window', async () => {
      const { app } = await start();
      await app.page();
      const loaded = async (): Promise<readonly boolean[]> => (await app.state()).windows.map((window) => window.loaded);
      await app.crashWindow();
      await expect.poll(loaded).toEqual([true]);
      await app.crashWindow();
      await expect.poll(loaded).toEqual([]);
      await app.clickTray();
      await expect((await app.page()).getByRole('navigation')).toBeVisible();
    });

    test('the theme follows the setting, and the system when that is the setting', async () => {
      const { app, core } = await start();
      const page = await app.page();
      const dark = async (): Promise<unknown> => page.evaluate(`matchMedia('(prefers-color-scheme: dark)').matches`);
      for (const theme of ['dark', 'light'] as const) {
        await (await core()).call('settings.set', { theme });
        await expect.poll(dark).toBe(theme === 'dark');
        expect((await app.state()).themeSource).toBe(theme);
      }
      await (await core()).call('settings.set', { theme: 'system' });
      await expect.poll(async () => (await app.state()).themeSource).toBe('system');
      if (await app.systemTheme('dark')) await expect.poll(dark).toBe(true);
    });

    test('keys close and zoom the window; the menu copies the address and opens the logs', async () => {
      const { app, core } = await start();
      const page = await app.page();
      await app.pressInWindow('+', true);
      await expect.poll(async () => page.evaluate('window.innerWidth < window.outerWidth || document.documentElement.style.zoom > 1')).toBe(true);
      await app.pressInWindow('w', true);
      await expect.poll(async () => (await app.state()).windows).toEqual([]);

      await app.clickMenu('copy-mcp-address');
      const { info } = await (await core()).call('status.get', {});
      await expect.poll(async () => (await app.state()).clipboard).toBe(info.mcpUrl);
      await app.clickMenu('open-logs');
      await expect.poll(async () => (await app.state()).openedPaths).toEqual([`${info.dataDir}/logs`]);
    });

    test('a start that fails says why and what helps, and leaves nothing running', async () => {
      const holder = await startCore();
      const damaged = makeTempDir();
      mkdirSync(join(damaged.path, 'data'));
      writeFileSync(join(damaged.path, 'data', 'wheelhouse.db'), 'no database '.repeat(1000));
      const port = new URL(holder.core.info.mcpUrl).port;
      const failures = [
        { options: { env: { WAIAAS_SERVER_PORT: port } }, says: `Port ${port}` },
        { options: { dataDir: holder.dataDir }, says: String(process.pid) },
        { options: { dataDir: damaged.path }, says: 'wheelhouse.db' },
      ];
      try {
        for (const { options, says } of failures) {
          const { app } = await start(options);
          await expect.poll(async () => (await app.state()).dialogs.at(-1)?.message).toBe('Wheelhouse could not start');
          const { dialogs, tray, windows } = await app.state();
          expect(dialogs[0]!.detail).toContain(says);
          expect([tray, windows]).toEqual([null, []]);
          await app.answerDialog('Quit Wheelhouse');
          expect(await app.ended).toBe(1);
        }
        // The core that was there first was not disturbed.
        expect(await holder.call('agents.list', {})).toEqual({ agents: [] });
      } finally {
        await holder.stop();
        damaged.remove();
      }
    });

    test('a wrong setting is named in the dialog, in the language of the system', async () => {
      const { app } = await start({ env: { WAIAAS_UI_THEME: 'pink' }, languages: ['ko-KR'] });
      await expect.poll(async () => (await app.state()).dialogs.at(-1)?.detail).toContain('WAIAAS_UI_THEME');
      expect((await app.state()).dialogs[0]!.message).toBe('Wheelhouse를 시작하지 못했습니다');
      await app.answerDialog('로그 폴더 열기');
      expect(await app.ended).toBe(1);
    });
  });
}
