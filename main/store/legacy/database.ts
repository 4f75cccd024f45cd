import Database from 'better-sqlite3';
import { AppError } from '../../base/errors.ts';
import { containerOf, cursorsOf } from './json-files.ts';
import type { LegacyChat, LegacyData, LegacyGroup, LegacyMessage, LegacyMessages, LegacySession, LegacyTask } from './types.ts';

type Row = Readonly<Record<string, unknown>>;

/** Keeps the time of a group sync among the chats, and is no chat. */
const GROUP_SYNC = '__group_sync__';

/** Rows that are read, and taken over, at once. */
const PIECE = 500;

/** An older database, open for reading only. Columns that its version does not have yet are as if they were empty. */
export class LegacyDatabase {
  readonly #db: Database.Database;

  /** Throws INPUT_INVALID when the file is no such database. */
  constructor(file: string) {
    try {
      this.#db = new Database(file, { readonly: true, fileMustExist: true });
      this.#db.pragma('schema_version');
    } catch (error) {
      throw new AppError('INPUT_INVALID', `${file} cannot be read as a database of nanoclaw: ${(error as Error).message}`, { file }, { cause: error });
    }
  }

  /** Everything but the messages is read at once. The database must stay open while they are asked for. */
  read(): LegacyData {
    const tables = new Set(this.#db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all() as string[]);
    const rows = (table: string): readonly Row[] => (tables.has(table) ? (this.#db.prepare(`SELECT * FROM ${table}`).all() as Row[]) : []);
    const problems: string[] = [];
    const known = ['registered_groups', 'chats', 'messages', 'scheduled_tasks', 'sessions', 'router_state'].filter((table) => tables.has(table));
    if (known.length === 0) problems.push('The database has none of the tables of nanoclaw.');
    return {
      groups: rows('registered_groups').flatMap(groupOf),
      sessions: rows('sessions').flatMap(({ group_folder: folder, session_id: sessionId }): LegacySession[] => (isText(folder) && isText(sessionId) ? [{ folder, sessionId }] : [])),
      chats: rows('chats').flatMap(chatOf),
      messages: (jid) => (tables.has('messages') ? this.#messages(jid) : { rows: 0, pieces: [] }),
      cursors: rows('router_state').flatMap(({ key, value }) => (key === 'last_agent_timestamp' ? cursorsOf(value) : [])),
      tasks: rows('scheduled_tasks').flatMap(taskOf),
      problems,
    };
  }

  close(): void {
    this.#db.close();
  }

  /** Only the order of the rows is read at once, which takes a tenth of a second for 200 000 of them. */
  #messages(jid: string): LegacyMessages {
    const order = this.#db.prepare('SELECT rowid FROM messages WHERE chat_jid = ? ORDER BY timestamp, rowid').pluck().all(jid) as number[];
    const piece = this.#db.prepare('SELECT m.* FROM json_each(?) o JOIN messages m ON m.rowid = o.value ORDER BY o.key');
    const pieces = function* (): Iterable<readonly LegacyMessage[]> {
      for (let at = 0; at < order.length; at += PIECE) yield (piece.all(JSON.stringify(order.slice(at, at + PIECE))) as Row[]).flatMap((row) => messageOf(jid, row));
    };
    return { rows: order.length, pieces: pieces() };
  }
}

function messageOf(jid: string, row: Row): LegacyMessage[] {
  const { id, sender, sender_name: senderName, content, timestamp } = row;
  const sentAt = timeOf(timestamp);
  if (!isText(id) || !isText(content) || sentAt === null) return [];
  const from = isText(sender) ? sender : jid;
  return [{ id, jid, sender: from, senderName: isText(senderName) ? senderName : from, content, sentAt, fromBot: row['is_bot_message'] === 1 }];
}

function groupOf(row: Row): LegacyGroup[] {
  const { jid, name, folder, trigger_pattern: trigger, requires_trigger: requires, is_main: isMain, container_config: config } = row;
  if (!isText(jid) || !isText(name) || !isText(folder) || !isText(trigger)) return [];
  return [{ jid, name, folder, trigger, requiresTrigger: typeof requires === 'number' ? requires === 1 : null, isMain: isMain === 1 || folder === 'main', ...containerOf(jsonOf(config)) }];
}

function chatOf({ jid, name, is_group: isGroup, last_message_time: last }: Row): LegacyChat[] {
  if (!isText(jid) || jid === GROUP_SYNC) return [];
  // A column that was added later says 0 for groups that were silent since.
  const group = isGroup === 1 || jid.endsWith('@g.us') ? true : isGroup === 0 ? false : null;
  return [{ jid, name: isText(name) && name !== jid ? name : null, isGroup: group, lastMessageAt: timeOf(last) }];
}

function taskOf(row: Row): LegacyTask[] {
  const { id, group_folder: groupFolder, prompt, schedule_type: kind, schedule_value: value, status } = row;
  if (!isText(id) || !isText(groupFolder) || !isText(prompt) || !isText(kind) || !isText(value)) return [];
  const contextMode = row['context_mode'];
  return [
    {
      id,
      groupFolder,
      prompt,
      kind,
      value,
      contextMode: isText(contextMode) ? contextMode : null,
      status: isText(status) ? status : 'active',
      nextRun: timeOf(row['next_run']),
      lastRun: timeOf(row['last_run']),
      createdAt: timeOf(row['created_at']),
    },
  ];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function timeOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function jsonOf(value: unknown): unknown {
  if (!isText(value)) return null;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return null;
  }
}
