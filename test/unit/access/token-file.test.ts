import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { getMcpTokenPath, readMcpToken, writeMcpToken } from '../../../main/access/token-file.ts';
import { createTokenWriter, type TokenWriterParts } from '../../../main/access/token-writer.ts';
import { sweepTempFiles } from '../../../main/base/temp-files.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const TOKEN = 'wai_sess_eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIxIn0.c2lnbmF0dXJl';
const OTHER = 'wai_sess_eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiIyIn0.b3RoZXI';
const POSIX = process.platform !== 'win32';

let temp: ReturnType<typeof makeTempDir>;
let file: string;

beforeEach(() => {
  temp = makeTempDir();
  file = join(temp.path, 'data', 'mcp-token');
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  temp.remove();
});

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}

function temporaryFiles(): readonly string[] {
  return readdirSync(join(temp.path, 'data')).filter((name) => name.endsWith('.tmp'));
}

/** What was said on stderr. */
function hearStderr(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
  return lines;
}

/** A writer that believes it runs on `platform`, and the steps it took. */
function makeWriter(parts: Partial<TokenWriterParts> = {}) {
  const seen = { renames: [] as [string, string][], waits: [] as number[], warnings: [] as string[] };
  const write = createTokenWriter({
    platform: parts.platform ?? 'linux',
    rename: async (from, to) => {
      seen.renames.push([from, to]);
      await (parts.rename ?? rename)(from, to);
    },
    wait: async (ms) => void seen.waits.push(ms),
    ...(parts.suffix !== undefined && { suffix: parts.suffix }),
    warn: (line) => void seen.warnings.push(line),
  });
  return { write, seen };
}

/** A rename that fails with `code` the first `times` times. */
function failing(code: string, times: number): (from: string, to: string) => Promise<void> {
  let left = times;
  return async (from, to) => {
    if (left > 0) {
      left -= 1;
      throw Object.assign(new Error(`${code}: injected`), { code });
    }
    await rename(from, to);
  };
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => (error as { code: unknown }).code,
  );
}

describe('T1 the path', () => {
  test('the environment beats the argument, which beats the home directory', () => {
    vi.stubEnv('WAIAAS_DATA_DIR', '/from/env');
    expect(getMcpTokenPath('/from/argument')).toBe(join(resolve('/from/env'), 'mcp-token'));
    vi.stubEnv('WAIAAS_DATA_DIR', undefined);
    expect(getMcpTokenPath('/from/argument')).toBe(join(resolve('/from/argument'), 'mcp-token'));
    expect(getMcpTokenPath()).toBe(join(homedir(), '.waiaas', 'mcp-token'));
  });

  test('is absolute also for a relative directory, and an empty variable counts as unset', () => {
    vi.stubEnv('WAIAAS_DATA_DIR', '');
    expect(getMcpTokenPath('here')).toBe(join(process.cwd(), 'here', 'mcp-token'));
  });
});

describe('T2 a fresh write', () => {
  test('leaves exactly the bytes of the token, without a newline', async () => {
    await writeMcpToken(file, TOKEN);
    expect(readFileSync(file)).toEqual(Buffer.from(TOKEN));
    expect(readMcpToken(file)).toBe(TOKEN);
  });

  test.runIf(POSIX)('makes the directory 0700 and the file 0600, whatever the umask takes away', async () => {
    const before = process.umask(0o277);
    try {
      // The directory is made first: with this umask nobody could write into a fresh one.
      process.umask(0o022);
      await writeMcpToken(file, TOKEN);
      process.umask(0o277);
      await writeMcpToken(file, OTHER);
    } finally {
      process.umask(before);
    }
    expect(mode(join(temp.path, 'data'))).toBe(0o700);
    expect(mode(file)).toBe(0o600);
    expect(readMcpToken(file)).toBe(OTHER);
  });

  test('the last writer wins', async () => {
    await writeMcpToken(file, TOKEN);
    await writeMcpToken(file, OTHER);
    expect(readMcpToken(file)).toBe(OTHER);
  });

  test.each(['', 'eyJ.eyJ.sig', 'wai_sess_eyJ.eyJ', 'wai_sess_a.b.c.d', 'wai_sess_..', `${TOKEN}\n`, `wai_sess_${'a'.repeat(9000)}.b.c`])(
    'what is no token is refused and the old one stays: %j',
    async (rubbish) => {
      await writeMcpToken(file, TOKEN);
      const error = await writeMcpToken(file, rubbish).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('TOKEN_FILE_REFUSED');
      if (rubbish.length > 20) expect((error as AppError).message).not.toContain(rubbish.trim());
      expect(readMcpToken(file)).toBe(TOKEN);
      expect(temporaryFiles()).toEqual([]);
    },
  );
});

