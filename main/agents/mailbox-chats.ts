import type { Tx } from '../store/store.ts';
import type { Group } from './types.ts';

/** A group chat that the channels have seen, in the words of nanoclaw's snapshot (SNAP-02). */
export interface ChatSummary {
  readonly jid: string;
  readonly name: string;
  /** ISO 8601; null: nothing was said yet. */
  readonly lastActivity: string | null;
}

/** The chats beyond those that groups serve. The channels stand behind it. */
export interface ChatDirectory {
  /** Group chats, the latest first. */
  list(): readonly ChatSummary[];
  /** When the networks were last asked for the names of all group chats; null: never. */
  syncedAt(): number | null;
  /** Asks them again. */
  refresh(): Promise<void>;
  /** Puts a text for a chat into the outbound queue. Returns whether anything was left to send. Throws INPUT_INVALID when no channel has such chats. */
  send(tx: Tx, jid: string, text: string): boolean;
}

export interface ListedChat extends ChatSummary {
  readonly isRegistered: boolean;
}

/** The chats, and which of them agents serve already. */
export function listChats(chats: Pick<ChatDirectory, 'list'>, groups: readonly Pick<Group, 'jid'>[]): readonly ListedChat[] {
  const served = new Set(groups.map(({ jid }) => jid));
  return chats.list().map(({ jid, name, lastActivity }) => ({ jid, name, lastActivity, isRegistered: served.has(jid) }));
}
