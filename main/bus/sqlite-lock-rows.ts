import { iso } from '../base/clock.ts';
import type { Store } from '../store/store.ts';
import { lockName, type LockName } from './lock-names.ts';
import type { LockRequest, Place } from './lock-rules.ts';
import type { Lease, LockMode, Waiter } from './types.ts';

const DAY_MS = 86_400_000;

/** What a lease and a ticket have in common. */
interface RequestRow {
  readonly resource: string;
  readonly mode: LockMode;
  readonly role: string;
  readonly session_id: string;
  readonly agent_name: string | null;
  readonly intent: string;
  readonly ttl_ms: number;
}
interface LeaseRow extends RequestRow {
  readonly id: string;
  readonly fence: number;
  readonly acquired_at: number;
  readonly expires_at: number;
}
interface TicketRow extends RequestRow {
  readonly id: number;
  readonly queued_at: number;
  readonly waiting: 0 | 1;
  readonly waits_until: number;
}

export interface HeldLease extends LeaseRow, LockRequest {}
export interface Ticket extends TicketRow, Place {}

export const leaseView = (lease: HeldLease, now: number): Lease => ({
  lease_id: lease.id,
  resource: lease.resource,
  mode: lease.mode,
  held_by: lease.role,
  session_id: lease.session_id,
  agent_name: lease.agent_name,
  fence: lease.fence,
  intent: lease.intent,
  acquired_at: iso(lease.acquired_at),
  expires_at: iso(lease.expires_at),
  ttl_remaining: secondsLeft(lease.expires_at, now),
});

export const waiterView = (ticket: Ticket): Waiter => ({
  ticket: ticket.id,
  resource: ticket.resource,
  mode: ticket.mode,
  role: ticket.role,
  session_id: ticket.session_id,
  queued_at: iso(ticket.queued_at),
});

/** Whole seconds, rounded up, never negative. */
export function secondsLeft(until: number, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1000));
}

function named<R extends RequestRow>(row: R): R & { readonly name: LockName } {
  return { ...row, name: lockName(row.resource) };
}

/** Rows whose names may overlap with one: its literal start continued, or cut short. And everything of the session. */
const NEAR = `(literal >= @from AND literal < @to) OR literal IN (SELECT value FROM json_each(@starts)) OR session_id = @session`;

function nearArgs({ literal, segments }: LockName, session: string): object {
  const chars = segments === null ? [] : [...literal];
  return {
    from: literal,
    to: segments === null ? `${literal}\0` : `${literal}\u{10FFFF}`,
    starts: JSON.stringify(chars.map((_, length) => chars.slice(0, length).join(''))),
    session,
  };
}

