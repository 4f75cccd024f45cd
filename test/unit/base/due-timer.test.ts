import { expect, it } from 'vitest';
import { DueTimer } from '../../../main/base/due-timer.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function makeTimer(): { readonly clock: FakeClock; readonly timer: DueTimer; readonly fired: number[] } {
  const clock = new FakeClock();
  const fired: number[] = [];
  const timer = new DueTimer(clock, () => fired.push(clock.now()));
  return { clock, timer, fired };
}

it('fires once, at its deadline', () => {
  const { clock, timer, fired } = makeTimer();
  const dueAt = clock.now() + 90_000;
  timer.arm(dueAt);

  clock.advance(89_999);
  expect(fired).toEqual([]);
  clock.advance(1_000_000);
  expect(fired).toEqual([dueAt]);
});

it('fires within half a minute of waking when the machine slept past the deadline', () => {
  const { clock, timer, fired } = makeTimer();
  timer.arm(clock.now() + 3_600_000);

  clock.jump(7_200_000);
  clock.advance(30_000);

  expect(fired).toHaveLength(1);
});

it('does not fire early when the clock is set back', () => {
  const { clock, timer, fired } = makeTimer();
  timer.arm(clock.now() + 10_000);

  clock.jump(-60_000);
  clock.advance(69_999);
  expect(fired).toEqual([]);
  clock.advance(1);
  expect(fired).toHaveLength(1);
});

it('leaves no timer behind when it is disarmed', () => {
  const { clock, timer, fired } = makeTimer();
  timer.arm(clock.now() + 1000);
  timer.arm(null);

  clock.advance(5000);

  expect(fired).toEqual([]);
  expect(clock.timers).toBe(0);
});
