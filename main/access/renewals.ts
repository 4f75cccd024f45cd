import { AppError } from '../base/errors.ts';
import { iso, type Clock } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import { newNonce, nonceHash } from './session-renewal.ts';
import { tell, type NotifySession } from './session-notices.ts';
import { LIVE, type Session } from './session-rows.ts';
import type { Sessions } from './sessions.ts';

/**
 * Where a renewal stands. `final`: nobody was asked. `open`: the owner is asked. `lapsed`: asked, and the window went by
 * or the next renewal came without an answer. `ended`: the session is over, so there is nothing left to decide.
 */
export type RenewalState = 'final' | 'open' | 'lapsed' | 'kept' | 'rejected' | 'ended';

/** One renewal of a session. Times are wall time in ms; null means no limit, or not yet. */
export interface Renewal {
  readonly id: number;
  readonly session: Session;
  /** After this renewal. */
  readonly count: number;
  readonly renewedAt: number;
  readonly windowExpiresAt: number | null;
  readonly decidedAt: number | null;
  readonly state: RenewalState;
}

/** `open`: the person is asked now; `waiting`: may still say something; `decided`: kept or rejected. */
export const RENEWAL_FILTERS = ['all', 'open', 'waiting', 'decided'] as const;

export interface RenewalQuery {
  readonly which?: (typeof RENEWAL_FILTERS)[number] | undefined;
  readonly agentId?: string | undefined;
  /** Only renewals with a smaller id. */
  readonly beforeId?: number | undefined;
  readonly limit?: number | undefined;
}

/** What a reject link leads to. */
export interface RejectLink {
  readonly session: Session;
  /** Of the renewal that was told together with the link. */
  readonly count: number;
}

export interface RenewalsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly notify: NotifySession;
  readonly report: (what: string, error: unknown) => void;
}

interface Row {
  readonly id: number;
  readonly sessionId: string;
  readonly count: number;
  readonly renewedAt: number;
  readonly windowExpiresAt: number | null;
  readonly decision: 'kept' | 'rejected' | null;
  readonly decidedAt: number | null;
}

const SELECT = `
  SELECT r.id, r.session_id AS sessionId, r.renewal_count AS count, r.renewed_at AS renewedAt, r.window_expires_at AS windowExpiresAt,
         r.decision, r.decided_at AS decidedAt
  FROM renewals r JOIN sessions s ON s.id = r.session_id`;
const WAITING = `r.decision IS NULL AND r.window_expires_at IS NOT NULL AND ${LIVE}`;
/** A later renewal of the session asks the same question anew. */
const UNANSWERED = `${WAITING} AND r.lapsed_at IS NULL AND r.renewal_count = s.renewal_count`;
const WHICH: Readonly<Record<(typeof RENEWAL_FILTERS)[number], string>> = {
  all: '1',
  open: `${UNANSWERED} AND r.window_expires_at > @now`,
  waiting: WAITING,
  decided: 'r.decision IS NOT NULL',
};
const DEFAULT_PAGE = 100;
const REASON = 'the renewal was rejected';

/** What becomes of renewals (seed 004): kept, rejected, or left without an answer. Rejecting is ending the session, at any time. */
export class Renewals {
  readonly #parts: RenewalsParts;