const prepare = ({ db }: Store) => ({
  lease: db.prepare('SELECT * FROM leases WHERE resource = ? AND session_id = ?'),
  leasesOn: db.prepare('SELECT * FROM leases WHERE resource = ? AND expires_at > ? ORDER BY fence'),
  leasesNear: db.prepare(`SELECT * FROM leases WHERE ${NEAR}`),
  leases: db.prepare('SELECT * FROM leases WHERE expires_at > ? ORDER BY resource, fence'),
  insertLease: db.prepare(
    `INSERT INTO leases (id, resource, literal, mode, role, session_id, agent_name, fence, intent, ttl_ms, acquired_at, expires_at)
     VALUES (@id, @resource, @literal, @mode, @role, @session_id, @agent_name, @fence, @intent, @ttl_ms, @acquired_at, @expires_at)
     ON CONFLICT (resource, session_id) DO UPDATE SET mode = excluded.mode, fence = excluded.fence, intent = excluded.intent,
       ttl_ms = excluded.ttl_ms, acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
     RETURNING *`,
  ),
  renewLease: db.prepare('UPDATE leases SET ttl_ms = ?, expires_at = ?, intent = coalesce(?, intent) WHERE id = ? RETURNING *'),
  dropLease: db.prepare('DELETE FROM leases WHERE id = ?'),
  dropExpired: db.prepare('DELETE FROM leases WHERE expires_at <= ? RETURNING *'),
  dropLeasesOf: db.prepare('DELETE FROM leases WHERE session_id = ? RETURNING *'),

  nextFence: db.prepare(
    "INSERT INTO counters (name, value) VALUES ('fence', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
  ),
  keepFence: db.prepare('INSERT INTO lock_fences (resource, fence) VALUES (?,?) ON CONFLICT (resource) DO UPDATE SET fence = excluded.fence'),
  fence: db.prepare('SELECT fence FROM lock_fences WHERE resource = ?').pluck(),

  keepExpired: db.prepare('INSERT OR REPLACE INTO expired_leases (resource, session_id, expired_at) VALUES (?,?,?)'),
  forgetExpired: db.prepare('DELETE FROM expired_leases WHERE resource = ? AND session_id = ?'),
  forgetOldExpired: db.prepare('DELETE FROM expired_leases WHERE expired_at <= ?'),
  hadExpired: db.prepare('SELECT 1 FROM expired_leases WHERE resource = ? AND session_id = ?'),

  ticket: db.prepare('SELECT * FROM lock_tickets WHERE resource = ? AND session_id = ?'),
  ticketsNear: db.prepare(`SELECT * FROM lock_tickets WHERE ${NEAR} ORDER BY id`),
  waiting: db.prepare('SELECT * FROM lock_tickets WHERE waiting = 1 ORDER BY id'),
  kept: db.prepare('SELECT * FROM lock_tickets WHERE kept_until > ? ORDER BY id'),
  keepTicket: db.prepare(
    `INSERT INTO lock_tickets (resource, literal, mode, role, session_id, agent_name, intent, ttl_ms, queued_at, waits_until, kept_until)
     VALUES (@resource, @literal, @mode, @role, @session_id, @agent_name, @intent, @ttl_ms, @queued_at, @waits_until, @kept_until)
     ON CONFLICT (resource, session_id) DO UPDATE SET mode = excluded.mode, intent = excluded.intent, ttl_ms = excluded.ttl_ms,
       waiting = 1, waits_until = excluded.waits_until, kept_until = excluded.kept_until
     RETURNING *`,
  ),
  endWaits: db.prepare('UPDATE lock_tickets SET waiting = 0 WHERE waiting = 1 AND waits_until <= ? RETURNING *'),
  endWait: db.prepare(
    'UPDATE lock_tickets SET waiting = 0, waits_until = ?, kept_until = ? WHERE resource = ? AND session_id = ? AND waiting = 1 RETURNING *',
  ),
  dropTicket: db.prepare('DELETE FROM lock_tickets WHERE id = ?'),
  dropLapsed: db.prepare('DELETE FROM lock_tickets WHERE kept_until <= ? RETURNING *'),
  dropTicketsOf: db.prepare('DELETE FROM lock_tickets WHERE session_id = ? RETURNING *'),
  dropAllTickets: db.prepare('DELETE FROM lock_tickets RETURNING *'),

  nextDue: db
    .prepare(
      `SELECT min(due) FROM (SELECT min(expires_at) AS due FROM leases
         UNION ALL SELECT min(iif(waiting, waits_until, kept_until)) FROM lock_tickets)`,
    )
    .pluck(),
});

/** What a new lease or ticket starts from. */
export interface NewRequest extends LockRequest {
  readonly agent_name: string | null;
  readonly intent: string;
  readonly ttl_ms: number;
}

const columns = (request: NewRequest) => ({
  resource: request.name.resource,
  literal: request.name.literal,
  mode: request.mode,
  role: request.role,
  session_id: request.session_id,
  agent_name: request.agent_name,
  intent: request.intent,
  ttl_ms: request.ttl_ms,
});

/** The tables of the locks: leases, the queue, fences. Everything that writes must stand inside a transaction. */
export class LockRows {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(store: Store) {
    this.#sql = prepare(store);
  }

