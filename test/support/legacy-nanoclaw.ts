import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** An installation of nanoclaw as of February 2026 (reference §3.7), with something of everything. `columns` old: as its first version. */
export function makeNanoclaw(dir: string, age: 'new' | 'old' = 'new'): void {
  mkdirSync(join(dir, 'store'), { recursive: true });
  const db = new Database(join(dir, 'store', 'messages.db'));
  db.pragma('journal_mode = WAL');
  db.exec(`
    CREATE TABLE chats (jid TEXT PRIMARY KEY, name TEXT, last_message_time TEXT ${age === 'new' ? ', channel TEXT, is_group INTEGER DEFAULT 0' : ''});
    CREATE TABLE messages (id TEXT, chat_jid TEXT, sender TEXT, sender_name TEXT, content TEXT, timestamp TEXT, is_from_me INTEGER
      ${age === 'new' ? ', is_bot_message INTEGER DEFAULT 0' : ''}, PRIMARY KEY (id, chat_jid), FOREIGN KEY (chat_jid) REFERENCES chats(jid));
    CREATE TABLE scheduled_tasks (id TEXT PRIMARY KEY, group_folder TEXT NOT NULL, chat_jid TEXT NOT NULL, prompt TEXT NOT NULL, schedule_type TEXT NOT NULL,
      schedule_value TEXT NOT NULL, next_run TEXT, last_run TEXT, last_result TEXT, status TEXT DEFAULT 'active', created_at TEXT NOT NULL
      ${age === 'new' ? ", context_mode TEXT DEFAULT 'isolated'" : ''});
    CREATE TABLE router_state (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE sessions (group_folder TEXT PRIMARY KEY, session_id TEXT NOT NULL);
    CREATE TABLE registered_groups (jid TEXT PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL UNIQUE, trigger_pattern TEXT NOT NULL, added_at TEXT NOT NULL,
      container_config TEXT ${age === 'new' ? ', requires_trigger INTEGER DEFAULT 1' : ''});
    INSERT INTO registered_groups (jid, name, folder, trigger_pattern, added_at, container_config) VALUES
      ('821012345678@s.whatsapp.net', 'Home', 'main', '@Andy', '2026-02-01T00:00:00.000Z', NULL),
      ('1203@g.us', '가족', 'family', '@앤디', '2026-02-01T00:00:00.000Z', '{"timeout":600000,"additionalMounts":[{"hostPath":"~/projects","readonly":false}]}'),
      ('dc:99', 'Discord', 'discord', '@Andy', '2026-02-01T00:00:00.000Z', 'not json'),
      ('666@g.us', 'Way out', '../../etc', '@Andy', '2026-02-01T00:00:00.000Z', NULL);
    INSERT INTO chats (jid, name, last_message_time) VALUES
      ('821012345678@s.whatsapp.net', 'Home', '2026-02-19T08:00:00.000Z'),
      ('1203@g.us', '가족', '2026-02-19T09:00:02.000Z'),
      ('777@g.us', 'Not served', '2026-02-19T09:00:00.000Z'),
      ('__group_sync__', '__group_sync__', '2026-02-19T09:00:00.000Z');
    INSERT INTO messages (id, chat_jid, sender, sender_name, content, timestamp, is_from_me) VALUES
      ('M1', '1203@g.us', '82101@s.whatsapp.net', '민호', '@앤디 안녕', '2026-02-19T09:00:00.000Z', 0),
      ('M2', '1203@g.us', '82102@s.whatsapp.net', 'Sora', 'same second', '2026-02-19T09:00:00.000Z', 0),
      ('M3', '1203@g.us', '82101@s.whatsapp.net', '민호', '@앤디 아직 답을 못 받았어', '2026-02-19T09:00:02.000Z', 0),
      ('H1', '821012345678@s.whatsapp.net', '821012345678@s.whatsapp.net', 'Me', 'long answered', '2026-02-19T08:00:00.000Z', 1),
      ('X1', '777@g.us', 'x', 'x', 'content of a chat that nobody serves', '2026-02-19T09:00:00.000Z', 0);
    INSERT INTO sessions VALUES ('family', 'a3c1-session'), ('gone', 'nobody');
    INSERT INTO router_state VALUES ('last_timestamp', '2026-02-19T09:00:02.000Z'), ('last_agent_timestamp', '{"1203@g.us":"2026-02-19T09:00:00.000Z"}');
    INSERT INTO scheduled_tasks (id, group_folder, chat_jid, prompt, schedule_type, schedule_value, next_run, last_run, status, created_at) VALUES
      ('task-1-abc', 'family', '1203@g.us', 'Good morning', 'cron', '0 9 * * *', '2031-02-20T00:00:00.000Z', '2026-02-19T00:00:00.000Z', 'active', '2026-02-01T00:00:00.000Z'),
      ('task-2-abc', 'main', '821012345678@s.whatsapp.net', 'Every hour', 'interval', '3600000', NULL, '2026-02-19T08:00:00.000Z', 'paused', '2026-02-01T00:00:00.000Z'),
      ('task-3-abc', 'main', '821012345678@s.whatsapp.net', 'Long ago', 'once', '2026-02-02T09:00:00', NULL, '2026-02-02T09:00:00.000Z', 'completed', '2026-02-01T00:00:00.000Z'),
      ('task-4-abc', 'gone', 'x', 'Nobody', 'cron', '0 9 * * *', NULL, NULL, 'active', '2026-02-01T00:00:00.000Z'),
      ('task-5-abc', 'main', 'x', 'Broken', 'cron', 'whenever', '2026-02-20T00:00:00.000Z', NULL, 'active', '2026-02-01T00:00:00.000Z');
    ${age === 'new' ? "UPDATE messages SET is_bot_message = 1 WHERE id = 'M2'; UPDATE registered_groups SET requires_trigger = 0 WHERE folder = 'main'; UPDATE scheduled_tasks SET context_mode = 'group' WHERE id = 'task-1-abc';" : ''}
  `);
  db.close();
}

