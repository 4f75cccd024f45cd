import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { standInDriver } from '../support/electron/drivers/stand-in.ts';
import { HOLDER } from '../support/electron/single-instance.ts';
import { startDesktop, type DesktopRig } from '../support/electron/rig.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { startUpdateFeed, type UpdateFeed } from '../support/update-feed.ts';

// Electron itself counts as installed only when it is; docs/updates.md lists what has to be looked at there.
if (standInDriver.unavailable !== null) {
  test(`updates of the desktop: ${standInDriver.unavailable}`, () => test.skip(true, standInDriver.unavailable!));
} else {
  test.describe('updates of the desktop', () => {
    let rig: DesktopRig;
    let feed: UpdateFeed;
    let dir: ReturnType<typeof makeTempDir>;
    let image: string;
    let dataDir: string;
    /** The new version makes it when it is started. */
    let started: string;
    /** The profile of the old version at the moment of its replacement. */
    let replaced: string;

    test.beforeEach(async () => {
      dir = makeTempDir();
      image = join(dir.path, 'Wheelhouse.AppImage');
      started = join(dir.path, 'started');
      dataDir = join(dir.path, 'data');
      replaced = join(dir.path, 'replaced');
      // The updater puts the new file in place with this program; the folder is the first in the search path (drivers/machine.ts).
      mkdirSync(`${dataDir}-bus`);
      writeFileSync(`${dataDir}-bus/mv`, `#!/bin/sh\nfind "${dataDir}/desktop" > "${replaced}"\nexec /bin/mv "$@"\n`, { mode: 0o755 });
      mkdirSync(join(dir.path, 'resources'));
      writeFileSync(join(dir.path, 'resources/app-update.yml'), 'provider: generic\nurl: https://updates.wheelhouse.invalid\nupdaterCacheDirName: wheelhouse-updater\n');
      writeFileSync(image, 'the old version');
      feed = await startUpdateFeed('7.0.0', Buffer.from(`#!/bin/sh\n: > "${started}"\n`));
    });
    test.afterEach(async () => {
      await rig.dispose();
      await feed.close();
      dir.remove();
    });

    const start = async (): Promise<void> => {
      rig = await startDesktop(standInDriver, {
        dataDir,
        args: ['--hidden'],
        packaged: { resourcesPath: join(dir.path, 'resources') },
        env: { WAIAAS_UPDATES_FEED: feed.url, APPIMAGE: image, APPDIR: dirname(process.execPath), XDG_CACHE_HOME: join(dir.path, 'cache') },
      });
    };
    const look = async () => (await rig.core()).call('updates.check', {});
    const status = async () => (await rig.core()).call('updates.get', {});
    const entry = async () => (await rig.app.state()).tray?.menu.find(({ id }) => id === 'restart-to-update')?.label ?? null;
    const notices = async () => (await (await rig.core()).call('notices.list', {})).notices.filter(({ type }) => type === 'UPDATE_READY');

    test('a newer version is downloaded, told once and offered in the tray, and chosen there it replaces this one', async () => {
      await start();
      expect(await look()).toMatchObject({ state: 'downloading', latest: '7.0.0', obstacle: null });
      await expect.poll(entry).toBe('Restart to update to 7.0.0');
      expect(await status()).toMatchObject({ state: 'ready', problem: null });
      await look();
      expect(await notices()).toHaveLength(1);
      // Nothing is installed by itself, and nothing that tells installations apart was sent.
      expect(readFileSync(image, 'utf8')).toBe('the old version');
      expect(new Set(feed.requests.flatMap(({ headers }) => headers['x-user-staging-id'] ?? []))).toEqual(new Set(['00000000-0000-0000-0000-000000000000']));

      await rig.app.clickMenu('restart-to-update');
      expect(await rig.app.ended).toBe(0);
      await expect.poll(() => existsSync(started)).toBe(true);
      expect(readFileSync(image, 'utf8')).toContain('#!/bin/sh');
      // The new one is not taken for a second start of this one.
      expect(readFileSync(replaced, 'utf8')).not.toContain(HOLDER);
    });

    test('it asks as quitting does while work runs, and stays when the person decides against it', async () => {
      await start();
      const core = await rig.core();
      await look();
      await expect.poll(entry).not.toBeNull();
      await core.call('locks.acquire', { resource: 'nas-deploy', intent: 'deploying' });
      await expect.poll(async () => (await rig.app.state()).tray?.menu.some(({ id }) => id === 'locks-held')).toBe(true);
      await rig.app.clickMenu('restart-to-update');
      await rig.app.answerDialog('Cancel');
      expect(await status()).toMatchObject({ state: 'ready' });
      expect(readFileSync(image, 'utf8')).toBe('the old version');
      await core.call('updates.restart', {});
      await rig.app.answerDialog('Stop and quit');
      expect(await rig.app.ended).toBe(0);
      await expect.poll(() => existsSync(started)).toBe(true);
    });

    test('an installer that is not what the feed promises is refused, said and thrown away', async () => {
      feed.faults = { tampered: true };
      await start();
      await look();
      await expect.poll(status).toMatchObject({ state: 'available', latest: '7.0.0', problem: { code: 'UPDATE_CHECKSUM' } });
      expect([await entry(), await notices()]).toEqual([null, []]);
      expect(existsSync(join(dir.path, 'cache/wheelhouse-updater/pending/wheelhouse-7.0.0-linux-x64.AppImage'))).toBe(false);
      feed.faults = {};
      await look();
      await expect.poll(entry).toBe('Restart to update to 7.0.0');
    });

    test('a download that ends in the middle is said, and succeeds the next time', async () => {
      feed.faults = { cut: true };
      await start();
      await look();
      await expect.poll(status).toMatchObject({ state: 'available', problem: { code: 'UPDATE_DOWNLOAD_FAILED' } });
      feed.faults = {};
      await look();
      await expect.poll(status).toMatchObject({ state: 'ready', problem: null });
    });

    test('what is published while it is looked is not taken for what was looked at', async () => {
      feed.faults = { thenPublish: '7.1.0' };
      await start();
      await look();
      await expect.poll(status).toMatchObject({ state: 'available', latest: '7.0.0', problem: { code: 'UPDATE_FEED_INVALID' } });
      expect(feed.requests.some(({ path }) => path.endsWith('.AppImage'))).toBe(false);
      await look();
      await expect.poll(entry).toBe('Restart to update to 7.1.0');
    });

    test('after a restart it is offered again from what is on disk, and nobody is told twice', async () => {
      await start();
      await look();
      await expect.poll(entry).not.toBeNull();
      await rig.app.clickMenu('quit');
      await rig.app.ended;
      const fetched = feed.requests.filter(({ path }) => path.endsWith('.AppImage')).length;
      await rig.dispose();
      await start();
      expect(await entry()).toBeNull();
      await look();
      await expect.poll(entry).toBe('Restart to update to 7.0.0');
      expect(feed.requests.filter(({ path }) => path.endsWith('.AppImage'))).toHaveLength(fetched);
      expect(await notices()).toHaveLength(1);
    });

    test('an update that cannot be put in place is said in a dialog, and the old version is still there', async () => {
      await start();
      await look();
      await expect.poll(entry).not.toBeNull();
      rmSync(image);
      await rig.app.clickMenu('restart-to-update');
      await expect.poll(async () => (await rig.app.state()).dialogs.map(({ message }) => message)).toEqual(['The update could not be installed']);
      await rig.app.answerDialog('Quit Wheelhouse');
      expect(await rig.app.ended).toBe(0);
      expect(existsSync(started)).toBe(false);
    });

    test('what a package manager installed only tells that there is a newer version', async () => {
      writeFileSync(join(dir.path, 'resources/package-type'), 'deb');
      await start();
      expect(await look()).toMatchObject({ state: 'available', latest: '7.0.0', obstacle: 'package', problem: null });
      await expect.poll(async () => (await notices()).length).toBe(1);
      expect(await entry()).toBeNull();
      expect(feed.requests.map(({ path }) => path)).toEqual(['/stable/latest-linux.yml']);
    });
  });
}
