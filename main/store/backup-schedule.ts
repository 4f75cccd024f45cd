import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Log } from '../base/log.ts';
import { backup, listBackups, pruneBackups } from './backup.ts';
import type { Store } from './store.ts';

export interface BackupScheduleOptions {
  readonly store: Store;
  readonly dir: string;
  /** 0: none are made. */
  readonly everyHours: number;
  readonly kept: number;
  readonly clock: Clock;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
/** A backup that is due at start waits until the start is over. */
const AFTER_START_MS = 60_000;
const RETRY_MS = HOUR_MS;

/** Makes backups at their time. The last one's file says when the next is due, so a restart changes nothing. */
export class BackupSchedule {
  readonly #options: BackupScheduleOptions;
  readonly #timer: DueTimer;

  constructor(options: BackupScheduleOptions) {
    this.#options = options;
    this.#timer = new DueTimer(options.clock, () => this.#run());
  }

  start(): void {
    if (this.#options.everyHours === 0) return;
    this.#timer.arm(Math.max(this.#dueAt(), this.#options.clock.now() + AFTER_START_MS));
  }

  stop(): void {
    this.#timer.stop();
  }

  /** A backup from the future (the clock was set back) counts as made now, so that it cannot put off the next one for long. */
  #dueAt(): number {
    const now = this.#options.clock.now();
    const last = listBackups(this.#options.dir)[0];
    return last ? Math.min(last.takenAt, now) + this.#options.everyHours * HOUR_MS : now;
  }

  #run(): void {
    const { store, dir, kept, clock, log } = this.#options;
    try {
      const file = backup(store, dir, clock);
      const removed = pruneBackups(dir, kept);
      log.info({ file, removed: removed.length }, 'backup made');
      this.#timer.arm(this.#dueAt());
    } catch (error) {
      log.error({ err: error, againInMs: RETRY_MS }, 'the scheduled backup failed');
      this.#timer.arm(clock.now() + RETRY_MS);
    }
  }
}