/** The state files of the first versions, in `dir`. */
export function writeStateFiles(dir: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'registered_groups.json'), JSON.stringify({ '1203@g.us': { name: 'Family', folder: 'family', trigger: '@Andy', added_at: '2026-02-01T00:00:00.000Z', requiresTrigger: false, containerConfig: { timeout: 120_000 } }, broken: {} }));
  writeFileSync(join(dir, 'sessions.json'), JSON.stringify({ family: 'from-the-file' }));
  writeFileSync(join(dir, 'router_state.json'), JSON.stringify({ last_agent_timestamp: { '1203@g.us': '2026-02-19T09:00:00.000Z' } }));
}

/** What the agent of the family keeps: memory, a program, conversations, and links that lead out. Below `dir`. */
export function writeGroupFiles(dir: string): void {
  const family = join(dir, 'groups', 'family');
  mkdirSync(join(family, 'conversations'), { recursive: true });
  writeFileSync(join(family, 'CLAUDE.md'), 'The family likes noodles.');
  writeFileSync(join(family, 'conversations', '2026-02-19.md'), 'What was said');
  writeFileSync(join(family, 'tool.sh'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(dir, 'secret'), 'outside of every group');
  symlinkSync(join(dir, 'secret'), join(family, 'link'));
  symlinkSync(dir, join(family, 'linked-folder'));
  mkdirSync(join(dir, 'groups', 'global'), { recursive: true });
  writeFileSync(join(dir, 'groups', 'global', 'CLAUDE.md'), 'For everybody');
  mkdirSync(join(dir, 'groups', 'stranger'), { recursive: true });
  writeFileSync(join(dir, 'groups', 'stranger', 'CLAUDE.md'), 'No group has this folder');
  const project = join(dir, 'data', 'sessions', 'family', '.claude', 'projects', '-workspace-group');
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'a3c1-session.jsonl'), '{}\n');
  writeFileSync(join(dir, 'data', 'sessions', 'family', '.claude', 'settings.json'), '{}');
}

/** A long history in the chat of the family, all of it read. */
export function addHistory(dir: string, messages: number): void {
  const db = new Database(join(dir, 'store', 'messages.db'));
  db.exec(`
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${messages})
    INSERT INTO messages (id, chat_jid, sender, sender_name, content, timestamp, is_from_me)
    SELECT 'L' || i, '1203@g.us', '82101@s.whatsapp.net', '민호', '@앤디 number ' || i, strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i, 'unixepoch'), 0 FROM n
  `);
  db.close();
}
