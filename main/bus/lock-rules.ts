import { overlaps, type LockName } from './lock-names.ts';
import type { LockMode } from './types.ts';

/** What a lease grants or a ticket asks for. */
export interface LockRequest {
  readonly name: LockName;
  readonly mode: LockMode;
  readonly session_id: string;
  readonly role: string;
}
/** A place in the queue; smaller ids came first. `id` is Infinity for a request that has no place yet. */
export interface Place extends LockRequest {
  readonly id: number;
}

/** What keeps a request from being granted: a lease, or somebody ahead of it in the queue. */
export interface Blocker<L extends LockRequest = LockRequest, P extends Place = Place> {
  readonly lease: L | null;
  readonly place: P | null;
}

/** Whether the two cannot be held at the same time. A session never conflicts with itself. */
export function conflicts(a: LockRequest, b: LockRequest): boolean {
  return a.session_id !== b.session_id && (a.mode === 'exclusive' || b.mode === 'exclusive') && overlaps(a.name, b.name);
}

/**
 * Everything that `request` has to wait for, leases first. `leases` and `places` must be live, places oldest first, and
 * hold at least those that overlap with the request and the requester's own leases.
 *
 * Nobody overtakes an earlier waiting place that conflicts, so that readers cannot starve a writer, with two exceptions:
 * - a holder of the shared lock that asks for it exclusively waits for the other holders only;
 * - a place that waits for one of the requester's own leases is behind it already and does not hold it back.
 */
export function blockers<L extends LockRequest, P extends Place>(
  request: Place,
  leases: readonly L[],
  places: readonly P[],
): readonly Blocker<L, P>[] {
  const found: Blocker<L, P>[] = leases.filter((lease) => conflicts(lease, request)).map((lease) => ({ lease, place: null }));
  const own = leases.filter((lease) => lease.session_id === request.session_id);
  if (own.some((lease) => lease.name.resource === request.name.resource)) return found;
  for (const place of places) {
    if (place.id >= request.id) break;
    if (conflicts(place, request) && !own.some((lease) => conflicts(lease, place))) found.push({ lease: null, place });
  }
  return found;
}

/** The places to grant now, in order; each one granted counts as a lease for the next. */
export function grantable<P extends Place>(leases: readonly LockRequest[], places: readonly P[]): readonly P[] {
  const held = [...leases];
  const granted: P[] = [];
  let waiting = [...places];
  for (let before = -1; before !== granted.length; ) {
    before = granted.length;
    for (const place of [...waiting]) {
      if (blockers(place, held, waiting).length > 0) continue;
      granted.push(place);
      held.push(place);
      waiting = waiting.filter((other) => other !== place);
    }
  }
  return granted;
}

/** One step of a deadlock: `waiter` wants `wants`, which `holder` keeps from it through `has`. */
export interface CycleStep {
  readonly waiter: LockRequest;
  readonly wants: string;
  readonly holder: LockRequest;
  readonly has: string;
  /** True when the holder has a lease, false when it only stands ahead in the queue. */
  readonly held: boolean;
}

/**
 * The shortest circle through the place `start`, null when there is none: it waits for a lease whose session waits at
 * another place, or for a place ahead, and so on back to `start`. `leases` and `places` must be all live ones, places
 * oldest first and `start` among them.
 *
 * Asked whenever somebody begins to wait, this finds every circle as it closes among sessions that wait in one call at a
 * time and keep what they hold meanwhile. Other circles close unseen; as waits are short, they are found when one of
 * them asks again.
 */
export function findCycle(start: Place, leases: readonly LockRequest[], places: readonly Place[]): readonly CycleStep[] | null {
  const reached = new Set<Place>();
  let paths: { readonly at: Place; readonly steps: readonly CycleStep[] }[] = [{ at: start, steps: [] }];
  while (paths.length > 0) {
    const longer: typeof paths = [];
    for (const { at, steps } of paths) {
      for (const { lease, place } of blockers(at, leases, places)) {
        const holder = (lease ?? place)!;
        const step = { waiter: at, wants: at.name.resource, holder, has: holder.name.resource, held: lease !== null };
        for (const next of place === null ? places.filter((one) => one.session_id === holder.session_id) : [place]) {
          if (next === start) return [...steps, step];
          if (reached.has(next)) continue;
          reached.add(next);
          longer.push({ at: next, steps: [...steps, step] });
        }
      }
    }
    paths = longer;
  }
  return null;
}

/** The cycle as a sentence: `FE holds compose and waits for nas-deploy, held by BE, who waits for compose`. */
export function describeCycle(cycle: readonly CycleStep[]): string {
  const first = cycle[0]!;
  const last = cycle.at(-1)!;
  const start = last.held ? `${first.waiter.role} holds ${last.has}` : `${first.waiter.role} is ahead in the queue for ${last.has}`;
  const middle = cycle.slice(0, -1).map((step, index) => {
    const how = step.held ? 'held by' : 'where the queue is led by';
    const as = step.has === step.wants ? '' : ` as ${step.has}`;
    return `, ${how} ${step.holder.role}${as}, who waits for ${cycle[index + 1]!.wants}`;
  });
  return `${start} and waits for ${first.wants}${middle.join('')}`;
}
