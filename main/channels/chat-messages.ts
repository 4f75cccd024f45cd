import type { Store, Tx } from '../store/store.ts';
import type { ChatMessage, ChatMessageKind, Delivery } from './types.ts';

export interface NewChatMessage {
  readonly jid: string;
  readonly networkId: string;
  readonly sender: string;
  readonly senderName: string;
  readonly content: string;
  readonly sentAt: number;
  readonly kind: ChatMessageKind;
  readonly fromBot: boolean;
  readonly addressed: boolean;
  /** False: its attachments are still to be saved; what comes after it waits for it. */
  readonly ready: boolean;
  readonly runId: string | null;
  /** It was read before it came here; no run is given it. */
  readonly past?: boolean;
}

const COLUMNS = `m.id, m.jid, m.sender, m.sender_name AS senderName, m.content, m.sent_at AS sentAt, m.kind, m.from_bot AS fromBot, m.addressed, m.run_id AS runId`;
/** How far an answer got: as far as the part of it that is furthest behind. */
const DELIVERY = `
  (SELECT CASE
     WHEN count(*) = 0 THEN NULL
     WHEN sum(state = 'failed') > 0 THEN 'failed'
     WHEN sum(state = 'cancelled') > 0 THEN 'cancelled'
     WHEN sum(state IN ('waiting','sending')) > 0 THEN 'waiting'
     WHEN sum(maybe_sent) > 0 THEN 'possibly_repeated'
     ELSE 'sent' END FROM outbound WHERE message_id = m.id) AS delivery,
  (SELECT error FROM outbound WHERE message_id = m.id AND error IS NOT NULL AND state <> 'sent' LIMIT 1) AS deliveryError`;

type Row = Omit<ChatMessage, 'fromBot' | 'addressed' | 'delivery'> & { readonly fromBot: 0 | 1; readonly addressed: 0 | 1; readonly delivery: Delivery | null };

/** What was said in the served chats, in the order in which it came. Ids are never used again, so they are the cursors. */
export class ChatMessages {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The id, or null when the chat has this message already. */
  add(message: NewChatMessage): number | null {
    const { changes, lastInsertRowid } = this.#store.db
      .prepare(
        `INSERT INTO chat_messages (jid, network_id, sender, sender_name, content, sent_at, kind, from_bot, addressed, ready, run_id, past)
         VALUES (@jid, @networkId, @sender, @senderName, @content, @sentAt, @kind, @fromBot, @addressed, @ready, @runId, @past) ON CONFLICT DO NOTHING`,
      )
      .run({ ...message, fromBot: Number(message.fromBot), addressed: Number(message.addressed), ready: Number(message.ready), past: Number(message.past ?? false) });
    return changes === 0 ? null : Number(lastInsertRowid);
  }

  /** The id of a message by the one that the network gave it. */
  idOf(jid: string, networkId: string): number | null {
    return (this.#store.db.prepare('SELECT id FROM chat_messages WHERE jid = ? AND network_id = ?').pluck().get(jid, networkId) as number | undefined) ?? null;
  }

  /** Its attachments are saved, or will never be. */
  complete(id: number, content: string): void {
    this.#store.db.prepare('UPDATE chat_messages SET content = ?, ready = 1 WHERE id = ?').run(content, id);
  }

  /** After a start nobody saves attachments any more that were being saved before it; the text says so already. */
  completeInterrupted(): void {
    this.#store.db.prepare('UPDATE chat_messages SET ready = 1 WHERE ready = 0').run();
  }

  /**
   * What people said after `after` and before the first message that is not ready, oldest first: at most the newest `limit`
   * of it, with how many there are in all.
   */
  since(jid: string, after: number, limit: number): { readonly messages: readonly ChatMessage[]; readonly total: number } {
    const { db } = this.#store;
    const unready = db.prepare('SELECT min(id) FROM chat_messages WHERE jid = ? AND ready = 0').pluck().get(jid) as number | null;
    const range = { jid, after, before: unready ?? Number.MAX_SAFE_INTEGER, limit };
    const where = 'm.jid = @jid AND m.id > @after AND m.id < @before AND m.from_bot = 0 AND m.past = 0';
    const total = db.prepare(`SELECT count(*) FROM chat_messages m WHERE ${where}`).pluck().get(range) as number;
    const rows = db.prepare(`SELECT ${COLUMNS}, NULL AS delivery, NULL AS deliveryError FROM chat_messages m WHERE ${where} ORDER BY m.id DESC LIMIT @limit`).all(range) as Row[];
    return { messages: rows.toReversed().map(messageOf), total };
  }

  /** A page of the conversation, newest first. */
  page(jid: string, { beforeId, limit }: { readonly beforeId?: number | undefined; readonly limit: number }): readonly ChatMessage[] {
    const rows = this.#store.db
      .prepare(`SELECT ${COLUMNS}, ${DELIVERY} FROM chat_messages m WHERE m.jid = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?`)
      .all(jid, beforeId ?? Number.MAX_SAFE_INTEGER, limit) as Row[];
    return rows.map(messageOf);
  }

  /** The chats in which people said something after the cursor of the group that serves them. */
  chatsWithUnseen(): readonly { readonly jid: string; readonly lastId: number }[] {
    return this.#store.db.prepare('SELECT jid, max(id) AS lastId FROM chat_messages WHERE from_bot = 0 AND past = 0 GROUP BY jid').all() as { jid: string; lastId: number }[];
  }

  /** The last message that a run of the group was given; 0: none yet. */
  cursor(groupId: string): number {
    return (this.#store.db.prepare('SELECT message_id FROM chat_cursors WHERE group_id = ?').pluck().get(groupId) as number | undefined) ?? 0;
  }

  setCursor(_tx: Tx, groupId: string, messageId: number): void {
    this.#store.db.prepare('INSERT OR REPLACE INTO chat_cursors (group_id, message_id) VALUES (?,?)').run(groupId, messageId);
  }
}

function messageOf(row: Row): ChatMessage {
  return { ...row, fromBot: row.fromBot === 1, addressed: row.addressed === 1 };
}
