import { iso, type Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Store, Tx } from '../store/store.ts';
import { expiringSoon, type ExpiringReason } from './expiring-soon.ts';
import type { Renewals } from './renewals.ts';
import { tell, type ExpiringContext, type NotifySession } from './session-notices.ts';
import { type Session, SessionRows } from './session-rows.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface SessionUpkeepParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly renewals: Pick<Renewals, 'tellLapsed' | 'nextLapse'>;
  /** For how long an ended session can still be looked up; `mcp refresh-token` needs it. Null: for ever. */
  readonly keepEndedDays: number | null;
  readonly notify: NotifySession;
  readonly report: (what: string, error: unknown) => void;
}

const DAY_MS = 86_400_000;
/** Forgetting is not urgent, so what comes due together is done together; a failure is not repeated sooner either. */
const LEAST_PAUSE_MS = 60_000;

/**
 * Tells once when a session will soon be over and when nobody answered about a renewal, and forgets sessions that ended
 * long ago. Costs nothing while nothing is due.
 */
export class SessionUpkeep {
  readonly #parts: SessionUpkeepParts;
  readonly #rows: SessionRows;
  readonly #timer: DueTimer;
  #stopped = false;

  constructor(parts: SessionUpkeepParts) {
    this.#parts = parts;
    this.#rows = new SessionRows(parts.store, parts.clock);
    this.#timer = new DueTimer(parts.clock, () => this.check());
  }

  /** Does what is due and waits for the next. To be called at start, when sessions changed, after a suspend. Never throws. */
  check(): void {
    if (this.#stopped) return;
    const { clock, report } = this.#parts;
    try {
      this.#tellExpiring();
      this.#parts.renewals.tellLapsed();
      this.#forgetEnded();
      this.#timer.arm(this.#nextDue());
    } catch (error) {
      report('the upkeep of sessions failed', error);
      this.#timer.arm(clock.now() + LEAST_PAUSE_MS);
    }
  }

  /** Nothing runs afterwards. */
  stop(): void {
    this.#stopped = true;
    this.#timer.stop();
  }

  #tellExpiring(): void {
    const now = this.#parts.clock.now();
    for (const session of this.#rows.untold()) {
      const soon = expiringSoon(session);
      if (soon === null || soon.at > now) continue;
      const context = expiringContext(session, soon.why);
      this.#tell(session, context);
    }
  }

  #tell({ id, agentName, role }: Session, context: ExpiringContext): void {
    const { store, notify, report } = this.#parts;
    store.transact((tx) => {
      store.db.prepare('UPDATE sessions SET expiring_told_at = ? WHERE id = ?').run(tx.now, id);
      tx.event({
        kind: 'session',
        action: 'expiring_soon',
        role,
        sessionId: id,
        subject: `session:${id}`,
        text: `The session of ${agentName} (${role}) will soon be over: ${WHY[context.reason](context)}`,
        data: { notice: 'SESSION_EXPIRING_SOON', ...context },
      });
      tell(tx, notify, { type: 'SESSION_EXPIRING_SOON', severity: 'warning', context }, report);
    });
  }

  #forgetEnded(): void {
    const { store, keys, keepEndedDays, clock } = this.#parts;
    if (keepEndedDays === null) return;
    const before = clock.now() - keepEndedDays * DAY_MS;
    const due = store.db.prepare(`SELECT 1 FROM sessions WHERE ${FORGETTABLE} LIMIT 1`).get({ before });
    if (due === undefined) return;
    store.transact((tx) => {
      const { changes } = store.db.prepare(`DELETE FROM sessions WHERE ${FORGETTABLE}`).run({ before });
      const dropped = keys.dropUnused(tx);
      this.#logForgotten(tx, changes, dropped);
    });
  }

  #logForgotten(tx: Tx, sessions: number, keys: number): void {
    const { keepEndedDays } = this.#parts;
    tx.event({
      kind: 'session',
      action: 'forgotten',
      text: `${sessions} sessions that ended more than ${keepEndedDays} days ago were forgotten`,
      data: { sessions, signing_keys: keys },
    });
  }

  #nextDue(): number | null {
    const moments = this.#rows.untold().flatMap((session) => expiringSoon(session)?.at ?? []);
    const { store, clock, renewals, keepEndedDays } = this.#parts;
    moments.push(renewals.nextLapse() ?? Infinity);
    if (keepEndedDays !== null) {
      const { at } = store.db.prepare(`SELECT MIN(${ENDED}) AS at FROM sessions WHERE ended_at IS NOT NULL`).get() as { readonly at: number | null };
      if (at !== null) moments.push(Math.max(at + keepEndedDays * DAY_MS, clock.now() + LEAST_PAUSE_MS));
    }
    const next = Math.min(...moments);
    return next === Infinity ? null : next;
  }
}

const ENDED = 'COALESCE(revoked_at, expires_at)';
/** Its end was carried out, and nobody will ask any more. */
const FORGETTABLE = `ended_at IS NOT NULL AND ${ENDED} <= @before`;

const WHY: Readonly<Record<ExpiringReason, (context: ExpiringContext) => string>> = {
  renewals: ({ remainingRenewals }) => `${remainingRenewals} renewals are left`,
  lifetime: ({ absoluteExpiresAt }) => `it ends for good at ${absoluteExpiresAt}`,
  token: ({ expiresAt }) => `its token ends at ${expiresAt} and was not renewed`,
};

function expiringContext(session: Session, reason: ExpiringReason): ExpiringContext {
  const { id, agentName, expiresAt, absoluteExpiresAt, maxRenewals, renewalCount } = session;
  return {
    sessionId: id,
    agentName,
    expiresAt: expiresAt === null ? null : iso(expiresAt),
    absoluteExpiresAt: absoluteExpiresAt === null ? null : iso(absoluteExpiresAt),
    remainingRenewals: maxRenewals === null ? null : Math.max(0, maxRenewals - renewalCount),
    reason,
  };
}
