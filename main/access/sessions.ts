import type { Statement } from 'better-sqlite3';
import { AppError } from '../base/errors.ts';
import { iso, type Clock } from '../base/clock.ts';
import { uuidv7 } from '../base/ids.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Agent } from './agents.ts';
import type { Guard } from './guard.ts';
import { signToken, tokenHash, TokenSignatures } from './session-tokens.ts';
import type { SigningKeys } from './signing-keys.ts';

export type SessionState = 'live' | 'expired' | 'revoked';

/** The right of one agent to act for a time. Times are wall time in ms; null means no limit. */
export interface Session {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly revokeReason: string | null;
  readonly state: SessionState;
}

/** Who a token proves its bearer to be. */
export interface Principal {
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly sessionId: string;
  readonly expiresAt: number | null;
}

/** The rules of new sessions (DESIGN §6). */
export interface SessionPolicy {
  readonly ttlSec: number;
  readonly maxPerAgent: number;
}

/** Carries out what the end of a session means elsewhere: its leases and claims. May run twice for one session. */
export type OnSessionEnded = (sessionId: string, reason: string) => Promise<void>;

export interface SessionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly policy: SessionPolicy;
  readonly guard: Guard;
  readonly onSessionEnded: OnSessionEnded;
}

export const SESSION_TTL_SEC = { min: 300, max: 604_800 } as const;
const DEFAULT_LIST = 200;

interface Row {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly agentStatus: Agent['status'];
  readonly statusReason: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly revokeReason: string | null;
}

const SELECT = `
  SELECT s.id, s.agent_id AS agentId, a.name AS agentName, a.role, a.status AS agentStatus, a.status_reason AS statusReason,
         s.created_at AS createdAt, s.expires_at AS expiresAt, s.revoked_at AS revokedAt, s.revoke_reason AS revokeReason
  FROM sessions s JOIN agents a ON a.id = s.agent_id`;
/** Every request asks this, and each column costs more than the search for the row. */
const BEARER = `
  SELECT s.id, s.agent_id, a.name, a.role, s.expires_at FROM sessions s JOIN agents a ON a.id = s.agent_id
  WHERE s.token_hash = ? AND s.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > ?) AND a.status = 'active'`;
type Bearer = readonly [id: string, agentId: string, agentName: string, role: string, expiresAt: number | null];
const LIVE = 's.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > @now)';

