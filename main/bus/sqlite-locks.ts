import { iso, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import { parseLockName, type LockName } from './lock-names.ts';
import { blockers, conflicts, describeCycle, findCycle, type Blocker, type Place } from './lock-rules.ts';
import { leaseEvent, LockQueue, PLACE_KEPT_MS, ticketEvent } from './sqlite-lock-queue.ts';
import { leaseView, LockRows, secondsLeft, waiterView, type HeldLease, type NewRequest, type Ticket } from './sqlite-lock-rows.ts';
import type { Mutations } from './sqlite-mutations.ts';
import type { TellRole } from './tell-role.ts';
import type {
  AcquireLock, Caller, CheckLock, ForceReleaseLock, HeartbeatLock, LockAcquired, LockChecked, LockForced, LockList, LockLossReason,
  LockReleased, LockRenewed, ReleaseLock,
} from './types.ts';

export interface LockOptions {
  /** Decides whether paths differ by case. */
  readonly platform: NodeJS.Platform;
  /** The clock of the store: reads judge expiry by it. */
  readonly clock: Clock;
  readonly tell: TellRole;
}

type Refused = Extract<LockAcquired, { acquired: false }>;

/**
 * Locks in SQLite (DESIGN §7). A lease belongs to a session and ends by the store's clock. Fences come from one counter,
 * so that they grow with every grant, for a resource as across overlapping patterns. Rules: lock-rules.ts, names:
 * lock-names.ts.
 *
 * A ticket that gets its lease writes the event `lock`/`granted` with data
 * `{resource, mode, session_id, ticket, lease_id, fence, ttl_sec, expires_at}`: what a waiting call listens for.
 */
export class SqliteLocks {
  readonly #store: Store;
  readonly #mutations: Mutations;
  readonly #options: LockOptions;
  readonly #rows: LockRows;
  readonly #queue: LockQueue;

  constructor(store: Store, mutations: Mutations, options: LockOptions) {
    this.#store = store;
    this.#mutations = mutations;
    this.#options = options;
    this.#rows = new LockRows(store);
    this.#queue = new LockQueue(this.#rows);
  }

  /**
   * A session that holds the lock renews it and keeps its fence; the time left is never shortened. Asking for an
   * exclusive lock while sharing it is an upgrade with a new fence, granted when nobody else holds it; asking for a
   * shared one while holding it exclusively changes nothing. Throws DEADLOCK.
   */
  acquireLock(caller: Caller, input: AcquireLock): LockAcquired {
    const name = this.#name(input.resource);
    return this.#mutations.run(caller, 'acquireLock', input, (tx) => this.#acquire(tx, caller, name, input), (answer) => answer.acquired);
  }

  stopWaiting(caller: Caller, resource: string): void {
    const name = this.#name(resource);
    this.#store.transact((tx) => {
      this.#queue.settle(tx);
      this.#queue.grantFreed(tx, this.#rows.endWait(name.resource, caller.sessionId, tx.now, tx.now + PLACE_KEPT_MS));
    });
  }

  releaseLock(caller: Caller, input: ReleaseLock): LockReleased {
    const { resource } = this.#name(input.resource);
    return this.#mutations.run(caller, 'releaseLock', input, (tx): LockReleased => {
      const { lease, loss } = this.#own(tx, caller, resource, input.fence);
      if (loss !== null) return { released: false, resource, ...loss };
      this.#rows.dropLease(lease);
      tx.event(leaseEvent(lease, 'released', `${caller.role} released ${resource}`, tx.now));
      this.#queue.grantFreed(tx, [lease]);
      return { released: true, resource };
    });
  }

  heartbeatLock(caller: Caller, input: HeartbeatLock): LockRenewed {
    const { resource } = this.#name(input.resource);
    return this.#mutations.run(caller, 'heartbeatLock', input, (tx): LockRenewed => {
      const { lease, loss } = this.#own(tx, caller, resource, input.fence);
      if (loss !== null) return { renewed: false, resource, ...loss };
      const ttlMs = input.ttl_sec * 1000;
      const renewed = this.#renew(tx, lease, ttlMs, tx.now + ttlMs, undefined);
      return { renewed: true, resource, fence: renewed.fence, expires_at: iso(renewed.expires_at) };
    });
  }

  forceReleaseLock(caller: Caller, input: ForceReleaseLock): LockForced {
    const { resource } = this.#name(input.resource);
    const { reason } = input;
    return this.#mutations.run(caller, 'forceReleaseLock', input, (tx) => {
      this.#queue.settle(tx);
      const losers = this.#rows.leasesOn(resource, tx.now);
      if (losers.length === 0) {
        throw new AppError('LOCK_NOT_HELD', `Nobody holds '${resource}', so there is nothing to release; see list_locks for what is held.`, {
          resource,
        });
      }
      const lostBy = [...new Set(losers.map((lease) => lease.role))];
      for (const lease of losers) {
        this.#rows.dropLease(lease);
        const text = `${caller.role} took ${resource} from ${lease.role}: ${reason}`;
        tx.event(leaseEvent(lease, 'forced', text, tx.now, { reason, forced_by: caller.role }));
      }
      for (const role of lostBy) {
        const fences = losers.filter((lease) => lease.role === role).map((lease) => lease.fence);
        const body =
          `Your lock '${resource}' (fence ${fences.join(', ')}) was released by ${caller.role}: ${reason}\n` +
          'Stop changing what it guards, and acquire it again before you go on.';
        this.#options.tell(tx, caller, { to_role: role, body, importance: 'high' });
      }
      this.#queue.grantFreed(tx, losers);
      return { released: true, resource, lost_by: lostBy };
    });
  }

  checkLock(caller: Caller, input: CheckLock): LockChecked {
    const { resource } = this.#name(input.resource);
    const now = this.#options.clock.now();
    return this.#store.db.transaction((): LockChecked => {
      const holders = this.#rows.leasesOn(resource, now);
      const valid = holders.some((lease) => (input.fence === undefined ? lease.session_id === caller.sessionId : lease.fence === input.fence));
      return {
        resource,
        valid,
        locked: holders.length > 0,
        current_fence: this.#rows.fence(resource),
        holders: holders.map((lease) => leaseView(lease, now)),
      };
    })();
  }

  listLocks(): LockList {
    const now = this.#options.clock.now();
    return this.#store.db.transaction(() => ({
      locks: this.#rows.leases(now).map((lease) => leaseView(lease, now)),
      waiters: this.#rows.kept(now).map(waiterView),
    }))();
  }

  /** Releases every lease and place of the session. */
  endSession(tx: Tx, sessionId: string, reason: string): void {
    this.#queue.endSession(tx, sessionId, reason);
  }

  /** Ends every place in every queue; returns how many. */
  cancelWaiting(tx: Tx): number {
    return this.#queue.clear(tx);
  }

  /** Ends leases and places whose time is over and grants what became free. */
  sweep(tx: Tx): void {
    this.#queue.settle(tx);
  }

  /** When {@link sweep} next has something to do, as wall time in ms; null when nothing is pending. */
  nextDue(): number | null {
    return this.#rows.nextDue();
  }

  #name(resource: string): LockName {
    return parseLockName(resource, this.#options.platform);
  }

  #acquire(tx: Tx, caller: Caller, name: LockName, input: AcquireLock): LockAcquired {
    const { role, sessionId, agentName } = caller;
    const { mode, intent, wait_sec } = input;
    const ttlMs = input.ttl_sec * 1000;
    this.#queue.settle(tx);

    const own = this.#rows.lease(name.resource, sessionId);
    if (own !== null && (own.mode === 'exclusive' || mode === 'shared')) {
      const longer = own.expires_at - tx.now > ttlMs;
      const lease = this.#renew(tx, own, longer ? own.ttl_ms : ttlMs, longer ? own.expires_at : tx.now + ttlMs, intent);
      return granted(lease, tx.now, true);
    }

    const ticket = this.#rows.ticket(name.resource, sessionId);
    const request: NewRequest & Place = {
      name,
      mode,
      role,
      session_id: sessionId,
      agent_name: agentName,
      intent: intent ?? '',
      ttl_ms: ttlMs,
      id: ticket?.id ?? Infinity,
    };
    const leases = this.#rows.leasesNear(name, sessionId);
    const tickets = this.#rows.ticketsNear(name, sessionId);
    const waiting = tickets.filter((place) => place.waiting === 1);
    const blocking = blockers(request, leases, waiting);
    if (blocking.length === 0) {
      // A shared grant does not use up an exclusive place, which goes on waiting for the upgrade.
      const used = ticket !== null && (mode === 'exclusive' || ticket.mode === 'shared') ? ticket : null;
      const lease = this.#queue.grant(tx, request, used);
      this.#queue.grantHolder(tx, sessionId);
      return granted(lease, tx.now, false);
    }

    const refusal = refused(name, blocking, tx.now);
    const mayBlockOthers = [...leases, ...tickets].some((one) => one.session_id === sessionId);
    if (wait_sec > 0 && mayBlockOthers) {
      const queue = [...this.#rows.waiting().filter((place) => place.id !== request.id), request].sort((a, b) => a.id - b.id);
      this.#refuseDeadlock(request, queue, tx.now);
    }
    const place = wait_sec > 0 ? this.#queueUp(tx, request, ticket, tx.now + wait_sec * 1000) : ticket;
    if (place === null) {
      const hint = `${refusal.because} Call again with wait_sec to queue for it, or work on something else meanwhile.`;
      return { ...refusal.answer, ticket: null, position: null, hint };
    }
    const position = 1 + tickets.filter((other) => other.id < place.id && conflicts(other, place)).length;
    const hint =
      `${refusal.because} You are number ${position} in the queue. If this call ends without the lock, ` +
      `call again with wait_sec within ${PLACE_KEPT_MS / 1000} s to keep the place.`;
    return { ...refusal.answer, ticket: place.id, position, hint };
  }

  /** A place stays exclusive while a call of the session still waits for that. */
  #queueUp(tx: Tx, request: NewRequest, before: Ticket | null, until: number): Ticket {
    const awake = before?.waiting === 1 ? before : null;
    const mode = awake?.mode === 'exclusive' ? 'exclusive' : request.mode;
    const waitsUntil = Math.max(awake?.waits_until ?? 0, until);
    const ticket = this.#rows.keepTicket({ ...request, mode }, tx.now, waitsUntil, waitsUntil + PLACE_KEPT_MS);
    if (before === null) tx.event(ticketEvent(ticket, 'queued', `${ticket.role} waits for ${ticket.resource}`));
    return ticket;
  }

  /** Throws DEADLOCK when this place of the queue would wait for itself. */
  #refuseDeadlock(place: Place, queue: readonly Place[], now: number): void {
    const cycle = findCycle(place, this.#rows.leases(now), queue);
    if (cycle === null) return;
    throw new AppError('DEADLOCK', `Waiting would never end: ${describeCycle(cycle)}. Release what you hold first, or do without.`, {
      cycle: cycle.map((step) => ({
        role: step.waiter.role,
        session_id: step.waiter.session_id,
        waits_for: step.wants,
        kept_by: step.holder.role,
        through: step.has,
        held: step.held,
      })),
    });
  }

  #renew(tx: Tx, lease: HeldLease, ttlMs: number, expiresAt: number, intent: string | undefined): HeldLease {
    const renewed = this.#rows.renew(lease, ttlMs, expiresAt, intent);
    tx.event(leaseEvent(renewed, 'renewed', `${lease.role} renewed ${lease.resource}`, tx.now));
    return renewed;
  }

  /** The caller's live lease, or why it has none. */
  #own(
    tx: Tx,
    caller: Caller,
    resource: string,
    fence: number | undefined,
  ): { lease: HeldLease; loss: null } | { lease: null; loss: { held_by: string | null; reason: LockLossReason } } {
    this.#queue.settle(tx);
    const lease = this.#rows.lease(resource, caller.sessionId);
    if (lease !== null && (fence === undefined || fence === lease.fence)) return { lease, loss: null };
    const held_by = this.#rows.leasesOn(resource, tx.now)[0]?.role ?? null;
    if (lease !== null) return { lease: null, loss: { held_by, reason: 'stale_fence' } };
    if (this.#rows.hadExpired(resource, caller.sessionId)) return { lease: null, loss: { held_by, reason: 'expired' } };
    return { lease: null, loss: { held_by, reason: held_by === null ? 'not_held' : 'other_session' } };
  }
}

