import type { Unsubscribe } from '../../base/emitter.ts';
import type { HeadlessCore } from '../headless.ts';
import { localTime, oneLine } from '../text.ts';

const PAGE = 500;

/** Tells what happens to who watches the terminal instead of the windows: every line of the log once, in order. */
export class Narrator {
  readonly #core: HeadlessCore;
  readonly #say: (line: string) => void;
  readonly #unsubscribe: Unsubscribe;
  #cursor = 0;
  #telling: Promise<void> = Promise.resolve();

  /** Begins at once. */
  constructor(core: HeadlessCore, say: (line: string) => void) {
    this.#core = core;
    this.#say = say;
    this.#unsubscribe = core.live.subscribe(() => {
      this.#telling = this.#telling.then(() => this.#tell());
    });
  }

  /** Tells what was not told yet and ends; safe to call twice. */
  async tellRest(): Promise<void> {
    this.#unsubscribe();
    await this.#telling;
    await this.#tell();
  }

  async #tell(): Promise<void> {
    for (;;) {
      const { events, cursor, has_more } = await this.#core.call('log.read', { after_id: this.#cursor, limit: PAGE });
      // That a message was fetched goes without saying.
      for (const { ts, kind, action, text } of events) {
        if (kind !== 'message' || (action !== 'delivered' && action !== 'read')) this.#say(`${localTime(ts).slice(11)}  ${oneLine(text)}`);
      }
      this.#cursor = cursor;
      if (!has_more) return;
    }
  }
}
