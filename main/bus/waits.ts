import type { Clock, Timer } from '../base/clock.ts';
import type { LogEvent } from './types.ts';

export interface WaitOptions {
  readonly sessionId: string;
  readonly waitMs: number;
  readonly matches: (event: LogEvent) => boolean;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal | undefined;
}

/** One call that waits for lines of the activity log. Events are kept from the moment it was opened. */
export interface Wait {
  /** The next matching event, or null at the deadline. Throws what the wait was ended with. */
  next(): Promise<LogEvent | null>;
  /** Must be called once, whatever happened. */
  close(): void;
}

class OpenWait implements Wait {
  readonly options: WaitOptions;
  readonly #timer: Timer;
  readonly #onClose: (wait: OpenWait) => void;
  readonly #events: LogEvent[] = [];
  #over: { readonly error: unknown } | 'deadline' | null = null;
  #wake: () => void = () => {};

  constructor(clock: Clock, options: WaitOptions, onClose: (wait: OpenWait) => void) {
    this.options = options;
    this.#onClose = onClose;
    this.#timer = clock.setTimer(options.waitMs, () => this.#finish('deadline'));
    options.signal?.addEventListener('abort', this.#abort);
    if (options.signal?.aborted) this.#abort();
  }

  async next(): Promise<LogEvent | null> {
    for (;;) {
      if (this.#over !== null && this.#over !== 'deadline') throw this.#over.error;
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (this.#over === 'deadline') return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#timer.cancel();
    this.options.signal?.removeEventListener('abort', this.#abort);
    this.#onClose(this);
  }

  deliver(event: LogEvent): void {
    if (!this.options.matches(event)) return;
    this.#events.push(event);
    this.#wake();
  }

  end(error: unknown): void {
    this.#finish({ error });
  }

  readonly #abort = (): void => this.end(this.options.signal!.reason);

  #finish(how: { readonly error: unknown } | 'deadline'): void {
    if (this.#over === null || this.#over === 'deadline') this.#over = how;
    this.#wake();
  }
}

/** All waiting calls of one bus. Nothing polls: they are woken by commits, by their deadline or by being ended. */
export class Waits {
  readonly #clock: Clock;
  readonly #open = new Set<OpenWait>();
  #ended: { readonly error: unknown } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(options: WaitOptions): Wait {
    const wait = new OpenWait(this.#clock, options, (closed) => void this.#open.delete(closed));
    this.#open.add(wait);
    if (this.#ended !== null) wait.end(this.#ended.error);
    return wait;
  }

  deliver(events: readonly LogEvent[]): void {
    for (const wait of this.#open) for (const event of events) wait.deliver(event);
  }

  endSession(sessionId: string, error: unknown): void {
    for (const wait of this.#open) if (wait.options.sessionId === sessionId) wait.end(error);
  }

  /** Ends every wait there is now; later ones are not concerned. */
  endOpen(error: unknown): void {
    for (const wait of this.#open) wait.end(error);
  }

  /** Ends every wait, and those that calls under way are about to open. */
  endAll(error: unknown): void {
    this.#ended = { error };
    for (const wait of this.#open) wait.end(error);
  }
}
