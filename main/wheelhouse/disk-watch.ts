import { statfsSync } from 'node:fs';
import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { Store } from '../store/store.ts';

export interface DiskWatchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly notifications: Pick<Notifications, 'enqueue'>;
  readonly dataDir: string;
  /** How many bytes are free where the data is; for tests. */
  readonly freeBytes?: (path: string) => number;
  readonly report: (what: string, error: unknown) => void;
}

const MIB = 1024 * 1024;
/** Below it `wheelhouse doctor` warns too. */
const LOW_MIB = 500;
const EVERY_MS = 3_600_000;

/** Tells when the disk is nearly full, while there is still room to write that down. Looks at the start and once an hour. */
export class DiskWatch {
  readonly #parts: DiskWatchParts;
  readonly #timer: DueTimer;

  constructor(parts: DiskWatchParts) {
    this.#parts = parts;
    this.#timer = new DueTimer(parts.clock, () => this.check());
  }

  /** Never throws. */
  check(): void {
    const { store, clock, notifications, dataDir, freeBytes = bytesFree, report } = this.#parts;
    this.#timer.arm(clock.now() + EVERY_MS);
    try {
      const freeMiB = Math.floor(freeBytes(dataDir) / MIB);
      if (freeMiB < LOW_MIB) store.transact((tx) => notifications.enqueue(tx, { type: 'DISK_LOW', context: { path: dataDir, freeMiB }, dedupeKey: dataDir }));
    } catch (error) {
      report('the free space of the disk could not be looked at', error);
    }
  }

  stop(): void {
    this.#timer.stop();
  }
}

function bytesFree(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
