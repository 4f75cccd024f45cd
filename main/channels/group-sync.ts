import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Chats } from './chats.ts';

export interface GroupSyncParts {
  readonly chats: Chats;
  readonly clock: Clock;
  /** Reads the names of all groups and notes that it did. */
  readonly sync: () => Promise<unknown>;
  readonly report: (what: string, error: unknown) => void;
}

const EVERY_MS = 24 * 3_600_000;
/** After one that failed. */
const AGAIN_MS = 600_000;

/** Reads the names of the WhatsApp groups when it connects and then every 24 hours, and not sooner (WA-02). */
export class GroupSync {
  readonly #parts: GroupSyncParts;
  readonly #timer: DueTimer;
  #connected = false;

  constructor(parts: GroupSyncParts) {
    this.#parts = parts;
    this.#timer = new DueTimer(parts.clock, () => void this.#run());
  }

  /** Never throws. */
  connected(connected: boolean): void {
    this.#connected = connected;
    if (!connected) this.#timer.stop();
    else this.#arm();
  }

  stop(): void {
    this.connected(false);
  }

  #arm(): void {
    const last = this.#parts.chats.groupsSyncedAt();
    this.#timer.arm(last === null ? this.#parts.clock.now() : last + EVERY_MS);
  }

  async #run(): Promise<void> {
    if (!this.#connected) return;
    try {
      await this.#parts.sync();
      if (this.#connected) this.#arm();
    } catch (error) {
      this.#parts.report('reading the names of the WhatsApp groups', error);
      if (this.#connected) this.#timer.arm(this.#parts.clock.now() + AGAIN_MS);
    }
  }
}
