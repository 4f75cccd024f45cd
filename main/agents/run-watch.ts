import type { Clock } from '../base/clock.ts';
import { Emitter, type Unsubscribe } from '../base/emitter.ts';
import type { RunChunk } from './types.ts';

export interface WatchedChunk {
  readonly runId: string;
  readonly chunk: RunChunk;
}

/** How much of each live run is kept for who looks later, in characters. */
const KEPT = 64 * 1024;
const LONGEST_CHUNK = 16 * 1024;

/** What live runs print, for eyes that watch: kept only while a run lives, and of a flood only the end. The run log has the rest. */
export class RunWatch {
  readonly #clock: Clock;
  readonly #emitter: Emitter<WatchedChunk>;
  readonly #kept = new Map<string, { readonly chunks: RunChunk[]; size: number; next: number }>();

  constructor(clock: Clock, onListenerError: (error: unknown) => void) {
    this.#clock = clock;
    this.#emitter = new Emitter(onListenerError);
  }

  add(runId: string, stream: RunChunk['stream'], text: string): void {
    const kept = this.#kept.get(runId) ?? { chunks: [], size: 0, next: 0 };
    this.#kept.set(runId, kept);
    const chunk = { n: kept.next++, at: this.#clock.now(), stream, text: text.slice(-LONGEST_CHUNK) };
    kept.chunks.push(chunk);
    kept.size += chunk.text.length;
    while (kept.size > KEPT) kept.size -= kept.chunks.shift()!.text.length;
    this.#emitter.emit({ runId, chunk });
  }

  /** What is kept of a live run, oldest first; of others nothing. */
  of(runId: string): readonly RunChunk[] {
    return this.#kept.get(runId)?.chunks ?? [];
  }

  forget(runId: string): void {
    this.#kept.delete(runId);
  }

  on(listener: (chunk: WatchedChunk) => void): Unsubscribe {
    return this.#emitter.on(listener);
  }
}
