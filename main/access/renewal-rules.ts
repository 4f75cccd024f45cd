import type { ErrorCode } from '../base/errors.ts';

/** What the rules of renewal look at. Times are wall time in ms; null means no limit. */
export interface RenewableSession {
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly ttlSec: number | null;
  readonly renewalCount: number;
  readonly maxRenewals: number | null;
  readonly lastRenewedAt: number | null;
  readonly absoluteExpiresAt: number | null;
}

export type RenewalVerdict =
  | { readonly ok: true; readonly expiresAt: number }
  | { readonly ok: false; readonly code: ErrorCode; readonly reason: string; readonly retryAt: number | null };

/** A renewal that would add less than this share of the TTL is refused, or a session would end in ever shorter tokens. */
const LEAST_GAIN = 0.1;
/** This share of the TTL must have passed since the last renewal. */
const EARLIEST = 0.5;

/**
 * Whether a session may be renewed at `now`, and until when: the limit, then the absolute lifetime with clamping, then
 * the 50 % rule (DESIGN §6; order and codes of waiaas.md §4.4). The new token lives for the whole TTL of the session;
 * its end is on a whole second, as tokens say it.
 */
export function judgeRenewal(session: RenewableSession, now: number): RenewalVerdict {
  const { createdAt, expiresAt, ttlSec, renewalCount, maxRenewals, lastRenewedAt, absoluteExpiresAt } = session;
  if (ttlSec === null || expiresAt === null) {
    return refuse('RENEWAL_NOT_REQUIRED', 'The token is good until the session ends; there is nothing to renew.');
  }
  if (maxRenewals !== null && renewalCount >= maxRenewals) {
    return refuse('RENEWAL_LIMIT_REACHED', `The session was renewed ${renewalCount} of ${maxRenewals} times. The token is good until its end.`);
  }
  const wanted = endOfToken(now, ttlSec, null)!;
  const granted = endOfToken(now, ttlSec, absoluteExpiresAt)!;
  if (granted < wanted && granted - expiresAt < ttlSec * 1000 * LEAST_GAIN) {
    return refuse('SESSION_ABSOLUTE_LIFETIME_EXCEEDED', 'The session has reached its absolute lifetime. The token is good until its end.');
  }
  const retryAt = (lastRenewedAt ?? createdAt) + Math.floor(ttlSec * EARLIEST) * 1000;
  if (now < retryAt) return refuse('RENEWAL_TOO_EARLY', 'Half of the life of the token must have passed before it is renewed.', retryAt);
  return { ok: true, expiresAt: granted };
}

/** When a token issued at `now` ends, on a whole second; null when it has no end. */
export function endOfToken(now: number, ttlSec: number | null, absoluteExpiresAt: number | null): number | null {
  const byTtl = ttlSec === null ? Infinity : wholeSecond(now) + ttlSec * 1000;
  const end = Math.min(byTtl, absoluteExpiresAt ?? Infinity);
  return end === Infinity ? null : end;
}

/** The second in which `ms` lies, as tokens count. */
export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** How much is left of a life, as in seed 004: `27d 12h`, `3h 5m`, `12m`. */
export function lifeLeft(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (days > 0) return hours > 0 ? `${days}d ${hours}h` : `${days}d`;
  if (hours > 0) return rest > 0 ? `${hours}h ${rest}m` : `${hours}h`;
  return `${rest}m`;
}

function refuse(code: ErrorCode, reason: string, retryAt: number | null = null): RenewalVerdict {
  return { ok: false, code, reason, retryAt };
}
