import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import { nearest } from '../base/nearest.ts';
import type { Store, Tx } from '../store/store.ts';
import { assertGroupFolder, suggestGroupFolder } from './group-folder.ts';
import { GroupRows, PLAIN_CONTAINER } from './group-rows.ts';
import { assertContainer, assertJid, assertName, assertTrigger } from './group-rules.ts';
import type { ContainerSettings, Group } from './types.ts';

/** The identities of groups on the team bus. The room of access stands behind it. */
export interface GroupAgents {
  /** Adds an agent whose name is `wanted` or begins with it. Returns its id. Throws ROLE_UNKNOWN. */
  add(tx: Tx, wanted: string, role: string | null): string;
  /** Its group is gone: it may not act any more. */
  retire(tx: Tx, agentId: string): void;
}

export interface NewGroup {
  readonly jid: string;
  readonly name: string;
  /** Absent: made from the name. */
  readonly folder?: string | undefined;
  /** Absent: `@` and the assistant's name. */
  readonly trigger?: string | undefined;
  /** Absent: true, except of the main group. */
  readonly requiresTrigger?: boolean | undefined;
  readonly isMain?: boolean | undefined;
  readonly container?: Partial<ContainerSettings> | undefined;
  /** Its role on the team bus; absent: that of helpers. */
  readonly role?: string | undefined;
}

export interface GroupChanges {
  readonly name?: string | undefined;
  readonly trigger?: string | undefined;
  readonly requiresTrigger?: boolean | undefined;
  readonly container?: Partial<ContainerSettings> | undefined;
}

export interface GroupsParts {
  readonly store: Store;
  readonly agents: GroupAgents;
  /** What people call the assistant; the trigger of a group that names none. */
  readonly assistantName: string;
}

/** The registered chats. Every change commits with its line in the activity log. */
export class Groups {
  readonly #parts: GroupsParts;
  readonly #rows: GroupRows;

  constructor(parts: GroupsParts) {
    this.#parts = parts;
    this.#rows = new GroupRows(parts.store);
  }

