import { beforeEach, expect, test } from 'vitest';
import { UiAccess } from '../../../main/server/ui-access.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let clock: FakeClock;
let access: UiAccess;
beforeEach(() => {
  clock = new FakeClock();
  access = new UiAccess(clock);
});

test('a link lets one window in, once', () => {
  const key = access.newLinkKey();
  const cookie = access.open(key);
  expect(cookie).not.toBeNull();
  expect(access.windowOf(cookie!)).not.toBeNull();
  expect(access.open(key)).toBeNull();
});

test('a link ends after ten minutes, a window does not', () => {
  const used = access.newLinkKey();
  const unused = access.newLinkKey();
  clock.advance(600_000 - 1);
  const cookie = access.open(used)!;
  clock.advance(1);
  expect(access.open(unused)).toBeNull();
  clock.advance(86_400_000);
  expect(access.windowOf(cookie)).not.toBeNull();
});

test('a moved wall clock does not revive a link', () => {
  const key = access.newLinkKey();
  clock.advance(600_000);
  clock.jump(-600_000);
  expect(access.open(key)).toBeNull();
});

test.each(['', 'x', 'undefined', '__proto__'])('%j opens nothing and is no window', (guess) => {
  access.newLinkKey();
  expect(access.open(guess)).toBeNull();
  expect(access.windowOf(guess)).toBeNull();
});

test('the key of a link is no cookie, and no two are alike', () => {
  const keys = Array.from({ length: 20 }, () => access.newLinkKey());
  expect(new Set(keys).size).toBe(20);
  for (const key of keys) expect(access.windowOf(key)).toBeNull();
});

test('somebody’s loop of links or windows costs a bounded amount; the oldest make room', () => {
  const first = access.newLinkKey();
  const others = Array.from({ length: 20 }, () => access.newLinkKey());
  expect(access.open(first)).toBeNull();
  const cookies = [access.open(others.at(-1)!)!];
  for (let count = 0; count < 50; count += 1) cookies.push(access.open(access.newLinkKey())!);
  expect(access.windowOf(cookies[0]!)).toBeNull();
  expect(access.windowOf(cookies.at(-1)!)).not.toBeNull();
});
