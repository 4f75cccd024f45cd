import { nextRun } from './next-run.ts';
import type { Timing } from './timing.ts';
import type { MissedPolicy } from './types.ts';

/** A due time that is this late counts as missed; a restart of the program takes less. */
export const MISSED_AFTER_MS = 60_000;
/** The most runs that `all` makes up for; more would keep the group busy with the past. */
export const MOST_MADE_UP = 24;
/** Due times are counted up to here: nobody needs to know it better, and a cron line of every minute has half a million a year. */
export const MOST_COUNTED = 100;

/** A run that is to be made now, or due times that go by without one. */
export interface Slot {
  /** When it was due; of several due times, the latest. */
  readonly dueAt: number;
  /** How many due times it stands for. */
  readonly slots: number;
  readonly missed: boolean;
  readonly run: boolean;
}

export interface DueSlots {
  /** Oldest first. */
  readonly slots: readonly Slot[];
  readonly next: number | null;
}

/**
 * What is to be done about every due time from `due` to `now` (wall time in ms), and when the next one is. `following` is
 * the one after `due`, for who knows it already.
 */
export function dueSlots(timing: Timing, due: number, now: number, policy: MissedPolicy, following = nextRun(timing, due)): DueSlots {
  // The usual case by far: nothing was missed.
  if (following === null || following > now) return { slots: oneOf(due, now, policy), next: following };
  const { latest, counted } = passed(timing, due, now);
  const next = nextRun(timing, now);
  const newest = latest.at(-1)!;
  const late = (dueAt: number): boolean => isLate(dueAt, now);
  const single = (dueAt: number, slots: number): Slot => ({ dueAt, slots, missed: late(dueAt), run: true });
  switch (policy) {
    case 'latest':
      return { slots: [single(newest, counted)], next };
    case 'all': {
      const left = counted - latest.length;
      const before = left > 0 ? [{ dueAt: latest[0]! - 1, slots: left, missed: true, run: false }] : [];
      return { slots: [...before, ...latest.map((dueAt) => single(dueAt, 1))], next };
    }
    case 'skip': {
      const inTime = late(newest) ? 0 : 1;
      const lost = counted - inTime;
      const gone = lost > 0 ? [{ dueAt: inTime === 1 ? latest.at(-2)! : newest, slots: lost, missed: true, run: false }] : [];
      return { slots: [...gone, ...(inTime === 1 ? [single(newest, 1)] : [])], next };
    }
  }
}

/** A single due time. */
function oneOf(dueAt: number, now: number, policy: MissedPolicy): readonly Slot[] {
  const missed = isLate(dueAt, now);
  return [{ dueAt, slots: 1, missed, run: !(missed && policy === 'skip') }];
}

function isLate(dueAt: number, now: number): boolean {
  return now - dueAt > MISSED_AFTER_MS;
}

/**
 * The latest due times from `due` to `now`, oldest first, and how many there are in all, both up to their bounds. Looks
 * back from now in growing steps, because the time away may hold any number of due times.
 */
function passed(timing: Timing, due: number, now: number): { readonly latest: readonly number[]; readonly counted: number } {
  for (let span = 60_000; ; span *= 4) {
    const start = Math.max(due - 1, now - span);
    const found = between(timing, start, now);
    if (found.length < MOST_COUNTED && start > due - 1) continue;
    // What was written down as due counts, even when the rules of its time zone have changed since.
    if (found.length === 0) return { latest: [due], counted: 1 };
    return { latest: found.slice(-MOST_MADE_UP), counted: Math.min(found.length, MOST_COUNTED) };
  }
}

function between(timing: Timing, after: number, until: number): readonly number[] {
  const found: number[] = [];
  for (let next = nextRun(timing, after); next !== null && next <= until; next = nextRun(timing, next)) found.push(next);
  return found;
}