  /** Throws INPUT_INVALID, GROUP_EXISTS (chat, folder or a second main group), ROLE_UNKNOWN. Never replaces a group. */
  create(input: NewGroup): Group {
    const isMain = input.isMain ?? false;
    assertJid(input.jid);
    assertName(input.name);
    return this.#parts.store.transact((tx) => {
      const folder = input.folder ?? suggestGroupFolder(input.name, new Set(this.list().map((group) => group.folder)));
      assertGroupFolder(folder, isMain);
      this.#assertFree(input.jid, folder, isMain);
      const trigger = input.trigger ?? `@${this.#parts.assistantName}`;
      assertTrigger(trigger);
      const container = { ...PLAIN_CONTAINER, ...input.container };
      assertContainer(container);
      const group: Group = {
        id: uuidv7(tx.now),
        jid: input.jid,
        name: input.name,
        folder,
        trigger,
        requiresTrigger: input.requiresTrigger ?? !isMain,
        isMain,
        agentId: this.#parts.agents.add(tx, folder, input.role ?? null),
        paused: false,
        container,
        sessionId: null,
        createdAt: tx.now,
      };
      this.#rows.insert(group);
      tx.event({ ...about(group), action: 'created', text: `Group ${group.name} was registered`, data: { name: group.name, jid: group.jid, folder } });
      return group;
    });
  }

  /** Oldest first. */
  list(): readonly Group[] {
    return this.#rows.all();
  }

  /** Throws GROUP_NOT_FOUND. */
  get(id: string): Group {
    const group = this.#rows.by('id', id);
    if (group === null) throw new AppError('GROUP_NOT_FOUND', `There is no group ${id}; it may have been removed.`, { group: id });
    return group;
  }

  exists(id: string): boolean {
    return this.#rows.by('id', id) !== null;
  }

  /** Also by the address that its chat had before it moved. */
  byJid(jid: string): Group | null {
    return this.#rows.by('jid', jid) ?? this.#rows.by('former_jid', jid);
  }

  byFolder(folder: string): Group | null {
    return this.#rows.by('folder', folder);
  }

  /** By id, chat address, folder or name, as people write it. Throws GROUP_NOT_FOUND naming the nearest, CONFLICT when a name fits several. */
  find(wanted: string): Group {
    const exact = this.#rows.by('id', wanted) ?? this.#rows.by('jid', wanted) ?? this.#rows.by('folder', wanted);
    if (exact !== null) return exact;
    const all = this.list();
    const named = all.filter((group) => group.name.toLowerCase() === wanted.toLowerCase());
    if (named.length > 1) throw new AppError('CONFLICT', `Several groups are called '${wanted}'. Name the folder: ${named.map(({ folder }) => folder).join(', ')}.`);
    const [found] = named;
    if (found !== undefined) return found;
    const folders = all.map(({ folder }) => folder);
    const near = nearest(wanted, folders);
    const hint = near !== null ? `Did you mean '${near}'?` : folders.length === 0 ? 'Register one first.' : `There are: ${folders.join(', ')}.`;
    throw new AppError('GROUP_NOT_FOUND', `There is no group '${wanted}'. ${hint}`, { group: wanted, folders });
  }

  /** Throws GROUP_NOT_FOUND, INPUT_INVALID. What a run under way was given stays as it was. */
  update(id: string, changes: GroupChanges): Group {
    return this.#parts.store.transact((tx) => {
      const before = this.get(id);
      const after: Group = {
        ...before,
        name: changes.name ?? before.name,
        trigger: changes.trigger ?? before.trigger,
        requiresTrigger: changes.requiresTrigger ?? before.requiresTrigger,
        container: { ...before.container, ...changes.container },
      };
      assertName(after.name);
      assertTrigger(after.trigger);
      assertContainer(after.container);
      const changed = (['name', 'trigger', 'requiresTrigger', 'container'] as const).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
      if (changed.length === 0) return before;
      this.#rows.update(after);
      tx.event({ ...about(after), action: 'changed', text: `Group ${after.name} was changed: ${changed.join(', ')}`, data: { name: after.name, changed } });
      return after;
    });
  }

  /** Stops or lets go on what the group's queue does, inside a transaction. Returns whether that changed anything. */
  setPaused(tx: Tx, id: string, paused: boolean): boolean {
    const group = this.get(id);
    if (group.paused === paused) return false;
    this.#rows.update({ ...group, paused });
    const [action, words] = paused ? ['paused', 'was paused: what arrives for it waits'] : ['resumed', 'goes on'];
    tx.event({ ...about(group), action, text: `Group ${group.name} ${words}`, data: { name: group.name } });
    return true;
  }

  /** The network gave the chat of the group another address; an agent that knows only the former one still means this group. Throws GROUP_NOT_FOUND, GROUP_EXISTS. */
  move(tx: Tx, id: string, jid: string): void {
    const group = this.get(id);
    const other = this.#rows.by('jid', jid);
    if (other !== null) throw new AppError('GROUP_EXISTS', `The chat ${jid} is registered already, as group ${other.name}.`, { group: other.id });
    this.#rows.move(id, jid);
    tx.event({ ...about(group), action: 'moved', text: `The chat of ${group.name} has a new address: ${jid}`, data: { name: group.name, jid, from: group.jid } });
  }

  /** Remembers the conversation that the next run continues; null: a new one. Writes no line: the run's own lines tell it. */
  setSession(_tx: Tx, id: string, sessionId: string | null): void {
    this.#parts.store.db.prepare('UPDATE agent_groups SET session_id = ? WHERE id = ?').run(sessionId, id);
  }

  /** The next run begins a new conversation. Throws GROUP_NOT_FOUND. */
  forgetConversation(id: string): void {
    this.#parts.store.transact((tx) => {
      const group = this.get(id);
      if (group.sessionId === null) return;
      this.setSession(tx, id, null);
      tx.event({ ...about(group), action: 'conversation_ended', text: `The next run of ${group.name} begins a new conversation`, data: { name: group.name } });
    });
  }

  /** Throws GROUP_NOT_FOUND, CONFLICT while it runs. */
  assertRemovable(id: string): void {
    const { name } = this.get(id);
    const live = this.#parts.store.db.prepare("SELECT id FROM runs WHERE group_id = ? AND state IN ('starting','running')").pluck().get(id) as string | undefined;
    if (live !== undefined) throw new AppError('CONFLICT', `Group ${name} is at work. Abort its run first, then remove it.`, { run: live });
  }

  /** Forgets the group with its queue and history; its folder stays on disk. Throws GROUP_NOT_FOUND, CONFLICT while it runs. */
  remove(id: string): void {
    const { store, agents } = this.#parts;
    store.transact((tx) => {
      const group = this.get(id);
      this.assertRemovable(id);
      this.#rows.remove(id);
      agents.retire(tx, group.agentId);
      tx.event({ ...about(group), action: 'removed', text: `Group ${group.name} was removed`, data: { name: group.name, jid: group.jid, folder: group.folder } });
    });
  }

  #assertFree(jid: string, folder: string, isMain: boolean): void {
    const sameChat = this.byJid(jid);
    if (sameChat !== null) throw new AppError('GROUP_EXISTS', `The chat ${jid} is registered already, as group ${sameChat.name}.`, { group: sameChat.id });
    const sameFolder = this.byFolder(folder);
    if (sameFolder !== null) throw new AppError('GROUP_EXISTS', `Group ${sameFolder.name} works in the folder ${sameFolder.folder} already. Choose another folder.`, { group: sameFolder.id });
    const main = isMain ? this.list().find((group) => group.isMain) : undefined;
    if (main !== undefined) throw new AppError('GROUP_EXISTS', `There is a main group already: ${main.name}. A second one cannot be registered.`, { group: main.id });
  }
}

function about(group: Group): { readonly kind: 'group'; readonly subject: string } {
  return { kind: 'group', subject: `group:${group.id}` };
}
