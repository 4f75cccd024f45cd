import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { DesktopApp } from '../support/electron/drivers/driver.ts';
import { standInDriver } from '../support/electron/drivers/stand-in.ts';
import { makeTempDir } from '../support/temp-dir.ts';

/** What the specs of the desktop stand on: the stand-in must refuse what Electron refuses. */
test.describe('the stand-in for Electron', () => {
  test.skip(standInDriver.unavailable !== null, standInDriver.unavailable ?? '');

  const temp = makeTempDir('wheelhouse-stand-in-');
  const apps: DesktopApp[] = [];
  test.afterEach(async () => {
    for (const app of apps.splice(0)) await app.dispose();
  });
  test.afterAll(() => temp.remove());

  /** Runs a small application made of these files. */
  async function run(name: string, files: Readonly<Record<string, string>>): Promise<DesktopApp> {
    const appPath = join(temp.path, name);
    const all = { 'package.json': JSON.stringify({ name, productName: name, version: '1.2.3', type: 'module', main: 'main.js' }), ...files };
    for (const [file, content] of Object.entries(all)) {
      mkdirSync(dirname(join(appPath, file)), { recursive: true });
      writeFileSync(join(appPath, file), content);
    }
    const app = await standInDriver.launch({ dataDir: join(appPath, 'data'), appPath });
    apps.push(app);
    return app;
  }

  /** Main of an application with one window, its preload and a page. */
  const windowed = (handlers: string): string => `
    import { app, BrowserWindow, ipcMain, protocol } from 'electron';
    import { join } from 'node:path';
    protocol.registerSchemesAsPrivileged([{ scheme: 'wheelhouse', privileges: { standard: true, secure: true } }]);
    app.on('window-all-closed', () => undefined);
    void app.whenReady().then(async () => {
      protocol.handle('wheelhouse', () => new Response('<!doctype html><title>page</title>', { headers: { 'content-type': 'text/html' } }));
      ${handlers}
      const window = new BrowserWindow({ webPreferences: { preload: join(app.getAppPath(), 'preload.cjs') } });
      await window.loadURL('wheelhouse://app/index.html');
    });`;

  test('an entry that waits for ready before it is evaluated never starts', async () => {
    const app = await run('deadlock', { 'main.js': `import { app } from 'electron'; await app.whenReady(); console.log('started');` });
    // Node's own code for a top level that can never settle.
    expect(await app.ended).toBe(13);
    expect(app.output()).not.toContain('started');
  });

  test('what it does not have throws, by name', async () => {
    const complain = (code: string): string => `try { ${code} } catch (error) { console.log(error.message); }`;
    const app = await run('unknown', {
      'main.js': `
        import { app, BrowserWindow, Menu, Tray } from 'electron';
        ${complain('app.dock')}
        ${complain('app.userAgentFallback = "x"')}
        ${complain('new BrowserWindow()')}
        void app.whenReady().then(() => {
          ${complain('new BrowserWindow({ kiosk: true })')}
          ${complain('new BrowserWindow({ webPreferences: { sandbox: false } })')}
          ${complain('Menu.buildFromTemplate([{ role: "quit" }])')}
          ${complain('new BrowserWindow().setKiosk(true)')}
          const window = new BrowserWindow();
          window.destroy();
          ${complain('window.show()')}
          app.exit(3);
        });`,
    });
    expect(await app.ended).toBe(3);
    expect(app.output().trim().split('\n')).toEqual([
      'not in the stand-in: app.dock',
      'not in the stand-in: app.userAgentFallback',
      'Cannot create BrowserWindow before app is ready',
      'not in the stand-in: the option kiosk of BrowserWindow',
      'not in the stand-in: windows without isolation and sandbox',
      'not in the stand-in: the option role of a menu item',
      'not in the stand-in: BrowserWindow.setKiosk',
      'Object has been destroyed',
    ]);
  });

  test('a module it does not have fails the bundle', async () => {
    const app = await run('unlinked', { 'main.js': `import { globalShortcut } from 'electron'; globalShortcut.register('F1', () => undefined);` });
    expect(await app.ended).toBe(1);
    expect(app.output()).toContain(`does not provide an export named 'globalShortcut'`);
  });

  test('an application without a listener ends with its last window', async () => {
    const app = await run('last-window', { 'main.js': `import { app, BrowserWindow } from 'electron'; void app.whenReady().then(() => new BrowserWindow().close());` });
    expect(await app.ended).toBe(0);
  });

  test('a window that refuses to close stops the quitting', async () => {
    const app = await run('stubborn', {
      'main.js': `
        import { app, BrowserWindow } from 'electron';
        void app.whenReady().then(() => {
          const window = new BrowserWindow();
          window.once('close', (event) => event.preventDefault());
          app.quit();
          console.log('still here');
          app.quit();
        });`,
    });
    expect(await app.ended).toBe(0);
    expect(app.output()).toContain('still here');
  });

  test('a preload lives in a world of its own and hands over functions, promises and errors', async () => {
    const app = await run('bridge', {
      'main.js': windowed(''),
      'preload.cjs': `
        const { contextBridge } = require('electron');
        window.leak = 'seen';
        contextBridge.exposeInMainWorld('bridge', {
          add: (a, b) => a + b,
          later: async (value) => ({ value }),
          fail: () => { throw new TypeError('no'); },
          failLater: async () => { throw new Error('not now'); },
          twice: (callback) => [callback(1), callback(2)],
          counter: () => { let count = 0; return () => (count += 1); },
          nested: { list: [1, { deep: true }] },
          sandboxed: process.sandboxed,
        });`,
    });
    const page = await app.page();
    const evaluate = async (code: string): Promise<unknown> => page.evaluate(code);
    expect(await evaluate('bridge.add(2, 3)')).toBe(5);
    expect(await evaluate('bridge.later("x")')).toEqual({ value: 'x' });
    expect(await evaluate('bridge.twice((n) => n * 10)')).toEqual([10, 20]);
    expect(await evaluate('(() => { const count = bridge.counter(); count(); return count(); })()')).toBe(2);
    expect(await evaluate('bridge.nested')).toEqual({ list: [1, { deep: true }] });
    expect(await evaluate('bridge.sandboxed')).toBe(true);
    await expect(evaluate('bridge.fail()')).rejects.toThrow('no');
    await expect(evaluate('bridge.failLater()')).rejects.toThrow('not now');
    expect(await evaluate('[typeof leak, typeof require, typeof contextBridge]')).toEqual(['undefined', 'undefined', 'undefined']);
    expect(await evaluate('bridge.add = 7, delete window.bridge, typeof bridge.add')).toBe('function');
    expect(await evaluate('Object.isFrozen(bridge) && Object.isFrozen(bridge.nested.list)')).toBe(true);
  });

  test('messages fail with the words of Electron, and nothing crosses that would change on the way', async () => {
    const app = await run('messages', {
      'main.js': windowed(`
        ipcMain.handle('echo', (event, value) => ({ value, from: event.senderFrame.url, top: event.senderFrame.parent }));
        ipcMain.handle('fail', () => { throw new RangeError('too far'); });
        ipcMain.handle('function', () => () => undefined);
        ipcMain.on('knock', (event, name) => event.sender.send('answer', 'hello ' + name));`),
      'preload.cjs': `
        const { contextBridge, ipcRenderer } = require('electron');
        const explain = (promise) => promise.catch((error) => error.message);
        contextBridge.exposeInMainWorld('ipc', {
          invoke: (channel, value) => explain(ipcRenderer.invoke(channel, value)),
          invokeMap: () => explain(ipcRenderer.invoke('echo', new Map())),
          invokeFunction: () => explain(ipcRenderer.invoke('echo', () => undefined)),
          knock: () => new Promise((resolve) => { ipcRenderer.on('answer', (_event, text) => resolve(text)); ipcRenderer.send('knock', 'you'); }),
        });`,
    });
    const page = await app.page();
    expect(await page.evaluate(`ipc.invoke('echo', { n: 1 })`)).toEqual({ value: { n: 1 }, from: 'wheelhouse://app/index.html', top: null });
    expect(await page.evaluate(`ipc.invoke('fail')`)).toBe(`Error invoking remote method 'fail': RangeError: too far`);
    expect(await page.evaluate(`ipc.invoke('nobody')`)).toBe(`Error invoking remote method 'nobody': Error: No handler registered for 'nobody'`);
    expect(await page.evaluate(`ipc.invoke('function')`)).toContain('could not be cloned');
    expect(await page.evaluate('ipc.invokeFunction()')).toContain('could not be cloned');
    expect(await page.evaluate('ipc.invokeMap()')).toContain('not in the stand-in: sending [object Map]');
    expect(await page.evaluate('ipc.knock()')).toBe('hello you');
  });
});
