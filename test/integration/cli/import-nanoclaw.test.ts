import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../main/server/cli-calls.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { spawnCli } from '../../support/cli-process.ts';
import { killedAtRow } from '../../support/kill-at-row.ts';
import { addHistory, makeNanoclaw, writeGroupFiles, writeStateFiles } from '../../support/legacy-nanoclaw.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { eventually } from '../../support/until.ts';

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
    expect(rows('SELECT network_id AS id FROM chat_messages WHERE past = 0')).toEqual([{ id: 'M3' }]);
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
    expect((await rig.run('import', 'nanoclaw', old.path, '--apply')).out).toMatch(/CAME[\s\S]*scheduled tasks +3/);
    expect((await rig.run('schedule', 'list')).out).toContain('Good morning');
  });

  it('says what is missing, and refuses what is no database', async () => {
    expect(await rig.run('import', 'nanoclaw', old.path)).toMatchObject({ exit: 4, err: expect.stringContaining('store/messages.db') });
    writeFileSync(join(old.path, 'messages.db'), 'this is no database at all, and long enough to be looked at for what it is');
    expect(await rig.run('import', 'nanoclaw', old.path)).toMatchObject({ exit: 2, err: expect.stringContaining('cannot be read as a database of nanoclaw') });
  });
});

