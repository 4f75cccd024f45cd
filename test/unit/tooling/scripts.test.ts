import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.ts';

const SCRIPTS = join(import.meta.dirname, '../../../resources/scripts');
const { nodeRefusal } = (await import(join(SCRIPTS, 'require-node.mjs'))) as {
  nodeRefusal: (version: string, execPath: string) => string | null;
};
const { isStale } = (await import(join(SCRIPTS, 'build-if-stale.mjs'))) as { isStale: (root: string) => boolean };
const { noDesktopReason } = (await import(join(SCRIPTS, 'electron-binary.mjs'))) as {
  noDesktopReason: (process: { platform: string; env: Record<string, string>; getuid?: () => number }) => string | null;
};

describe('the Node check', () => {
  it('says what to run when Node is too old', () => {
    const refusal = nodeRefusal('20.19.2', '/usr/bin/node');
    expect(refusal).toContain('needs Node 24');
    expect(refusal).toContain('Node 20.19.2 (/usr/bin/node)');
    expect(refusal).toContain('npm ci');
  });

  it.each(['24.0.0', '24.21.0', '25.1.0', '100.0.0'])('lets Node %s run', (version) => {
    expect(nodeRefusal(version, 'node')).toBeNull();
  });
});

describe('whether the bundles are stale', () => {
  let dir: ReturnType<typeof makeTempDir>;
  const at = (path: string, seconds: number): void => utimesSync(join(dir.path, path), seconds, seconds);
  const write = (path: string, seconds: number): void => {
    const file = join(dir.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    at(path, seconds);
  };

  beforeEach(() => {
    dir = makeTempDir();
    write('main/base/clock.ts', 100);
    write('renderer/index.html', 100);
    write('package.json', 100);
    for (const folder of ['main', 'main/base', 'renderer']) at(folder, 100);
    for (const output of ['main/index.js', 'main/cli.js', 'preload/index.cjs', 'renderer/index.html', 'agent/runner.mjs']) write(`out/${output}`, 200);
  });
  afterEach(() => dir.remove());

  it('is fresh when every bundle is newer than every source', () => {
    expect(isStale(dir.path)).toBe(false);
  });

  it('is stale when one source is newer than the oldest bundle', () => {
    at('main/base/clock.ts', 300);
    expect(isStale(dir.path)).toBe(true);
  });

  it('is stale when a source was deleted', () => {
    rmSync(join(dir.path, 'main/base/clock.ts'));
    expect(isStale(dir.path)).toBe(true);
  });

  it('is stale when a bundle is missing', () => {
    rmSync(join(dir.path, 'out/preload/index.cjs'));
    expect(isStale(dir.path)).toBe(true);
  });
});

describe('whether a tray can be shown', () => {
  const user = { getuid: () => 1000 };

  it('needs a display on Linux, of either kind', () => {
    expect(noDesktopReason({ platform: 'linux', env: {}, ...user })).toContain('no display');
    expect(noDesktopReason({ platform: 'linux', env: { DISPLAY: ':0' }, ...user })).toBeNull();
    expect(noDesktopReason({ platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' }, ...user })).toBeNull();
  });

  it('refuses root on Linux, where Electron has no sandbox', () => {
    expect(noDesktopReason({ platform: 'linux', env: { DISPLAY: ':0' }, getuid: () => 0 })).toContain('root');
  });

  it('expects a display on macOS and Windows', () => {
    expect(noDesktopReason({ platform: 'darwin', env: {} })).toBeNull();
    expect(noDesktopReason({ platform: 'win32', env: {} })).toBeNull();
  });
});
