import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import type { ImportProgress, ImportReport, ImportState } from '../server/cli-calls.ts';

/** What a job gives to the work. */
export interface ImportOptions {
  /** Says what would be done, and changes nothing. */
  readonly dryRun: boolean;
  /** Once it is aborted the work ends after the step it is at; what it did stays. */
  readonly signal: AbortSignal;
  readonly tell: (progress: ImportProgress) => void;
}

interface Job {
  readonly stop: AbortController;
  readonly ended: Promise<ImportReport>;
  progress: ImportProgress | null;
}

/** For how long a question waits for the end before it is answered with how far the work is. */
const WAIT_MS = 1000;

/** One import at a time, beside everything else that the core does; who began it asks how far it is. */
export class ImportJob {
  readonly #clock: Clock;
  readonly #work: (dir: string, options: ImportOptions) => Promise<ImportReport>;
  #job: Job | null = null;
  #over = true;

  constructor(clock: Clock, work: (dir: string, options: ImportOptions) => Promise<ImportReport>) {
    this.#clock = clock;
    this.#work = work;
  }

  /** Throws CONFLICT while another one is under way. What is wrong with `dir` is told by {@link wait}. */
  begin(dir: string, dryRun: boolean): void {
    if (!this.#over) throw new AppError('CONFLICT', 'An import is under way already. Wait for its end, or stop the command that began it with Ctrl-C.');
    const stop = new AbortController();
    const job: Job = { stop, progress: null, ended: this.#work(dir, { dryRun, signal: stop.signal, tell: (progress) => (job.progress = progress) }) };
    this.#over = false;
    this.#job = job;
    // Whoever asks hears of a failure; nobody may be asking any more.
    job.ended.catch(() => undefined).finally(() => (this.#over = true));
  }

  /** Resolves when it ended, or after a second with how far it is. Rejects with what went wrong, and with NOT_FOUND when none was begun. */
  async wait(): Promise<ImportState> {
    const job = this.#job;
    if (job === null) throw new AppError('NOT_FOUND', 'No import was begun.');
    let timer = { cancel: (): void => undefined };
    const later = new Promise<null>((resolve) => (timer = this.#clock.setTimer(WAIT_MS, () => resolve(null))));
    try {
      const report = await Promise.race([job.ended, later]);
      return { report, progress: job.progress };
    } finally {
      timer.cancel();
    }
  }

  /** Resolves when nothing is under way any more. Never rejects. */
  async stop(): Promise<void> {
    this.#job?.stop.abort();
    await this.#job?.ended.catch(() => undefined);
  }
}
