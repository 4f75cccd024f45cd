import type { Statement } from 'better-sqlite3';
import { AppError } from '../base/errors.ts';
import { iso, type Clock } from '../base/clock.ts';
import { uuidv7 } from '../base/ids.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Agent } from './agents.ts';
import type { Guard } from './guard.ts';
import { endOfToken, wholeSecond } from './renewal-rules.ts';
import { LIVE, type Session, type SessionFilter, type SessionQuery, SessionRows } from './session-rows.ts';
import { termsFor, type SessionPolicy, type SessionTerms } from './session-terms.ts';
import { signToken, tokenHash, TokenSignatures } from './session-tokens.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Who a token proves its bearer to be. */
export interface Principal {
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly sessionId: string;
  readonly expiresAt: number | null;
}

/** A token that may be renewed: that of the session, or the one before it (DESIGN §6). */
export interface RenewalProof {
  readonly sessionId: string;
  readonly tokenHash: string;
}

/** What made a session end before its time; `renewal_rejected` is the owner's or the person's no to a renewal. */
export type RevokeTrigger = 'manual_revoke' | 'renewal_rejected' | 'invalidate_all' | 'kill_switch';

export interface RevokeOptions {
  readonly trigger?: RevokeTrigger;
  /** Runs in the same transaction, and only when this call is the one that ends the session. */
  readonly alongside?: (tx: Tx) => void;
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

/** Every request asks these two. Measured: as one join they cost a fifth of a whole tool call, apart next to nothing. */
const BEARER = 'SELECT id, agent_id, expires_at FROM sessions WHERE token_hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)';
type Bearer = readonly [sessionId: string, agentId: string, expiresAt: number | null];
const ACTIVE_AGENT = "SELECT name, role FROM agents WHERE id = ? AND status = 'active'";
type ActiveAgent = readonly [name: string, role: string];

/** Issues, checks and ends sessions. Every change commits with its line in the activity log; a token never appears there. */
export class Sessions {
  readonly #parts: SessionsParts;
  readonly #rows: SessionRows;
  readonly #signatures: TokenSignatures;
  readonly #bearer: Statement;
  readonly #activeAgent: Statement;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#rows = new SessionRows(parts.store, parts.clock);
    this.#signatures = new TokenSignatures(parts.keys);
    this.#bearer = parts.store.db.prepare(BEARER).raw();
    this.#activeAgent = parts.store.db.prepare(ACTIVE_AGENT).raw();
  }

  /**
   * A new session and its token, which is shown this once. What is not asked comes from the policy.
   * Throws INPUT_INVALID, AGENT_SUSPENDED, SESSION_LIMIT, SYSTEM_LOCKED.
   */
  async create(agent: Agent, asked: Partial<SessionTerms> = {}): Promise<{ readonly session: Session; readonly token: string }> {
    const { store, clock, keys, policy } = this.#parts;
    this.#parts.guard.assertOperational();
    const terms = termsFor(asked, policy);
    if (agent.status !== 'active') throw suspended(agent.name, agent.statusReason);
    const issuedAt = clock.now();
    const id = uuidv7(issuedAt);
    const { absoluteLifetimeSec: lifetimeSec } = policy;
    const absoluteExpiresAt = lifetimeSec === null ? null : wholeSecond(issuedAt) + lifetimeSec * 1000;
    const expiresAt = endOfToken(issuedAt, terms.ttlSec, absoluteExpiresAt);
    const key = keys.current();
    const token = await signToken(key, { sessionId: id, agentId: agent.id, issuedAt, expiresAt });
    store.transact((tx) => {
      // Signing took a moment in which the kill switch may have been pulled.
      this.#parts.guard.assertOperational();
      this.#checkLimit(agent, tx.now);
      store.db
        .prepare(
          `INSERT INTO sessions (id, agent_id, token_hash, key_id, created_at, expires_at, ttl_sec, max_renewals, absolute_expires_at, reject_window_sec)
           VALUES (?,?,?,?,?,?,?,?,?,?)`,
        )
        .run(id, agent.id, tokenHash(token), key.id, issuedAt, expiresAt, terms.ttlSec, terms.maxRenewals, absoluteExpiresAt, terms.rejectWindowSec);
      const until = expiresAt === null ? null : iso(expiresAt);
      tx.event({
        kind: 'session',
        action: 'created',
        role: agent.role,
        sessionId: id,
        subject: `session:${id}`,
        text: `${agent.name} (${agent.role}) got a session ${until === null ? 'without end' : `until ${until}`}`,
        data: { agent: agent.name, expires_at: until },
      });
    });
    return { session: this.get(id), token };
  }

  /** Throws SESSION_NOT_FOUND. */
  get(id: string): Session {
    return this.#rows.get(id);
  }

  /** The newest sessions, live and ended, newest first. */
  list(query: SessionQuery = {}): readonly Session[] {
    return this.#rows.list(query);
  }

  /** How many there are in all. */
  count(filter: SessionFilter = {}): number {
    return this.#rows.count(filter);
  }

