import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import { channelOf } from './channel-of.ts';
import type { ChannelName, Chat, ChatInfo } from './types.ts';

/** Keeps the time of the last group sync among the chats, as older systems do; it is no chat and is shown nowhere (WA-02). */
const GROUP_SYNC = '__group_sync__';

const COLUMNS = 'jid, channel, name, is_group AS isGroup, last_message_at AS lastMessageAt, last_in_at AS lastInAt, last_out_at AS lastOutAt';
type Row = Omit<Chat, 'isGroup'> & { readonly isGroup: 0 | 1 | null };

/** Every chat that the channels have seen. Of those that no group serves this is all that is kept. */
export class Chats {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Takes down what a network tells of a chat. A known name stays when none is given, and times only grow. A chat that was
   * not known is told in the log. Throws INPUT_INVALID for an address that belongs to no channel.
   */
  seen(tx: Tx, { jid, name, isGroup }: ChatInfo, lastMessageAt: number | null = null): void {
    const channel = channelOf(jid);
    if (channel === null) throw new AppError('INPUT_INVALID', `No channel has a chat with the address '${jid}'.`, { jid });
    const known = this.#store.db.prepare('SELECT 1 FROM chats WHERE jid = ?').pluck().get(jid) !== undefined;
    this.#store.db
      .prepare(
        `INSERT INTO chats (jid, channel, name, is_group, last_message_at, created_at) VALUES (@jid, @channel, coalesce(@name, @jid), @isGroup, @at, @now)
         ON CONFLICT (jid) DO UPDATE SET
           name = coalesce(@name, name),
           is_group = coalesce(@isGroup, is_group),
           last_message_at = max(coalesce(@at, last_message_at), coalesce(last_message_at, @at))`,
      )
      .run({ jid, channel, name: name === '' ? null : name, isGroup: isGroup === null ? null : Number(isGroup), at: lastMessageAt, now: tx.now });
    if (!known) tx.event({ kind: 'chat', action: 'appeared', subject: `chat:${jid}`, text: `A chat appeared: ${name ?? jid}`, data: { jid, name: name ?? jid, channel } });
  }

  /** Notes that something came in or went out. */
  moved(jid: string, direction: 'in' | 'out', at: number): void {
    const column = direction === 'in' ? 'last_in_at' : 'last_out_at';
    this.#store.db
      .prepare(`UPDATE chats SET ${column} = max(coalesce(${column}, @at), @at), last_message_at = max(coalesce(last_message_at, @at), @at) WHERE jid = @jid`)
      .run({ jid, at });
  }

  get(jid: string): Chat | null {
    if (jid === GROUP_SYNC) return null;
    const row = this.#store.db.prepare(`SELECT ${COLUMNS} FROM chats WHERE jid = ?`).get(jid) as Row | undefined;
    return row === undefined ? null : chatOf(row);
  }

  /** The chats with the latest message first; those that never had one last. */
  list(limit = 200): readonly Chat[] {
    const rows = this.#store.db
      .prepare(`SELECT ${COLUMNS} FROM chats WHERE jid <> ? ORDER BY last_message_at IS NULL, last_message_at DESC, name LIMIT ?`)
      .all(GROUP_SYNC, limit) as Row[];
    return rows.map(chatOf);
  }

  /** When something came in and went out last, by channel. */
  lastMoves(): ReadonlyMap<ChannelName, Pick<Chat, 'lastInAt' | 'lastOutAt'>> {
    const rows = this.#store.db
      .prepare('SELECT channel, max(last_in_at) AS lastInAt, max(last_out_at) AS lastOutAt FROM chats GROUP BY channel')
      .all() as (Pick<Chat, 'lastInAt' | 'lastOutAt'> & { readonly channel: ChannelName })[];
    return new Map(rows.map(({ channel, ...moves }) => [channel, moves]));
  }

  /** When the names of all groups were read last; null: never. */
  groupsSyncedAt(): number | null {
    return (this.#store.db.prepare('SELECT last_message_at FROM chats WHERE jid = ?').pluck().get(GROUP_SYNC) as number | null | undefined) ?? null;
  }

  groupsSynced(tx: Tx, groups: number): void {
    this.#store.db
      .prepare("INSERT OR REPLACE INTO chats (jid, channel, name, is_group, last_message_at, created_at) VALUES (@jid, 'whatsapp', @jid, 0, @now, @now)")
      .run({ jid: GROUP_SYNC, now: tx.now });
    tx.event({ kind: 'channel', action: 'groups_synced', subject: 'channel:whatsapp', text: `The names of ${groups} WhatsApp groups were read`, data: { channel: 'whatsapp', groups } });
  }
}

function chatOf(row: Row): Chat {
  return { ...row, isGroup: row.isGroup === null ? null : row.isGroup === 1 };
}
