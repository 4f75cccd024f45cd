import type { Clock, Timer } from '../base/clock.ts';
import type { Store } from '../store/store.ts';

export interface SessionUseParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly report: (what: string, error: unknown) => void;
}

/** A request must not pay for a write to disk, so uses are written together. */
const WRITTEN_EVERY_MS = 60_000;
const CLIENT_LENGTH = 120;

/** Remembers when each session was last used and by which client. */
export class SessionUse {
  readonly #parts: SessionUseParts;
  readonly #used = new Map<string, { readonly at: number; readonly client: string | null }>();
  #timer: Timer | null = null;

  constructor(parts: SessionUseParts) {
    this.#parts = parts;
  }

  /** `client` is what it calls itself (the User-Agent header); null when it says nothing. */
  used(sessionId: string, client: string | null): void {
    const { clock } = this.#parts;
    this.#used.set(sessionId, { at: clock.now(), client });
    this.#timer ??= clock.setTimer(WRITTEN_EVERY_MS, () => this.#write());
  }

  /** Writes what is left. */
  stop(): void {
    this.#timer?.cancel();
    if (this.#used.size > 0) this.#write();
  }

  #write(): void {
    this.#timer = null;
    const uses = [...this.#used];
    this.#used.clear();
    const { store, report } = this.#parts;
    try {
      store.transact(() => {
        const put = store.db.prepare('UPDATE sessions SET last_used_at = ?, last_client = COALESCE(?, last_client) WHERE id = ?');
        for (const [id, { at, client }] of uses) put.run(at, client === null ? null : printable(client), id);
      });
    } catch (error) {
      // Only the time of a sign of life is lost, and the next one brings it back.
      report('the last use of sessions could not be written', error);
    }
  }
}

/** A header from outside as one bounded line. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ').trim().slice(0, CLIENT_LENGTH);
}