  /** How many sessions can act now, by agent id. */
  countLive(): ReadonlyMap<string, number> {
    const rows = this.#parts.store.db
      .prepare(`SELECT s.agent_id AS agentId, COUNT(*) AS live FROM sessions s WHERE ${LIVE} GROUP BY s.agent_id`)
      .all({ now: this.#parts.clock.now() }) as { agentId: string; live: number }[];
    return new Map(rows.map((row) => [row.agentId, row.live]));
  }

  /** Ends a session; a second time, or after it expired, changes nothing. Works while locked. Throws SESSION_NOT_FOUND. */
  async revoke(id: string, reason: string, { trigger = 'manual_revoke', alongside }: RevokeOptions = {}): Promise<Session> {
    const session = this.get(id);
    this.#parts.store.transact((tx) => {
      if (this.#revoke(tx, session, reason, trigger)) alongside?.(tx);
    });
    // A revoke whose second half failed is completed by repeating it.
    const unfinished = this.overdue().find((overdue) => overdue.id === id);
    if (unfinished !== undefined) await this.carryOutEnd(unfinished);
    return this.get(id);
  }

  /**
   * Ends every live session inside the transaction of a larger change; returns how many. What their end means elsewhere
   * is still to be carried out afterwards: they are {@link overdue}.
   */
  revokeAll(tx: Tx, reason: string, trigger: RevokeTrigger = 'kill_switch'): number {
    const live = this.#rows.live(tx.now);
    for (const session of live) this.#revoke(tx, session, reason, trigger);
    return live.length;
  }

  /** Ends every live session and signs with a new key from now on. Returns how many there were. Works while locked. */
  async invalidateAll(reason: string): Promise<number> {
    const { store, keys } = this.#parts;
    const count = store.transact((tx) => {
      keys.rotate(tx);
      return this.revokeAll(tx, reason, 'invalidate_all');
    });
    for (const session of this.overdue()) await this.carryOutEnd(session);
    return count;
  }

  /** Signs with a new key from now on; live sessions keep their tokens, which the old key goes on verifying. */
  rotateKey(): void {
    const { store, keys } = this.#parts;
    store.transact((tx) => {
      keys.rotate(tx);
      tx.event({ kind: 'session', action: 'key_rotated', text: 'Session tokens are signed with a new key; live sessions go on' });
    });
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
    const [sessionId, agentId, expiresAt] = bearer;
    const agent = this.#activeAgent.get(agentId) as ActiveAgent | undefined;
    if (agent === undefined) throw this.#refusal(hash);
    const [agentName, role] = agent;
    return { agentId, agentName, role, sessionId, expiresAt };
  }

  /** As {@link verify}, but the token that the last renewal replaced is good as well, for a minute. */
  async verifyForRenewal(token: string): Promise<RenewalProof> {
    const hash = tokenHash(token);
    await this.#signatures.verify(token, hash);
    const found = this.#rows.withToken(hash);
    if (found === null || found.session.state !== 'live' || found.agentStatus !== 'active') throw this.#refusal(hash);
    const { previousUntil } = this.#rows.traces(found.session.id);
    if (found.replaced && previousUntil! <= this.#parts.clock.now()) throw this.#refusal(hash);
    return { sessionId: found.session.id, tokenHash: hash };
  }

  /** Sessions that are over although their end was not carried out yet: expired ones, and those of an interrupted revoke. */
  overdue(): readonly Session[] {
    return this.#rows.overdue();
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
    const found = this.#rows.withToken(hash);
    if (found === null) {
      return new AppError('AUTH_TOKEN_INVALID', 'The session of this token is not known here any more. Make a new one with: wheelhouse session create --agent <name>');
    }
    const { session } = found;
    const renew = `Make a new one with: wheelhouse session create --agent "${session.agentName}"`;
    const details = { session_id: session.id };
    if (session.state === 'revoked') {
      return new AppError('SESSION_REVOKED', `This session was revoked at ${iso(session.revokedAt!)} (${session.revokeReason}). ${renew}`, details);
    }
    if (session.state === 'expired') {
      return new AppError('AUTH_TOKEN_EXPIRED', `This session expired at ${iso(session.expiresAt!)}. ${renew}`, details);
    }
    if (found.agentStatus !== 'active') return suspended(session.agentName, found.statusReason);
    const when = iso(session.lastRenewedAt!);
    return new AppError('AUTH_TOKEN_INVALID', `This token was replaced when its session was renewed at ${when}. Use the new one, which is in the token file.`, details);
  }

  /** Whether it was this that ended the session. */
  #revoke(tx: Tx, { id, role, agentName }: Session, reason: string, trigger: RevokeTrigger): boolean {
    const { changes } = this.#parts.store.db
      .prepare(`UPDATE sessions AS s SET revoked_at = @now, revoke_reason = @reason WHERE s.id = @id AND ${LIVE}`)
      .run({ id, reason, now: tx.now });
    if (changes === 0) return false;
    tx.event({
      kind: 'session',
      action: 'revoked',
      role,
      sessionId: id,
      subject: `session:${id}`,
      text: `The session of ${agentName} (${role}) was revoked: ${reason}`,
      data: { agent: agentName, reason, trigger },
    });
    return true;
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
}

function suspended(name: string, reason: string | null): AppError {
  return new AppError('AGENT_SUSPENDED', `Agent ${name} is suspended${reason === null ? '' : ` (${reason})`}; its sessions cannot act.`, { agent: name });
}
