import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HeldFolder } from '../../../main/agents/mailbox-folder.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
const at = (...path: string[]): string => join(dir.path, ...path);
beforeEach(() => {
  dir = makeTempDir();
  mkdirSync(at('box'));
});
afterEach(() => dir.remove());

describe.each(['linux', 'darwin'] as const)('a folder that others write in, on %s', (platform) => {
  // The descriptors of /proc are what makes it safe there.
  const here = platform !== 'linux' || process.platform === 'linux';

  it.skipIf(!here)('is none when a link or a file lies in its place', () => {
    symlinkSync(at('box'), at('link'));
    writeFileSync(at('file'), '');
    for (const [name, code] of [['link', 'ELOOP'], ['file', 'ENOTDIR'], ['gone', 'ENOENT']] as const) {
      let thrown: unknown = null;
      try {
        HeldFolder.open(at(name), platform).close();
      } catch (error) {
        thrown = error;
      }
      // Linux says ENOTDIR for a link that must be a folder and must not be followed.
      expect((thrown as NodeJS.ErrnoException).code).toMatch(code === 'ELOOP' ? /ELOOP|ENOTDIR/ : code);
    }
  });

  it.skipIf(!here)('gives its names, takes whole files, and gives entries away as they are', () => {
    const folder = HeldFolder.open(at('box'), platform);
    folder.put('a.json', '{"a":1}', 0o644);
    symlinkSync('/etc/hostname', at('box/link.json'));
    expect(folder.names((name) => name.endsWith('.json')).sort()).toEqual(['a.json', 'link.json']);
    expect(folder.moveOut('a.json', at('taken'))).toBe(true);
    expect(folder.moveOut('a.json', at('again'))).toBe(false);
    expect(folder.moveOut('link.json', at('link'))).toBe(true);
    expect(() => folder.put('../out.json', '', 0o644)).toThrow('not the name of an entry');
    folder.close();
    expect([readFileSync(at('taken'), 'utf8'), readdirSync(at('box'))]).toEqual(['{"a":1}', []]);
  });

  it.skipIf(!here)('puts a file in place of a link instead of writing through it', () => {
    writeFileSync(at('precious'), 'keep');
    symlinkSync(at('precious'), at('box/answer.json'));
    const folder = HeldFolder.open(at('box'), platform);
    folder.put('answer.json', 'new', 0o644);
    folder.close();
    expect([readFileSync(at('precious'), 'utf8'), readFileSync(at('box/answer.json'), 'utf8')]).toEqual(['keep', 'new']);
  });

  it.skipIf(!here)('says when the place for an entry is missing, instead of taking the entry for gone', () => {
    writeFileSync(at('box/a.json'), '');
    const folder = HeldFolder.open(at('box'), platform);
    expect(() => folder.moveOut('a.json', at('missing/a.json'))).toThrow('ENOENT');
    folder.close();
  });
});

it.skipIf(process.platform !== 'linux')('a folder that is exchanged after it was opened is still the one that was opened', () => {
  mkdirSync(at('elsewhere'));
  writeFileSync(at('elsewhere/precious.json'), '');
  const folder = HeldFolder.open(at('box'));
  renameSync(at('box'), at('moved'));
  symlinkSync(at('elsewhere'), at('box'));
  folder.put('answer.json', 'mine', 0o644);
  expect(folder.names(() => true)).toEqual(['answer.json']);
  folder.remove('precious.json');
  folder.close();
  expect([readdirSync(at('elsewhere')), existsSync(at('moved/answer.json'))]).toEqual([['precious.json'], true]);
});