describe.runIf(POSIX)('T3 symbolic links', () => {
  test('a linked target makes the writer throw and stays untouched; the reader answers null with one line', async () => {
    const victim = join(temp.path, 'victim');
    writeFileSync(victim, TOKEN);
    mkdirSync(join(temp.path, 'data'), { mode: 0o700 });
    symlinkSync(victim, file);
    await expect(writeMcpToken(file, OTHER)).rejects.toThrow(/symbolic link/);
    expect(readFileSync(victim, 'utf-8')).toBe(TOKEN);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    const lines = hearStderr();
    expect(readMcpToken(file)).toBeNull();
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('wai_sess_');
  });

  test('a link that leads nowhere is refused as well', async () => {
    mkdirSync(join(temp.path, 'data'), { mode: 0o700 });
    symlinkSync(join(temp.path, 'nowhere'), file);
    await expect(writeMcpToken(file, TOKEN)).rejects.toThrow(/symbolic link/);
    expect(existsSync(join(temp.path, 'nowhere'))).toBe(false);
  });

  test('a linked directory is refused', async () => {
    mkdirSync(join(temp.path, 'elsewhere'));
    symlinkSync(join(temp.path, 'elsewhere'), join(temp.path, 'data'));
    await expect(writeMcpToken(file, TOKEN)).rejects.toThrow(/symbolic link/);
    expect(readdirSync(join(temp.path, 'elsewhere'))).toEqual([]);
  });

  test('a directory of another user is refused and keeps its mode', async () => {
    // Only root can give one away; for everybody else there is a folder of root's.
    let foreign = '/etc';
    if (process.geteuid?.() === 0) {
      foreign = join(temp.path, 'data');
      mkdirSync(foreign, { mode: 0o755 });
      chownSync(foreign, 65_534, 65_534);
    }
    const before = mode(foreign);
    await expect(writeMcpToken(join(foreign, 'mcp-token'), TOKEN)).rejects.toThrow(/belongs to another user/);
    expect(mode(foreign)).toBe(before);
    expect(existsSync(join(foreign, 'mcp-token'))).toBe(false);
  });

  test('a directory shared with other users is refused and keeps its mode', async () => {
    mkdirSync(join(temp.path, 'data'));
    chmodSync(join(temp.path, 'data'), 0o1777);
    await expect(writeMcpToken(file, TOKEN)).rejects.toThrow(/directory of your own/);
    expect(mode(join(temp.path, 'data'))).toBe(0o777);
  });
});

