import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { tarFolder } from '../../../main/agents/tar-folder.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir();
  mkdirSync(join(dir.path, 'in/sub/empty'), { recursive: true });
  for (const [name, size] of [['empty', 0], ['one', 1], ['sub/block', 512], ['sub/more', 100_001]] as const) writeFileSync(join(dir.path, 'in', name), Buffer.alloc(size, 'x'));
});
afterEach(() => dir.remove());

const pack = async (): Promise<Buffer> => buffer(tarFolder(join(dir.path, 'in')));

it.skipIf(process.platform === 'win32')('the archive is what tar itself takes out again, byte for byte', async () => {
  const out = join(dir.path, 'out');
  mkdirSync(out);
  const { status, stderr } = spawnSync('tar', ['-x', '-C', out], { input: await pack() });
  expect([status, stderr.toString()]).toEqual([0, '']);
  const listed = spawnSync('sh', ['-c', 'find . | sort'], { cwd: out, encoding: 'utf8' }).stdout;
  expect(listed).toBe('.\n./empty\n./one\n./sub\n./sub/block\n./sub/empty\n./sub/more\n');
  for (const name of ['empty', 'one', 'sub/block', 'sub/more']) expect(readFileSync(join(out, name)).equals(readFileSync(join(dir.path, 'in', name)))).toBe(true);
});

it('the same files give the same archive, whenever they were written', async () => {
  const first = await pack();
  utimesSync(join(dir.path, 'in/one'), 1, 1);
  expect((await pack()).equals(first)).toBe(true);
});

it('a link stands for what it leads to, and a name that the format does not hold is refused', async () => {
  symlinkSync('one', join(dir.path, 'in/link'));
  expect((await pack()).includes('link')).toBe(true);
  writeFileSync(join(dir.path, 'in', 'n'.repeat(101)), '');
  await expect(pack()).rejects.toThrow('too long for the archive');
});