/** Issues, checks and ends sessions. Every change commits with its line in the activity log; a token never appears there. */
export class Sessions {
  readonly #parts: SessionsParts;
  readonly #signatures: TokenSignatures;
  readonly #bearer: Statement;
  readonly #byHash: Statement;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#signatures = new TokenSignatures(parts.keys);
    this.#bearer = parts.store.db.prepare(BEARER).raw();
    this.#byHash = parts.store.db.prepare(`${SELECT} WHERE s.token_hash = ?`);
  }

  /**
   * A new session and its token, which is shown this once. `ttlSec` is 300 to 604800 seconds.
   * Throws INPUT_INVALID, AGENT_SUSPENDED, SESSION_LIMIT, SYSTEM_LOCKED.
   */
  async create(agent: Agent, ttlSec: number = this.#parts.policy.ttlSec): Promise<{ readonly session: Session; readonly token: string }> {
    const { store, clock, keys } = this.#parts;
    this.#parts.guard.assertOperational();
    const { min, max } = SESSION_TTL_SEC;
    if (!Number.isInteger(ttlSec) || ttlSec < min || ttlSec > max) {
      throw new AppError('INPUT_INVALID', `ttl_sec must be an integer from ${min} to ${max} (seven days), it is ${ttlSec}.`, { field: 'ttl_sec', min, max });
    }
    if (agent.status !== 'active') throw suspended(agent.name, agent.statusReason);
    const id = uuidv7(clock.now());
    // Whole seconds, so that the token and the row say the same instant.
    const issuedAtSec = Math.floor(clock.now() / 1000);
    const expiresAtSec = issuedAtSec + ttlSec;
    const token = await signToken(keys, { sessionId: id, agentId: agent.id, issuedAtSec, expiresAtSec });
    store.transact((tx) => {
      this.#checkLimit(agent, tx.now);
      store.db
        .prepare('INSERT INTO sessions (id, agent_id, token_hash, created_at, expires_at) VALUES (?,?,?,?,?)')
        .run(id, agent.id, tokenHash(token), tx.now, expiresAtSec * 1000);
      tx.event({
        kind: 'session',
        action: 'created',
        role: agent.role,
        sessionId: id,
        subject: `session:${id}`,
        text: `${agent.name} (${agent.role}) got a session until ${iso(expiresAtSec * 1000)}`,
        data: { agent: agent.name, expires_at: iso(expiresAtSec * 1000) },
      });
    });
    return { session: this.get(id), token };
  }

  /** Throws SESSION_NOT_FOUND. */
  get(id: string): Session {
    const row = this.#parts.store.db.prepare(`${SELECT} WHERE s.id = ?`).get(id) as Row | undefined;
    if (row === undefined) throw new AppError('SESSION_NOT_FOUND', `There is no session '${id}'. List them with: wheelhouse session list`, { session_id: id });
    return this.#view(row);
  }

  /** The newest sessions, live and ended, newest first. */
  list(query: { readonly agentId?: string | undefined; readonly limit?: number } = {}): readonly Session[] {
    const { agentId = null, limit = DEFAULT_LIST } = query;
    const rows = this.#parts.store.db
      .prepare(`${SELECT} WHERE @agentId IS NULL OR s.agent_id = @agentId ORDER BY s.created_at DESC, s.rowid DESC LIMIT @limit`)
      .all({ agentId, limit }) as Row[];
    return rows.map((row) => this.#view(row));
  }

  /** How many sessions can act now, by agent id. */
  countLive(): ReadonlyMap<string, number> {
    const rows = this.#parts.store.db
      .prepare(`SELECT s.agent_id AS agentId, COUNT(*) AS live FROM sessions s WHERE ${LIVE} GROUP BY s.agent_id`)
      .all({ now: this.#parts.clock.now() }) as { agentId: string; live: number }[];
    return new Map(rows.map((row) => [row.agentId, row.live]));
  }

  /** Ends a session; a second time, or after it expired, changes nothing. Works while locked. Throws SESSION_NOT_FOUND. */
  async revoke(id: string, reason: string): Promise<Session> {
    const { store } = this.#parts;
    const session = this.get(id);
    store.transact((tx) => this.#revoke(tx, session, reason));
    // A revoke whose second half failed is completed by repeating it.
    const unfinished = this.overdue().find((overdue) => overdue.id === id);
    if (unfinished !== undefined) await this.carryOutEnd(unfinished);
    return this.get(id);
  }

  /**
   * Ends every live session inside the transaction of a larger change; returns how many. What their end means elsewhere
   * is still to be carried out afterwards: they are {@link overdue}.
   */
  revokeAll(tx: Tx, reason: string): number {
    const rows = this.#parts.store.db.prepare(`${SELECT} WHERE ${LIVE} ORDER BY s.id`).all({ now: tx.now }) as Row[];
    for (const row of rows) this.#revoke(tx, this.#view(row), reason);
    return rows.length;
  }

  /**
   * Who the token's bearer is: signed by us, known by its hash, neither revoked nor expired (exactly at its end it is
   * expired), and of an active agent. Throws AUTH_TOKEN_INVALID, SESSION_REVOKED, AUTH_TOKEN_EXPIRED, AGENT_SUSPENDED.
   */
  async verify(token: string): Promise<Principal> {
    const hash = tokenHash(token);
    await this.#signatures.verify(token, hash);
    const bearer = this.#bearer.get(hash, this.#parts.clock.now()) as Bearer | undefined;
    if (bearer === undefined) throw this.#refusal(hash);
    const [sessionId, agentId, agentName, role, expiresAt] = bearer;
    return { agentId, agentName, role, sessionId, expiresAt };
  }

  /** Sessions that are over although their end was not carried out yet: expired ones, and those of an interrupted revoke. */
  overdue(): readonly Session[] {
    const rows = this.#parts.store.db.prepare(`${SELECT} WHERE s.ended_at IS NULL AND NOT (${LIVE}) ORDER BY s.id`).all({ now: this.#parts.clock.now() }) as Row[];
    return rows.map((row) => this.#view(row));
  }

  /** When the next live session expires; null when none does. */
  nextExpiry(): number | null {
    const row = this.#parts.store.db
      .prepare('SELECT MIN(expires_at) AS at FROM sessions WHERE ended_at IS NULL AND revoked_at IS NULL')
      .get() as { at: number | null };
    return row.at;
  }

  /** Tells the delegate and, once that is done, notes it, so that a crash in between repeats it at the next start. */
  async carryOutEnd(session: Session): Promise<void> {
    const { store } = this.#parts;
    const expired = session.state === 'expired';
    await this.#parts.onSessionEnded(session.id, expired ? 'session expired' : 'session revoked');
    store.transact((tx) => {
      const { changes } = store.db.prepare('UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL').run(tx.now, session.id);
      if (changes === 0 || !expired) return;
      tx.event({
        kind: 'session',
        action: 'expired',
        role: session.role,
        sessionId: session.id,
        subject: `session:${session.id}`,
        text: `The session of ${session.agentName} (${session.role}) expired`,
        data: { agent: session.agentName },
      });
    });
  }

  /** Why the bearer of this token may not act. */
  #refusal(hash: string): AppError {
    const row = this.#byHash.get(hash) as Row | undefined;
    if (row === undefined) {
      return new AppError('AUTH_TOKEN_INVALID', 'The session of this token is not known here any more. Make a new one with: wheelhouse session create --agent <name>');
    }
    const session = this.#view(row);
    const renew = `Make a new one with: wheelhouse session create --agent "${session.agentName}"`;
    if (session.state === 'revoked') {
      return new AppError('SESSION_REVOKED', `This session was revoked at ${iso(session.revokedAt!)} (${session.revokeReason}). ${renew}`, { session_id: session.id });
    }
    if (session.state === 'expired') {
      return new AppError('AUTH_TOKEN_EXPIRED', `This session expired at ${iso(session.expiresAt!)}. ${renew}`, { session_id: session.id });
    }
    return suspended(row.agentName, row.statusReason);
  }

  #revoke(tx: Tx, { id, role, agentName }: Session, reason: string): void {
    const { changes } = this.#parts.store.db
      .prepare('UPDATE sessions SET revoked_at = @now, revoke_reason = @reason WHERE id = @id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now)')
      .run({ id, reason, now: tx.now });
    if (changes === 0) return;
    tx.event({
      kind: 'session',
      action: 'revoked',
      role,
      sessionId: id,
      subject: `session:${id}`,
      text: `The session of ${agentName} (${role}) was revoked: ${reason}`,
      data: { agent: agentName, reason },
    });
  }

  #checkLimit(agent: Agent, now: number): void {
    const { store, policy } = this.#parts;
    const { live } = store.db.prepare(`SELECT COUNT(*) AS live FROM sessions s WHERE s.agent_id = @agent AND ${LIVE}`).get({ agent: agent.id, now }) as {
      live: number;
    };
    if (live < policy.maxPerAgent) return;
    throw new AppError(
      'SESSION_LIMIT',
      `${agent.name} has ${live} live sessions, ${policy.maxPerAgent} are allowed. Revoke one with: wheelhouse session revoke <id>, or raise security.max_sessions_per_agent.`,
      { agent: agent.name, live, limit: policy.maxPerAgent },
    );
  }

  #view({ agentStatus: _status, statusReason: _reason, ...row }: Row): Session {
    const over = row.expiresAt !== null && row.expiresAt <= this.#parts.clock.now();
    return { ...row, state: row.revokedAt !== null ? 'revoked' : over ? 'expired' : 'live' };
  }
}

function suspended(name: string, reason: string | null): AppError {
  return new AppError('AGENT_SUSPENDED', `Agent ${name} is suspended${reason === null ? '' : ` (${reason})`}; its sessions cannot act.`, { agent: name });
}
