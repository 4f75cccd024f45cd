import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import type { Store } from '../store/store.ts';
import type { Agent } from './agents.ts';
import type { RenewableSession } from './renewal-rules.ts';
import type { SessionTerms } from './session-terms.ts';

export const SESSION_STATES = ['live', 'expired', 'revoked'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** The right of one agent to act for a time. Times are wall time in ms; null means no limit. */
export interface Session extends SessionTerms, RenewableSession {
  readonly id: string;
  readonly agentId: string;
  readonly agentName: string;
  readonly role: string;
  readonly revokedAt: number | null;
  readonly revokeReason: string | null;
  /** Null: not used yet. Written down every minute, so it can be that much older than true. */
  readonly lastUsedAt: number | null;
  /** What the client calls itself. */
  readonly lastClient: string | null;
  readonly state: SessionState;
}

/** By what a session knows its tokens. Never leaves the access room. */
export interface TokenTraces {
  readonly tokenHash: string;
  readonly keyId: string;
  /** Of the token before the last renewal, which is answered until `previousUntil`. */
  readonly previousHash: string | null;
  readonly previousUntil: number | null;
}

/** A session with whether its agent may act. */
export interface SessionAndAgent {
  readonly session: Session;
  readonly agentStatus: Agent['status'];
  readonly statusReason: string | null;
}

type Row = Omit<Session, 'state'> & Pick<SessionAndAgent, 'agentStatus' | 'statusReason'>;

const SELECT = `
  SELECT s.id, s.agent_id AS agentId, a.name AS agentName, a.role, a.status AS agentStatus, a.status_reason AS statusReason,
         s.created_at AS createdAt, s.expires_at AS expiresAt, s.revoked_at AS revokedAt, s.revoke_reason AS revokeReason,
         s.ttl_sec AS ttlSec, s.renewal_count AS renewalCount, s.max_renewals AS maxRenewals, s.last_renewed_at AS lastRenewedAt,
         s.absolute_expires_at AS absoluteExpiresAt, s.reject_window_sec AS rejectWindowSec, s.last_used_at AS lastUsedAt,
         s.last_client AS lastClient
  FROM sessions s JOIN agents a ON a.id = s.agent_id`;
/** A condition on `sessions s` with the parameter `@now`: who can act, as far as the session goes. */
export const LIVE = 's.revoked_at IS NULL AND (s.expires_at IS NULL OR s.expires_at > @now)';
const IN_STATE: Readonly<Record<SessionState, string>> = { live: LIVE, expired: 's.revoked_at IS NULL AND s.expires_at <= @now', revoked: 's.revoked_at IS NOT NULL' };
const DEFAULT_LIST = 200;

export interface SessionFilter {
  readonly agentId?: string | undefined;
  readonly state?: SessionState | undefined;
}

export interface SessionQuery extends SessionFilter {
  readonly limit?: number | undefined;
}

/** Reads sessions; what they are at this moment is decided by the clock. */
export class SessionRows {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Throws SESSION_NOT_FOUND. */
  get(id: string): Session {
    const [session] = this.#where('s.id = @id', { id });
    if (session === undefined) throw new AppError('SESSION_NOT_FOUND', `There is no session '${id}'. List them with: wheelhouse session list`, { session_id: id });
    return session;
  }

  /** The session whose token has this hash now, or had it until the last renewal. */
  withToken(hash: string): (SessionAndAgent & { readonly replaced: boolean }) | null {
    const { db } = this.#store;
    for (const column of ['token_hash', 'previous_token_hash']) {
      const row = db.prepare(`${SELECT} WHERE s.${column} = ?`).get(hash) as Row | undefined;
      if (row === undefined) continue;
      const { agentStatus, statusReason } = row;
      return { session: this.#view(row), agentStatus, statusReason, replaced: column === 'previous_token_hash' };
    }
    return null;
  }

  /** For a session that exists. */
  traces(id: string): TokenTraces {
    return this.#store.db
      .prepare(
        'SELECT token_hash AS tokenHash, key_id AS keyId, previous_token_hash AS previousHash, previous_until AS previousUntil FROM sessions WHERE id = ?',
      )
      .get(id) as TokenTraces;
  }

  /** Newest first. */
  list({ limit = DEFAULT_LIST, ...filter }: SessionQuery): readonly Session[] {
    return this.#where(conditionOf(filter), { ...this.#params(filter), limit }, 's.created_at DESC, s.rowid DESC LIMIT @limit');
  }

  count(filter: SessionFilter): number {
    return this.#store.db.prepare(`SELECT COUNT(*) FROM sessions s WHERE ${conditionOf(filter)}`).pluck().get(this.#params(filter)) as number;
  }

  /** Those that can act at `now`, as far as they themselves go. */
  live(now: number): readonly Session[] {
    return this.#where(LIVE, { now });
  }

  /** Those that are over although their end was not carried out yet. */
  overdue(): readonly Session[] {
    return this.#where(`s.ended_at IS NULL AND NOT (${LIVE})`, { now: this.#clock.now() });
  }

  /** Live ones of which the person was not told that they will soon be over. */
  untold(): readonly Session[] {
    return this.#where(`s.expiring_told_at IS NULL AND ${LIVE}`, { now: this.#clock.now() });
  }

  /** SQLite refuses a parameter that the statement does not have. */
  #params({ agentId, state }: SessionFilter): Readonly<Record<string, unknown>> {
    return { agentId: agentId ?? null, ...(state !== undefined && state !== 'revoked' && { now: this.#clock.now() }) };
  }

  #where(condition: string, params: Readonly<Record<string, unknown>>, order = 's.id'): readonly Session[] {
    const rows = this.#store.db.prepare(`${SELECT} WHERE ${condition} ORDER BY ${order}`).all(params) as Row[];
    return rows.map((row) => this.#view(row));
  }

  #view({ agentStatus: _status, statusReason: _reason, ...row }: Row): Session {
    const over = row.expiresAt !== null && row.expiresAt <= this.#clock.now();
    return { ...row, state: row.revokedAt !== null ? 'revoked' : over ? 'expired' : 'live' };
  }
}

function conditionOf({ state }: SessionFilter): string {
  return `(@agentId IS NULL OR s.agent_id = @agentId)${state === undefined ? '' : ` AND ${IN_STATE[state]}`}`;
}
