import type { LiveEvent, RunChunkView, RunView } from '../../preload/contract.ts';
import type { CliIo } from './io.ts';
import type { Core } from './core.ts';
import type { Output } from './output.ts';
import { harmless } from './text.ts';

export interface LiveOutputParts {
  readonly io: Pick<CliIo, 'err'>;
  readonly output: Output;
  readonly core: Pick<Core, 'call'>;
  /** The id of the group. */
  readonly group: string;
}

/** Stands before each line, so that nobody takes it for an answer. */
const MARGIN = '  | ';

/**
 * Shows what the agent of a group prints while it works, as the window Chat does: for people beside the result, with `--json`
 * as a line for each stretch. Answers and what was said to the agent are not part of it; they stand in the chat.
 */
export class LiveOutput {
  readonly #parts: LiveOutputParts;
  /** The live run of the group, and the last stretch of it that was shown. */
  #run: { readonly id: string; shown: number } | null = null;

  constructor(parts: LiveOutputParts) {
    this.#parts = parts;
  }

  /** The id of the run that lives now; null: none is known. */
  get run(): string | null {
    return this.#run?.id ?? null;
  }

  /** Takes what the live feed tells. Rejects with the AppError of the core. */
  async heard(event: LiveEvent): Promise<void> {
    if (event.type === 'output') {
      for (const { run, chunks } of event.runs) if (run === this.#run?.id) this.#show(chunks);
      return;
    }
    const runs = event.type === 'snapshot' ? event.snapshot.runs : event.type === 'patch' ? event.patch.runs : undefined;
    if (runs === undefined) return;
    const live = runs.find(({ groupId, state }) => groupId === this.#parts.group && isLive(state));
    if (live?.id === this.#run?.id) return;
    this.#run = live === undefined ? null : { id: live.id, shown: -1 };
    await this.catchUp();
  }

  /** Shows what the run has printed by now and the feed has not told yet. Rejects with the AppError of the core. */
  async catchUp(): Promise<void> {
    if (this.#run === null) return;
    const { chunks } = await this.#parts.core.call('runs.output', { run: this.#run.id });
    // What it printed for an earlier question is nobody's interest any more.
    const turn = this.#run.shown === -1 ? chunks.slice(chunks.findLastIndex(({ stream }) => stream === 'result' || stream === 'input') + 1) : chunks;
    this.#show(turn);
  }

  #show(chunks: readonly RunChunkView[]): void {
    const run = this.#run!;
    for (const chunk of chunks) {
      if (chunk.n <= run.shown) continue;
      run.shown = chunk.n;
      if (chunk.stream === 'result' || chunk.stream === 'input') continue;
      if (this.#parts.output.json) this.#parts.output.result({ kind: 'output', run: run.id, at: chunk.at, stream: chunk.stream, text: chunk.text }, '');
      // A stretch is whole lines.
      else this.#parts.io.err(harmless(chunk.text).replaceAll(/^(?=[^])/gmu, MARGIN));
    }
  }
}

function isLive(state: RunView['state']): boolean {
  return state === 'starting' || state === 'running';
}
