import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.ts';

const SCRIPT = join(import.meta.dirname, '../../../resources/scripts/check-pack.mjs');
const { default: checkPack } = (await import(SCRIPT)) as {
  default: (context: { appOutDir: string; electronPlatformName: string; arch: number }) => void;
};
const ARM64 = 3;

describe('the check of a packed tree', () => {
  let dir: ReturnType<typeof makeTempDir>;
  const put = (file: string): void => {
    const path = join(dir.path, 'resources/app.asar.unpacked/node_modules', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  };
  const check = (): void => checkPack({ appOutDir: dir.path, electronPlatformName: 'darwin', arch: ARM64 });
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => dir.remove());

  it('accepts the platform’s own file of each native package', () => {
    put('better-sqlite3/prebuilds/darwin-arm64.node');
    put('better-sqlite3/readme.txt');
    put('@node-rs/argon2-darwin-arm64/argon2.darwin-arm64.node');
    expect(check).not.toThrow();
  });

  it('refuses a missing file, a second one, another platform’s and an unknown package’s', () => {
    expect(check).toThrow('none');
    put('better-sqlite3/prebuilds/darwin-arm64.node');
    expect(check).toThrow('one native file for darwin-arm64 of each of better-sqlite3, @node-rs/argon2');
    put('@node-rs/argon2-darwin-x64/argon2.darwin-x64.node');
    expect(check).toThrow('argon2.darwin-x64.node');
    put('@node-rs/argon2-darwin-arm64/argon2.darwin-arm64.node');
    expect(check).toThrow('argon2.darwin-x64.node');
  });

  it('refuses native code of a package that nobody listed', () => {
    put('better-sqlite3/prebuilds/darwin-arm64.node');
    put('@node-rs/argon2-darwin-arm64/argon2.darwin-arm64.node');
    put('surprise/darwin-arm64.node');
    expect(check).toThrow('surprise');
  });
});
