import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import { iso, type Clock } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Guard } from './guard.ts';
import type { OwnerState } from './owner-state.ts';
import { judgeRenewal, lifeLeft } from './renewal-rules.ts';
import { tell, type NotifySession, type RenewedContext } from './session-notices.ts';
import { LIVE, type Session, SessionRows } from './session-rows.ts';
import { signToken, tokenHash } from './session-tokens.ts';
import type { RenewalProof } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';

/** The new right to act. `token` is shown here and nowhere else. */
export interface Renewed {
  readonly session: Session;
  readonly token: string;
}

export interface SessionRenewalParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly guard: Guard;
  /** Who may say no to renewals of this agent. */
  readonly ownerStateOf: (agentId: string) => OwnerState;
  /** The absolute address of the page on which a renewal is rejected. */
  readonly rejectUrl: (sessionId: string, nonce: string) => string;
  readonly notify: NotifySession;
  readonly report: (what: string, error: unknown) => void;
}

/** How long the replaced token still gets the answer of its renewal again (DESIGN §6). */
const REPLACED_TOKEN_MS = 60_000;
const NONCE_BYTES = 32;

const SWAP = `
  UPDATE sessions AS s SET
    token_hash = @newHash, key_id = @keyId, expires_at = @expiresAt, last_renewed_at = @at, renewal_count = renewal_count + 1,
    previous_token_hash = @oldHash, previous_until = @at + ${REPLACED_TOKEN_MS}
  WHERE s.id = @id AND s.token_hash = @oldHash AND ${LIVE}`;

/** What a renewal asks of the owner; null when there is none to ask. */
interface Asked {
  readonly nonce: string;
  readonly windowExpiresAt: number;
}

/** Renews sessions (DESIGN §6; waiaas.md §4.4). */
export class SessionRenewal {
  readonly #parts: SessionRenewalParts;
  readonly #rows: SessionRows;

  constructor(parts: SessionRenewalParts) {
    this.#parts = parts;
    this.#rows = new SessionRows(parts.store, parts.clock);
  }

