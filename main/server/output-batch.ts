import type { WatchedChunk } from '../agents/run-watch.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { LiveEvent, RunChunkView } from '../../preload/contract.ts';
import { chunkView } from './agent-views.ts';

/** What is printed within this time goes out together. */
const BATCH_MS = 80;
/** Of what one run prints within that time, in characters. */
const LONGEST = 32 * 1024;

export interface OutputBatchParts {
  readonly clock: Clock;
  readonly onOutput: (listener: (chunk: WatchedChunk) => void) => Unsubscribe;
  readonly send: (event: Extract<LiveEvent, { readonly type: 'output' }>) => void;
}

/** Collects what live runs print for the windows, bounded, and only while one looks. */
export class OutputBatch {
  readonly #parts: OutputBatchParts;
  readonly #pending = new Map<string, { readonly chunks: RunChunkView[]; size: number }>();
  #unsubscribe: Unsubscribe | null = null;
  #timer: Timer | null = null;

  constructor(parts: OutputBatchParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#unsubscribe ??= this.#parts.onOutput((heard) => this.#add(heard));
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#timer?.cancel();
    this.#timer = null;
    this.#pending.clear();
  }

  #add({ runId, chunk }: WatchedChunk): void {
    const pending = this.#pending.get(runId) ?? { chunks: [], size: 0 };
    this.#pending.set(runId, pending);
    pending.chunks.push(chunkView(chunk));
    pending.size += chunk.text.length;
    while (pending.size > LONGEST && pending.chunks.length > 1) pending.size -= pending.chunks.shift()!.text.length;
    this.#timer ??= this.#parts.clock.setTimer(BATCH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#timer = null;
    const runs = [...this.#pending].map(([run, { chunks }]) => ({ run, chunks }));
    this.#pending.clear();
    this.#parts.send({ type: 'output', runs });
  }
}