describe('DATA-01: the files of the agents', () => {
  const at = (...path: string[]): string => join(rig.dataDir, ...path);

  it('are listed with their size before anything is copied', async () => {
    makeNanoclaw(old.path);
    writeGroupFiles(old.path);
    const { exit, out } = await rig.run('import', 'nanoclaw', old.path);
    expect(exit).toBe(0);
    expect(out).toMatch(/^files +5 +0 +2$/m);
    expect(out).toMatch(/^groups\/family +3 +0\.00 MB$/m);
    expect(out).toMatch(/^conversations of family +1 /m);
    expect(out).toContain('groups/family/link is a link; it was left out');
    expect(existsSync(at('groups', 'family'))).toBe(false);
  });

  it('come with memory and conversations, without links and what is no group, and a second time changes nothing', async () => {
    makeNanoclaw(old.path);
    writeGroupFiles(old.path);
    const done = await rig.json<ImportReport>('import', 'nanoclaw', old.path, '--apply');
    expect(done.files).toEqual({ imported: 5, kept: 0, refused: 2 });
    expect(readFileSync(at('groups', 'family', 'CLAUDE.md'), 'utf8')).toBe('The family likes noodles.');
    expect(readFileSync(at('groups', 'global', 'CLAUDE.md'), 'utf8')).toBe('For everybody');
    expect(readdirSync(at('groups', 'family')).sort()).toEqual(['CLAUDE.md', 'conversations', 'tool.sh']);
    expect(statSync(at('groups', 'family', 'tool.sh')).mode & 0o777).toBe(0o700);
    expect(readdirSync(at('groups')).sort()).toEqual(['family', 'global']);
    expect(readdirSync(at('data', 'sessions', 'family', '.claude'))).toEqual(['projects']);
    expect(existsSync(at('data', 'sessions', 'family', '.claude', 'projects', '-workspace-group', 'a3c1-session.jsonl'))).toBe(true);

    writeFileSync(at('groups', 'family', 'CLAUDE.md'), 'What the agent learned since');
    const again = await rig.json<ImportReport>('import', 'nanoclaw', old.path, '--apply');
    expect(again.files).toEqual({ imported: 0, kept: 5, refused: 2 });
    expect(again.problems).toContain('groups/family/CLAUDE.md is here already and differs; it was left as it is');
    expect(readFileSync(at('groups', 'family', 'CLAUDE.md'), 'utf8')).toBe('What the agent learned since');
  });

  it('are never written through a link that lies in the folder of a group, nor over one', async () => {
    makeNanoclaw(old.path);
    writeGroupFiles(old.path);
    const elsewhere = makeTempDir('elsewhere-');
    mkdirSync(at('groups', 'family'), { recursive: true });
    symlinkSync(elsewhere.path, at('groups', 'family', 'conversations'));
    symlinkSync(join(elsewhere.path, 'not there'), at('groups', 'family', 'CLAUDE.md'));
    try {
      const done = await rig.json<ImportReport>('import', 'nanoclaw', old.path, '--apply');
      expect(done.problems).toContain('groups/family/conversations/2026-02-19.md belongs into a folder that is a link or a file here; it was left out');
      expect(readdirSync(elsewhere.path)).toEqual([]);
      expect(lstatSync(at('groups', 'family', 'CLAUDE.md')).isSymbolicLink()).toBe(true);
    } finally {
      elsewhere.remove();
    }
  });

  it('of which a crash left half a one are copied whole', async () => {
    makeNanoclaw(old.path);
    writeGroupFiles(old.path);
    mkdirSync(at('groups', 'family'), { recursive: true });
    writeFileSync(at('groups', 'family', '.CLAUDE.md.importing'), 'The fam');
    await rig.json('import', 'nanoclaw', old.path, '--apply');
    expect(readFileSync(at('groups', 'family', 'CLAUDE.md'), 'utf8')).toBe('The family likes noodles.');
    expect(readdirSync(at('groups', 'family')).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('DATA-01: a long history', () => {
  const many = (): unknown => rows("SELECT count(*) AS n FROM chat_messages WHERE network_id LIKE 'L%'")[0]!['n'];

  it('keeps a running core answering, wakes no agent, and ends where it is when it is stopped', async () => {
    makeNanoclaw(old.path);
    addHistory(old.path, 200_000);
    const core = await rig.startCore();
    const order: string[] = [];
    const begun = rig.begin('import', 'nanoclaw', old.path, '--apply');
    void begun.ended.then(() => order.push('the import ended'));
    await eventually(() => expect(begun.err()).toMatch(/messages of 가족: \d+ of 200003/));
    await core.call('chat.create', { name: 'Home' });
    await core.call('chat.send', { group: 'home', text: 'are you there?' });
    order.push('a message was taken');
    await expect(core.call('import.begin', { dir: old.path })).rejects.toMatchObject({ code: 'CONFLICT' });
    order.push('a second import was refused');
    begun.stop();
    const { exit, out, err } = await begun.ended;
    expect(order).toEqual(['a message was taken', 'a second import was refused', 'the import ended']);
    expect({ exit, out, err }).toEqual({ exit: 1, out: expect.stringContaining('Stopped before the end. The same command goes on from there.'), err: expect.stringContaining('Stops after the step it is at') });
    expect(many()).toBeGreaterThan(0);
    expect(many()).toBeLessThan(200_000);
    // What was read long ago is nobody's work here, with half of it here as little as with all of it.
    expect((await core.call('runs.list', { group: 'family' })).runs).toEqual([]);
  });

  it('is complete after kill -9 in the middle and a second time, with nothing twice', async () => {
    makeNanoclaw(old.path);
    writeGroupFiles(old.path);
    addHistory(old.path, 5000);
    const first = spawnCli(['import', 'nanoclaw', old.path, '--apply'], { WAIAAS_DATA_DIR: rig.dataDir, ...killedAtRow('chat_messages', 3000) });
    expect(await first.ended).toBe('SIGKILL');
    const before = rows('SELECT 1 FROM chat_messages').length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(3000);
    const done = await rig.json<ImportReport>('import', 'nanoclaw', old.path, '--apply');
    expect(done.messages).toEqual({ imported: 5004 - before, kept: before, refused: 0 });
    expect(many()).toBe(5000);
    expect(done.groups).toEqual({ imported: 0, kept: 3, refused: 1 });
    expect(done.files.imported).toBe(5);
    expect(rows('SELECT network_id AS id FROM chat_messages WHERE past = 0')).toEqual([{ id: 'M3' }]);
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
