import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Store } from '../store/store.ts';
import { restMs } from './backoff.ts';
import type { ChannelRecords } from './channel-records.ts';
import type { Transport } from './transports/transport.ts';

export interface ChannelHealthParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly records: ChannelRecords;
  /** The channels that are set up now. */
  readonly transports: () => readonly Transport[];
  readonly everyMs: number;
  readonly random: () => number;
  readonly report: (what: string, error: unknown) => void;
}

/**
 * Asks every channel from time to time whether it would work, so that a wrong token is known before something important is
 * to be told. Three failures in a row are told on another channel (waiaas.md §7.3).
 */
export class ChannelHealth {
  readonly #parts: ChannelHealthParts;
  readonly #timer: DueTimer;
  #work: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: ChannelHealthParts) {
    this.#parts = parts;
    this.#timer = new DueTimer(parts.clock, () => void this.check());
  }

  /** Asks all of them once; resolves when all have answered, or not in time. Never rejects. */
  async check(): Promise<void> {
    if (this.#stopped) return;
    const { clock, everyMs } = this.#parts;
    // The desktop is asked with every notice, and asking it costs nothing; the person without a session there is no trouble.
    const asked = this.#parts.transports().filter(({ channel }) => channel !== 'desktop');
    if (asked.length === 0) return;
    this.#timer.arm(clock.now() + everyMs);
    this.#work = Promise.all(asked.map(async (transport) => this.#check(transport))).then(() => undefined);
    await this.#work;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer.stop();
    await this.#work;
  }

  async #check(transport: Transport): Promise<void> {
    const { store, records, random, report } = this.#parts;
    try {
      const outcome = await transport.check();
      store.transact((tx) => {
        if (outcome.kind === 'sent') return records.noteOk(tx, transport.channel, true);
        if (outcome.kind === 'throttled') return records.noteSilence(transport.channel, tx.now + outcome.retryAfterMs);
        records.noteFailure(tx, transport.channel, {
          reason: outcome.reason,
          final: outcome.kind === 'unusable',
          checked: true,
          restMs: (failures) => restMs(failures, random()),
        });
      });
    } catch (error) {
      report(`the channel ${transport.channel} could not be checked`, error);
    }
  }
}
