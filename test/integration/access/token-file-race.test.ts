import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readMcpToken, writeMcpToken } from '../../../main/access/token-file.ts';
import { sweepTempFiles } from '../../../main/base/temp-files.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const TOKEN = 'wai_sess_eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl';
const PROGRAM = join(import.meta.dirname, '../../support/token-file-process.ts');

let temp: ReturnType<typeof makeTempDir>;
let file: string;

beforeEach(() => {
  temp = makeTempDir();
  file = join(temp.path, 'data', 'mcp-token');
});
afterEach(() => temp.remove());

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** The one line a process reports. */
async function reportOf(child: ChildProcess): Promise<Record<string, number>> {
  let text = '';
  child.stdout!.setEncoding('utf-8').on('data', (chunk: string) => (text += chunk));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(0);
  return JSON.parse(text) as Record<string, number>;
}

test('T7 eight processes write a thousand tokens each while four read: every read gives one whole token', { timeout: 120_000 }, async () => {
  await writeMcpToken(file, 'wai_sess_a.a.a');
  const readers = Array.from({ length: 4 }, () => start('read', file));
  const readerReports = readers.map(reportOf);
  const writers = Array.from({ length: 8 }, (_, who) => start('write', file, '1000', `w${who}`));
  const written = await Promise.all(writers.map(reportOf));
  for (const reader of readers) reader.stdin!.end();
  const reports = await Promise.all(readerReports);
  expect(written.map((report) => report['written'])).toEqual(Array.from({ length: 8 }, () => 1000));
  for (const report of reports) {
    expect(report['reads']).toBeGreaterThan(100);
    expect(report).toMatchObject({ torn: 0, missing: 0 });
  }
  expect(readMcpToken(file)).toMatch(/^wai_sess_w\d-999-/);
  expect(readdirSync(dirname(file))).toEqual(['mcp-token']);
});

test('T8 a writer killed between write and rename leaves the old token; its leftover is swept later', async () => {
  await writeMcpToken(file, TOKEN);
  const writer = start('hang', file, 'wai_sess_new.new.new');
  await once(writer.stdout!, 'data');
  writer.kill('SIGKILL');
  await once(writer, 'close');
  expect(readMcpToken(file)).toBe(TOKEN);
  const leftovers = readdirSync(dirname(file)).filter((name) => name.endsWith('.tmp'));
  expect(leftovers).toHaveLength(1);
  expect(await sweepTempFiles(dirname(file), Date.now())).toBe(0);
  expect(await sweepTempFiles(dirname(file), Date.now() + 61_000)).toBe(1);
  expect(readdirSync(dirname(file))).toEqual(['mcp-token']);
});
