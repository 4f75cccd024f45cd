import { expect, it } from 'vitest';
import type { RenewalView } from '../../../preload/contract.ts';
import { countOpen, isPending, pendingRenewals, renewalStateAt } from '../../../renderer/state/renewals.ts';
import { NOW, renewal } from './samples.ts';

it('lets a window lapse at exactly its end, and leaves decisions as they are', () => {
  expect(renewalStateAt(renewal(1, 's', 1, 1), NOW)).toBe('open');
  expect(renewalStateAt(renewal(1, 's', 1, 0), NOW)).toBe('lapsed');
  expect(renewalStateAt(renewal(1, 's', 1, -5, { state: 'kept' }), NOW)).toBe('kept');
});

it('asks once per session, about its newest renewal, the most pressing first', () => {
  const all = [
    renewal(5, 'late', 1, 50),
    renewal(4, 'soon', 3, 5),
    renewal(3, 'soon', 2, -10, { state: 'lapsed' }),
    renewal(2, 'missed', 1, -30),
    renewal(1, 'done', 1, -20, { state: 'kept' }),
  ];
  expect(pendingRenewals(all, NOW).map(({ id }) => id)).toEqual([4, 5, 2]);
  expect(countOpen(all, NOW)).toBe(2);
});

it('can be decided while open or lapsed and never otherwise', () => {
  const states: RenewalView['state'][] = ['final', 'open', 'lapsed', 'kept', 'rejected', 'ended'];
  expect(states.filter((state) => isPending({ state }))).toEqual(['open', 'lapsed']);
});
