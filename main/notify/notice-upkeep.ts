import type { Clock } from '../base/clock.ts';
import type { Store } from '../store/store.ts';
import type { NoticeHistory } from './history.ts';

export interface NoticeUpkeepParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly history: NoticeHistory;
  /** Null: for ever. */
  readonly keepDays: number | null;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const AT_ONCE = 1000;

/** Forgets what is old: notices by the setting, and when messages left as soon as no limit looks back that far. */
export class NoticeUpkeep {
  readonly #parts: NoticeUpkeepParts;
  #nextAt = -Infinity;

  constructor(parts: NoticeUpkeepParts) {
    this.#parts = parts;
  }

  /** Does it at the first call and then once an hour; any other call costs nothing. */
  check(): void {
    const now = this.#parts.clock.now();
    if (now < this.#nextAt) return;
    this.#nextAt = now + HOUR_MS;
    this.#forget(now);
  }

  #forget(now: number): void {
    const { store, history, keepDays } = this.#parts;
    const oldSend = store.db.prepare('SELECT 1 FROM notice_sends WHERE at < ? LIMIT 1').get(now - HOUR_MS);
    if (oldSend !== undefined) store.transact(() => void store.db.prepare('DELETE FROM notice_sends WHERE at < ?').run(now - HOUR_MS));
    if (keepDays === null) return;
    const before = now - keepDays * DAY_MS;
    for (;;) {
      const due = store.db.prepare("SELECT 1 FROM notices WHERE created_at < ? AND state IN ('delivered','suppressed','failed') LIMIT 1").get(before);
      if (due === undefined) return;
      store.transact((tx) => {
        const count = history.forget(before, AT_ONCE);
        tx.event({ kind: 'notification', action: 'forgotten', text: `${count} notices from more than ${keepDays} days ago were forgotten`, data: { count } });
      });
    }
  }
}
