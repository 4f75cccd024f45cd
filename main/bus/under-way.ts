/** Knows the calls that are under way, so that a stop refuses new ones and waits for the others. */
export class UnderWay {
  #calls = 0;
  #refuse: (() => Error) | null = null;
  #onIdle: () => void = () => {};

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#refuse !== null) throw this.#refuse();
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#calls -= 1;
      if (this.#calls === 0) this.#onIdle();
    }
  }

  /** Further calls throw what `refuse` gives. */
  close(refuse: () => Error): void {
    this.#refuse = refuse;
  }

  async idle(): Promise<void> {
    if (this.#calls > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }
}
