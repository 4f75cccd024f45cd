/** What this room needs of its neighbours; wired in main/wheelhouse/channels.ts. */
import type { Tx } from '../store/store.ts';

/** A chat that an agent serves, as far as routing goes. */
export interface ServedGroup {
  readonly id: string;
  readonly jid: string;
  readonly name: string;
  /** The name of its folder below `groups/`. */
  readonly folder: string;
  /** What a message begins with to wake the agent, as `@Andy`. */
  readonly trigger: string;
  readonly requiresTrigger: boolean;
  /** The main group needs no trigger. */
  readonly isMain: boolean;
}

/** The groups, read anew at every call. The agents stand behind it. */
export interface ServedGroups {
  byId(id: string): ServedGroup | null;
  /** Also by an address that its chat had before. */
  byJid(jid: string): ServedGroup | null;
  all(): readonly ServedGroup[];
}

/** Groups whose chat may get another address. */
export interface MovableGroups extends Pick<ServedGroups, 'byJid'> {
  /** From now on the group serves the chat at `jid`; by the address of before it is still found. */
  move(tx: Tx, groupId: string, jid: string): void;
}

/** Who does the work. The agents' queue stands behind it. */
export interface Work {
  /** Messages of the group are in the database. Never throws. */
  messagesArrived(groupId: string): void;
}
