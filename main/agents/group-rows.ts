import type { Store } from '../store/store.ts';
import type { ContainerSettings, Group } from './types.ts';

interface Row extends Omit<Group, 'requiresTrigger' | 'isMain' | 'paused' | 'container'> {
  readonly requiresTrigger: 0 | 1;
  readonly isMain: 0 | 1;
  readonly paused: 0 | 1;
  readonly container: string;
}

const SELECT = `
  SELECT id, jid, name, folder, trigger_word AS "trigger", requires_trigger AS requiresTrigger, is_main AS isMain, agent_id AS agentId,
         paused, container, session_id AS sessionId, created_at AS createdAt
  FROM agent_groups`;

/** What a group has that asks for nothing special. */
export const PLAIN_CONTAINER: ContainerSettings = { additionalMounts: [], timeoutMs: null, network: null, memoryMb: null, cpus: null, pids: null };

/** The table of groups, read and written. The rules are those of `Groups`. */
export class GroupRows {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Oldest first. */
  all(): readonly Group[] {
    return (this.#store.db.prepare(`${SELECT} ORDER BY created_at, rowid`).all() as Row[]).map(groupOf);
  }

  by(column: 'id' | 'jid' | 'former_jid' | 'folder', value: string): Group | null {
    const row = this.#store.db.prepare(`${SELECT} WHERE ${column} = ?`).get(value) as Row | undefined;
    return row === undefined ? null : groupOf(row);
  }

  insert(group: Group): void {
    this.#store.db
      .prepare(
        `INSERT INTO agent_groups (id, jid, name, folder, trigger_word, requires_trigger, is_main, agent_id, paused, container, session_id, created_at)
         VALUES (@id, @jid, @name, @folder, @trigger, @requiresTrigger, @isMain, @agentId, @paused, @container, @sessionId, @createdAt)`,
      )
      .run(rowOf(group));
  }

  update(group: Group): void {
    this.#store.db
      .prepare(
        `UPDATE agent_groups SET jid = @jid, name = @name, trigger_word = @trigger, requires_trigger = @requiresTrigger, is_main = @isMain,
           paused = @paused, container = @container, session_id = @sessionId WHERE id = @id`,
      )
      .run(rowOf(group));
  }

  /** Keeps the address of before as the former one. */
  move(id: string, jid: string): void {
    this.#store.db.prepare('UPDATE agent_groups SET former_jid = jid, jid = ? WHERE id = ?').run(jid, id);
  }

  remove(id: string): void {
    this.#store.db.prepare('DELETE FROM agent_groups WHERE id = ?').run(id);
  }
}

function groupOf(row: Row): Group {
  return {
    ...row,
    requiresTrigger: row.requiresTrigger === 1,
    isMain: row.isMain === 1,
    paused: row.paused === 1,
    container: { ...PLAIN_CONTAINER, ...(JSON.parse(row.container) as Partial<ContainerSettings>) },
  };
}

function rowOf(group: Group): Row {
  return {
    ...group,
    requiresTrigger: group.requiresTrigger ? 1 : 0,
    isMain: group.isMain ? 1 : 0,
    paused: group.paused ? 1 : 0,
    container: JSON.stringify(group.container),
  };
}
