import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';

describe('the command line while no core runs', () => {
  let rig: CliRig;
  beforeEach(() => {
    rig = makeCliRig();
  });
  afterEach(() => rig.close());

  it.each([['status'], ['ui'], ['lock', 'acquire', 'x'], ['lock', 'release', 'x'], ['log', '--follow']])('says how to start for: %s %s', async (...words) => {
    expect(await rig.run(...words)).toMatchObject({ exit: 3, out: '', err: expect.stringContaining('wheelhouse serve') });
  });

  it('prepares agents, sessions and tasks that a later core knows', async () => {
    expect(await rig.run('agent', 'add', 'fe-1', '--role', 'FE')).toMatchObject({ exit: 0 });
    const { tokenFile } = await rig.json<{ tokenFile: string }>('session', 'create', '--agent', 'fe-1');
    await rig.json('task', 'create', '첫 작업', '--role', 'FE');
    expect((await rig.run('task', 'list')).out).toContain('첫 작업');
    expect((await rig.run('log')).out).toContain('Agent fe-1 joined as FE');
    expect((await rig.run('inbox', 'FE')).out).toContain('empty');
    expect((await rig.run('lock', 'list')).out).toContain('Nothing is locked.');

    const core = await rig.startCore();
    const response = await fetch(core.info.mcpUrl, {
      method: 'POST',
      headers: { Authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_tasks', arguments: {} } }),
    });
    expect(await response.text()).toContain('첫 작업');
  });

  it('lets several commands work at once', async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    const results = await Promise.all(Array.from({ length: 6 }, async (_, at) => rig.run('task', 'create', `task ${at}`, '--role', 'FE')));
    expect(results.map(({ exit }) => exit)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await rig.json('task', 'list')).toMatchObject({ tasks: { length: 6 } });
  });

  it('backs up and restores', async () => {
    await rig.run('task', 'create', 'before', '--role', 'FE');
    const { file } = await rig.json<{ file: string }>('backup');
    await rig.run('task', 'create', 'after', '--role', 'FE');
    const restored = await rig.run('restore', file);
    expect(restored).toMatchObject({ exit: 0, out: expect.stringContaining('before-restore') });
    const { tasks } = await rig.json<{ tasks: { title: string }[] }>('task', 'list');
    expect(tasks.map(({ title }) => title)).toEqual(['before']);
    expect(await rig.run('restore', 'nowhere.db')).toMatchObject({ exit: 4, err: expect.stringContaining('nowhere.db') });
  });

  it('has nothing to restore at first', async () => {
    expect(await rig.run('restore')).toMatchObject({ exit: 0, out: expect.stringContaining('no backups') });
  });

  it('leaves a damaged database alone until the person sets it aside', async () => {
    await rig.run('task', 'create', 'x', '--role', 'FE');
    const file = join(rig.dataDir, 'data', 'wheelhouse.db');
    writeFileSync(file, 'this is no database at all, and long enough to be looked at');
    expect(await rig.run('task', 'list')).toMatchObject({ exit: 1, err: expect.stringContaining('doctor --set-aside') });
    expect(await rig.run('serve')).toMatchObject({ exit: 1, err: expect.stringContaining('is damaged') });
    expect(await rig.run('doctor')).toMatchObject({ exit: 1, out: expect.stringContaining('BAD ') });
    expect(await rig.run('doctor', '--set-aside')).toMatchObject({ exit: 0 });
    expect(readdirSync(join(rig.dataDir, 'data')).some((name) => name.startsWith('wheelhouse.db.set-aside-'))).toBe(true);
    expect(await rig.run('task', 'list')).toMatchObject({ exit: 0, out: expect.stringContaining('no such tasks') });
    expect(await rig.run('doctor', '--set-aside', '--fix')).toMatchObject({ exit: 2 });
  });

  it('repairs with --fix what loses nothing', async () => {
    await rig.run('task', 'list');
    const left = join(rig.dataDir, 'data', '.wheelhouse.db.999999.0a1b2c3d.tmp');
    writeFileSync(left, '');
    const { chmodSync, utimesSync } = await import('node:fs');
    chmodSync(rig.dataDir, 0o755);
    utimesSync(left, 1, 1);
    expect(await rig.run('doctor')).toMatchObject({ exit: 1 });
    const fixed = await rig.json<{ repaired: string[]; ok: boolean }>('doctor', '--fix');
    expect(fixed.ok).toBe(true);
    expect(fixed.repaired.length).toBeGreaterThan(0);
  });

  it('stops at a misspelt setting and names it', async () => {
    writeFileSync(join(rig.dataDir, 'config.toml'), '[server]\nprot = 3200\n');
    expect(await rig.run('agent', 'list')).toMatchObject({ exit: 1, err: expect.stringContaining('Did you mean server.port?') });
    expect(await rig.run('serve')).toMatchObject({ exit: 1, err: expect.stringContaining('server.port') });
  });

  it('answers a daemon.lock of a dead process as if there were none', async () => {
    mkdirSync(join(rig.dataDir, 'data'), { recursive: true, mode: 0o700 });
    writeFileSync(join(rig.dataDir, 'daemon.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '2026-11-20T09:00:00.000Z', host: '127.0.0.1', port: 1, process: 'x' }));
    expect(await rig.run('status')).toMatchObject({ exit: 3 });
    expect(await rig.run('agent', 'list')).toMatchObject({ exit: 0 });
  });
});
