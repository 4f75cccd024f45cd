import { iso } from '../base/clock.ts';
import { uuidv7 } from '../base/ids.ts';
import type { Tx } from '../store/store.ts';
import { overlaps } from './lock-names.ts';
import { grantable, type LockRequest } from './lock-rules.ts';
import { secondsLeft, type HeldLease, type LockRows, type NewRequest, type Ticket } from './sqlite-lock-rows.ts';

/** For this long after a wait ended the caller finds its place again. */
export const PLACE_KEPT_MS = 30_000;

/**
 * Moves leases and the queue to where they stand at the transaction's time. Every step on locks settles first, so that
 * an expired lease is never honoured, whether a sweep ran or not, and nobody is left waiting for what is free.
 */
export class LockQueue {
  readonly #rows: LockRows;

  constructor(rows: LockRows) {
    this.#rows = rows;
  }

  /** Ends leases, waits and places whose time is over and grants what became free. */
  settle(tx: Tx): void {
    const expired = this.#rows.dropExpired(tx.now);
    for (const lease of expired) {
      tx.event(leaseEvent(lease, 'expired', `${lease.role} lost ${lease.resource}: the time was over`, tx.now));
    }
    const gone = this.#rows.endWaits(tx.now);
    for (const ticket of this.#rows.dropLapsed(tx.now)) tx.event(leftEvent(ticket));
    this.grantFreed(tx, [...expired, ...gone]);
  }

  /** Grants every waiting place that nothing blocks any more, in this transaction, now that `freed` are gone. */
  grantFreed(tx: Tx, freed: readonly LockRequest[]): void {
    if (freed.length === 0) return;
    const waiting = this.#rows.waiting();
    if (waiting.some((ticket) => freed.some((gone) => overlaps(gone.name, ticket.name)))) this.#grantAll(tx, waiting);
  }

  /** The same, now that the session got a lease: those who wait for it do not hold back its other places any more. */
  grantHolder(tx: Tx, session: string): void {
    const waiting = this.#rows.waiting();
    if (waiting.some((ticket) => ticket.session_id === session)) this.#grantAll(tx, waiting);
  }

  #grantAll(tx: Tx, waiting: readonly Ticket[]): void {
    for (const ticket of grantable(this.#rows.leases(tx.now), waiting)) this.grant(tx, ticket, ticket);
  }

  /** Grants the request; `ticket` is the place that it uses up. */
  grant(tx: Tx, request: NewRequest, ticket: Ticket | null): HeldLease {
    if (ticket !== null) this.#rows.dropTicket(ticket.id);
    const lease = this.#rows.grant(uuidv7(tx.now), request, tx.now);
    const text = `${lease.role} acquired ${lease.resource}${lease.mode === 'shared' ? ' (shared)' : ''}`;
    tx.event(leaseEvent(lease, ticket === null ? 'acquired' : 'granted', text, tx.now, { ticket: ticket?.id ?? null }));
    return lease;
  }

  /** Empties the queue, so that nothing is granted any more to those who wait. Returns how many places there were. */
  clear(tx: Tx): number {
    const tickets = this.#rows.dropAllTickets();
    for (const ticket of tickets) tx.event(leftEvent(ticket));
    return tickets.length;
  }

  /** Ends everything that the session has; `reason` is logged. */
  endSession(tx: Tx, session: string, reason: string): void {
    this.settle(tx);
    const leases = this.#rows.dropLeasesOf(session);
    for (const lease of leases) {
      tx.event(leaseEvent(lease, 'released', `${lease.role} released ${lease.resource} (${reason})`, tx.now, { reason }));
    }
    const tickets = this.#rows.dropTicketsOf(session);
    for (const ticket of tickets) tx.event(leftEvent(ticket));
    this.grantFreed(tx, [...leases, ...tickets]);
  }
}

/** A line of the log about a lease, with all that a waiting caller or a window needs to know. */
export function leaseEvent(lease: HeldLease, action: string, text: string, now: number, more: Readonly<Record<string, unknown>> = {}) {
  return {
    kind: 'lock',
    action,
    text,
    role: lease.role,
    sessionId: lease.session_id,
    subject: `lock:${lease.resource}`,
    data: {
      resource: lease.resource,
      mode: lease.mode,
      session_id: lease.session_id,
      lease_id: lease.id,
      fence: lease.fence,
      ttl_sec: secondsLeft(lease.expires_at, now),
      expires_at: iso(lease.expires_at),
      ...more,
    },
  };
}

/** A line of the log about a place in the queue. */
export function ticketEvent(ticket: Ticket, action: string, text: string) {
  return {
    kind: 'lock',
    action,
    text,
    role: ticket.role,
    sessionId: ticket.session_id,
    subject: `lock:${ticket.resource}`,
    data: { resource: ticket.resource, mode: ticket.mode, session_id: ticket.session_id, ticket: ticket.id },
  };
}

function leftEvent(ticket: Ticket) {
  return ticketEvent(ticket, 'left', `${ticket.role} waits no longer for ${ticket.resource}`);
}
