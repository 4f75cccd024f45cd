import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spawnCli } from '../../support/cli-process.ts';
import { startCompletionsCore, type CompletionsCore } from '../../support/completions-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import type { CoreOverrides } from '../../support/start-core.ts';

let dir: ReturnType<typeof makeTempDir>;
let rig: CompletionsCore;
beforeEach(() => {
  dir = makeTempDir();
});
afterEach(async () => {
  await rig.close();
  dir.remove();
});

const start = async (overrides?: CoreOverrides): Promise<void> => {
  rig = await startCompletionsCore(dir.path, overrides);
};
const states = async (): Promise<Record<string, string>> => Object.fromEntries((await rig.known()).map(({ task, state }) => [task, state]));
const once = (...tasks: readonly string[]): Record<string, number> => Object.fromEntries(tasks.map((task) => [task, 1]));

/** `wheelhouse done` in a process of its own. */
async function done(...words: string[]): Promise<void> {
  const command = spawnCli(['done', ...words], { WAIAAS_DATA_DIR: dir.path });
  expect(await command.ended, command.err()).toBe(0);
}

describe('the tests of seed 003 §5.1, on real files and a Bot API on loopback', () => {
  test('T1: the completion of one team is told in one message, and the markers say so', async () => {
    await start();
    await done('task-897.1', '--team', 'dev1', '--summary', '로그인 완료', '--report', '/srv/reports/task-897.1.md');
    await expect.poll(() => rig.told()).toEqual(once('task-897.1'));
    expect(rig.api.messages).toHaveLength(1);
    expect(rig.api.messages[0]!.text).toMatch(/✅ task-897\.1 done\n(.*\n)*Report: \/srv\/reports\/task-897\.1\.md\n(.*\n)*로그인 완료/);
    await expect.poll(() => rig.files()).toEqual(['task-897.1.done', 'task-897.1.done.notified']);
    expect(await states()).toEqual({ 'task-897.1': 'notified' });
  });

  test('T2: three teams at once are told once each, the first at once and the others in a list', async () => {
    await start();
    for (const task of ['task-1', 'task-2', 'task-3']) rig.drop(task);
    await expect.poll(() => rig.told()).toEqual(once('task-1', 'task-2', 'task-3'));
    expect(rig.api.messages.length).toBeLessThanOrEqual(2);
    await expect.poll(() => rig.files().filter((name) => name.endsWith('.notified'))).toHaveLength(3);
  });

  test('T3: when the first layer dies after it has made the file, the second tells it', async () => {
    await start();
    // All that is left of a `wheelhouse done` that was killed: the file.
    writeFileSync(join(rig.folder, 'task-1.done'), '{"summary":"finished"}', { flag: 'wx' });
    await expect.poll(() => rig.told()).toEqual(once('task-1'));
    await expect.poll(states).toEqual({ 'task-1': 'notified' });
  });

  test('T4: a file that waits while nothing runs is told after the restart, and what was told before is not', async () => {
    await start();
    rig.drop('before');
    await expect.poll(states).toEqual({ before: 'notified' });
    await rig.restart(() => rig.drop('meanwhile'));
    await expect.poll(() => rig.told()).toEqual(once('before', 'meanwhile'));
    await rig.restart();
    rig.drop('after');
    await expect.poll(() => rig.told()).toEqual(once('before', 'meanwhile', 'after'));
  });

  test('T5: while the API is away nothing is lost; the reason is kept, and it is told once it is back', async () => {
    await start();
    rig.api.setDown(true);
    rig.drop('task-1');
    const attempts = async () => (await rig.core().call('completions.get', { completion_id: 1 })).notices.flatMap((notice) => notice.attempts);
    await expect.poll(async () => (await rig.known()).length).toBe(1);
    await expect.poll(async () => (await attempts()).length).toBe(1);
    expect(await attempts()).toEqual([expect.objectContaining({ channel: 'telegram', outcome: 'failed', reason: expect.any(String) as string })]);
    expect(await states()).toEqual({ 'task-1': 'pending' });
    expect(rig.files()).toEqual(['task-1.done']);
    rig.api.setDown(false);
    await expect.poll(() => rig.told()).toEqual(once('task-1'));
    await expect.poll(states).toEqual({ 'task-1': 'notified' });
  });

  test('T6: a link is refused, with a line in the log, and what it leads to is never read', async () => {
    await start();
    symlinkSync('/etc/passwd', join(rig.folder, 'task-1.done'));
    await expect.poll(async () => (await rig.core().call('completions.folders', {})).refused).toMatchObject([{ name: 'task-1.done', why: 'symlink' }]);
    rig.drop('task-2');
    await expect.poll(() => rig.told()).toEqual(once('task-2'));
    expect(JSON.stringify(rig.api.requests)).not.toContain('root:');
    const { events } = await rig.core().call('log.list', { kinds: ['completion'], limit: 50 });
    expect(events.map(({ text }) => text)).toContain('task-1.done was not taken for a completion: it is a symbolic link');
  });

  test('T7: sixteen teams at once are told once each, in no more messages than the service takes', async () => {
    await start();
    const tasks = Array.from({ length: 16 }, (_, n) => `task-${n + 1}`);
    for (const task of tasks) rig.drop(task);
    await expect.poll(() => rig.told()).toEqual(once(...tasks));
    expect(rig.api.messages.length).toBeLessThanOrEqual(3);
    const gaps = rig.api.messages.slice(1).map(({ at }, index) => at - rig.api.messages[index]!.at);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1000);
  });

  test('T8: watcher and activity at once cause no second notice, and the bot is idle', async () => {
    const activity = join(dir.path, 'events', 'bot-activity.json');
    await start({ config: { completions: { bot_teams: ['dev1=dev1', 'anu='] } } });
    writeFileSync(join(dir.path, 'task-timers.json'), JSON.stringify({ tasks: { 'task-1': { team: 'dev1', status: 'running' } } }));
    // As the bots do, every moment, while the completion comes; half a file is among it.
    for (let n = 0; n < 20; n += 1) {
      writeFileSync(activity, '{"dev1": {"status": "proc');
      writeFileSync(activity, JSON.stringify({ dev1: { status: 'processing', beat: n }, anu: { status: 'processing' } }));
      if (n === 10) rig.drop('task-1');
      await rig.core().call('status.get', {});
    }
    rig.core().core.resume();
    await expect.poll(() => JSON.parse(readFileSync(activity, 'utf8')) as unknown).toEqual({ dev1: { status: 'idle', beat: 19 }, anu: { status: 'processing' } });
    await expect.poll(states).toEqual({ 'task-1': 'notified' });
    expect(rig.told()).toEqual(once('task-1'));
  });

  test('both layers at once tell it once', async () => {
    await start();
    for (let n = 1; n <= 3; n += 1) {
      await done(`task-${n}`);
      rig.core().core.resume();
    }
    await expect.poll(() => rig.told()).toEqual(once('task-1', 'task-2', 'task-3'));
  });

  test('without the running core the command tells it itself, and the core that starts afterwards does not tell it again', async () => {
    await start();
    const { apiRoot } = rig.api;
    await rig.restart(() => undefined);
    await rig.core().stop();
    const command = spawnCli(['done', 'task-1'], { WAIAAS_DATA_DIR: dir.path, ANU_BOT_TOKEN: '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0', COKACDIR_CHAT_ID: '6937032012', WAIAAS_NOTIFY_TELEGRAM_API: apiRoot, WAIAAS_UI_LANGUAGE: 'en' });
    expect(await command.ended, command.err()).toBe(0);
    expect(command.out()).toContain('notified');
    expect(rig.told()).toEqual(once('task-1'));
    expect(rig.files()).toEqual(['task-1.done', 'task-1.done.notified']);
    await rig.restart();
    rig.drop('task-2');
    await expect.poll(() => rig.told()).toEqual(once('task-1', 'task-2'));
  });
});

