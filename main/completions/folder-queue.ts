/** More names than this are looked at sooner by reading the whole folder. */
const MOST_NAMES = 1000;

/** What is asked of a folder: names in it, or everything (null). */
export type Asked = ReadonlySet<string> | null;

/** Lets one look at a folder follow another; what is asked for while one runs is joined into the next. */
export class FolderQueue {
  readonly #look: (asked: Asked) => Promise<void>;
  #tail: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;
  #names = new Set<string>();
  #everything = false;
  #stopped = false;

  /** `look` may reject; who asked for it hears that. */
  constructor(look: (asked: Asked) => Promise<void>) {
    this.#look = look;
  }

  /** Resolves when a look that began after the call is over; rejects with what it failed with. */
  async ask(names: Iterable<string> | null): Promise<void> {
    if (names === null) this.#everything = true;
    else for (const name of names) this.#names.add(name);
    this.#next ??= this.run(async () => {
      this.#next = null;
      const asked = this.#everything || this.#names.size > MOST_NAMES ? null : this.#names;
      this.#names = new Set();
      this.#everything = false;
      await this.#look(asked);
    });
    return this.#next;
  }

  /** Something else that must not happen during a look. */
  async run(work: () => Promise<void>): Promise<void> {
    const earlier = this.#tail;
    const step = async (): Promise<void> => {
      await earlier;
      if (!this.#stopped) await work();
    };
    const running = step();
    this.#tail = running.catch(() => undefined);
    return running;
  }

  /** Resolves when the look that runs is over; none begins afterwards. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#tail;
  }
}
