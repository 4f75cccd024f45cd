import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readReport } from '../../../main/completions/report-file.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let dir: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(() => dir.remove());

const at = (name: string): string => join(dir.path, name);
const read = async (report: string | null, maxBytes = 1000) => readReport({ id: 3, folder: dir.path, report }, maxBytes);
const why = async (report: string | null): Promise<unknown> =>
  read(report).then(
    () => 'shown',
    (error: { readonly code?: string; readonly details?: Record<string, unknown> }) => [error.code, error.details],
  );
const refused = (reason: string) => ['REPORT_UNREADABLE', { completion_id: 3, why: reason }];

describe('the text of a report', () => {
  test('is read as it stands, with its size; what looks like a program or markup is text like any other', async () => {
    const text = '#!/bin/sh\n<script>alert(1)</script>\n완료 보고\r\n';
    writeFileSync(at('report.md'), text, { mode: 0o755 });
    expect(await read(at('report.md'))).toEqual({ path: at('report.md'), text, bytes: Buffer.byteLength(text), cut: false });
  });

  test('may be named from where the .done file lies', async () => {
    mkdirSync(at('reports'));
    writeFileSync(at('reports/task-1.md'), 'fine');
    expect(await read('reports/task-1.md')).toMatchObject({ path: at('reports/task-1.md'), text: 'fine' });
  });

  test('ends at the limit, and not in the middle of a character', async () => {
    writeFileSync(at('long.md'), '가나다라');
    expect(await read(at('long.md'), 12)).toEqual({ path: at('long.md'), text: '가나다라', bytes: 12, cut: false });
    expect(await read(at('long.md'), 11)).toEqual({ path: at('long.md'), text: '가나다', bytes: 12, cut: true });
  });

  test('may be empty, and what the system makes up while it is read has nothing to say', async () => {
    writeFileSync(at('empty.md'), '');
    expect(await read(at('empty.md'))).toMatchObject({ text: '', bytes: 0, cut: false });
    if (process.platform === 'linux') expect(await read('/proc/self/environ')).toMatchObject({ text: '', bytes: 0 });
  });
});

describe('there is nothing to show, and it says why', () => {
  test('without a report, and when it is an address', async () => {
    expect(await why(null)).toEqual(refused('none'));
    expect(await why('https://example.org/report')).toEqual(refused('address'));
  });

  test('when the file is gone, or a folder of its path is none', async () => {
    writeFileSync(at('file'), '');
    expect(await why(at('gone.md'))).toEqual(refused('gone'));
    expect(await why(at('file/report.md'))).toEqual(refused('gone'));
    await expect(read(at('gone.md'))).rejects.toThrow(`The report ${at('gone.md')} is not there (any more).`);
  });

  test('of a symbolic link, wherever it leads', async () => {
    writeFileSync(at('real.md'), 'secret');
    symlinkSync(at('real.md'), at('link.md'));
    symlinkSync(at('nowhere'), at('dangling.md'));
    expect(await why(at('link.md'))).toEqual(refused('symlink'));
    expect(await why(at('dangling.md'))).toEqual(refused('symlink'));
  });

  test('of a folder', async () => {
    expect(await why(dir.path)).toEqual(refused('directory'));
  });

  test.skipIf(process.platform === 'win32')('of a pipe, a socket and a device, without waiting for them', async () => {
    execFileSync('mkfifo', [at('pipe.md')]);
    const server = createServer().listen(at('socket.md'));
    expect(await why(at('pipe.md'))).toEqual(refused('special'));
    expect(await why(at('socket.md'))).toEqual(refused('special'));
    expect(await why('/dev/zero')).toEqual(refused('special'));
    server.close();
  });

  test('of what is not text', async () => {
    writeFileSync(at('nul.bin'), 'a\0b');
    writeFileSync(at('latin.txt'), Buffer.from([0x41, 0xe9, 0x42]));
    writeFileSync(at('half.txt'), Buffer.from('가').subarray(0, 2));
    expect(await why(at('nul.bin'))).toEqual(refused('binary'));
    expect(await why(at('latin.txt'))).toEqual(refused('binary'));
    expect(await why(at('half.txt'))).toEqual(refused('binary'));
    expect(await why(process.execPath)).toEqual(refused('binary'));
  });

  test('of a name that the system takes for none', async () => {
    expect(await why('x'.repeat(1000))).toEqual(refused('unreadable'));
    await expect(read('x'.repeat(1000))).rejects.toThrow('cannot be read. Look at its name and permissions. (ENAMETOOLONG)');
  });
});

test('reading changes nothing', async () => {
  writeFileSync(at('report.md'), 'as it was');
  await read(at('report.md'));
  expect(readFileSync(at('report.md'), 'utf8')).toBe('as it was');
});