  lease(resource: string, session: string): HeldLease | null {
    return held(this.#sql.lease.get(resource, session));
  }
  /** Live leases on exactly this resource. */
  leasesOn(resource: string, now: number): readonly HeldLease[] {
    return this.#sql.leasesOn.all(resource, now).map((row) => named(row as LeaseRow));
  }
  /** At least the leases that overlap with the name and those of the session. */
  leasesNear(name: LockName, session: string): readonly HeldLease[] {
    return this.#sql.leasesNear.all(nearArgs(name, session)).map((row) => named(row as LeaseRow));
  }
  leases(now: number): readonly HeldLease[] {
    return this.#sql.leases.all(now).map((row) => named(row as LeaseRow));
  }

  /** Writes the lease with the next fence; a session that has one on this resource keeps its id. */
  grant(id: string, request: NewRequest, now: number): HeldLease {
    const { value: fence } = this.#sql.nextFence.get() as { value: number };
    const { resource } = request.name;
    this.#sql.keepFence.run(resource, fence);
    this.#sql.forgetExpired.run(resource, request.session_id);
    return held(this.#sql.insertLease.get({ ...columns(request), id, fence, acquired_at: now, expires_at: now + request.ttl_ms }))!;
  }
  renew(lease: HeldLease, ttlMs: number, expiresAt: number, intent: string | undefined): HeldLease {
    return held(this.#sql.renewLease.get(ttlMs, expiresAt, intent ?? null, lease.id))!;
  }
  dropLease(lease: HeldLease): void {
    this.#sql.dropLease.run(lease.id);
  }
  dropLeasesOf(session: string): readonly HeldLease[] {
    return this.#sql.dropLeasesOf.all(session).map((row) => named(row as LeaseRow));
  }
  /** Removes the leases whose time is over, oldest first, and remembers them for a day. */
  dropExpired(now: number): readonly HeldLease[] {
    const expired = this.#sql.dropExpired.all(now).map((row) => named(row as LeaseRow));
    if (expired.length > 0) this.#sql.forgetOldExpired.run(now - DAY_MS);
    for (const lease of expired) this.#sql.keepExpired.run(lease.resource, lease.session_id, lease.expires_at);
    return expired.sort((a, b) => a.expires_at - b.expires_at || a.fence - b.fence);
  }
  hadExpired(resource: string, session: string): boolean {
    return this.#sql.hadExpired.get(resource, session) !== undefined;
  }
  /** The largest fence ever granted for the resource; 0 when there was none. */
  fence(resource: string): number {
    return (this.#sql.fence.get(resource) as number | undefined) ?? 0;
  }

  ticket(resource: string, session: string): Ticket | null {
    const row = this.#sql.ticket.get(resource, session);
    return row === undefined ? null : named(row as TicketRow);
  }
  /** At least the tickets that overlap with the name and those of the session, oldest first. */
  ticketsNear(name: LockName, session: string): readonly Ticket[] {
    return this.#sql.ticketsNear.all(nearArgs(name, session)).map((row) => named(row as TicketRow));
  }
  /** Who is actively waiting, oldest first. */
  waiting(): readonly Ticket[] {
    return this.#sql.waiting.all().map((row) => named(row as TicketRow));
  }
  kept(now: number): readonly Ticket[] {
    return this.#sql.kept.all(now).map((row) => named(row as TicketRow));
  }
  /** Adds a place at the end, or wakes the one that the session has on this resource. */
  keepTicket(request: NewRequest, now: number, waitsUntil: number, keptUntil: number): Ticket {
    const row = this.#sql.keepTicket.get({ ...columns(request), queued_at: now, waits_until: waitsUntil, kept_until: keptUntil });
    return named(row as TicketRow);
  }
  /** Ends the waits whose time is over; their places stay. */
  endWaits(now: number): readonly Ticket[] {
    return this.#sql.endWaits.all(now).map((row) => named(row as TicketRow));
  }
  endWait(resource: string, session: string, now: number, keptUntil: number): readonly Ticket[] {
    return this.#sql.endWait.all(now, keptUntil, resource, session).map((row) => named(row as TicketRow));
  }
  dropTicket(id: number): void {
    this.#sql.dropTicket.run(id);
  }
  dropLapsed(now: number): readonly Ticket[] {
    return this.#sql.dropLapsed.all(now).map((row) => named(row as TicketRow));
  }
  dropTicketsOf(session: string): readonly Ticket[] {
    return this.#sql.dropTicketsOf.all(session).map((row) => named(row as TicketRow));
  }
  dropAllTickets(): readonly Ticket[] {
    return this.#sql.dropAllTickets.all().map((row) => named(row as TicketRow));
  }

  nextDue(): number | null {
    return this.#sql.nextDue.get() as number | null;
  }
}

function held(row: unknown): HeldLease | null {
  return row === undefined ? null : named(row as LeaseRow);
}
