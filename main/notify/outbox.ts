import { iso } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import type { ChannelRecords } from './channel-records.ts';
import { joinsLists, type StoredNotice } from './draft.ts';
import { mayLeaveAt, type RateLimit } from './limits.ts';
import type { NoticeChannel, NoticeType } from './types.ts';

/** One delivery that this process may carry out until its lease ends. */
export interface LeasedRow {
  readonly deliveryId: number;
  readonly notice: StoredNotice;
  /** Which attempt this is; it also tells this lease from later ones. */
  readonly attempt: number;
  readonly mayRepeat: boolean;
}

export type Lease = { readonly kind: 'leased'; readonly rows: readonly LeasedRow[] } | { readonly kind: 'wait'; readonly until: number | null };

export interface LeaseRequest {
  readonly channel: NoticeChannel;
  readonly limits: readonly RateLimit[];
  /** Over all channels. */
  readonly globalLimit: RateLimit;
  /** How many of these fit into one message. */
  readonly capacity: (rows: readonly LeasedRow[]) => number;
}

/** Longer than any request may take with its retry without a button. A row whose lease has ended is open to everybody again. */
const LEASE_MS = 30_000;
/** What follows within this time goes out as one list. */
const WINDOW_MS = 2000;
/** As many as are looked at for one message. */
const MOST_ROWS = 500;

interface Candidate {
  readonly deliveryId: number;
  readonly attempts: number;
  readonly mayRepeat: number;
  readonly listLimit: number | null;
  readonly noticeId: number;
  readonly type: NoticeType;
  readonly context: string;
  readonly createdAt: number;
}

const DUE = `
  SELECT d.id AS deliveryId, d.attempts, d.may_repeat AS mayRepeat, d.list_limit AS listLimit, n.id AS noticeId, n.type, n.context, n.created_at AS createdAt
  FROM notice_deliveries d JOIN notices n ON n.id = d.notice_id
  WHERE d.channel = ? AND d.state IN ('pending','retry') AND d.due_at <= ?
  ORDER BY n.severity = 'critical' DESC, d.id LIMIT ?`;

/** Hands out what is due, to one process at a time (issue 6, item 6). */
export class Outbox {
  readonly #store: Store;
  readonly #records: ChannelRecords;
  /** Names this process in its leases. */
  readonly #owner: string;

  constructor(store: Store, records: ChannelRecords, owner: string) {
    this.#store = store;
    this.#records = records;
    this.#owner = owner;
  }

