import type { Clock } from '../base/clock.ts';
import type { Checkpoint } from './kill-switch-state.ts';

/** What the clocks of the machine say at one moment, in ms. */
export interface Reading {
  readonly wall: number;
  readonly sinceBoot: number;
  /** Null for a reading of another run of the program, whose monotonic clock means nothing here. */
  readonly monotonic: number | null;
}

export function readClock(clock: Clock): Reading {
  return { wall: clock.now(), sinceBoot: clock.sinceBoot(), monotonic: clock.monotonic() };
}

/** What was stored, as a reading of another run. */
export function readingOf({ wall, sinceBoot }: Checkpoint): Reading {
  return { wall, sinceBoot, monotonic: null };
}

/**
 * How much time has surely passed between two readings, in ms, never negative. The monotonic clock is believed; what it
 * misses (sleep, a restart) counts as far as the wall clock and the machine's own clock both vouch for it. So a wall
 * clock that is moved neither skips nor prolongs a wait, and time while the machine was switched off does not count.
 */
export function elapsedMs(from: Reading, to: Reading): number {
  const running = from.monotonic === null || to.monotonic === null ? 0 : to.monotonic - from.monotonic;
  // A smaller value means that the machine was started anew since.
  const booted = to.sinceBoot >= from.sinceBoot ? to.sinceBoot - from.sinceBoot : to.sinceBoot;
  return Math.max(0, running, Math.min(booted, to.wall - from.wall));
}

/** For people: how many seconds are left, never 0 while something is. */
export function remainingSeconds(leftMs: number): number {
  return Math.ceil(leftMs / 1000);
}

/** Clocks drift against each other by less than this while nobody moves one. */
const DRIFT_SEC = 2;

/** When the wait ends by the wall clock (Unix seconds): as announced, unless the wall clock was moved since. */
export function eligibleAt(announcedSec: number, nowMs: number, leftMs: number): number {
  const expectedSec = Math.ceil((nowMs + leftMs) / 1000);
  return Math.abs(expectedSec - announcedSec) <= DRIFT_SEC ? announcedSec : expectedSec;
}
