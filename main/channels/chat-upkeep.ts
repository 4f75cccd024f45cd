import type { Guard } from '../access/guard.ts';
import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Store } from '../store/store.ts';
import type { ChatMessages } from './chat-messages.ts';
import type { ServedGroups } from './ports.ts';

/** Null: no limit. */
export interface ChatRetention {
  readonly days: number | null;
  readonly messages: number | null;
}

export interface ChatUpkeepParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Pick<Guard, 'state'>;
  readonly groups: Pick<ServedGroups, 'all'>;
  readonly messages: Pick<ChatMessages, 'cursor'>;
  /** The chats in which an agent works: what it was given may yet go back before the cursor. */
  readonly workingIn: () => readonly string[];
  readonly retention: ChatRetention;
  readonly report: (what: string, error: unknown) => void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** By then the runs that a crash interrupted have given back what they had. */
const FIRST_AFTER_MS = 5 * MINUTE_MS;
/** Rows per transaction: other writers wait for a few milliseconds at most. */
const AT_ONCE = 500;

/** Removes what was said long ago, with what was sent of it. What no run was given yet or is not sent yet stays. */
export class ChatUpkeep {
  readonly #parts: ChatUpkeepParts;
  readonly #timer: DueTimer;

  constructor(parts: ChatUpkeepParts) {
    this.#parts = parts;
    this.#timer = new DueTimer(parts.clock, () => this.#check());
  }

  /** Does it for the first time after some minutes, then once an hour. Never throws. */
  start(): void {
    this.#timer.arm(this.#parts.clock.now() + FIRST_AFTER_MS);
  }

  stop(): void {
    this.#timer.stop();
  }

  #check(): void {
    const { clock, guard, report } = this.#parts;
    try {
      if (guard.state() === 'NORMAL') this.#forget();
    } catch (error) {
      report('old chat messages could not be removed; it is tried again in an hour', error);
    }
    this.#timer.arm(clock.now() + HOUR_MS);
  }

  #forget(): void {
    const { store, clock, retention } = this.#parts;
    const before = retention.days === null ? Number.MIN_SAFE_INTEGER : clock.now() - retention.days * DAY_MS;
    const old = store.db
      .prepare(
        `SELECT m.id FROM chat_messages m
         WHERE (m.sent_at < @before OR m.id <= (SELECT seq FROM sqlite_sequence WHERE name = 'chat_messages') - @most)
           AND m.ready = 1
           AND (m.past = 1 OR m.id <= coalesce((SELECT value FROM json_each(@cursors) WHERE key = m.jid), m.id))
           AND NOT EXISTS (SELECT 1 FROM outbound WHERE message_id = m.id AND state IN ('waiting','sending'))
         ORDER BY m.id LIMIT ${AT_ONCE}`,
      )
      .pluck();
    const limits = { before, most: retention.messages ?? Number.MAX_SAFE_INTEGER, cursors: JSON.stringify(this.#cursors()) };
    for (let ids = old.all(limits) as number[]; ids.length > 0; ids = old.all(limits) as number[]) {
      store.transact((tx) => {
        // What was sent of a message goes with it.
        store.db.prepare('DELETE FROM chat_messages WHERE id IN (SELECT value FROM json_each(?))').run(JSON.stringify(ids));
        tx.event({ kind: 'chat', action: 'pruned', text: `Removed ${ids.length} old messages of chats`, data: { messages: ids.length } });
      });
    }
    // Such as tests of a channel, and what an agent sent to a chat that is not served.
    const alone = "message_id IS NULL AND state NOT IN ('waiting','sending') AND ended_at < ?";
    if (store.db.prepare(`SELECT 1 FROM outbound WHERE ${alone} LIMIT 1`).get(before) === undefined) return;
    store.transact((tx) => {
      const { changes } = store.db.prepare(`DELETE FROM outbound WHERE ${alone}`).run(before);
      tx.event({ kind: 'chat', action: 'pruned', text: `Removed ${changes} old messages of chats`, data: { messages: changes } });
    });
  }

  /** How far each served chat may be cut, by its address. Chats without a group have no cursor that could need them. */
  #cursors(): Readonly<Record<string, number>> {
    const { groups, messages, workingIn } = this.#parts;
    const working = new Set(workingIn());
    return Object.fromEntries(groups.all().map(({ id, jid }) => [jid, working.has(jid) ? 0 : messages.cursor(id)]));
  }
}