  /**
   * A new token for the session of `proof`, which must be `sessionId`. With the token that the last renewal replaced, the
   * answer of that renewal again: the same token, counted once. Throws SYSTEM_LOCKED, SESSION_RENEWAL_MISMATCH,
   * RENEWAL_NOT_REQUIRED, RENEWAL_LIMIT_REACHED, SESSION_ABSOLUTE_LIFETIME_EXCEEDED, RENEWAL_TOO_EARLY, RENEWAL_CONFLICT.
   */
  async renew(sessionId: string, proof: RenewalProof): Promise<Renewed> {
    const { clock, guard, keys } = this.#parts;
    guard.assertOperational();
    if (proof.sessionId !== sessionId) {
      throw new AppError('SESSION_RENEWAL_MISMATCH', 'The session in the address is not that of the token. A session can only renew itself.');
    }
    const session = this.#rows.get(sessionId);
    if (this.#rows.traces(sessionId).tokenHash !== proof.tokenHash) return this.#answerAgain(proof);

    const at = clock.now();
    const verdict = judgeRenewal(session, at);
    if (!verdict.ok) throw refusal(verdict.code, verdict.reason, verdict.retryAt, at);
    const key = keys.current();
    const { expiresAt } = verdict;
    const token = await signToken(key, { sessionId, agentId: session.agentId, issuedAt: at, expiresAt });
    const asked = this.#ask(session, at);
    const swap = { id: sessionId, oldHash: proof.tokenHash, newHash: tokenHash(token), keyId: key.id, expiresAt, at };
    if (!this.#swap(session, swap, asked)) return this.#answerAgain(proof);

    return { session: this.#rows.get(sessionId), token };
  }

  /** Whether the token was still that of a live session, and is now the new one. */
  #swap(session: Session, swap: Readonly<Record<string, unknown>> & { readonly at: number }, asked: Asked | null): boolean {
    const { store, guard } = this.#parts;
    return store.transact((tx) => {
      // Signing took a moment in which the kill switch may have been pulled.
      guard.assertOperational();
      if (store.db.prepare(SWAP).run({ ...swap, now: tx.now }).changes === 0) return false;
      this.#record(tx, this.#rows.get(session.id), swap.at, asked);
      return true;
    });
  }

  #ask(session: Session, at: number): Asked | null {
    if (this.#parts.ownerStateOf(session.agentId) !== 'LOCKED') return null;
    return { nonce: newNonce(), windowExpiresAt: at + session.rejectWindowSec * 1000 };
  }

  #record(tx: Tx, session: Session, at: number, asked: Asked | null): void {
    const { db } = this.#parts.store;
    const { id, renewalCount, agentName, role, expiresAt } = session;
    db.prepare('INSERT INTO renewals (session_id, renewal_count, renewed_at, window_expires_at) VALUES (?,?,?,?)').run(id, renewalCount, at, asked?.windowExpiresAt ?? null);
    if (asked !== null) {
      db.prepare('INSERT INTO reject_nonces (hash, session_id, renewal_count, created_at) VALUES (?,?,?,?)').run(nonceHash(asked.nonce), id, renewalCount, at);
    }
    const count = session.maxRenewals === null ? `${renewalCount}` : `${renewalCount}/${session.maxRenewals}`;
    const until = iso(expiresAt!);
    tx.event({
      kind: 'session',
      action: 'renewed',
      role,
      sessionId: id,
      subject: `session:${id}`,
      text: `The session of ${agentName} (${role}) was renewed (${count}) until ${until}`,
      data: { notice: 'SESSION_RENEWED', ...contextOf(session, at, asked), expiresAt: until },
    });
    const { notify, rejectUrl, report } = this.#parts;
    const context = { ...contextOf(session, at, asked), ...(asked !== null && { rejectUrl: rejectUrl(id, asked.nonce) }) };
    tell(tx, notify, { type: 'SESSION_RENEWED', severity: 'info', context }, report);
  }

  /**
   * The answer of the last renewal, for a token that lost the race against it or whose client never read the answer. The
   * same claims signed by the same key are the same token, so nobody who has it already loses it.
   */
  async #answerAgain({ sessionId, tokenHash: sent }: RenewalProof): Promise<Renewed> {
    const { clock, keys } = this.#parts;
    const session = this.#rows.get(sessionId);
    const traces = this.#rows.traces(sessionId);
    const inTime = traces.previousHash === sent && traces.previousUntil! > clock.now();
    if (session.state !== 'live' || !inTime) {
      const what = session.state === 'live' ? 'renewed by somebody else' : session.state;
      throw new AppError('RENEWAL_CONFLICT', `The session was ${what} while this renewal was under way. Read the token file again.`, { state: session.state });
    }
    const { agentId, lastRenewedAt, expiresAt } = session;
    const token = await signToken(keys.find(traces.keyId)!, { sessionId, agentId, issuedAt: lastRenewedAt!, expiresAt });
    if (tokenHash(token) !== traces.tokenHash) throw new Error('signing the same claims again gave another token');
    return { session, token };
  }
}

/** For the link of a notice. */
export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64url');
}

/** The form in which nonces are stored. */
export function nonceHash(nonce: string): string {
  return createHash('sha256').update(nonce).digest('hex');
}

function contextOf(session: Session, at: number, asked: Asked | null): RenewedContext {
  const { id, agentName, renewalCount, maxRenewals, absoluteExpiresAt } = session;
  return {
    sessionId: id,
    agentName,
    renewalCount,
    maxRenewals,
    remainingAbsoluteLife: absoluteExpiresAt === null ? null : lifeLeft(absoluteExpiresAt - at),
    rejectButton: asked !== null,
    ...(asked !== null && { rejectWindowExpiry: iso(asked.windowExpiresAt) }),
  };
}

function refusal(code: AppError['code'], reason: string, retryAt: number | null, now: number): AppError {
  if (retryAt === null) return new AppError(code, reason);
  const retryAfterSec = Math.ceil((retryAt - now) / 1000);
  return new AppError(code, `${reason} Come back at ${iso(retryAt)}, in ${retryAfterSec} s.`, { retryAt: iso(retryAt), retryAfterSec });
}
