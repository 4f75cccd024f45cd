import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { prepareDataDir } from '../../../main/config/data-dir.ts';
import { acquireDaemonLock, daemonLockFile, isHolderAlive, readDaemonLock, type DaemonHolder } from '../../../main/store/daemon-lock.ts';
import { isProcessAlive, processIdentity } from '../../../main/store/process-identity.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startLineProcess, type LineProcess } from '../../support/line-process.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

const PROGRAM = join(import.meta.dirname, '../../support/store-process.ts');

let dir: ReturnType<typeof makeTempDir>;
let dataDir: string;
let clock: FakeClock;
let started: LineProcess[];
beforeEach(() => {
  dir = makeTempDir();
  dataDir = dir.path;
  prepareDataDir(dataDir, () => undefined);
  clock = new FakeClock();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map(async (child) => child.end()));
  dir.remove();
});

async function start(): Promise<LineProcess> {
  const child = startLineProcess(PROGRAM, ['lock', dataDir]);
  started.push(child);
  await child.next();
  return child;
}

function writeHolder(holder: Partial<DaemonHolder>): void {
  const whole = { pid: process.pid, startedAt: '2026-11-20T09:00:00.000Z', host: '127.0.0.1', port: 3100, process: null, ...holder };
  writeFileSync(daemonLockFile(dataDir), JSON.stringify(whole));
}

it('tells who holds it and where, in a private file, until it is released', async () => {
  const lock = await acquireDaemonLock({ dataDir, clock });
  expect(readDaemonLock(dataDir)).toMatchObject({ pid: process.pid, startedAt: '2026-11-20T09:00:00.000Z', host: null, port: null });

  await lock.update({ host: '127.0.0.1', port: 4321 });
  expect(readDaemonLock(dataDir)).toMatchObject({ pid: process.pid, startedAt: '2026-11-20T09:00:00.000Z', host: '127.0.0.1', port: 4321 });
  expect(statSync(daemonLockFile(dataDir)).mode & 0o777).toBe(0o600);

  lock.release();
  lock.release();
  expect(existsSync(daemonLockFile(dataDir))).toBe(false);
});

it('refuses a second start with process, port and start time of the first', async () => {
  const lock = await acquireDaemonLock({ dataDir, clock });
  await lock.update({ host: '127.0.0.1', port: 4321 });

  await expect(acquireDaemonLock({ dataDir, clock })).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: `Wheelhouse runs already on ${dataDir}: process ${process.pid} at 127.0.0.1:4321, since 2026-11-20T09:00:00.000Z. Use that one, or stop it first.`,
    details: { pid: process.pid, port: 4321 },
  });

  lock.release();
  (await acquireDaemonLock({ dataDir, clock })).release();
});

it('lets exactly one of eight processes win, again and again', async () => {
  const children = await Promise.all(Array.from({ length: 8 }, start));
  for (let round = 0; round < 5; round += 1) {
    const answers = await Promise.all(children.map(async (child) => child.ask('take')));

    const winner = children[answers.findIndex((answer) => answer['won'] === true)];
    expect(answers.filter((answer) => answer['won'] === true)).toEqual([{ won: true, afterCrash: false }]);
    const losers = answers.filter((answer) => answer['won'] === false);
    expect(losers).toEqual(Array.from({ length: 7 }, () => ({ won: false, code: 'ALREADY_RUNNING', holder: winner!.pid })));

    await Promise.all(children.map(async (child) => child.ask('release')));
  }
});

it('is free again at once when its process is killed, and says that it was', async () => {
  const child = await start();
  await child.ask('take');
  const before = readDaemonLock(dataDir)!;
  expect(before.pid).toBe(child.pid);
  expect(isHolderAlive(before)).toBe(true);

  await child.kill();
  expect(isHolderAlive(before)).toBe(false);

  const lock = await acquireDaemonLock({ dataDir, clock });
  expect(lock.afterCrash).toBe(true);
  expect(readDaemonLock(dataDir)!.pid).toBe(process.pid);
  lock.release();
});

it('says so again after a start that failed, until one succeeds', async () => {
  writeHolder({ pid: 2 ** 22 - 1 });
  const failed = await acquireDaemonLock({ dataDir, clock });
  failed.release();
  expect(readDaemonLock(dataDir)).toBeNull();

  const succeeded = await acquireDaemonLock({ dataDir, clock });
  expect(succeeded.afterCrash).toBe(true);
  await succeeded.update({ host: '127.0.0.1', port: 4321 });
  succeeded.release();

  const next = await acquireDaemonLock({ dataDir, clock });
  expect(next.afterCrash).toBe(false);
  next.release();
});

it.each<[string, () => void]>([
  ['a file of a process that is gone', () => writeHolder({ pid: 2 ** 22 - 1 })],
  ['a file of an earlier process with the id of one that lives', () => writeHolder({ pid: process.pid, process: 'another-boot/1' })],
  ['a torn file', () => writeFileSync(daemonLockFile(dataDir), '{"pid": 12')],
  ['a file with something else in it', () => writeFileSync(daemonLockFile(dataDir), '{"pid": "x"}')],
])('is not held up by %s', async (_name, leave) => {
  leave();

  const lock = await acquireDaemonLock({ dataDir, clock });

  expect(readDaemonLock(dataDir)).toMatchObject({ pid: process.pid, process: processIdentity(process.pid) });
  lock.release();
});

it('is refused also when daemon.lock was deleted while its owner runs', async () => {
  const child = await start();
  await child.ask('take');
  rmSync(daemonLockFile(dataDir));

  await expect(acquireDaemonLock({ dataDir, clock })).rejects.toMatchObject({ code: 'ALREADY_RUNNING', message: expect.stringContaining(dataDir) });
});

it('tells a process from another one with the same id', () => {
  const holder: DaemonHolder = { pid: process.pid, startedAt: '2026-11-20T09:00:00.000Z', host: null, port: null, process: processIdentity(process.pid) };

  expect(isHolderAlive(holder)).toBe(true);
  expect(isHolderAlive({ ...holder, process: 'another-boot/1' })).toBe(false);
  expect(isHolderAlive({ ...holder, process: null })).toBe(true);
  expect(isHolderAlive({ ...holder, pid: 2 ** 22 - 1 })).toBe(false);
});

it('knows when a process began, by /proc or by ps', () => {
  expect(processIdentity(process.pid)).toBe(processIdentity(process.pid));
  expect(processIdentity(2 ** 22 - 1)).toBeNull();
  expect(processIdentity(process.pid, 'win32')).toBeNull();
  expect(processIdentity(process.pid, 'darwin')).toMatch(/\d{4}$/);
  expect(processIdentity(2 ** 22 - 1, 'darwin')).toBeNull();
  expect(isProcessAlive(process.ppid)).toBe(true);
});

it('says what is wrong when the directory cannot hold it', async () => {
  const file = join(dataDir, 'file');
  writeFileSync(file, '');

  await expect(acquireDaemonLock({ dataDir: file, clock })).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
  expect(readFileSync(file, 'utf-8')).toBe('');
});
