import type { Timing } from './timing.ts';

/**
 * The first due time after `after` (both wall time in ms); null when there is none any more. An interval keeps to the grid
 * that begins at its anchor, so that late runs do not make it drift.
 */
export function nextRun(timing: Timing, after: number): number | null {
  switch (timing.kind) {
    case 'cron':
      return timing.line.nextRun(new Date(after))?.getTime() ?? null;
    case 'interval': {
      const { everyMs, anchorAt } = timing;
      const passed = Math.floor((after - anchorAt) / everyMs);
      return anchorAt + Math.max(1, passed + 1) * everyMs;
    }
    case 'once':
      return timing.at > after ? timing.at : null;
  }
}

/** The due times that follow `after`, at most `count`. */
export function nextRuns(timing: Timing, after: number, count: number): readonly number[] {
  const runs: number[] = [];
  for (let next = nextRun(timing, after); next !== null && runs.length < count; next = nextRun(timing, next)) runs.push(next);
  return runs;
}
