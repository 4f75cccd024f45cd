import type { UserMessage } from './sdk.ts';

/** What is said to a live conversation. An iteration hands out everything from the first text on and waits for the next one. */
export class MessageStream implements AsyncIterable<UserMessage> {
  readonly #texts: string[] = [];
  #ended = false;
  #iteration = 0;
  #wake: (() => void) | null = null;

  push(text: string): void {
    this.#texts.push(text);
    this.#wake?.();
  }

  /** What was pushed is still handed out; after it the iteration ends. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** A new iteration ends the one before it. */
  async *[Symbol.asyncIterator](): AsyncGenerator<UserMessage> {
    const mine = (this.#iteration += 1);
    this.#wake?.();
    for (let next = 0; ; ) {
      if (mine !== this.#iteration) return;
      const text = this.#texts[next];
      if (text !== undefined) {
        next += 1;
        yield { type: 'user', message: { role: 'user', content: text }, parent_tool_use_id: null };
      } else if (this.#ended) {
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }
}
