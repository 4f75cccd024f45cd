import type { Conversations, PendingMessages, ReplyContext } from '../../../main/agents/ports.ts';
import type { Store, Tx } from '../../../main/store/store.ts';

interface Reply {
  readonly groupId: string;
  readonly text: string;
  readonly kind: ReplyContext['kind'];
}

/** Chats in tables of their own, with a cursor per group, as the channels keep them: enough to see what the queue does to them. */
export class TestChats implements Conversations {
  readonly typing = new Map<string, boolean>();
  /** Makes reading fail, as a broken chat does. */
  broken: string | null = null;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    store.db.exec(`
      CREATE TABLE IF NOT EXISTS test_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, group_id TEXT NOT NULL, text TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS test_cursors (group_id TEXT PRIMARY KEY, at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS test_replies (id INTEGER PRIMARY KEY, group_id TEXT NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL);
    `);
  }

  /** Somebody writes; nobody is told of it. */
  write(groupId: string, text: string): void {
    this.#store.db.prepare('INSERT INTO test_messages (group_id, text) VALUES (?,?)').run(groupId, text);
  }

  replies(groupId?: string): readonly Reply[] {
    const all = this.#store.db.prepare('SELECT group_id AS groupId, text, kind FROM test_replies ORDER BY id').all() as Reply[];
    return all.filter((reply) => groupId === undefined || reply.groupId === groupId);
  }

  cursor(groupId: string): number {
    return (this.#store.db.prepare('SELECT at FROM test_cursors WHERE group_id = ?').pluck().get(groupId) as number | undefined) ?? 0;
  }

  next(groupId: string): PendingMessages | null {
    if (this.broken === groupId) throw new Error('the chat cannot be read');
    const rows = this.#store.db.prepare('SELECT id, text FROM test_messages WHERE group_id = ? AND id > ? ORDER BY id').all(groupId, this.cursor(groupId)) as {
      readonly id: number;
      readonly text: string;
    }[];
    const last = rows.at(-1);
    return last === undefined ? null : { prompt: rows.map(({ text }) => text).join('\n'), upTo: last.id, count: rows.length };
  }

  advance(_tx: Tx, groupId: string, upTo: number): number {
    const before = this.cursor(groupId);
    this.#setCursor(groupId, upTo);
    return before;
  }

  rollBack(_tx: Tx, groupId: string, previous: number): void {
    this.#setCursor(groupId, previous);
  }

  reply(_tx: Tx, groupId: string, text: string, { kind }: ReplyContext): boolean {
    const left = text.replaceAll(/<internal>[\s\S]*?<\/internal>/g, '').trim();
    if (left === '') return false;
    this.#store.db.prepare('INSERT INTO test_replies (group_id, text, kind) VALUES (?,?,?)').run(groupId, left, kind);
    return true;
  }

  working(groupId: string, on: boolean): void {
    this.typing.set(groupId, on);
  }

  groupsWithPending(): readonly string[] {
    const groups = this.#store.db.prepare('SELECT DISTINCT group_id FROM test_messages').pluck().all() as string[];
    return groups.filter((groupId) => this.next(groupId) !== null);
  }

  #setCursor(groupId: string, at: number): void {
    this.#store.db.prepare('INSERT INTO test_cursors VALUES (?,?) ON CONFLICT (group_id) DO UPDATE SET at = excluded.at').run(groupId, at);
  }
}
