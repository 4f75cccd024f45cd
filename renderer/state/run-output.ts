import type { RunChunkView, RunView } from '../../preload/contract.ts';

/** What the window heard of live runs, by run. */
export type RunOutputs = Readonly<Record<string, readonly RunChunkView[]>>;

/** How many stretches of one run a window keeps; the run log has the rest. */
const KEPT = 500;

/** How much of a turn a chat shows, from its end. */
const TURN_LINES = 10;
const TURN_CHARACTERS = 1500;

/** Both in order of `n` and without doubles: what was asked for and what came by itself may overlap. */
function mergeChunks(known: readonly RunChunkView[], more: readonly RunChunkView[]): readonly RunChunkView[] {
  const last = known.at(-1)?.n ?? -1;
  const first = more[0]?.n ?? 0;
  if (first > last) return [...known, ...more].slice(-KEPT);
  const byNumber = new Map([...known, ...more].map((chunk) => [chunk.n, chunk]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n).slice(-KEPT);
}

/** The outputs with what came. */
export function addOutput(outputs: RunOutputs, runs: readonly { readonly run: string; readonly chunks: readonly RunChunkView[] }[]): RunOutputs {
  const changed = runs.map(({ run, chunks }) => [run, mergeChunks(outputs[run] ?? [], chunks)] as const);
  return { ...outputs, ...Object.fromEntries(changed) };
}

/** The outputs without those of runs that do not live any more. */
export function keepLive(outputs: RunOutputs, runs: readonly RunView[]): RunOutputs {
  const live = new Set(runs.filter(({ state }) => state === 'starting' || state === 'running').map(({ id }) => id));
  const kept = Object.entries(outputs).filter(([run]) => live.has(run));
  return kept.length === Object.keys(outputs).length ? outputs : Object.fromEntries(kept);
}

/**
 * The end of what a run printed since it last answered or was given something: both stand in the chat already. Empty: nothing
 * yet. What was cut off in front shows as an ellipsis.
 */
export function turnOutput(chunks: readonly RunChunkView[]): string {
  const from = chunks.findLastIndex(({ stream }) => stream === 'result' || stream === 'input') + 1;
  const all = chunks
    .slice(from)
    .map(({ text }) => text)
    .join('')
    .trim();
  const end = all.split('\n').slice(-TURN_LINES).join('\n').slice(-TURN_CHARACTERS);
  return end.length < all.length ? `…${end}` : end;
}
