import type { Lease, Waiter } from '../../preload/contract.ts';

/** One name that somebody holds or waits for. */
export interface LockedResource {
  readonly resource: string;
  /** Several only for shared locks; none while somebody waits because of an overlapping pattern. */
  readonly leases: readonly Lease[];
  /** Who is next comes first. */
  readonly waiters: readonly Waiter[];
}

/** Everything that is locked or waited for, by name. */
export function lockedResources(locks: readonly Lease[], waiters: readonly Waiter[]): readonly LockedResource[] {
  const names = [...new Set([...locks, ...waiters].map(({ resource }) => resource))].sort((a, b) => a.localeCompare(b));
  return names.map((resource) => ({
    resource,
    leases: locks.filter((lease) => lease.resource === resource).sort((a, b) => a.fence - b.fence),
    waiters: waiters.filter((waiter) => waiter.resource === resource).sort((a, b) => a.ticket - b.ticket),
  }));
}

/** The agreed names that nobody holds or waits for. */
export function freeResources(agreed: readonly string[], locked: readonly LockedResource[]): readonly string[] {
  const taken = new Set(locked.map(({ resource }) => resource));
  return agreed.filter((resource) => !taken.has(resource));
}
