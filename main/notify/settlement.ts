import { iso } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import { restMs } from './backoff.ts';
import type { ChannelRecords } from './channel-records.ts';
import type { LeasedRow } from './outbox.ts';
import { openDelivery } from './planner.ts';
import { PATIENCE_MS } from './routing.ts';
import type { Outcome } from './transports/transport.ts';
import type { NoticeChannel } from './types.ts';

export interface SettlementParts {
  readonly store: Store;
  readonly records: ChannelRecords;
  /** From 0 to 1. */
  readonly random: () => number;
  /** For how long a delivery is tried again. */
  readonly retryMs: () => number;
}

type AttemptOutcome = 'sent' | 'throttled' | 'failed' | 'refused';

/** Writes down what became of a message, and what follows from it: another attempt, another channel, or the end. */
export class Settlement {
  readonly #parts: SettlementParts;

  constructor(parts: SettlementParts) {
    this.#parts = parts;
  }

  settle(channel: NoticeChannel, rows: readonly LeasedRow[], outcome: Outcome): void {
    this.#parts.store.transact((tx) => {
      switch (outcome.kind) {
        case 'sent':
          return this.#sent(tx, channel, rows, outcome.providerId);
        case 'throttled':
          return this.#throttled(tx, channel, rows, outcome.retryAfterMs);
        case 'failed':
          return this.#failed(tx, channel, rows, outcome);
        case 'refused':
          return rows.length > 1 ? this.#halve(tx, channel, rows, outcome.reason) : this.#dead(tx, channel, rows, outcome.reason);
        case 'unusable':
          this.#noteFailure(tx, channel, outcome.reason, true);
          return this.#dead(tx, channel, rows, outcome.reason);
      }
    });
  }

  #sent(tx: Tx, channel: NoticeChannel, rows: readonly LeasedRow[], providerId: string | null): void {
    const { store, records } = this.#parts;
    records.noteOk(tx, channel, false);
    for (const { deliveryId, notice } of rows) {
      // Whoever leased it meanwhile has nothing to send any more, unless it has begun.
      store.db
        .prepare("UPDATE notice_deliveries SET state = 'sent', provider_id = ?, done_at = ?, reason = NULL, lease_owner = NULL, lease_until = NULL WHERE id = ?")
        .run(providerId, tx.now, deliveryId);
      store.db.prepare("UPDATE notices SET state = 'delivered', reason = NULL, delivered_at = COALESCE(delivered_at, ?) WHERE id = ?").run(tx.now, notice.id);
    }
    this.#attempts(tx, channel, rows, 'sent', null);
    this.#dropOthers(rows);
    tx.event({ kind: 'notification', action: 'delivered', ...subjectOf(rows), text: `${countOf(rows)} told by ${channel}`, data: { ids: idsOf(rows), channel } });
  }

  /** An ordinary notice that one channel has taken is told; those that were asked as well need not carry it. */
  #dropOthers(rows: readonly LeasedRow[]): void {
    const drop = this.#parts.store.db.prepare(
      "UPDATE notice_deliveries SET state = 'dropped' WHERE notice_id = ? AND state IN ('pending','retry') AND EXISTS (SELECT 1 FROM notices WHERE id = notice_id AND reach = 'first')",
    );
    for (const { notice } of rows) drop.run(notice.id);
  }

  #throttled(tx: Tx, channel: NoticeChannel, rows: readonly LeasedRow[], retryAfterMs: number): void {
    const until = tx.now + retryAfterMs;
    this.#parts.records.noteSilence(channel, until);
    const reason = `asked for silence for ${Math.ceil(retryAfterMs / 1000)} s`;
    this.#again(rows, { dueAt: until, reason, mayRepeat: false });
    this.#attempts(tx, channel, rows, 'throttled', reason);
    if (retryAfterMs > PATIENCE_MS) this.#askNext(rows, tx.now);
    this.#tellPutOff(tx, channel, rows, reason, until);
  }

  #failed(tx: Tx, channel: NoticeChannel, rows: readonly LeasedRow[], { reason, uncertain }: Extract<Outcome, { kind: 'failed' }>): void {
    const until = this.#noteFailure(tx, channel, reason, false);
    const giveUp = rows.filter(({ deliveryId }) => this.#tooOld(deliveryId, tx.now));
    const goOn = rows.filter((row) => !giveUp.includes(row));
    if (giveUp.length > 0) this.#dead(tx, channel, giveUp, `${reason}; it was tried for ${Math.round(this.#parts.retryMs() / 3_600_000)} hours`);
    if (goOn.length === 0) return;
    this.#again(goOn, { dueAt: until, reason, mayRepeat: uncertain });
    this.#attempts(tx, channel, goOn, 'failed', reason);
    this.#askNext(goOn, tx.now);
    this.#tellPutOff(tx, channel, goOn, reason, until);
  }

  /** One of a list was not to the liking of the service: halves find out which, and the others are told meanwhile. */
  #halve(tx: Tx, channel: NoticeChannel, rows: readonly LeasedRow[], reason: string): void {
    const limit = Math.ceil(rows.length / 2);
    const update = this.#parts.store.db.prepare(`UPDATE notice_deliveries SET state = 'retry', due_at = ?, list_limit = ?, reason = ? ${OWN_LEASE}`);
    for (const { deliveryId, attempt } of rows) update.run(tx.now, limit, reason, deliveryId, attempt);
    this.#attempts(tx, channel, rows, 'refused', reason);
    this.#tellPutOff(tx, channel, rows, reason, tx.now);
  }

  #dead(tx: Tx, channel: NoticeChannel, rows: readonly LeasedRow[], reason: string): void {
    const update = this.#parts.store.db.prepare(`UPDATE notice_deliveries SET state = 'dead', done_at = ?, reason = ? ${OWN_LEASE}`);
    for (const { deliveryId, attempt } of rows) update.run(tx.now, reason, deliveryId, attempt);
    this.#attempts(tx, channel, rows, 'refused', reason);
    tx.event({ kind: 'notification', action: 'refused', ...subjectOf(rows), text: `${channel} will not carry ${countOf(rows)}: ${reason}`, data: { ids: idsOf(rows), channel, reason } });
    this.#askNext(rows, tx.now);
    this.#closeFailed(tx, rows, reason);
  }

  /** The next channel of the route that has not been asked. */
  #askNext(rows: readonly LeasedRow[], now: number): void {
    const { db } = this.#parts.store;
    for (const { notice } of rows) {
      const stored = db.prepare("SELECT route FROM notices WHERE id = ? AND state = 'waiting'").pluck().get(notice.id) as string | null | undefined;
      const asked = new Set(db.prepare('SELECT channel FROM notice_deliveries WHERE notice_id = ?').pluck().all(notice.id) as NoticeChannel[]);
      const next = (JSON.parse(stored ?? '[]') as NoticeChannel[]).find((channel) => !asked.has(channel));
      if (next !== undefined) openDelivery(this.#parts.store, notice.id, next, now);
    }
  }

  /** A notice that no channel will carry any more has failed. */
  #closeFailed(tx: Tx, rows: readonly LeasedRow[], reason: string): void {
    const close = this.#parts.store.db.prepare(
      `UPDATE notices SET state = 'failed', reason = ? WHERE id = ? AND state = 'waiting'
       AND NOT EXISTS (SELECT 1 FROM notice_deliveries WHERE notice_id = notices.id AND state IN ('pending','leased','retry','sent'))`,
    );
    const failed = rows.filter(({ notice }) => close.run(reason, notice.id).changes === 1);
    if (failed.length === 0) return;
    tx.event({ kind: 'notification', action: 'failed', ...subjectOf(failed), text: `No channel would carry ${countOf(failed)}: ${reason}`, data: { ids: idsOf(failed), reason } });
  }

  #again(rows: readonly LeasedRow[], { dueAt, reason, mayRepeat }: { readonly dueAt: number; readonly reason: string; readonly mayRepeat: boolean }): void {
    const update = this.#parts.store.db.prepare(`UPDATE notice_deliveries SET state = 'retry', due_at = ?, reason = ?, may_repeat = MAX(may_repeat, ?) ${OWN_LEASE}`);
    for (const { deliveryId, attempt } of rows) update.run(dueAt, reason, mayRepeat ? 1 : 0, deliveryId, attempt);
  }

  #noteFailure(tx: Tx, channel: NoticeChannel, reason: string, final: boolean): number {
    const { records, random } = this.#parts;
    records.noteFailure(tx, channel, { reason, final, checked: false, restMs: (failures) => restMs(failures, random()) });
    return records.get(channel).blockedUntil ?? tx.now;
  }

  #tooOld(deliveryId: number, now: number): boolean {
    const queuedAt = this.#parts.store.db.prepare('SELECT queued_at FROM notice_deliveries WHERE id = ?').pluck().get(deliveryId) as number;
    return now - queuedAt >= this.#parts.retryMs();
  }

  #attempts(tx: Tx, channel: NoticeChannel, rows: readonly LeasedRow[], outcome: AttemptOutcome, reason: string | null): void {
    const insert = this.#parts.store.db.prepare('INSERT INTO notice_attempts (notice_id, channel, at, outcome, reason) VALUES (?,?,?,?,?)');
    for (const { notice } of rows) insert.run(notice.id, channel, tx.now, outcome, reason);
  }

  #tellPutOff(tx: Tx, channel: NoticeChannel, rows: readonly LeasedRow[], reason: string, until: number): void {
    tx.event({
      kind: 'notification',
      action: 'put_off',
      ...subjectOf(rows),
      text: `${channel} did not carry ${countOf(rows)}: ${reason}; it is tried again at ${iso(until)}`,
      data: { ids: idsOf(rows), channel, reason },
    });
  }
}

/** Only what this lease still holds: after its end somebody else may have the row. */
const OWN_LEASE = ", lease_owner = NULL, lease_until = NULL WHERE id = ? AND state = 'leased' AND attempts = ?";

function idsOf(rows: readonly LeasedRow[]): readonly number[] {
  return rows.map(({ notice }) => notice.id);
}

function subjectOf(rows: readonly LeasedRow[]): { readonly subject?: string } {
  return rows.length === 1 ? { subject: `notice:${rows[0]!.notice.id}` } : {};
}

function countOf(rows: readonly LeasedRow[]): string {
  return rows.length === 1 ? `the notice ${rows[0]!.notice.type}` : `${rows.length} notices`;
}
