import { expect, it } from 'vitest';
import type { Lease, Waiter } from '../../../preload/contract.ts';
import { freeResources, lockedResources } from '../../../renderer/state/locks.ts';

const lease = (resource: string, fence: number): Lease => ({
  lease_id: `${resource}-${fence}`,
  resource,
  mode: 'shared',
  held_by: 'BE',
  session_id: 's',
  agent_name: null,
  fence,
  intent: '',
  acquired_at: '',
  expires_at: '',
  ttl_remaining: 1,
});
const waiter = (resource: string, ticket: number): Waiter => ({ ticket, resource, mode: 'exclusive', role: 'FE', session_id: 's', queued_at: '' });

it('brings leases and waiters of one name together, who is next first', () => {
  const locked = lockedResources([lease('b', 2), lease('a', 7), lease('b', 1)], [waiter('b', 9), waiter('b', 4), waiter('src/**', 5)]);
  expect(locked.map(({ resource, leases, waiters }) => [resource, leases.map(({ fence }) => fence), waiters.map(({ ticket }) => ticket)])).toEqual([
    ['a', [7], []],
    ['b', [1, 2], [4, 9]],
    ['src/**', [], [5]],
  ]);
});

it('tells the agreed names that are free', () => {
  expect(freeResources(['a', 'b', 'c'], lockedResources([lease('b', 1)], [waiter('c', 1)]))).toEqual(['a']);
});
