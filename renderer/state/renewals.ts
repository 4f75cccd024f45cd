import type { RenewalView } from '../../preload/contract.ts';

/** How a renewal stands now; the core says nothing at the moment when a window closes. */
export function renewalStateAt({ state, windowExpiresAt }: Pick<RenewalView, 'state' | 'windowExpiresAt'>, now: number): RenewalView['state'] {
  return state === 'open' && windowExpiresAt !== null && Date.parse(windowExpiresAt) <= now ? 'lapsed' : state;
}

/** Whether the person may still keep or reject it. */
export const isPending = ({ state }: Pick<RenewalView, 'state'>): boolean => state === 'open' || state === 'lapsed';

/**
 * The question about each session, which is its newest renewal: a later one asks the same anew. Those with an open
 * window come first, the window that closes soonest at the top.
 */
export function pendingRenewals(renewals: readonly RenewalView[], now: number): readonly RenewalView[] {
  const newest = new Map<string, RenewalView>();
  for (const renewal of renewals) {
    if (isPending(renewal) && renewal.renewalCount > (newest.get(renewal.sessionId)?.renewalCount ?? 0)) newest.set(renewal.sessionId, renewal);
  }
  const rank = (renewal: RenewalView): number => (renewalStateAt(renewal, now) === 'open' ? 0 : 1);
  const end = ({ windowExpiresAt }: RenewalView): string => windowExpiresAt ?? '';
  return [...newest.values()].sort((a, b) => rank(a) - rank(b) || (rank(a) === 0 ? end(a).localeCompare(end(b)) : b.renewedAt.localeCompare(a.renewedAt)));
}

/** How many ask for an answer now. */
export const countOpen = (renewals: readonly RenewalView[], now: number): number => renewals.filter((renewal) => renewalStateAt(renewal, now) === 'open').length;
