import { NOTICE_TABLE } from '../notify/notice-table.ts';
import type { Store, Tx } from '../store/store.ts';

/**
 * One outage, one notice: Telegram carries chats and notices by the same bot. While people have been told that it fails in
 * the one, that it fails in the other is news for the activity log and the windows only. A notice that was switched off
 * has told nobody.
 */
export class Outages {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Whether people were told that the chat channel is down, and it has not been connected since. */
  chatsToldDown(tx: Tx, channel: string): boolean {
    const toldAt = this.#toldAt(tx, 'CHANNEL_DOWN', channel);
    if (toldAt === null) return false;
    const back = this.#store.db.prepare("SELECT 1 FROM events WHERE kind = 'channel' AND action = 'connected' AND subject = ? AND ts > ? LIMIT 1");
    return back.get(`channel:${channel}`, toldAt) === undefined;
  }

  /** Whether people were told that notices do not arrive by the channel, and none has since. */
  noticesToldDown(tx: Tx, channel: string): boolean {
    const toldAt = this.#toldAt(tx, 'NOTICE_CHANNEL_DOWN', channel);
    if (toldAt === null) return false;
    return this.#store.db.prepare('SELECT 1 FROM notice_channels WHERE channel = ? AND last_ok_at > ?').get(channel, toldAt) === undefined;
  }

  /** Null when it was not told, or so long ago that it may be told again. */
  #toldAt(tx: Tx, type: 'CHANNEL_DOWN' | 'NOTICE_CHANNEL_DOWN', channel: string): number | null {
    const since = tx.now - (NOTICE_TABLE.NOTICE_CHANNEL_DOWN.sameForMs ?? 0);
    const told = this.#store.db.prepare("SELECT MAX(created_at) FROM notices WHERE type = ? AND dedupe_key = ? AND created_at > ? AND NOT (state = 'suppressed' AND reason = 'muted')");
    return told.pluck().get(type, channel, since) as number | null;
  }
}
