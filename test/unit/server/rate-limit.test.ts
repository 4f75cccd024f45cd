import { expect, test } from 'vitest';
import { RateLimit } from '../../../main/server/rate-limit.ts';
import { FakeClock } from '../../support/fake-clock.ts';

test('a caller may spend a minute’s share at once and then what flows in', () => {
  const clock = new FakeClock();
  const limit = new RateLimit(clock, 60);
  for (let count = 0; count < 60; count += 1) expect(limit.take('alice')).toBeNull();
  expect(limit.take('alice')).toBe(1);
  clock.advance(999);
  expect(limit.take('alice')).toBe(1);
  clock.advance(1);
  expect(limit.take('alice')).toBeNull();
  expect(limit.take('alice')).toBe(1);
});

test('callers do not spend each other’s share', () => {
  const limit = new RateLimit(new FakeClock(), 1);
  expect(limit.take('alice')).toBeNull();
  expect(limit.take('alice')).toBe(60);
  expect(limit.take('bob')).toBeNull();
});

test('nothing is limited when there is no limit', () => {
  const limit = new RateLimit(new FakeClock(), null);
  for (let count = 0; count < 1000; count += 1) expect(limit.take('alice')).toBeNull();
  expect(limit.size).toBe(0);
});

test('callers who come and go are forgotten, one who is limited is not', () => {
  const clock = new FakeClock();
  const limit = new RateLimit(clock, 60);
  for (let count = 0; count < 60; count += 1) limit.take('greedy');
  for (let caller = 0; caller < 5000; caller += 1) {
    clock.advance(1);
    limit.take(`visitor ${caller}`);
  }
  expect(limit.size).toBeLessThan(2500);
  for (let count = 0; count < 6; count += 1) limit.take('greedy');
  expect(limit.take('greedy')).not.toBeNull();
});

test('setting the wall clock back or forth gives nobody more', () => {
  const clock = new FakeClock();
  const limit = new RateLimit(clock, 1);
  limit.take('alice');
  clock.jump(86_400_000);
  expect(limit.take('alice')).not.toBeNull();
});
