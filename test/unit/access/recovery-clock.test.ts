import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eligibleAt, elapsedMs, remainingSeconds, type Reading } from '../../../main/access/recovery-clock.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START: Reading = { wall: Date.UTC(2026, 10, 20), sinceBoot: 10 * MINUTE, monotonic: 5000 };

/** A later reading: what each clock moved by. Without `monotonic` the program was started anew in between. */
function later(by: { readonly wall: number; readonly sinceBoot: number; readonly monotonic?: number }): Reading {
  return { wall: START.wall + by.wall, sinceBoot: START.sinceBoot + by.sinceBoot, monotonic: by.monotonic === undefined ? null : START.monotonic! + by.monotonic };
}

describe('elapsed time', () => {
  test.each<[string, Reading, number]>([
    ['running', later({ wall: MINUTE, sinceBoot: MINUTE, monotonic: MINUTE }), MINUTE],
    ['running, the wall clock a day forward', later({ wall: DAY, sinceBoot: MINUTE, monotonic: MINUTE }), MINUTE],
    ['running, the wall clock a day back', later({ wall: -DAY, sinceBoot: MINUTE, monotonic: MINUTE }), MINUTE],
    ['asleep for an hour', later({ wall: 61 * MINUTE, sinceBoot: 61 * MINUTE, monotonic: MINUTE }), 61 * MINUTE],
    ['asleep for an hour, the wall clock a day forward', later({ wall: DAY, sinceBoot: 61 * MINUTE, monotonic: MINUTE }), 61 * MINUTE],
    ['asleep for an hour, the wall clock a day back', later({ wall: -DAY, sinceBoot: 61 * MINUTE, monotonic: MINUTE }), MINUTE],
    ['a machine whose own clock ran away', later({ wall: MINUTE, sinceBoot: DAY, monotonic: MINUTE }), MINUTE],
    ['restarted after a minute', later({ wall: MINUTE, sinceBoot: MINUTE }), MINUTE],
    ['restarted, the wall clock a day forward', later({ wall: DAY, sinceBoot: MINUTE }), MINUTE],
    ['restarted, the wall clock a day back', later({ wall: -DAY, sinceBoot: MINUTE }), 0],
    ['switched off for a day and a minute on', { wall: START.wall + DAY, sinceBoot: MINUTE, monotonic: null }, MINUTE],
    ['switched on again, the wall clock back', { wall: START.wall - DAY, sinceBoot: MINUTE, monotonic: null }, 0],
    ['no time at all', START, 0],
  ])('%s', (_what, to, elapsed) => {
    expect(elapsedMs(START, to)).toBe(elapsed);
  });

  test('is never more than the machine ran, however the wall clock is moved, and while running never less', () => {
    const span = fc.integer({ min: 0, max: 10 * DAY });
    const move = fc.integer({ min: -400 * DAY, max: 400 * DAY });
    fc.assert(
      fc.property(span, span, move, fc.boolean(), (running, asleep, moved, restarted) => {
        const real = running + asleep;
        const elapsed = elapsedMs(START, later({ wall: real + moved, sinceBoot: real, ...(!restarted && { monotonic: running }) }));
        expect(elapsed).toBeLessThanOrEqual(real);
        expect(elapsed).toBeGreaterThanOrEqual(restarted ? 0 : running);
        if (moved >= 0) expect(elapsed).toBe(real);
      }),
    );
  });
});

describe('for people', () => {
  test.each([
    [0, 0],
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
  ])('%i ms are %i s', (ms, seconds) => {
    expect(remainingSeconds(ms)).toBe(seconds);
  });

  test('the announced time stays while the clocks only drift, and follows a wall clock that was moved', () => {
    expect(eligibleAt(1000, 400_000, 600_000)).toBe(1000);
    expect(eligibleAt(1000, 400_000, 601_500)).toBe(1000);
    expect(eligibleAt(1000, 400_000, 598_500)).toBe(1000);
    expect(eligibleAt(1000, 9_400_000, 600_000)).toBe(10_000);
    expect(eligibleAt(1000, 100_000, 600_000)).toBe(700);
  });
});
