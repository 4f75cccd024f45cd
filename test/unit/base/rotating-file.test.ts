import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RotatingFile } from '../../../main/base/rotating-file.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(() => dir.remove());

it('goes on in the file of the last run', () => {
  const file = join(dir.path, 'a.log');
  for (const text of ['one\n', 'two\n']) {
    const run = new RotatingFile({ file, maxBytes: 100, maxFiles: 2 });
    run.write(text);
    run.close();
  }

  expect(readFileSync(file, 'utf-8')).toBe('one\ntwo\n');
});

it('deletes files that a smaller limit no longer allows, and no others', () => {
  const file = join(dir.path, 'a.log');
  for (const name of ['a.1.log', 'a.2.log', 'a.7.log', 'b.1.log', 'a.log.txt']) writeFileSync(join(dir.path, name), name);
  const run = new RotatingFile({ file, maxBytes: 10, maxFiles: 2 });
  run.write('123456789\n');
  run.write('next\n');
  run.close();

  expect(readdirSync(dir.path).sort()).toEqual(['a.1.log', 'a.log', 'a.log.txt', 'b.1.log']);
  expect(readFileSync(join(dir.path, 'a.1.log'), 'utf-8')).toBe('123456789\n');
});

it('keeps only the current file when one is allowed', () => {
  const file = join(dir.path, 'a.log');
  const run = new RotatingFile({ file, maxBytes: 10, maxFiles: 1 });
  run.write('123456789\n');
  run.write('next\n');
  run.close();

  expect(readdirSync(dir.path)).toEqual(['a.log']);
  expect(readFileSync(file, 'utf-8')).toBe('next\n');
});

it('drops lines while writing fails, and says how many once it works again', () => {
  const file = join(dir.path, 'a.log');
  mkdirSync(file);
  const run = new RotatingFile({ file, maxBytes: 1000, maxFiles: 2 });
  run.write('lost\n');
  run.write('lost\n');
  rmdirSync(file);
  run.write('kept\n');
  run.close();

  expect(readFileSync(file, 'utf-8')).toBe('{"level":"warn","msg":"2 lines could not be written"}\nkept\n');
});