  /** The rows of the next message of a channel, or when there may be one; null: nothing waits. */
  lease(request: LeaseRequest): Lease {
    const next = this.#nextDue(request.channel);
    if (next === null) return { kind: 'wait', until: null };
    return this.#store.transact((tx) => {
      if (next > tx.now) return { kind: 'wait', until: next };
      const opensAt = this.#opensAt(request, tx.now);
      if (opensAt > tx.now) return { kind: 'wait', until: opensAt };
      // While a list waits for its window, looks come often; the many that wait with it are read once.
      const [first] = this.#due(request.channel, tx.now, 1);
      if (first === undefined) return { kind: 'wait', until: this.#nextDue(request.channel) };
      if (first.listLimit === 1 || !joinsLists(first.notice)) return this.#take(tx, request.channel, [first]);
      const listOpensAt = this.#lastSend(request.channel, tx.now) + WINDOW_MS;
      // What may not wait for a list need not wait for its window either.
      if (listOpensAt > tx.now) return { kind: 'wait', until: listOpensAt };
      const together = this.#due(request.channel, tx.now, MOST_ROWS).filter(({ notice, listLimit }) => joinsLists(notice) && listLimit === first.listLimit).slice(0, first.listLimit ?? MOST_ROWS);
      const rows = together.map((row) => leased(row));
      return this.#take(tx, request.channel, together.slice(0, rows.length === 1 ? 1 : request.capacity(rows)));
    });
  }

  /**
   * Opens rows again whose process did not come back in time; with `prefix` also those of earlier processes of that name,
   * when they are known to be gone. Their message may have arrived, so the next one says that it may be a repeat.
   */
  reopen(prefix: string | null = null): void {
    const { db } = this.#store;
    const mine = prefix === null ? '' : `${prefix}%`;
    const select = db.prepare(
      `SELECT id, notice_id AS noticeId, channel FROM notice_deliveries
       WHERE state = 'leased' AND (lease_until <= @now OR (@mine != '' AND lease_owner LIKE @mine AND lease_owner != @owner))`,
    );
    const stale = (now: number) => select.all({ now, mine, owner: this.#owner }) as { readonly id: number; readonly noticeId: number; readonly channel: NoticeChannel }[];
    if (this.nextLeaseEnd() === null) return;
    this.#store.transact((tx) => {
      const rows = stale(tx.now);
      for (const { id, noticeId, channel } of rows) {
        db.prepare("UPDATE notice_deliveries SET state = 'retry', due_at = ?, may_repeat = 1, lease_owner = NULL, lease_until = NULL WHERE id = ?").run(tx.now, id);
        db.prepare("INSERT INTO notice_attempts (notice_id, channel, at, outcome, reason) VALUES (?,?,?,'unknown',?)").run(noticeId, channel, tx.now, 'the program ended before the answer came');
      }
      if (rows.length > 0) {
        tx.event({ kind: 'notification', action: 'reopened', text: `${rows.length} notices whose sending was interrupted are sent again`, data: { ids: rows.map(({ noticeId }) => noticeId) } });
      }
    });
  }

  /** When the earliest lease ends; null when there is none. */
  nextLeaseEnd(): number | null {
    return this.#store.db.prepare("SELECT MIN(lease_until) FROM notice_deliveries WHERE state = 'leased'").pluck().get() as number | null;
  }

  #due(channel: NoticeChannel, now: number, atMost: number): readonly (Candidate & { readonly notice: StoredNotice })[] {
    const rows = this.#store.db.prepare(DUE).all(channel, now, atMost) as Candidate[];
    return rows.map((row) => ({ ...row, notice: noticeOf(row) }));
  }

  #take(tx: Tx, channel: NoticeChannel, candidates: readonly Candidate[]): Lease {
    const { db } = this.#store;
    const update = db.prepare("UPDATE notice_deliveries SET state = 'leased', attempts = attempts + 1, lease_owner = ?, lease_until = ? WHERE id = ?");
    for (const { deliveryId } of candidates) update.run(this.#owner, tx.now + LEASE_MS, deliveryId);
    db.prepare('INSERT INTO notice_sends (channel, at) VALUES (?,?)').run(channel, tx.now);
    return { kind: 'leased', rows: candidates.map(leased) };
  }

  #nextDue(channel: NoticeChannel): number | null {
    return this.#store.db.prepare("SELECT MIN(due_at) FROM notice_deliveries WHERE channel = ? AND state IN ('pending','retry')").pluck().get(channel) as number | null;
  }

  /** When the channel takes a message again, by its own silence and by every limit. */
  #opensAt({ channel, limits, globalLimit }: LeaseRequest, now: number): number {
    const { db } = this.#store;
    const own = db.prepare('SELECT at FROM notice_sends WHERE channel = ? ORDER BY at DESC LIMIT 1 OFFSET ?').pluck();
    const any = db.prepare('SELECT at FROM notice_sends ORDER BY at DESC LIMIT 1 OFFSET ?').pluck();
    return Math.max(
      this.#records.get(channel).blockedUntil ?? now,
      ...limits.map((limit) => mayLeaveAt(limit, (own.get(channel, limit.count - 1) as number | undefined) ?? null, now)),
      mayLeaveAt(globalLimit, (any.get(globalLimit.count - 1) as number | undefined) ?? null, now),
    );
  }

  #lastSend(channel: NoticeChannel, now: number): number {
    const at = this.#store.db.prepare('SELECT MAX(at) FROM notice_sends WHERE channel = ? AND at <= ?').pluck().get(channel, now) as number | null;
    return at ?? -Infinity;
  }
}

function leased(row: Candidate): LeasedRow {
  return { deliveryId: row.deliveryId, notice: noticeOf(row), attempt: row.attempts + 1, mayRepeat: row.mayRepeat === 1 };
}

function noticeOf({ noticeId, type, context, createdAt }: Candidate): StoredNotice {
  return { id: noticeId, type, context: JSON.parse(context) as StoredNotice['context'], createdAt: iso(createdAt) };
}
