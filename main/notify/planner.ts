import { iso } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import type { ChannelRecords } from './channel-records.ts';
import type { StoredNotice } from './draft.ts';
import { quietUntil } from './quiet-hours.ts';
import { NOTICE_TABLE } from './notice-table.ts';
import { planRoute, type Plan } from './routing.ts';
import type { NotifyRules } from './rules.ts';
import type { Transport } from './transports/transport.ts';
import type { NoticeChannel, NoticeType } from './types.ts';

const HOUR_MS = 3_600_000;
/** Many at once share a transaction, but not one that keeps others waiting. */
const PER_TRANSACTION = 500;

interface Row {
  readonly id: number;
  readonly type: NoticeType;
  readonly context: string;
  readonly createdAt: number;
}

export interface PlannerParts {
  readonly store: Store;
  readonly records: ChannelRecords;
  /** The channels that are set up now. */
  readonly transports: () => readonly Transport[];
  readonly rules: () => NotifyRules;
  /** Leaves notices to another process when there is no channel here, as a command without the core does. */
  readonly leaveWithoutChannel: boolean;
}

/** Decides for every new notice who is told and when, and opens its deliveries. */
export class Planner {
  readonly #parts: PlannerParts;

  constructor(parts: PlannerParts) {
    this.#parts = parts;
  }

  planNew(): void {
    const { store, transports, leaveWithoutChannel } = this.#parts;
    if (leaveWithoutChannel && transports().every((transport) => transport.unavailable() !== null)) return;
    const select = store.db.prepare("SELECT id, type, context, created_at AS createdAt FROM notices WHERE state = 'new' ORDER BY id LIMIT ?");
    while (select.get(1) !== undefined) {
      store.transact((tx) => {
        // Read again inside: another process may have been faster.
        for (const row of select.all(PER_TRANSACTION) as Row[]) this.#plan(tx, row);
      });
    }
  }

  #plan(tx: Tx, { id, type, context, createdAt }: Row): void {
    const notice: StoredNotice = { id, type, context: JSON.parse(context) as StoredNotice['context'], createdAt: iso(createdAt) };
    const plan = planRoute(notice, this.#facts(tx.now, type));
    if (plan.kind === 'suppress') this.#suppress(tx, id, type, plan);
    else this.#open(tx, id, plan);
  }

  #suppress(tx: Tx, id: number, type: NoticeType, { reason }: Extract<Plan, { kind: 'suppress' }>): void {
    this.#parts.store.db.prepare("UPDATE notices SET state = 'suppressed', reason = ? WHERE id = ?").run(reason, id);
    tx.event({ kind: 'notification', action: 'suppressed', subject: `notice:${id}`, text: `Nobody was told of ${type}: ${WHY[reason]}`, data: { ids: [id], notice: type, reason } });
  }

  #open(tx: Tx, id: number, { route, first, dueAt, held }: Extract<Plan, { kind: 'send' }>): void {
    const { db } = this.#parts.store;
    db.prepare("UPDATE notices SET state = 'waiting', reason = ?, route = ? WHERE id = ?").run(held, JSON.stringify(route), id);
    for (const channel of first) openDelivery(this.#parts.store, id, channel, dueAt);
    if (held !== null) tx.event({ kind: 'notification', action: 'held', subject: `notice:${id}`, text: `A notice is held back until ${iso(dueAt)}: ${WHY[held]}`, data: { ids: [id], reason: held } });
  }

  #facts(now: number, type: NoticeType): Parameters<typeof planRoute>[1] {
    const { store, transports, records, rules } = this.#parts;
    const { quietHours, escalateTo, maxPerHour, priority } = rules();
    const place = (channel: NoticeChannel): number => (priority.includes(channel) ? priority.indexOf(channel) : priority.length);
    const usable = transports()
      .filter((transport) => transport.unavailable() === null)
      .sort((a, b) => place(a.channel) - place(b.channel));
    const muted = store.db.prepare('SELECT channel FROM notice_mutes WHERE type = ?').pluck().all(type) as NoticeChannel[];
    // Counting is not for free, and only what can be too much is counted.
    const told = !NOTICE_TABLE[type].throttled
      ? 0
      : (store.db
          .prepare("SELECT COUNT(*) FROM notices WHERE type = ? AND created_at > ? AND state IN ('waiting','delivered')")
          .pluck()
          .get(type, now - HOUR_MS) as number);
    return {
      now,
      usable: usable.map(({ channel }) => ({ channel, blockedUntil: records.get(channel).blockedUntil })),
      muted: new Set(muted),
      escalateTo,
      quietUntil: quietUntil(quietHours, now),
      toldLastHour: told,
      maxPerHour,
    };
  }
}

/** A channel is to carry a notice from `dueAt` on. */
export function openDelivery(store: Store, noticeId: number, channel: NoticeChannel, dueAt: number): void {
  store.db.prepare("INSERT OR IGNORE INTO notice_deliveries (notice_id, channel, state, queued_at, due_at) VALUES (?,?,'pending',?,?)").run(noticeId, channel, dueAt, dueAt);
}

const WHY = {
  no_channel: 'no channel is set up',
  muted: 'it is switched off for every channel',
  throttled: 'there were too many of its kind within an hour',
  quiet_hours: 'quiet hours',
} as const;
