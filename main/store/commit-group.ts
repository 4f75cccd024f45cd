import type { Store } from './store.ts';

/** Bounds how long other processes wait for the file (DESIGN §5: no long transactions). */
const MAX_CHANGES = 64;

interface Waiting {
  /** Runs the change and returns what settles its promise once the commit is done. */
  readonly attempt: () => () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Commits changes that are asked for at the same time together. A flush to disk costs more than the change itself, and
 * clients that call at the same time can share it: each still hears of success only after it is on disk. A group waits
 * for no timer: it is committed after the first turn of the event loop that brings no further change.
 */
export class CommitGroup {
  readonly #store: Store;
  #waiting: Waiting[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** Runs `change`, which may call `store.transact`, in the order of asking. Rejects with what it throws. */
  run<T>(change: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const attempt = (): (() => void) => {
        try {
          const answer = change();
          return () => resolve(answer);
        } catch (error) {
          return () => reject(error);
        }
      };
      this.#waiting.push({ attempt, fail: reject });
      if (this.#waiting.length === 1) this.#gather();
    });
  }

  #gather(): void {
    const known = this.#waiting.length;
    setImmediate(() => {
      if (this.#waiting.length > known && this.#waiting.length < MAX_CHANGES) this.#gather();
      else this.#commit();
    });
  }

  #commit(): void {
    const group = this.#waiting.splice(0, MAX_CHANGES);
    if (this.#waiting.length > 0) this.#gather();
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0) {
      // Nobody to share with: a transaction of its own is cheaper than a savepoint inside one.
      only.attempt()();
      return;
    }
    const settle: (() => void)[] = [];
    try {
      this.#store.batch(() => {
        for (const { attempt } of group) settle.push(attempt());
      });
    } catch (error) {
      for (const { fail } of group) fail(error);
      return;
    }
    for (const done of settle) done();
  }
}
