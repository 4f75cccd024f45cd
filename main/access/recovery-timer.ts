import type { Clock, Timer } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import type { KillSwitchRecords } from './kill-switch-records.ts';
import type { RecoveryRecord } from './kill-switch-state.ts';
import { eligibleAt, elapsedMs, readClock, readingOf, type Reading } from './recovery-clock.ts';

export interface RecoveryTimerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly records: KillSwitchRecords;
  readonly report: (what: string, error: unknown) => void;
}

/** How often what is left of a wait is written down: so much of it can be lost when the machine is switched off. */
const CHECKPOINT_MS = 60_000;

interface Anchor {
  readonly id: string;
  readonly leftMs: number;
  readonly reading: Reading;
}

/** Measures the wait of a recovery: against a monotonic anchor while running, from the last checkpoint after a restart. */
export class RecoveryTimer {
  readonly #parts: RecoveryTimerParts;
  #anchor: Anchor | null = null;
  #timer: Timer | null = null;

  constructor(parts: RecoveryTimerParts) {
    this.#parts = parts;
  }

  /** What is left of the wait in ms; 0 when it is over. */
  leftMs(recovery: RecoveryRecord): number {
    const now = readClock(this.#parts.clock);
    const anchor = this.#anchorFor(recovery, now);
    return Math.max(0, anchor.leftMs - elapsedMs(anchor.reading, now));
  }

  /** Drops the anchor here and now, and writes checkpoints while a recovery is under way. To be called when one starts or ends. */
  watch(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const { recovery } = this.#parts.records.read();
    if (recovery === null) return;
    this.leftMs(recovery);
    this.#timer = this.#parts.clock.setTimer(CHECKPOINT_MS, () => {
      this.#tryCheckpoint();
      this.watch();
    });
  }

  /** Writes a last checkpoint, so that an orderly stop loses nothing. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#tryCheckpoint();
  }

  #tryCheckpoint(): void {
    try {
      if (this.#parts.records.read().recovery !== null) this.#parts.store.transact((tx) => this.#checkpoint(tx));
    } catch (error) {
      this.#parts.report('how much of the recovery is left could not be written', error);
    }
  }

  #checkpoint(tx: Tx): void {
    const { records, clock } = this.#parts;
    const record = records.read();
    const { recovery } = record;
    if (recovery === null) return;
    const leftMs = this.leftMs(recovery);
    const reading = readClock(clock);
    this.#anchor = { id: recovery.id, leftMs, reading };
    const checkpoint = { leftMs: Math.ceil(leftMs), wall: reading.wall, sinceBoot: reading.sinceBoot };
    records.write(tx, { ...record, recovery: { ...recovery, checkpoint, eligibleAt: eligibleAt(recovery.eligibleAt, tx.now, leftMs) } });
  }

  #anchorFor({ id, checkpoint }: RecoveryRecord, now: Reading): Anchor {
    if (this.#anchor?.id !== id) {
      this.#anchor = { id, leftMs: checkpoint.leftMs - elapsedMs(readingOf(checkpoint), now), reading: now };
    }
    return this.#anchor;
  }
}
