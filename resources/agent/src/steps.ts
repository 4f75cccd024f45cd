import { LiveText, visible } from './live-text.ts';
import type { SdkMessage } from './sdk.ts';

/** What the agent says, as it says it, and the names of the tools that it calls, for who watches. What is internal stays so. */
export class Steps {
  readonly #show: (step: string) => void;
  readonly #now: () => number;
  /** The texts of the message that comes just now, which are told as a whole afterwards. */
  #coming: LiveText[] = [];

  /** `now` in ms. */
  constructor(show: (step: string) => void, now: () => number) {
    this.#show = show;
    this.#now = now;
  }

  take({ type, message, event, parent_tool_use_id: by }: SdkMessage): void {
    // What a helper of the agent says is told as a whole.
    if (type === 'stream_event' && typeof by !== 'string') this.#piece(event);
    if (type !== 'assistant' || typeof message !== 'object' || typeof message.content === 'string') return;
    for (const block of message.content) {
      if (block.type === 'tool_use') this.#show(`[${String(block.name)}]`);
      if (block.type === 'text') this.#tell(this.#rest(String(block.text), typeof by !== 'string'));
    }
  }

  #piece(event: SdkMessage['event']): void {
    if (event?.type === 'message_start') this.#coming = [];
    if (event?.type === 'content_block_start' && event.content_block?.type === 'text') this.#coming.push(new LiveText());
    if (event?.type !== 'content_block_delta') return;
    const { type, text } = event.delta as { readonly type?: unknown; readonly text?: unknown };
    if (type === 'text_delta') this.#tell(this.#coming.at(-1)?.push(String(text), this.#now()) ?? '');
  }

  #rest(whole: string, own: boolean): string {
    const at = own ? this.#coming.findIndex((text) => text.begins(whole)) : -1;
    if (at < 0) return visible(whole).trim();
    const [text] = this.#coming.splice(at, 1);
    return text!.rest(whole);
  }

  #tell(text: string): void {
    if (text !== '') this.#show(text);
  }
}
