import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../main/base/clock.ts';
import { parseSecretLines } from '../../../main/config/secret-lines.ts';
import { SecretStore } from '../../../main/config/secret-store.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const PROGRAM = join(import.meta.dirname, '../../support/secret-process.ts');
const MINUTE_MS = 60_000;

let dir: ReturnType<typeof makeTempDir>;
let file: string;
beforeEach(() => {
  dir = makeTempDir();
  mkdirSync(join(dir.path, 'data'));
  file = join(dir.path, '.env');
});
afterEach(() => dir.remove());

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

test('eight processes that keep secrets at the same time lose none, and no line that was there before', { timeout: 120_000 }, async () => {
  writeFileSync(file, '# by hand\nFOREIGN=stays\n', { mode: 0o600 });
  const names = Array.from({ length: 8 }, (_, who) => Array.from({ length: 10 }, (_unused, number) => `KEY_${who}_${number}`));
  const codes = await Promise.all(
    names.map(async (own) => {
      const writer = start('set', dir.path, own.join(','));
      return ((await once(writer, 'close')) as [number])[0];
    }),
  );
  expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith('# by hand\nFOREIGN=stays\n')).toBe(true);
  expect(Object.fromEntries(parseSecretLines(text))).toEqual({ FOREIGN: 'stays', ...Object.fromEntries(names.flat().map((name) => [name, name.toLowerCase()])) });
  expect(readdirSync(dir.path).toSorted()).toEqual(['.env', 'data']);
});

test('eight changes at the same time in one process lose none either', async () => {
  const names = Array.from({ length: 8 }, (_, number) => `KEY_${number}`);
  const store = new SecretStore({ dataDir: dir.path, env: {}, agentNames: names, clock: systemClock, warn: null });
  await Promise.all(names.map(async (name) => store.set(name, name.toLowerCase())));
  expect(names.map((name) => store.get(name))).toEqual(names.map((name) => name.toLowerCase()));
});

test('a writer that is killed in the middle leaves the old store, lets the next one in, and its leftover is taken away', async () => {
  writeFileSync(file, 'KEY=old\n', { mode: 0o600 });
  const writer = start('hang', dir.path, 'KEY', 'half-written');
  await once(writer.stdout!, 'data');
  writer.kill('SIGKILL');
  await once(writer, 'close');
  expect(readFileSync(file, 'utf8')).toBe('KEY=old\n');
  expect(readdirSync(dir.path).filter((name) => name.endsWith('.tmp'))).toHaveLength(1);

  const later = new SecretStore({ dataDir: dir.path, env: {}, agentNames: ['KEY'], clock: { now: () => Date.now() + 2 * MINUTE_MS }, warn: null });
  await later.set('KEY', 'new');
  expect(readFileSync(file, 'utf8')).toBe('KEY=new\n');
  expect(readdirSync(dir.path).toSorted()).toEqual(['.env', 'data']);
});
