import type { App } from 'electron';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';

/** The core gets this long to stop; after that the operating system takes what is left. */
const STOP_DEADLINE_MS = 5000;

export interface QuitDelegate {
  /** Whether quitting may go on: asks the person when work runs. */
  mayQuit(): Promise<boolean>;
  /** Stops the core and takes the tray away. */
  stop(): Promise<void>;
  /** Tells the person that the other end failed. */
  tellFailure(error: unknown): Promise<void>;
}

/** Ends the application in another way than quitting; a failure is told to `onFailure` and leads to quitting. */
export type LastStep = (onFailure: (error: unknown) => void) => Promise<void>;

interface QuitOptions {
  readonly app: Pick<App, 'on' | 'quit'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly delegate: QuitDelegate;
}

/** The way out: ask when work runs, stop the core within a deadline, then let Electron quit. Each step happens once. */
export class Quit {
  readonly #options: QuitOptions;
  #state: 'running' | 'asking' | 'stopping' | 'stopped' = 'running';
  #lastStep: LastStep | null = null;

  constructor(options: QuitOptions) {
    this.#options = options;
    options.app.on('before-quit', (event) => {
      if (this.#state === 'stopped') return;
      event.preventDefault();
      void this.#ask();
    });
  }

  /** True from the decision on: windows may close for good. */
  get decided(): boolean {
    return this.#state === 'stopping' || this.#state === 'stopped';
  }

  /** As quitting, question and all, with another end. */
  endWith(step: LastStep): void {
    if (this.#state !== 'running') return;
    this.#lastStep = step;
    this.#options.app.quit();
  }

  /** Quits without a question: the system shuts down, or a signal says so. */
  now(reason: string): void {
    if (this.decided) return;
    this.#lastStep = null;
    this.#options.log.info({ reason }, 'quitting without asking');
    void this.#stop();
  }

  async #ask(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'asking';
    let agreed = true;
    try {
      agreed = await this.#options.delegate.mayQuit();
    } catch (error) {
      this.#options.log.error({ err: error }, 'the question before quitting failed, so it counts as agreed');
    }
    // A shutdown may have come while the question stood there.
    if (this.#state !== 'asking') return;
    if (agreed) return this.#stop();
    this.#state = 'running';
    this.#lastStep = null;
    this.#options.log.info('quitting was cancelled');
  }

  async #stop(): Promise<void> {
    const { app, clock, delegate, log } = this.#options;
    this.#state = 'stopping';
    log.info('stopping');
    const deadline = Promise.withResolvers<'late'>();
    const timer = clock.setTimer(STOP_DEADLINE_MS, () => deadline.resolve('late'));
    try {
      const end = await Promise.race([delegate.stop(), deadline.promise]);
      if (end === 'late') log.error({ deadlineMs: STOP_DEADLINE_MS }, 'the core did not stop in time');
    } catch (error) {
      log.error({ err: error }, 'the core stopped with an error');
    }
    timer.cancel();
    this.#state = 'stopped';
    if (this.#lastStep === null) return app.quit();
    const failure = Promise.withResolvers<unknown>();
    void this.#lastStep(failure.resolve).catch(failure.resolve);
    // When it succeeds, nothing comes after it.
    await delegate.tellFailure(await failure.promise);
    app.quit();
  }
}