  constructor(parts: RenewalsParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  list({ which = 'all', agentId, beforeId, limit = DEFAULT_PAGE }: RenewalQuery = {}): readonly Renewal[] {
    const rows = this.#parts.store.db
      .prepare(
        `${SELECT} WHERE ${WHICH[which]} AND (@agentId IS NULL OR s.agent_id = @agentId) AND (@beforeId IS NULL OR r.id < @beforeId)
         ORDER BY r.id DESC LIMIT @limit`,
      )
      .all({ agentId: agentId ?? null, beforeId: beforeId ?? null, limit, ...((which === 'open' || which === 'waiting') && { now: this.#parts.clock.now() }) }) as Row[];
    return rows.map((row) => this.#view(row));
  }

  /** Throws RENEWAL_NOT_FOUND. */
  get(id: number): Renewal {
    const row = this.#parts.store.db.prepare(`${SELECT} WHERE r.id = ?`).get(id) as Row | undefined;
    if (row === undefined) throw new AppError('RENEWAL_NOT_FOUND', `There is no renewal ${id}; sessions that ended long ago are forgotten with theirs.`, { renewal_id: id });
    return this.#view(row);
  }

  /** The id of a renewal; null when there is none, or no more. */
  idOf(sessionId: string, count: number): number | null {
    const id = this.#parts.store.db.prepare('SELECT id FROM renewals WHERE session_id = ? AND renewal_count = ?').pluck().get(sessionId, count) as number | undefined;
    return id ?? null;
  }

  /**
   * Records that the person has seen this renewal, and the earlier ones of the session with it. A second time changes
   * nothing. Throws RENEWAL_NOT_FOUND; CONFLICT when there is nothing to decide or it was decided otherwise.
   */
  keep(id: number): Renewal {
    const { store } = this.#parts;
    const renewal = this.get(id);
    if (renewal.state === 'kept') return renewal;
    if (renewal.state !== 'open' && renewal.state !== 'lapsed') throw nothingToKeep(renewal);
    store.transact((tx) => {
      const { session, count } = renewal;
      store.db
        .prepare(
          `UPDATE renewals SET decision = 'kept', decided_at = ?
           WHERE session_id = ? AND renewal_count <= ? AND decision IS NULL AND window_expires_at IS NOT NULL`,
        )
        .run(tx.now, session.id, count);
      tx.event({
        kind: 'session',
        action: 'renewal_kept',
        role: session.role,
        sessionId: session.id,
        subject: `session:${session.id}`,
        text: `Renewal ${count} of the session of ${session.agentName} (${session.role}) was kept`,
        data: { agent: session.agentName, renewalCount: count },
      });
    });
    return this.get(id);
  }

  /** Ends the session of this renewal. When it is over already nothing changes. Throws RENEWAL_NOT_FOUND. */
  async reject(id: number): Promise<Renewal> {
    const { session, count } = this.get(id);
    await this.#reject(session.id, count, null);
    return this.get(id);
  }

  /**
   * What the link of a notice leads to; looking uses nothing up. Links of every renewal work as long as the session is
   * kept, after their window and after a restart. Throws SESSION_NOT_FOUND; REJECT_LINK_INVALID for a nonce that is not
   * of this session.
   */
  openLink(sessionId: string, nonce: string): RejectLink {
    const session = this.#parts.sessions.get(sessionId);
    // A hash is looked up, so the time it takes says nothing about the nonce.
    const row = this.#parts.store.db
      .prepare('SELECT renewal_count AS count FROM reject_nonces WHERE hash = ? AND session_id = ?')
      .get(nonceHash(nonce), sessionId) as { readonly count: number } | undefined;
    if (row === undefined) {
      throw new AppError('REJECT_LINK_INVALID', 'This link does not belong to a renewal of this session. Was it cut off? Revoke the session in its window, or with: wheelhouse session revoke <id>');
    }
    return { session, count: row.count };
  }

  /**
   * A new link for a notice that tells of this renewal only now, because only the hash of its first one is kept. Null when
   * the session is over, so that there is nothing left to reject. Returns the nonce.
   */
  issueNonce(sessionId: string, count: number): string | null {
    const { store, sessions } = this.#parts;
    const nonce = newNonce();
    return store.transact((tx) => {
      if (store.db.prepare('SELECT 1 FROM sessions WHERE id = ?').get(sessionId) === undefined || sessions.get(sessionId).state !== 'live') return null;
      store.db.prepare('INSERT INTO reject_nonces (hash, session_id, renewal_count, created_at) VALUES (?,?,?,?)').run(nonceHash(nonce), sessionId, count, tx.now);
      return nonce;
    });
  }

  /** {@link reject} by the link of a notice. The nonce is used up by the end of the session and by nothing else. */
  async rejectByLink(sessionId: string, nonce: string): Promise<{ readonly session: Session; readonly endedNow: boolean }> {
    const { count } = this.openLink(sessionId, nonce);
    const endedNow = await this.#reject(sessionId, count, nonceHash(nonce));
    return { session: this.#parts.sessions.get(sessionId), endedNow };
  }

  /** How many renewals the person is asked about now. */
  countOpen(): number {
    return this.#parts.store.db
      .prepare(`SELECT COUNT(*) FROM renewals r JOIN sessions s ON s.id = r.session_id WHERE ${WHICH.open}`)
      .pluck()
      .get({ now: this.#parts.clock.now() }) as number;
  }

  /** When the next window closes without an answer; null when none is open. */
  nextLapse(): number | null {
    return this.#parts.store.db
      .prepare(`SELECT MIN(r.window_expires_at) FROM renewals r JOIN sessions s ON s.id = r.session_id WHERE ${UNANSWERED}`)
      .pluck()
      .get({ now: this.#parts.clock.now() }) as number | null;
  }

  /** Tells of the windows that closed without an answer, once each. */
  tellLapsed(): void {
    const { store, clock } = this.#parts;
    const rows = store.db.prepare(`${SELECT} WHERE ${UNANSWERED} AND r.window_expires_at <= @now`).all({ now: clock.now() }) as Row[];
    if (rows.length === 0) return;
    store.transact((tx) => {
      for (const row of rows) {
        const { session, count } = this.#view(row);
        store.db.prepare('UPDATE renewals SET lapsed_at = ? WHERE id = ?').run(tx.now, row.id);
        tx.event({
          kind: 'session',
          action: 'renewal_lapsed',
          role: session.role,
          sessionId: session.id,
          subject: `session:${session.id}`,
          text: `Nobody answered in time about renewal ${count} of the session of ${session.agentName} (${session.role}); the session can still be ended`,
          data: { agent: session.agentName, renewalCount: count },
        });
      }
    });
  }

  async #reject(sessionId: string, count: number, usedNonce: string | null): Promise<boolean> {
    const { sessions } = this.#parts;
    const session = sessions.get(sessionId);
    let rejected = false;
    await sessions.revoke(sessionId, REASON, {
      trigger: 'renewal_rejected',
      alongside: (tx) => {
        this.#recordRejection(tx, session, count, usedNonce);
        rejected = true;
      },
    });
    return rejected;
  }

  #recordRejection(tx: Tx, session: Session, count: number, usedNonce: string | null): void {
    const { id: sessionId, agentName, role } = session;
    const { db } = this.#parts.store;
    db.prepare("UPDATE renewals SET decision = 'rejected', decided_at = ? WHERE session_id = ? AND renewal_count = ?").run(tx.now, sessionId, count);
    if (usedNonce !== null) db.prepare('UPDATE reject_nonces SET used_at = ? WHERE hash = ?').run(tx.now, usedNonce);
    tx.event({
      kind: 'session',
      action: 'renewal_rejected',
      role,
      sessionId,
      subject: `session:${sessionId}`,
      text: `Renewal ${count} of the session of ${agentName} (${role}) was rejected`,
      data: { notice: 'SESSION_RENEWAL_REJECTED', sessionId, agentName, renewalCount: count, rejectedAt: iso(tx.now), by: usedNonce === null ? 'person' : 'link' },
    });
    const { notify, report } = this.#parts;
    const context = { sessionId, agentName, renewalCount: count, rejectedAt: iso(tx.now) };
    tell(tx, notify, { type: 'SESSION_RENEWAL_REJECTED', severity: 'warning', context }, report);
  }

  #view({ sessionId, decision, ...row }: Row): Renewal {
    const session = this.#parts.sessions.get(sessionId);
    return { ...row, session, state: this.#state(decision, row, session) };
  }

  #state(decision: Row['decision'], { windowExpiresAt, count }: Pick<Row, 'windowExpiresAt' | 'count'>, session: Session): RenewalState {
    if (decision !== null) return decision;
    if (windowExpiresAt === null) return 'final';
    if (session.state !== 'live') return 'ended';
    return windowExpiresAt > this.#parts.clock.now() && count === session.renewalCount ? 'open' : 'lapsed';
  }
}

function nothingToKeep({ id, state }: Renewal): AppError {
  const why = { final: 'nobody was asked about it', ended: 'its session is over', rejected: 'it was rejected', kept: '', open: '', lapsed: '' }[state];
  return new AppError('CONFLICT', `Renewal ${id} cannot be kept: ${why}.`, { renewal_id: id, state });
}
