import { randomBytes } from 'node:crypto';
import type { Store, Tx } from '../store/store.ts';
import { channelOf } from './channel-of.ts';
import type { Chats } from './chats.ts';
import { splitText } from './outgoing-text.ts';
import type { ChannelName, OutboundItem } from './types.ts';

export interface NewOutbound {
  readonly jid: string;
  readonly text: string;
  readonly messageId: number | null;
  /** Who says it, for networks in which people and agents share one account; null: nobody in particular. */
  readonly prefix: string | null;
}

/** How the texts of a channel must look. */
export interface TextRules {
  /** The most UTF-16 units in one message. */
  readonly maxLength: number;
  /** What stands before the text when several share one account; null: nothing. */
  readonly prefix: ((speaker: string) => string) | null;
}

const COLUMNS = `id, jid, channel, message_id AS messageId, text, send_key AS sendKey, state, attempts, maybe_sent AS maybeSent, next_at AS nextAt, error, created_at AS createdAt`;
type Row = Omit<OutboundItem, 'maybeSent'> & { readonly maybeSent: 0 | 1 };

/**
 * What is to be sent, durable and in the order of its writing within each chat. An item leaves only after the network took
 * it (or refused it for good), so a crash may repeat a message and never loses one.
 */
export class OutboundQueue {
  readonly #store: Store;
  readonly #chats: Chats;
  readonly #rules: (channel: ChannelName) => TextRules;

  constructor(parts: { readonly store: Store; readonly chats: Chats; readonly rules: (channel: ChannelName) => TextRules }) {
    this.#store = parts.store;
    this.#chats = parts.chats;
    this.#rules = parts.rules;
  }

  /** Cuts the text to what the network takes at once, and queues the parts. Returns how many there are. */
  add(tx: Tx, { jid, text, messageId, prefix }: NewOutbound): number {
    const channel = channelOf(jid);
    if (channel === null) throw new Error(`no channel for ${jid}`);
    const rules = this.#rules(channel);
    const head = prefix === null || rules.prefix === null ? '' : rules.prefix(prefix);
    const parts = splitText(text, rules.maxLength - head.length);
    const insert = this.#store.db.prepare('INSERT INTO outbound (jid, channel, message_id, text, send_key, next_at, created_at) VALUES (?,?,?,?,?,?,?)');
    for (const part of parts) insert.run(jid, channel, messageId, head + part, sendKey(), tx.now, tx.now);
    return parts.length;
  }

  /** The item whose turn it is in each chat of a channel, those that wait for a later time included. */
  heads(channel: ChannelName): readonly OutboundItem[] {
    const rows = this.#store.db
      .prepare(
        `SELECT ${COLUMNS} FROM outbound WHERE id IN
           (SELECT min(id) FROM outbound WHERE state IN ('waiting','sending') AND channel = ? GROUP BY jid) ORDER BY id`,
      )
      .all(channel) as Row[];
    return rows.map(itemOf);
  }

  /** How many items of a channel are not sent yet. */
  waiting(channel: ChannelName): number {
    return this.#store.db.prepare("SELECT count(*) FROM outbound WHERE state IN ('waiting','sending') AND channel = ?").pluck().get(channel) as number;
  }

  /** Whether we are the ones who sent this. */
  isOurs(sendKey: string): boolean {
    return this.#store.db.prepare('SELECT 1 FROM outbound WHERE send_key = ?').pluck().get(sendKey) !== undefined;
  }

  /** The text that was sent under this key; networks ask for it when a receiver could not read it. */
  textOf(sendKey: string): string | null {
    return (this.#store.db.prepare('SELECT text FROM outbound WHERE send_key = ?').pluck().get(sendKey) as string | undefined) ?? null;
  }

  /** After a start: what was being sent when the program died is sent again, and marked as a possible repeat. */
  recover(): void {
    this.#store.db.prepare("UPDATE outbound SET state = 'waiting', maybe_sent = 1 WHERE state = 'sending'").run();
  }

  /** It is being handed to the network. False when it is not to be sent any more. */
  begin(id: number): boolean {
    return this.#store.db.prepare("UPDATE outbound SET state = 'sending', attempts = attempts + 1 WHERE id = ? AND state = 'waiting'").run(id).changes === 1;
  }

  sent(tx: Tx, begun: OutboundItem): void {
    const item = this.#now(begun);
    this.#end(tx, item, 'sent', null);
    this.#chats.moved(item.jid, 'out', tx.now);
    tx.event({ ...this.#about(item), action: 'sent', text: `Sent to ${this.#nameOf(item.jid)}` });
  }

  /** It will not arrive; what comes after it goes on. */
  failed(tx: Tx, begun: OutboundItem, error: string): void {
    const item = this.#now(begun);
    this.#end(tx, item, 'failed', error);
    tx.event({ ...this.#about(item), action: 'undelivered', text: `Could not be sent to ${this.#nameOf(item.jid)}: ${error}` });
  }

  /** Tries again at `nextAt`; `maybeSent` when this attempt may have arrived. */
  postpone(id: number, { nextAt, error, maybeSent }: { readonly nextAt: number; readonly error: string; readonly maybeSent: boolean }): void {
    this.#store.db
      .prepare("UPDATE outbound SET state = 'waiting', next_at = ?, error = ?, maybe_sent = max(maybe_sent, ?) WHERE id = ? AND state = 'sending'")
      .run(nextAt, error, Number(maybeSent), id);
  }

  /** What the kill switch keeps from going out; what the network has in its hands already goes. Returns how many. */
  cancelAll(tx: Tx, reason: string): number {
    const { changes } = this.#store.db
      .prepare("UPDATE outbound SET state = 'cancelled', error = ?, ended_at = ? WHERE state = 'waiting'")
      .run(reason, tx.now);
    if (changes > 0) tx.event({ kind: 'chat', action: 'cancelled', text: `${changes} messages will not be sent: ${reason}`, data: { messages: changes, reason } });
    return changes;
  }

  /** The chat may have got another address while the item was on its way. */
  #now(item: OutboundItem): OutboundItem {
    const jid = this.#store.db.prepare('SELECT jid FROM outbound WHERE id = ?').pluck().get(item.id) as string | undefined;
    return { ...item, jid: jid ?? item.jid };
  }

  #end(tx: Tx, { id }: OutboundItem, state: 'sent' | 'failed', error: string | null): void {
    this.#store.db.prepare("UPDATE outbound SET state = ?, error = ?, ended_at = ? WHERE id = ? AND state IN ('waiting','sending')").run(state, error, tx.now, id);
  }

  #about({ jid, channel, messageId }: OutboundItem): { readonly kind: string; readonly subject: string; readonly data: Readonly<Record<string, unknown>> } {
    return { kind: 'chat', subject: `chat:${jid}`, data: { jid, channel, name: this.#nameOf(jid), ...(messageId !== null && { message: messageId }) } };
  }

  #nameOf(jid: string): string {
    return this.#chats.get(jid)?.name ?? jid;
  }
}

function itemOf(row: Row): OutboundItem {
  return { ...row, maybeSent: row.maybeSent === 1 };
}

/** In the form that WhatsApp gives ids of messages from a browser; other networks do not mind. */
function sendKey(): string {
  return `3EB0${randomBytes(9).toString('hex').toUpperCase()}`;
}
