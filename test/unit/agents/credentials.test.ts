import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsFor, DEFAULT_CREDENTIALS, envFileSecrets, environmentSecrets, parseEnvFile } from '../../../main/agents/credentials.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
let file: string;
beforeEach(() => {
  dir = makeTempDir();
  file = join(dir.path, '.env');
});
afterEach(() => dir.remove());

describe('SEC-05: which credentials a run gets', () => {
  it('SEC-05: only names of the allowlist, whatever else lies in the file', () => {
    writeFileSync(file, 'ANTHROPIC_API_KEY=key\nDATABASE_URL=postgres://secret\nCO_BUS_KEY=other\n');
    expect(credentialsFor({ allowed: DEFAULT_CREDENTIALS, sources: [envFileSecrets(file)] })).toEqual({ ANTHROPIC_API_KEY: 'key' });
  });

  it('the first source that has a name decides, and a blank value counts as none', () => {
    writeFileSync(file, 'ONE=file\nTWO=\n');
    const sources = [envFileSecrets(file), environmentSecrets({ ONE: 'env', TWO: 'env', THREE: '  ' })];
    expect(credentialsFor({ allowed: ['ONE', 'TWO', 'THREE', 'FOUR'], sources })).toEqual({ ONE: 'file', TWO: 'env' });
  });

  it('a changed file counts from the next run on, a missing one has nothing', () => {
    const source = envFileSecrets(file);
    expect(source.get('A')).toBeNull();
    writeFileSync(file, 'A=1');
    expect(source.get('A')).toBe('1');
  });

  it('a file that cannot be read stops the run instead of sending it off without its key', () => {
    mkdirSync(file);
    expect(() => envFileSecrets(file).get('A')).toThrow(/cannot be read \(EISDIR\)/);
  });
});

describe('lines of a .env file', () => {
  it.each([
    ['A=1', '1'],
    ['  A = 1  ', '1'],
    ['export A=1', '1'],
    ['A="quoted # not a comment"', 'quoted # not a comment'],
    ["A='single'", 'single'],
    ['A="', '"'],
    ['A=\'"', '\'"'],
    ['A=b=c', 'b=c'],
    ['A=1\r\nB=2', '1'],
    ['A=1\nA=2', '2'],
    ['#A=1', undefined],
    ['A=', undefined],
    ['A=""', undefined],
    ['A', undefined],
    ['=1', undefined],
    ['', undefined],
  ])('%j gives %j', (text, value) => {
    expect(parseEnvFile(text).get('A')).toBe(value);
  });
});
