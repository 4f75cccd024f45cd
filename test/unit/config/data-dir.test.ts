import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataPaths, prepareDataDir, resolveDataDir } from '../../../main/config/data-dir.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

describe('the place of the data directory', () => {
  const home = '/home/kim';

  it.each<[string, string | undefined, string | undefined, string]>([
    ['is in the home folder by default', undefined, undefined, '/home/kim/.waiaas'],
    ['is what the argument says', undefined, '/srv/wh', '/srv/wh'],
    ['is what the environment says before the argument', '/env/wh', '/srv/wh', '/env/wh'],
    ['ignores an empty variable', '', '/srv/wh', '/srv/wh'],
    ['expands the home folder', '~/wh', undefined, '/home/kim/wh'],
    ['expands the home folder alone', '~', undefined, '/home/kim'],
    ['does not take a name with a tilde for it', '~kim/wh', undefined, join(process.cwd(), '~kim/wh')],
    ['is absolute', 'wh', undefined, join(process.cwd(), 'wh')],
  ])('%s', (_name, variable, arg, expected) => {
    expect(resolveDataDir(variable === undefined ? {} : { WAIAAS_DATA_DIR: variable }, arg, home)).toBe(expected);
  });
});

describe('preparing it', () => {
  let dir: ReturnType<typeof makeTempDir>;
  let warnings: string[];
  const prepare = (root: string): unknown => prepareDataDir(root, (message) => warnings.push(message));
  beforeEach(() => {
    dir = makeTempDir();
    warnings = [];
  });
  afterEach(() => dir.remove());

  it('makes it with all folders, private to the user, also under folders that are missing', () => {
    const root = join(dir.path, 'a', 'b');

    expect(prepare(root)).toEqual(dataPaths(root));

    for (const folder of ['', 'data', 'data/ipc', 'groups', 'events', 'logs', 'backups', 'mcp-tokens']) {
      const found = lstatSync(join(root, folder));
      expect([folder, found.isDirectory(), found.mode & 0o777]).toEqual([folder, true, 0o700]);
    }
    expect(warnings).toEqual([]);
  });

  it('changes nothing in one that is as it should be', () => {
    const root = join(dir.path, 'wh');
    prepare(root);
    writeFileSync(join(root, 'config.toml'), 'kept');

    prepare(root);

    expect(readFileSync(join(root, 'config.toml'), 'utf-8')).toBe('kept');
    expect(warnings).toEqual([]);
  });

  it('closes one that is open to others, and says so', () => {
    const root = join(dir.path, 'wh');
    mkdirSync(root);
    chmodSync(root, 0o755);

    prepare(root);

    expect(statSync(root).mode & 0o777).toBe(0o700);
    expect(warnings).toEqual([`${root} was open to other users (mode 755); it is private now (700).`]);
  });

  it('refuses a shared directory instead of taking it from the others', () => {
    const root = join(dir.path, 'shared');
    mkdirSync(root);
    chmodSync(root, 0o1777);

    expect(() => prepare(root)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE', message: expect.stringContaining('is shared with other users') }));
    expect(statSync(root).mode & 0o7777).toBe(0o1777);
  });

  it.each<[string, (path: string) => void, string]>([
    ['a link', (path) => symlinkSync('/tmp', path), 'is a symbolic link'],
    ['a link to nowhere', (path) => symlinkSync('/nowhere/at/all', path), 'is a symbolic link'],
    ['a file', (path) => writeFileSync(path, ''), 'is not a directory'],
  ])('refuses %s', (_name, make, part) => {
    const root = join(dir.path, 'wh');
    make(root);

    expect(() => prepare(root)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE', message: expect.stringContaining(part) }));
  });

  it('refuses a folder inside it that is a link', () => {
    const root = join(dir.path, 'wh');
    mkdirSync(root, { mode: 0o700 });
    symlinkSync('/tmp', join(root, 'logs'));

    expect(() => prepare(root)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE', message: expect.stringContaining(join(root, 'logs')) }));
  });

  it('says what to do where nothing can be made, also for the superuser', () => {
    const file = join(dir.path, 'file');
    writeFileSync(file, '');

    expect(() => prepare(join(file, 'wh'))).toThrow(
      expect.objectContaining({ code: 'DATA_DIR_UNUSABLE', message: expect.stringMatching(/cannot be created or written \(ENOTDIR\)\. Make it writable/) }),
    );
  });

  it.runIf(process.platform === 'linux')('ends with an error where the system makes no folders', () => {
    expect(() => prepare('/proc/wheelhouse')).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE' }));
  });

  it.runIf(process.platform !== 'win32' && process.geteuid?.() === 0)("refuses somebody else's", () => {
    const root = join(dir.path, 'wh');
    mkdirSync(root, { mode: 0o700 });
    chownSync(root, 12_345, 12_345);

    expect(() => prepare(root)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE', message: expect.stringContaining('belongs to user 12345') }));
  });
});
