import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TEMP_FILE, writeFileAtomic } from '../../../main/base/atomic-file.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(() => dir.remove());

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

it('replaces the whole text and sets the mode, whatever the file had', async () => {
  const path = join(dir.path, 'settings');
  writeFileSync(path, 'a much longer text than the new one', { mode: 0o644 });

  await writeFileAtomic(path, '새 내용', { mode: 0o600 });

  expect(readFileSync(path, 'utf-8')).toBe('새 내용');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir.path)).toEqual(['settings']);
});

it('gives the mode that was asked for, whatever the umask is', async () => {
  const path = join(dir.path, 'shared');

  await writeFileAtomic(path, 'text', { mode: 0o666 });

  expect(process.umask()).not.toBe(0);
  expect(statSync(path).mode & 0o777).toBe(0o666);
});

it.each(['EPERM', 'EACCES', 'EBUSY'])('tries again while the file is held (%s)', async (code) => {
  const path = join(dir.path, 'settings');
  let held = 3;
  const renameWhenFree = async (from: string, to: string): Promise<void> => {
    held -= 1;
    if (held >= 0) throw failure(code);
    await rename(from, to);
  };

  await writeFileAtomic(path, 'text', { mode: 0o600, rename: renameWhenFree });

  expect(readFileSync(path, 'utf-8')).toBe('text');
});

it('gives up on a file that stays held, with the old text and no temporary file', async () => {
  const path = join(dir.path, 'settings');
  writeFileSync(path, 'old');
  let temp = '';
  const neverFree = async (from: string): Promise<void> => {
    temp = from;
    throw failure('EBUSY');
  };

  await expect(writeFileAtomic(path, 'new', { mode: 0o600, rename: neverFree })).rejects.toMatchObject({ code: 'EBUSY' });

  expect(readFileSync(path, 'utf-8')).toBe('old');
  expect(readdirSync(dir.path)).toEqual(['settings']);
  expect(temp.split('/').at(-1)).toMatch(TEMP_FILE);
});

it('cleans up when the target cannot be replaced', async () => {
  const path = join(dir.path, 'folder');
  mkdirSync(path);

  await expect(writeFileAtomic(path, 'text', { mode: 0o600 })).rejects.toMatchObject({ code: 'EISDIR' });

  expect(readdirSync(dir.path)).toEqual(['folder']);
});
