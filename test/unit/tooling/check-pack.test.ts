import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTempDir } from '../../support/temp-dir.ts';

const SCRIPT = join(import.meta.dirname, '../../../resources/scripts/check-pack.mjs');
const { default: checkPack } = (await import(SCRIPT)) as {
  default: (context: { appOutDir: string; electronPlatformName: string; arch: number }) => void;
};
const ARM64 = 3;

describe('the check of a packed tree', () => {
  let dir: ReturnType<typeof makeTempDir>;
  const put = (name: string): void => {
    mkdirSync(join(dir.path, 'resources/prebuilds'), { recursive: true });
    writeFileSync(join(dir.path, 'resources/prebuilds', name), '');
  };
  const check = (): void => checkPack({ appOutDir: dir.path, electronPlatformName: 'darwin', arch: ARM64 });
  beforeEach(() => {
    dir = makeTempDir();
  });
  afterEach(() => dir.remove());

  it('accepts the one native file of the platform', () => {
    put('darwin-arm64.node');
    put('readme.txt');
    expect(check).not.toThrow();
  });

  it('refuses a second native file, another platform’s, and none', () => {
    expect(check).toThrow('none');
    put('darwin-x64.node');
    expect(check).toThrow('darwin-x64.node');
    put('darwin-arm64.node');
    expect(check).toThrow('must hold darwin-arm64.node and no other');
  });
});