describe('what can happen to a folder', () => {
  test('it is deleted and made again', async () => {
    await start({ config: { completions: { rescan_sec: 5 } } });
    rig.drop('task-1');
    await expect.poll(() => rig.told()).toEqual(once('task-1'));
    rmSync(rig.folder, { recursive: true });
    await expect.poll(async () => (await rig.core().call('completions.folders', {})).folders).toMatchObject([{ state: 'missing' }]);
    mkdirSync(rig.folder);
    await expect.poll(async () => (await rig.core().call('completions.folders', {})).folders).toMatchObject([{ state: 'watched' }]);
    rig.drop('task-2');
    await expect.poll(() => rig.told()).toEqual(once('task-1', 'task-2'));
    expect(await states()).toMatchObject({ 'task-1': 'notified' });
  });

  test('it is not there yet when the core starts', async () => {
    await start({ config: { completions: { folders: ['events', 'later'], rescan_sec: 5 } } });
    const later = join(dir.path, 'later');
    mkdirSync(join(dir.path, 'being-made'));
    writeFileSync(join(dir.path, 'being-made', 'task-1.done'), '');
    renameSync(join(dir.path, 'being-made'), later);
    await expect.poll(() => rig.told()).toEqual(once('task-1'));
    expect(await rig.known()).toMatchObject([{ folder: later }]);
  });

  test('it holds five thousand at once: none is lost or told twice, and no limit of the service is broken', async () => {
    await start({ config: { storage: { durability: 'normal' } } });
    const tasks = Array.from({ length: 5000 }, (_, n) => `task-${n}`);
    for (const task of tasks) rig.drop(task);
    const db = new Database(join(dir.path, 'data/wheelhouse.db'), { readonly: true });
    const distinct = db.prepare('SELECT count(DISTINCT task) FROM completions').pluck();
    await expect.poll(() => distinct.get()).toBe(5000);
    expect(db.prepare("SELECT count(*), count(DISTINCT dedupe_key) FROM notices WHERE type = 'COMPLETION_DONE'").raw().get()).toEqual([5000, 5000]);
    db.close();
    await expect.poll(() => rig.api.messages.length).toBeGreaterThan(1);
    const [first, second] = rig.api.messages;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...Object.values(rig.told()))).toBe(1);
  });
});

describe('the kill switch', () => {
  test('while it is on nothing is taken in or told, and afterwards everything is', async () => {
    await start({ config: { security: { kill_switch_recovery_wait_no_owner: 1 } } });
    await rig.core().call('masterPassword.set', { password: 'correct horse battery' });
    rig.drop('task-1');
    await expect.poll(states).toEqual({ 'task-1': 'notified' });
    await rig.core().call('killSwitch.activate', { reason: 'drill' });
    rig.drop('task-2');
    await expect(rig.core().call('completions.look', { folder: rig.folder, task: 'task-2' })).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    expect(await states()).toEqual({ 'task-1': 'notified' });
    expect(rig.told()).toEqual(once('task-1'));
    const recover = async () => rig.core().call('killSwitch.recover', { master_password: 'correct horse battery' });
    expect(await recover()).toMatchObject({ status: 'RECOVERING' });
    await expect.poll(async () => recover().catch((error: { code: string }) => error)).toMatchObject({ status: 'NORMAL' });
    await expect.poll(() => rig.told()).toEqual(once('task-1', 'task-2'));
  });
});
