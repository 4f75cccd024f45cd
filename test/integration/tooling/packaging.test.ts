import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { load } from 'js-yaml';
import { parseAst } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.ts';

const ROOT = join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);

describe('electron-builder.yml', () => {
  const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config') as {
    getConfig: (root: string, file: string, request: null) => Promise<Record<string, unknown>>;
    validateConfiguration: (config: Record<string, unknown>, log: unknown) => Promise<void>;
  };
  const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => unknown };
  const loadConfig = (): Promise<Record<string, unknown>> => getConfig(ROOT, join(ROOT, 'electron-builder.yml'), null);

  it('passes the builder’s own schema', async () => {
    await expect(validateConfiguration(await loadConfig(), new DebugLogger(false))).resolves.toBeUndefined();
  });

  it('would fail it with a key that the builder does not know', async () => {
    const config = { ...(await loadConfig()), electronFuse: {} };
    await expect(validateConfiguration(config, new DebugLogger(false))).rejects.toThrow(/electronFuse/);
  });

  it('names the installers of the three systems', async () => {
    expect(await loadConfig()).toMatchObject({
      mac: { target: ['dmg', 'zip'] },
      win: { target: ['nsis'] },
      linux: { target: ['AppImage', 'deb'] },
    });
  });
});

describe.skipIf(process.platform !== 'linux')('the packed application tree', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let tree: string;
  let printed: string;

  beforeAll(() => {
    dir = makeTempDir('wheelhouse-pack-');
    const script = join(ROOT, 'resources/scripts/pack-tree.mjs');
    const run = spawnSync(process.execPath, [script, '--keep', dir.path], { cwd: ROOT, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stdout + run.stderr);
    printed = run.stdout;
    tree = join(dir.path, 'dist', readdirSync(join(dir.path, 'dist')).find((name) => name.endsWith('unpacked'))!);
  }, 180_000);
  afterAll(() => dir.remove());

  const packed = (): string[] => listPackage(join(tree, 'resources/app.asar'), { isPack: false });

  it('holds this platform’s native files and no other, outside of the archive', () => {
    const machine = `${process.platform}-${process.arch}`;
    const native = packed().filter((file) => file.endsWith('.node'));
    expect(native.map((file) => file.replace(/-(gnu|musl)/g, ''))).toEqual([
      `/node_modules/@node-rs/argon2-${machine}/argon2.${machine}.node`,
      `/node_modules/better-sqlite3/prebuilds/${machine}.node`,
    ]);
    for (const file of native) expect(existsSync(join(tree, 'resources/app.asar.unpacked', file))).toBe(true);
  });

  it('holds the bundles and nothing of the workshop', () => {
    const roots = new Set(packed().map((file) => file.split('/').slice(1, 3).join('/')));
    const folders = ['node_modules', 'node_modules/@node-rs', 'node_modules/better-sqlite3', 'out', 'out/agent', 'out/main', 'out/preload', 'out/renderer', 'package.json', 'resources', 'resources/icons'];
    expect([...roots].toSorted()).toEqual(folders);
    expect(packed().filter((file) => /\.(map|ts|tsx|cpp|h|gyp)$/.test(file))).toEqual([]);
  });

  it('holds what the image of agents is built from', () => {
    const inside = packed().filter((file) => file.startsWith('/out/agent/')).map((file) => file.slice('/out/agent/'.length));
    expect(inside.toSorted()).toEqual(['Containerfile', 'npm-shrinkwrap.json', 'package.json', 'runner.mjs']);
  });

  it('knows where downloads of updates are kept, and no host that would answer', () => {
    const config = load(readFileSync(join(tree, 'resources/app-update.yml'), 'utf8'));
    expect(config).toEqual({ provider: 'generic', url: 'https://updates.wheelhouse.invalid', updaterCacheDirName: 'wheelhouse-updater' });
  });

  it('keeps the two languages of the product', () => {
    expect(readdirSync(join(tree, 'locales')).toSorted()).toEqual(['en-US.pak', 'ko.pak']);
  });

  it('has its fuses set', async () => {
    const OFF = 0x30;
    const ON = 0x31;
    const wire = await getCurrentFuseWire(join(tree, 'wheelhouse'));
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: OFF,
      [FuseV1Options.EnableCookieEncryption]: ON,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
      [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ON,
      [FuseV1Options.OnlyLoadAppFromAsar]: ON,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: OFF,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: OFF,
    });
  });

  it('stays small, and says how small', () => {
    const bytes = statSync(join(tree, 'resources/app.asar')).size;
    // More than half of it is the protocol of WhatsApp.
    expect(bytes).toBeLessThan(9_000_000);
    expect(printed).toContain(`app.asar ${(bytes / 1e6).toFixed(2)} MB`);
  });

  it('loads no package that is not inside', () => {
    const inside = new Set(['electron', 'better-sqlite3', '@node-rs/argon2', 'bufferutil', 'utf-8-validate']);
    const folder = join(ROOT, 'out/main');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    const names = files.flatMap((file) => bareImports(readFileSync(join(folder, file), 'utf8')));
    expect([...new Set(names)].filter((name) => !inside.has(name))).toEqual([]);
  });
});

/** The packages that a bundle loads: what its imports name, static and literal dynamic ones, without Node's own modules. */
function bareImports(code: string): string[] {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, source } = node as { type?: string; source?: { value?: unknown } | null };
    if (type !== undefined && IMPORTS.has(type) && typeof source?.value === 'string') names.push(source.value);
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseAst(code));
  return names.filter((name) => !name.startsWith('.') && !isBuiltin(name));
}
const IMPORTS = new Set(['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression']);
