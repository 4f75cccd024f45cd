import { AppError } from '../base/errors.ts';
import { uuidv7 } from '../base/ids.ts';
import { nearest } from '../base/nearest.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Guard } from './guard.ts';

/** Somebody who may act (DESIGN §4). Times are wall time in ms. */
export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly status: 'active' | 'suspended';
  readonly statusReason: string | null;
  readonly createdAt: number;
}

export interface AgentsParts {
  readonly store: Store;
  /** Throws ROLE_UNKNOWN unless the team has the role; `argument` is how the caller names it. */
  readonly assertRole: (argument: string, role: string) => void;
  readonly guard: Guard;
}

/** Begins the reason of everything that the kill switch revokes or suspends, and tells it from other reasons. */
export const KILL_SWITCH_REASON = 'KILL_SWITCH: ';

/** A name is also the name of a file (`mcp-tokens/<agent>`). */
const NAME = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,58}[\p{L}\p{N}])?$/u;
const COLUMNS = 'id, name, role, status, status_reason AS statusReason, created_at AS createdAt';

/** The agents of this machine. Every change commits with its line in the activity log. */
export class Agents {
  readonly #parts: AgentsParts;

  constructor(parts: AgentsParts) {
    this.#parts = parts;
  }

  /** Throws INPUT_INVALID for a bad name, ROLE_UNKNOWN, AGENT_EXISTS (case makes no difference). */
  add(input: { readonly name: string; readonly role: string }): Agent {
    this.#parts.guard.assertOperational();
    return this.#parts.store.transact((tx) => this.addIn(tx, input));
  }

  /** {@link add} as part of a larger transaction, whose owner has asked whether anybody may act. */
  addIn(tx: Tx, input: { readonly name: string; readonly role: string }): Agent {
    const { store } = this.#parts;
    const name = input.name.normalize('NFC');
    if (!NAME.test(name)) {
      throw new AppError('INPUT_INVALID', 'An agent name has 1 to 60 letters or digits, with spaces and . _ - allowed inside.', { field: 'name' });
    }
    const { role } = input;
    this.#parts.assertRole('role', role);
    if (this.hasName(name)) {
      throw new AppError('AGENT_EXISTS', `There is an agent named '${name}' already. Choose another name, or make a session for that one.`, { name });
    }
    const agent: Agent = { id: uuidv7(tx.now), name, role, status: 'active', statusReason: null, createdAt: tx.now };
    store.db.prepare('INSERT INTO agents (id, name, role, created_at) VALUES (?,?,?,?)').run(agent.id, name, role, tx.now);
    tx.event({ kind: 'agent', action: 'added', role, subject: `agent:${agent.id}`, text: `Agent ${name} joined as ${role}`, data: { name } });
    return agent;
  }

  /** Whether an agent has this name, whatever its case. */
  hasName(name: string): boolean {
    return this.#byName(name) !== undefined;
  }

  /** All agents, oldest first. */
  list(): readonly Agent[] {
    return this.#parts.store.db.prepare(`SELECT ${COLUMNS} FROM agents ORDER BY created_at, rowid`).all() as Agent[];
  }

  /** By id or by name, whatever its case. Throws AGENT_NOT_FOUND naming the nearest name. */
  find(nameOrId: string): Agent {
    const wanted = nameOrId.normalize('NFC');
    const found = this.#parts.store.db.prepare(`SELECT ${COLUMNS} FROM agents WHERE id = ?`).get(wanted) ?? this.#byName(wanted);
    if (found !== undefined) return found as Agent;
    const names = this.list().map((agent) => agent.name);
    const similar = nearest(wanted, names);
    const hint = similar !== null ? `Did you mean '${similar}'?` : names.length === 0 ? 'Add one first.' : `There are: ${names.join(', ')}.`;
    throw new AppError('AGENT_NOT_FOUND', `There is no agent '${wanted}'. ${hint}`, { agent: wanted, names });
  }

  /** Stops one agent; who is suspended already keeps that reason. Works while locked. Throws AGENT_NOT_FOUND, INPUT_INVALID. */
  suspend(nameOrId: string, reason: string): Agent {
    const { id } = this.find(nameOrId);
    if (reason.startsWith(KILL_SWITCH_REASON)) {
      throw new AppError('INPUT_INVALID', `The reason may not begin with '${KILL_SWITCH_REASON}': that is how recovering tells whom to give back.`, { field: 'reason' });
    }
    this.#parts.store.transact((tx) => this.suspendIn(tx, id, reason));
    return this.find(id);
  }

  /** {@link suspend} as part of a larger transaction. Returns whether it changed anything. */
  suspendIn(tx: Tx, id: string, reason: string): boolean {
    const row = this.#parts.store.db
      .prepare("UPDATE agents SET status = 'suspended', status_reason = ? WHERE id = ? AND status = 'active' RETURNING name, role")
      .get(reason, id) as Pick<Agent, 'name' | 'role'> | undefined;
    if (row === undefined) return false;
    tx.event({ kind: 'agent', action: 'stopped', role: row.role, subject: `agent:${id}`, text: `${row.name} was suspended: ${reason}`, data: { name: row.name, reason } });
    return true;
  }

  /** Lets a suspended agent act again; its sessions work again. Throws SYSTEM_LOCKED, AGENT_NOT_FOUND. */
  resume(nameOrId: string): Agent {
    const { store, guard } = this.#parts;
    const { id, name, role } = this.find(nameOrId);
    store.transact((tx) => {
      guard.assertOperational();
      const { changes } = store.db.prepare("UPDATE agents SET status = 'active', status_reason = NULL, failures = 0 WHERE id = ? AND status = 'suspended'").run(id);
      if (changes === 1) tx.event({ kind: 'agent', action: 'resumed', role, subject: `agent:${id}`, text: `${name} may act again`, data: { name } });
    });
    return this.find(id);
  }

  /** Suspends everybody who is active, inside the transaction; who is suspended already keeps that reason. Returns how many. */
  suspendAll(tx: Tx, reason: string): number {
    const { db } = this.#parts.store;
    const { changes } = db.prepare("UPDATE agents SET status = 'suspended', status_reason = ? WHERE status = 'active'").run(reason);
    if (changes > 0) tx.event({ kind: 'agent', action: 'suspended', text: `${changes} agents were suspended: ${reason}`, data: { agents: changes, reason } });
    return changes;
  }

  /** Undoes {@link suspendAll} for those whose reason begins with `prefix`, inside the transaction. Returns how many. */
  reactivate(tx: Tx, prefix: string): number {
    const { db } = this.#parts.store;
    const { changes } = db
      .prepare("UPDATE agents SET status = 'active', status_reason = NULL WHERE status = 'suspended' AND substr(status_reason, 1, length(@prefix)) = @prefix")
      .run({ prefix });
    if (changes > 0) tx.event({ kind: 'agent', action: 'reactivated', text: `${changes} agents may act again`, data: { agents: changes } });
    return changes;
  }

  #byName(name: string): Agent | undefined {
    return this.#parts.store.db.prepare(`SELECT ${COLUMNS} FROM agents WHERE name = ?`).get(name) as Agent | undefined;
  }
}
