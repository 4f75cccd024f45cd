import type { RenewableSession } from './renewal-rules.ts';

const DAY_MS = 86_400_000;
/** So few renewals left are worth a word (waiaas.md §4.5). */
const FEW_RENEWALS = 3;
/** A client renews at 60 % of the TTL; a token with less than this share left is not being renewed. */
const LAST_SHARE = 0.1;

export type ExpiringReason = 'renewals' | 'lifetime' | 'token';

/**
 * When the person is to hear that a session will soon be over, and why; null when never. It is the earliest of: the
 * renewal after which three or fewer are left, a day before the absolute end (half of a shorter life), and the last
 * tenth of the token's own life, a day at most. What has no limit never comes near it.
 */
export function expiringSoon(session: RenewableSession): { readonly at: number; readonly why: ExpiringReason } | null {
  const { createdAt, expiresAt, renewalCount, maxRenewals, lastRenewedAt, absoluteExpiresAt } = session;
  const moments: { readonly at: number; readonly why: ExpiringReason }[] = [];
  if (maxRenewals !== null && lastRenewedAt !== null && maxRenewals - renewalCount <= FEW_RENEWALS) moments.push({ at: lastRenewedAt, why: 'renewals' });
  if (absoluteExpiresAt !== null) moments.push({ at: absoluteExpiresAt - Math.min(DAY_MS, (absoluteExpiresAt - createdAt) / 2), why: 'lifetime' });
  if (expiresAt !== null) moments.push({ at: expiresAt - Math.min(DAY_MS, (expiresAt - (lastRenewedAt ?? createdAt)) * LAST_SHARE), why: 'token' });
  return moments.sort((a, b) => a.at - b.at)[0] ?? null;
}
