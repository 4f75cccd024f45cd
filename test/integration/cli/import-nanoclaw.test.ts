import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../main/server/cli-calls.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { makeNanoclaw, writeStateFiles } from '../../support/legacy-nanoclaw.ts';
import { makeTempDir } from '../../support/temp-dir.ts';

let rig: CliRig;
let old: ReturnType<typeof makeTempDir>;
beforeEach(() => {
  rig = makeCliRig({ env: { WAIAAS_SCHEDULE_TIME_ZONE: 'Asia/Seoul' } });
  old = makeTempDir('nanoclaw-');
});
afterEach(async () => {
  await rig.close();
  old.remove();
});

const rows = (sql: string): readonly Record<string, unknown>[] => {
  const db = new Database(join(rig.dataDir, 'data', 'wheelhouse.db'), { readonly: true });
  try {
    return db.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    db.close();
  }
};
const counts = ({ groups, sessions, chats, messages, tasks }: ImportReport) => Object.values({ groups, sessions, chats, messages, tasks }).map(({ imported, kept, refused }) => [imported, kept, refused]);

describe('DATA-01: wheelhouse import nanoclaw', () => {
  it('says first what it would do, and changes nothing', async () => {
    makeNanoclaw(old.path);
    const dry = await rig.json<ImportReport>('import', 'nanoclaw', old.path);
    expect(dry.dryRun).toBe(true);
    expect(counts(dry)).toEqual([[3, 0, 1], [1, 0, 1], [3, 0, 0], [4, 0, 0], [3, 0, 2]]);
    expect(rows('SELECT 1 FROM agent_groups UNION ALL SELECT 1 FROM chats UNION ALL SELECT 1 FROM scheduled_tasks UNION ALL SELECT 1 FROM events')).toEqual([]);
    expect((await rig.run('import', 'nanoclaw', old.path)).out).toMatch(/WOULD COME[\s\S]*groups\s+3\s+0\s+1[\s\S]*folder '\.\.\/\.\.\/etc'[\s\S]*--apply/);
  });

  it('takes groups, conversations, chats, messages and tasks over, once', async () => {
    makeNanoclaw(old.path);
    const done = await rig.json<ImportReport>('import', 'nanoclaw', old.path, '--apply');
    expect(counts(done)).toEqual([[3, 0, 1], [1, 0, 1], [3, 0, 0], [4, 0, 0], [3, 0, 2]]);
    expect(rows('SELECT jid, name, folder, trigger_word, requires_trigger, is_main, session_id FROM agent_groups ORDER BY folder')).toEqual([
      { jid: 'dc:99', name: 'Discord', folder: 'discord', trigger_word: '@Andy', requires_trigger: 1, is_main: 0, session_id: null },
      { jid: '1203@g.us', name: '가족', folder: 'family', trigger_word: '@앤디', requires_trigger: 1, is_main: 0, session_id: 'a3c1-session' },
      { jid: '821012345678@s.whatsapp.net', name: 'Home', folder: 'main', trigger_word: '@Andy', requires_trigger: 0, is_main: 1, session_id: null },
    ]);
    expect(JSON.parse(String(rows("SELECT container FROM agent_groups WHERE folder = 'family'")[0]!['container']))).toMatchObject({ timeoutMs: 600_000, additionalMounts: [{ hostPath: '~/projects', readonly: false }] });
    expect(rows('SELECT network_id AS id, from_bot AS bot FROM chat_messages ORDER BY network_id')).toEqual([{ id: 'H1', bot: 0 }, { id: 'M1', bot: 0 }, { id: 'M2', bot: 1 }, { id: 'M3', bot: 0 }]);
    expect(rows("SELECT 1 FROM chats WHERE jid = '__group_sync__'")).toEqual([]);
    // What the old agent had read is read; what it had not is still to be answered.
    const cursors = rows('SELECT g.folder, m.network_id AS up_to FROM chat_cursors c JOIN agent_groups g ON g.id = c.group_id JOIN chat_messages m ON m.id = c.message_id ORDER BY g.folder');
    expect(cursors).toEqual([{ folder: 'family', up_to: 'M2' }, { folder: 'main', up_to: 'H1' }]);
    expect(rows('SELECT id, kind, value, zone, status, context_mode, next_run FROM scheduled_tasks ORDER BY id')).toEqual([
      { id: 'task-1-abc', kind: 'cron', value: '0 9 * * *', zone: 'Asia/Seoul', status: 'active', context_mode: 'group', next_run: Date.UTC(2031, 1, 20) },
      { id: 'task-2-abc', kind: 'interval', value: '3600000', zone: 'Asia/Seoul', status: 'paused', context_mode: 'isolated', next_run: null },
      { id: 'task-3-abc', kind: 'once', value: '2026-02-02T09:00:00', zone: 'Asia/Seoul', status: 'completed', context_mode: 'isolated', next_run: null },
    ]);
    expect(done.problems).toEqual([
      expect.stringContaining('Way out'),
      expect.stringContaining("no group with the folder 'gone'"),
      expect.stringMatching(/task-4-abc.*'gone'/),
      expect.stringMatching(/task-5-abc.*five fields/),
    ]);
    expect(rows("SELECT text FROM events WHERE kind = 'system' AND action = 'imported'")).toHaveLength(1);

    const again = await rig.json<ImportReport>('import', 'nanoclaw', old.path, '--apply');
    expect(counts(again)).toEqual([[0, 3, 1], [0, 1, 1], [0, 3, 0], [0, 4, 0], [0, 3, 2]]);
    expect(rows('SELECT 1 FROM chat_messages')).toHaveLength(4);
  });

  it('reads the first version, which had fewer columns, and leaves the old installation as it is', async () => {
    makeNanoclaw(old.path, 'old');
    const file = join(old.path, 'store', 'messages.db');
    const before = [readFileSync(file), statSync(file).mtimeMs];
    const done = await rig.json<ImportReport>('import', 'nanoclaw', old.path, '--apply');
    expect(counts(done)).toEqual([[3, 0, 1], [1, 0, 1], [3, 0, 0], [4, 0, 0], [3, 0, 2]]);
    expect(rows("SELECT context_mode FROM scheduled_tasks WHERE id = 'task-1-abc'")).toEqual([{ context_mode: 'isolated' }]);
    expect(rows("SELECT is_group FROM chats WHERE jid = '1203@g.us'")).toEqual([{ is_group: 1 }]);
    expect([readFileSync(file), statSync(file).mtimeMs]).toEqual(before);
  });

  it('lets a running core do it, whose windows hear of it', async () => {
    makeNanoclaw(old.path);
    await rig.startCore();
    expect((await rig.run('import', 'nanoclaw', old.path, '--apply')).out).toContain('The folders of the groups are not copied');
    expect((await rig.run('schedule', 'list')).out).toContain('Good morning');
  });

  it('says what is missing, and refuses what is no database', async () => {
    expect(await rig.run('import', 'nanoclaw', old.path)).toMatchObject({ exit: 4, err: expect.stringContaining('store/messages.db') });
    writeFileSync(join(old.path, 'messages.db'), 'this is no database at all, and long enough to be looked at for what it is');
    expect(await rig.run('import', 'nanoclaw', old.path)).toMatchObject({ exit: 2, err: expect.stringContaining('cannot be read as a database of nanoclaw') });
  });
});

