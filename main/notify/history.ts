import { AppError } from '../base/errors.ts';
import { iso } from '../base/clock.ts';
import type { Store } from '../store/store.ts';
import type { StoredNotice } from './draft.ts';
import { NOTICE_TABLE } from './notice-table.ts';
import type { DeliveryState, NoticeChannel, NoticeState, NoticeType, Severity } from './types.ts';

/** One notice with where it stands. Times are ISO 8601; null: not yet. */
export interface NoticeRecord extends StoredNotice {
  readonly severity: Severity;
  readonly state: NoticeState;
  /** A word of `HeldReason`, `settled` for what was over before anybody was told, or what the last channel said. */
  readonly reason: string | null;
  readonly deliveredAt: string | null;
  readonly seenAt: string | null;
  readonly deliveries: readonly DeliveryRecord[];
}

export interface DeliveryRecord {
  readonly channel: NoticeChannel;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is tried (again). */
  readonly dueAt: string;
  readonly mayRepeat: boolean;
  readonly reason: string | null;
  readonly doneAt: string | null;
}

export interface AttemptRecord {
  readonly channel: NoticeChannel;
  readonly at: string;
  /** `unknown`: the program ended before the answer came. */
  readonly outcome: 'sent' | 'throttled' | 'failed' | 'refused' | 'unknown';
  readonly reason: string | null;
}

export const NOTICE_FILTERS = ['all', 'missed', 'waiting', 'delivered', 'suppressed', 'failed'] as const;

export interface NoticeQuery {
  /** `missed`: nobody was told, and the person has not looked at it yet. */
  readonly which?: (typeof NOTICE_FILTERS)[number] | undefined;
  readonly types?: readonly NoticeType[] | undefined;
  readonly severity?: Severity | undefined;
  /** Only notices with a smaller id. */
  readonly beforeId?: number | undefined;
  readonly limit?: number | undefined;
}

interface Row {
  readonly id: number;
  readonly type: NoticeType;
  readonly severity: Severity;
  readonly context: string;
  readonly createdAt: number;
  readonly state: NoticeState;
  readonly reason: string | null;
  readonly deliveredAt: number | null;
  readonly seenAt: number | null;
}

const SELECT = 'SELECT id, type, severity, context, created_at AS createdAt, state, reason, delivered_at AS deliveredAt, seen_at AS seenAt FROM notices';
const MISSED = "seen_at IS NULL AND state IN ('suppressed','failed')";
/** What waits for the person under another name: messages that want an ack, renewals that ask, and completions that were escalated. */
const COUNTED_ELSEWHERE = "(type IN ('APPROVAL_REQUESTED','COMPLETION_ESCALATED') OR (type = 'SESSION_RENEWED' AND json_extract(context, '$.rejectButton')))";
const WHICH: Readonly<Record<(typeof NOTICE_FILTERS)[number], string>> = {
  all: '1',
  missed: MISSED,
  waiting: "state IN ('new','waiting')",
  delivered: "state = 'delivered'",
  suppressed: "state = 'suppressed'",
  failed: "state = 'failed'",
};
const DEFAULT_PAGE = 100;

