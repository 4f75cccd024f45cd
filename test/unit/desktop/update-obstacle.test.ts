import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateObstacle, type InstallationFacts } from '../../../main/desktop/update-obstacle.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('whether an installation can replace itself', () => {
  let dir: ReturnType<typeof makeTempDir>;
  beforeEach(() => (dir = makeTempDir()));
  afterEach(() => dir.remove());

  const appImage = (more: Partial<InstallationFacts> = {}): InstallationFacts => ({
    packaged: true,
    platform: 'linux',
    env: { APPIMAGE: join(dir.path, 'Wheelhouse.AppImage'), APPDIR: '/tmp/.mount_Wheel1' },
    executable: '/tmp/.mount_Wheel1/wheelhouse',
    resourcesDir: join(dir.path, 'resources'),
    ...more,
  });

  it('an AppImage in a folder of its user can', () => {
    expect(updateObstacle(appImage())).toBeNull();
  });

  it('a checkout cannot, whatever else is true', () => {
    expect(updateObstacle(appImage({ packaged: false }))).toBe('development');
  });

  it.each([
    ['what a package manager unpacked', {}],
    ['a snap', { APPIMAGE: '/x', APPDIR: '/tmp/.mount_Wheel1', SNAP: '/snap/x' }],
    ['a flatpak', { APPIMAGE: '/x', APPDIR: '/tmp/.mount_Wheel1', FLATPAK_ID: 'x' }],
    ['what was started by the AppImage of another program', { APPIMAGE: '/home/me/Terminal.AppImage', APPDIR: '/tmp/.mount_Termin' }],
  ])('%s cannot', (_what, env) => {
    expect(updateObstacle(appImage({ env }))).toBe('package');
  });

  it('a deb cannot, although variables of an AppImage were handed on', () => {
    mkdirSync(join(dir.path, 'resources'));
    writeFileSync(join(dir.path, 'resources/package-type'), 'deb');
    expect(updateObstacle(appImage())).toBe('package');
  });

  it('an AppImage cannot whose folder is not there or not writable', () => {
    const lost = { APPIMAGE: join(dir.path, 'gone/Wheelhouse.AppImage'), APPDIR: '/tmp/.mount_Wheel1' };
    expect(updateObstacle(appImage({ env: lost }))).toBe('read-only');
  });

  it('a bundle of macOS can where it may be moved away', () => {
    const bundle = join(dir.path, 'Wheelhouse.app');
    mkdirSync(bundle);
    const facts = appImage({ platform: 'darwin', env: {}, executable: join(bundle, 'Contents/MacOS/Wheelhouse') });
    expect(updateObstacle(facts)).toBeNull();
    expect(updateObstacle({ ...facts, executable: '/nowhere/at/all/Contents/MacOS/Wheelhouse' })).toBe('read-only');
  });

  it('an installation on Windows can: its installer asks for rights', () => {
    expect(updateObstacle(appImage({ platform: 'win32', env: {} }))).toBeNull();
  });
});
