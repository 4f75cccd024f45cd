import type { Clock, Timer } from '../../base/clock.ts';

/** Far inside the 50 ms in which a subscriber is to hear of a post (DESIGN §18). */
const QUIET_MS = 20;

/**
 * Tells subscribers which resource changed: the first change at once, those of the next {@link QUIET_MS} as one more
 * notice at its end, so that a burst costs fifty notices a second at most and the last change is never missed.
 */
export class UpdateFeed {
  readonly #clock: Clock;
  readonly #publish: (uri: string) => void;
  /** Resources told of lately: whether they changed again since. */
  readonly #recent = new Map<string, { changed: boolean; timer: Timer }>();

  constructor(clock: Clock, publish: (uri: string) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  changed(uri: string): void {
    const recent = this.#recent.get(uri);
    if (recent !== undefined) {
      recent.changed = true;
      return;
    }
    this.#recent.set(uri, { changed: false, timer: this.#clock.setTimer(QUIET_MS, () => this.#quiet(uri)) });
    this.#publish(uri);
  }

  stop(): void {
    for (const { timer } of this.#recent.values()) timer.cancel();
    this.#recent.clear();
  }

  #quiet(uri: string): void {
    const { changed } = this.#recent.get(uri)!;
    this.#recent.delete(uri);
    if (changed) this.changed(uri);
  }
}