/** What was told and what was not, for the person to look at. */
export class NoticeHistory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Newest first. */
  list({ which = 'all', types, severity, beforeId, limit = DEFAULT_PAGE }: NoticeQuery = {}): readonly NoticeRecord[] {
    const wanted = types ?? [];
    const among = wanted.length === 0 ? '1' : `type IN (${wanted.map(() => '?').join(',')})`;
    const rows = this.#store.db
      .prepare(`${SELECT} WHERE ${WHICH[which]} AND ${among} AND (? IS NULL OR severity = ?) AND (? IS NULL OR id < ?) ORDER BY id DESC LIMIT ?`)
      .all(...wanted, severity ?? null, severity ?? null, beforeId ?? null, beforeId ?? null, limit) as Row[];
    return rows.map((row) => this.#record(row));
  }

  /** Throws NOTICE_NOT_FOUND. */
  get(id: number): NoticeRecord {
    const row = this.#store.db.prepare(`${SELECT} WHERE id = ?`).get(id) as Row | undefined;
    if (row === undefined) throw new AppError('NOTICE_NOT_FOUND', `There is no notice ${id}; old ones are forgotten after [notify] history_days.`, { notice_id: id });
    return this.#record(row);
  }

  /** Those of the ids that are kept, oldest first. */
  among(ids: readonly number[]): readonly NoticeRecord[] {
    const rows = this.#store.db.prepare(`${SELECT} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`).all(JSON.stringify(ids)) as Row[];
    return rows.map((row) => this.#record(row));
  }

  /** Oldest first. Throws NOTICE_NOT_FOUND. */
  attempts(id: number): readonly AttemptRecord[] {
    this.get(id);
    const rows = this.#store.db.prepare('SELECT channel, at, outcome, reason FROM notice_attempts WHERE notice_id = ? ORDER BY id').all(id) as (Omit<AttemptRecord, 'at'> & { readonly at: number })[];
    return rows.map((row) => ({ ...row, at: iso(row.at) }));
  }

  /** Of what nobody was told and the person has not looked at, that which is counted nowhere else: a part of what needs the person. */
  countUnheard(): number {
    return this.#store.db.prepare(`SELECT COUNT(*) FROM notices WHERE ${MISSED} AND NOT ${COUNTED_ELSEWHERE}`).pluck().get() as number;
  }

  /** What nobody was told and the person has not looked at. */
  countMissed(): number {
    return this.#store.db.prepare(`SELECT COUNT(*) FROM notices WHERE ${MISSED}`).pluck().get() as number;
  }

  /** Tells it anew, by the rules of now. Throws NOTICE_NOT_FOUND; CONFLICT while it is on its way. */
  resend(id: number): NoticeRecord {
    const { state, deliveries, type } = this.get(id);
    if (state === 'new' || deliveries.some((delivery) => delivery.state === 'leased')) {
      throw new AppError('CONFLICT', `Notice ${id} is on its way already; wait for what becomes of it.`, { notice_id: id, state });
    }
    this.#store.transact((tx) => {
      this.#store.db.prepare('DELETE FROM notice_deliveries WHERE notice_id = ?').run(id);
      this.#store.db.prepare("UPDATE notices SET state = 'new', reason = NULL, route = NULL WHERE id = ?").run(id);
      tx.event({ kind: 'notification', action: 'resent', subject: `notice:${id}`, text: `The notice ${type} is told again`, data: { ids: [id], notice: type } });
    });
    return this.get(id);
  }

  /** The person has looked: these, or every one up to `upTo`. What was seen already stays as it is. Returns how many are new. */
  markSeen(which: { readonly ids: readonly number[] } | { readonly upTo: number }): number {
    return this.#store.transact((tx) => {
      const { db } = this.#store;
      const changed =
        'ids' in which
          ? which.ids.filter((id) => db.prepare('UPDATE notices SET seen_at = ? WHERE id = ? AND seen_at IS NULL').run(tx.now, id).changes === 1).length
          : db.prepare('UPDATE notices SET seen_at = ? WHERE id <= ? AND seen_at IS NULL').run(tx.now, which.upTo).changes;
      if (changed > 0) tx.event({ kind: 'notification', action: 'seen', text: `The person has looked at ${changed} notices`, data: { ids: 'ids' in which ? which.ids : [], count: changed } });
      return changed;
    });
  }

  /** Which types the person does not want to hear on which channels. */
  mutes(): readonly { readonly type: NoticeType; readonly channel: NoticeChannel }[] {
    const rows = this.#store.db.prepare('SELECT type, channel FROM notice_mutes ORDER BY type, channel').all() as { readonly type: NoticeType; readonly channel: NoticeChannel }[];
    return rows.filter(({ type }) => Object.hasOwn(NOTICE_TABLE, type));
  }

  setMute(type: NoticeType, channel: NoticeChannel, muted: boolean): void {
    this.#store.transact((tx) => {
      const { db } = this.#store;
      const { changes } = muted
        ? db.prepare('INSERT OR IGNORE INTO notice_mutes (type, channel) VALUES (?,?)').run(type, channel)
        : db.prepare('DELETE FROM notice_mutes WHERE type = ? AND channel = ?').run(type, channel);
      if (changes === 0) return;
      tx.event({ kind: 'notification', action: muted ? 'muted' : 'unmuted', text: muted ? `${type} is not told by ${channel} any more` : `${type} is told by ${channel} again`, data: { notice: type, channel } });
    });
  }

  /** Forgets finished notices from before `before`, some at a time. Returns how many. */
  forget(before: number, atMost: number): number {
    return this.#store.db
      .prepare("DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE created_at < ? AND state IN ('delivered','suppressed','failed') ORDER BY created_at LIMIT ?)")
      .run(before, atMost).changes;
  }

  #record({ context, createdAt, deliveredAt, seenAt, ...row }: Row): NoticeRecord {
    return {
      ...row,
      context: JSON.parse(context) as NoticeRecord['context'],
      createdAt: iso(createdAt),
      deliveredAt: deliveredAt === null ? null : iso(deliveredAt),
      seenAt: seenAt === null ? null : iso(seenAt),
      deliveries: this.#deliveries(row.id),
    };
  }

  #deliveries(id: number): readonly DeliveryRecord[] {
    const rows = this.#store.db
      .prepare('SELECT channel, state, attempts, due_at AS dueAt, may_repeat AS mayRepeat, reason, done_at AS doneAt FROM notice_deliveries WHERE notice_id = ? ORDER BY id')
      .all(id) as (Omit<DeliveryRecord, 'dueAt' | 'doneAt' | 'mayRepeat'> & { readonly dueAt: number; readonly doneAt: number | null; readonly mayRepeat: number })[];
    return rows.map(({ dueAt, doneAt, mayRepeat, ...rest }) => ({ ...rest, dueAt: iso(dueAt), doneAt: doneAt === null ? null : iso(doneAt), mayRepeat: mayRepeat === 1 }));
  }
}