describe('DATA-01: state files in the data directory', () => {
  it('are taken over at the start and set aside, once', async () => {
    writeStateFiles(join(rig.dataDir, 'data'));
    await rig.startCore();
    expect(rows('SELECT name, folder, requires_trigger, session_id FROM agent_groups')).toEqual([{ name: 'Family', folder: 'family', requires_trigger: 0, session_id: 'from-the-file' }]);
    expect(readdirSync(join(rig.dataDir, 'data')).filter((name) => name.includes('.json')).sort()).toEqual(['registered_groups.json.migrated', 'router_state.json.migrated', 'sessions.json.migrated']);
  });

  it('that come again, as after a crash before they were set aside, change nothing', async () => {
    writeStateFiles(rig.dataDir);
    await (await rig.startCore()).stop();
    writeStateFiles(rig.dataDir);
    await rig.startCore();
    expect(rows('SELECT 1 FROM agent_groups')).toHaveLength(1);
    expect(existsSync(join(rig.dataDir, 'sessions.json'))).toBe(false);
  });

  it('of which one cannot be read stay where they are, and the core starts all the same', async () => {
    writeStateFiles(rig.dataDir);
    writeFileSync(join(rig.dataDir, 'registered_groups.json'), '{ half');
    await rig.startCore();
    expect(rows('SELECT 1 FROM agent_groups')).toEqual([]);
    expect(['registered_groups.json', 'sessions.json', 'router_state.json'].map((name) => existsSync(join(rig.dataDir, name)))).toEqual([true, true, true]);
  });
});