describe('T4 the temporary file', () => {
  test('stands in the same directory, is named by process and randomness, and is gone after success', async () => {
    const { write, seen } = makeWriter();
    await write(file, TOKEN);
    await write(file, OTHER);
    const names = seen.renames.map(([from]) => from);
    const pattern = new RegExp(`^\\.mcp-token\\.${process.pid}\\.[0-9a-f]{8}\\.tmp$`);
    for (const name of names) {
      expect(resolve(name, '..')).toBe(join(temp.path, 'data'));
      expect(name.slice(join(temp.path, 'data').length + 1)).toMatch(pattern);
    }
    expect(new Set(names).size).toBe(2);
    expect(temporaryFiles()).toEqual([]);
  });

  test('is gone after a failure, and the failure is the one that happened', async () => {
    const { write } = makeWriter({ rename: failing('ENOSPC', 99) });
    expect(await codeOf(write(file, TOKEN))).toBe('ENOSPC');
    expect(temporaryFiles()).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  test.runIf(POSIX)('is made exclusively: a link that somebody planted under its name is neither followed nor removed', async () => {
    mkdirSync(join(temp.path, 'data'), { mode: 0o700 });
    const victim = join(temp.path, 'victim');
    const planted = join(temp.path, 'data', `.mcp-token.${process.pid}.0123abcd.tmp`);
    writeFileSync(victim, 'precious');
    symlinkSync(victim, planted);
    const { write, seen } = makeWriter({ suffix: () => '0123abcd' });
    expect(await codeOf(write(file, TOKEN))).toBe('EEXIST');
    expect(readFileSync(victim, 'utf-8')).toBe('precious');
    expect(lstatSync(planted).isSymbolicLink()).toBe(true);
    expect(seen.renames).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  test.runIf(POSIX)('is on the disk before it gets its name, and the name afterwards, so that a power cut leaves one whole token', async () => {
    mkdirSync(join(temp.path, 'data'), { mode: 0o700 });
    const probe = await open(join(temp.path, 'data'), 'r');
    const steps: string[] = [];
    const handles = Object.getPrototypeOf(probe) as { sync: (this: unknown) => Promise<void> };
    await probe.close();
    const sync = handles.sync;
    vi.spyOn(handles, 'sync').mockImplementation(async function synced(this: unknown) {
      steps.push('sync');
      await sync.call(this);
    });
    const { write } = makeWriter({
      rename: async (from, to) => {
        steps.push('rename');
        await rename(from, to);
      },
    });
    await write(file, TOKEN);
    expect(steps).toEqual(['sync', 'rename', 'sync']);
  });

  test('left by a writer that was killed is swept after a minute, and nothing else is', async () => {
    const dir = join(temp.path, 'data');
    mkdirSync(dir);
    const stale = ['.mcp-token.12.0123abcd.tmp'];
    const kept = ['.mcp-token.12.89abcdef.tmp', 'mcp-token', '.mcp-token.x.0123abcd.tmp', 'notes.tmp'];
    for (const name of [...stale, ...kept]) writeFileSync(join(dir, name), 'x');
    for (const name of [...stale, ...kept.slice(1)]) utimesSync(join(dir, name), new Date(0), new Date(0));
    expect(await sweepTempFiles(dir, Date.now())).toBe(1);
    expect(readdirSync(dir).sort()).toEqual([...kept].sort());
    expect(await sweepTempFiles(join(temp.path, 'missing'), Date.now())).toBe(0);
  });
});

describe('T5 a busy file on Windows', () => {
  test.each(['EPERM', 'EACCES', 'EBUSY'])('%s twice, then success: waited 10 to 50 ms each time', async (code) => {
    const { write, seen } = makeWriter({ platform: 'win32', rename: failing(code, 2) });
    await write(file, TOKEN);
    expect(readMcpToken(file)).toBe(TOKEN);
    expect(seen.renames).toHaveLength(3);
    expect(seen.waits).toHaveLength(2);
    for (const ms of seen.waits) expect(ms >= 10 && ms <= 50).toBe(true);
  });

  test.each(['EPERM', 'EACCES', 'EBUSY'])('%s for ever: four calls, the error, no temporary file, the old token', async (code) => {
    await writeMcpToken(file, TOKEN);
    const { write, seen } = makeWriter({ platform: 'win32', rename: failing(code, 99) });
    expect(await codeOf(write(file, OTHER))).toBe(code);
    expect(seen.renames).toHaveLength(4);
    expect(seen.waits).toHaveLength(3);
    expect(temporaryFiles()).toEqual([]);
    expect(readMcpToken(file)).toBe(TOKEN);
  });

  test('other errors are not tried again', async () => {
    const { write, seen } = makeWriter({ platform: 'win32', rename: failing('ENOSPC', 1) });
    expect(await codeOf(write(file, TOKEN))).toBe('ENOSPC');
    expect(seen.renames).toHaveLength(1);
  });
});

describe('T6 the reader', () => {
  beforeEach(() => mkdirSync(join(temp.path, 'data'), { mode: 0o700 }));

  test('a missing file is null without a word', () => {
    const lines = hearStderr();
    expect(readMcpToken(file)).toBeNull();
    expect(lines).toEqual([]);
  });

  test.each([
    ['no prefix', 'eyJ.eyJ.sig'],
    ['two parts', 'wai_sess_eyJ.eyJ'],
    ['four parts', 'wai_sess_a.b.c.d'],
    ['an empty part', 'wai_sess_a..c'],
    ['an empty file', ''],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['more than 8 KiB', `wai_sess_a.b.${'c'.repeat(9000)}`],
  ])('%s is null', (_name, content) => {
    hearStderr();
    writeFileSync(file, content, { mode: 0o600 });
    expect(readMcpToken(file)).toBeNull();
  });

  test.each([
    ['a trailing newline', `${TOKEN}\n`],
    ['a Windows line end', `${TOKEN}\r\n`],
    ['a byte order mark', `\uFEFF${TOKEN}`],
    ['spaces around', `  ${TOKEN}\t`],
  ])('%s does not matter', (_name, content) => {
    writeFileSync(file, content, { mode: 0o600 });
    expect(readMcpToken(file)).toBe(TOKEN);
  });

  test('a directory is null', () => {
    hearStderr();
    mkdirSync(file);
    expect(readMcpToken(file)).toBeNull();
  });

  test.runIf(POSIX)('a FIFO is null and does not hang', () => {
    hearStderr();
    execFileSync('mkfifo', [file]);
    expect(readMcpToken(file)).toBeNull();
  });

  test.runIf(process.platform === 'linux')('a FIFO is null even when somebody feeds it a good token', () => {
    hearStderr();
    execFileSync('mkfifo', [file]);
    const both = openSync(file, 'r+');
    try {
      writeSync(both, TOKEN);
      expect(readMcpToken(file)).toBeNull();
    } finally {
      closeSync(both);
    }
  });

  test('a directory or FIFO as target makes the writer throw', async () => {
    mkdirSync(file);
    await expect(writeMcpToken(file, TOKEN)).rejects.toThrow(/not a regular file/);
    expect(temporaryFiles()).toEqual([]);
  });
});

describe.runIf(POSIX)('T9 loose modes', () => {
  test('a file that others can read is loaded with one warning and repaired', async () => {
    await writeMcpToken(file, TOKEN);
    chmodSync(file, 0o644);
    const lines = hearStderr();
    expect(readMcpToken(file)).toBe(TOKEN);
    expect(mode(file)).toBe(0o600);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(TOKEN);
    expect(readMcpToken(file)).toBe(TOKEN);
    expect(lines).toHaveLength(1);
  });

  test('an existing directory that others can enter becomes 0700', async () => {
    mkdirSync(join(temp.path, 'data'));
    chmodSync(join(temp.path, 'data'), 0o755);
    await writeMcpToken(file, TOKEN);
    expect(mode(join(temp.path, 'data'))).toBe(0o700);
  });
});

describe('T10 Windows has no owner-only mode', () => {
  test('the writer warns once, whatever it writes', async () => {
    const { write, seen } = makeWriter({ platform: 'win32' });
    await write(file, TOKEN);
    await write(file, OTHER);
    expect(seen.warnings).toHaveLength(1);
    expect(seen.warnings[0]).toMatch(/user profile/);
    expect(seen.warnings[0]).not.toContain('wai_sess_');
  });

  test('elsewhere there is no warning', async () => {
    const { write, seen } = makeWriter({ platform: 'linux' });
    await write(file, TOKEN);
    expect(seen.warnings).toEqual([]);
  });
});
