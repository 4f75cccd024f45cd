import type { Store, Tx } from '../store/store.ts';
import type { Chats } from './chats.ts';
import type { MovableGroups, ServedGroup } from './ports.ts';
import type { Typing } from './typing.ts';

export interface ChatMovesParts {
  readonly store: Store;
  readonly chats: Chats;
  readonly groups: MovableGroups;
  readonly typing: Pick<Typing, 'moved'>;
}

/**
 * A network may give a chat another address, as Telegram does when a group becomes a supergroup. The people in it are the
 * same, so everything goes along: who serves it, what was said, how far it was read, and what is still to be sent.
 */
export class ChatMoves {
  readonly #parts: ChatMovesParts;

  constructor(parts: ChatMovesParts) {
    this.#parts = parts;
  }

  /** All of it in one transaction; told twice is told once. Throws what keeps it from being written. */
  move(from: string, to: string): void {
    const { store, chats, groups, typing } = this.#parts;
    const known = chats.get(from);
    const group = groups.byJid(from);
    if (known === null && group?.jid !== from) return;
    const name = known?.name ?? group?.name ?? to;
    store.transact((tx) => {
      chats.seen(tx, { jid: to, name, isGroup: known?.isGroup ?? true }, known?.lastMessageAt ?? null);
      const other = groups.byJid(to);
      if (other !== null && group !== null && other.id !== group.id) return this.#tell(tx, { from, to, name }, other);
      if (known !== null) this.#carryOver(from, to);
      if (group !== null) groups.move(tx, group.id, to);
      this.#tell(tx, { from, to, name }, null);
    });
    typing.moved(from, to);
  }

  #carryOver(from: string, to: string): void {
    const { db } = this.#parts.store;
    const both = { from, to };
    db.prepare(
      `UPDATE chats SET (last_in_at, last_out_at) = (SELECT max(coalesce(chats.last_in_at, old.last_in_at), coalesce(old.last_in_at, chats.last_in_at)),
         max(coalesce(chats.last_out_at, old.last_out_at), coalesce(old.last_out_at, chats.last_out_at)) FROM chats old WHERE old.jid = @from) WHERE jid = @to`,
    ).run(both);
    // The network counts the messages of the new address anew, and must not meet the numbers of the old one.
    db.prepare(
      `UPDATE chat_messages SET jid = @to, network_id = CASE WHEN network_id LIKE 'out:%' OR network_id LIKE 'person:%' THEN network_id ELSE @from || ':' || network_id END WHERE jid = @from`,
    ).run(both);
    db.prepare('UPDATE outbound SET jid = @to WHERE jid = @from').run(both);
    db.prepare('DELETE FROM chats WHERE jid = @from').run(both);
  }

  /** `served`: another group has the new address already, so the old one keeps its own and hears nothing any more. */
  #tell(tx: Tx, { from, to, name }: { readonly from: string; readonly to: string; readonly name: string }, served: ServedGroup | null): void {
    const text = served === null ? `${name} has a new address: ${to}` : `${name} moved to ${to}, which ${served.name} serves already; what serves ${from} hears nothing any more`;
    tx.event({ kind: 'chat', action: served === null ? 'moved' : 'not_moved', subject: `chat:${to}`, text, data: { jid: to, from, name, ...(served !== null && { group: served.name }) } });
  }
}