function granted(lease: HeldLease, now: number, reentrant: boolean): LockAcquired {
  return {
    acquired: true,
    resource: lease.resource,
    lease_id: lease.id,
    fence: lease.fence,
    mode: lease.mode,
    ttl_sec: secondsLeft(lease.expires_at, now),
    expires_at: iso(lease.expires_at),
    reentrant,
  };
}

/** What to say about the first blocker; of several holders the one that may keep the lock longest. */
function refused(
  name: LockName,
  blocking: readonly Blocker<HeldLease, Ticket>[],
  now: number,
): { answer: Pick<Refused, 'acquired' | 'resource' | 'held_by' | 'held_resource' | 'ttl_remaining' | 'intent'>; because: string } {
  const [longest] = blocking.flatMap(({ lease }) => lease ?? []).sort((a, b) => b.expires_at - a.expires_at);
  const by = longest ?? blocking[0]!.place!;
  const ttl_remaining = longest === undefined ? 0 : secondsLeft(longest.expires_at, now);
  const because =
    longest === undefined
      ? `${by.role} is ahead in the queue for '${by.resource}'.`
      : `'${by.resource}' is held by ${by.role} for up to ${ttl_remaining} s more.`;
  return {
    answer: { acquired: false, resource: name.resource, held_by: by.role, held_resource: by.resource, ttl_remaining, intent: by.intent },
    because,
  };
}
