import { describe, expect, test } from 'vitest';
import { expiringSoon } from '../../../main/access/expiring-soon.ts';
import { endOfToken, judgeRenewal, lifeLeft, type RenewableSession } from '../../../main/access/renewal-rules.ts';
import { termsFor, type SessionPolicy } from '../../../main/access/session-terms.ts';

const T0 = Date.UTC(2026, 10, 20, 9, 0, 0);
const SEC = 1000;
const DAY = 86_400 * SEC;

/** A session made at T0 for an hour, 30 renewals and 30 days. */
function session(changes: Partial<RenewableSession> = {}): RenewableSession {
  return { createdAt: T0, expiresAt: T0 + 3600 * SEC, ttlSec: 3600, renewalCount: 0, maxRenewals: 30, lastRenewedAt: null, absoluteExpiresAt: T0 + 30 * DAY, ...changes };
}
/** The code of the refusal, or how long the new token lives in seconds. */
function verdict(of: RenewableSession, now: number): string | number {
  const found = judgeRenewal(of, now);
  return found.ok ? (found.expiresAt - now) / SEC : found.code;
}

describe('R1: the 50 % rule', () => {
  test.each<[string, RenewableSession, number, string | number]>([
    ['at once', session(), 0, 'RENEWAL_TOO_EARLY'],
    ['a second before half of the TTL', session(), 1799 * SEC, 'RENEWAL_TOO_EARLY'],
    ['a millisecond before half of the TTL', session(), 1800 * SEC - 1, 'RENEWAL_TOO_EARLY'],
    ['at exactly half of the TTL', session(), 1800 * SEC, 3600],
    ['at 60 %, as the bridge does', session(), 2160 * SEC, 3600],
    ['half of an odd TTL is rounded down', session({ ttlSec: 301, expiresAt: T0 + 301 * SEC }), 150 * SEC, 301],
    ['counted from the last renewal, not from the creation', session({ lastRenewedAt: T0 + 1800 * SEC, expiresAt: T0 + 5400 * SEC }), 3599 * SEC, 'RENEWAL_TOO_EARLY'],
    ['half after the last renewal', session({ lastRenewedAt: T0 + 1800 * SEC, expiresAt: T0 + 5400 * SEC }), 3600 * SEC, 3600],
  ])('%s', (_, of, after, expected) => {
    expect(verdict(of, T0 + after)).toBe(expected);
  });

  test('says when to come back', () => {
    expect(judgeRenewal(session(), T0)).toMatchObject({ code: 'RENEWAL_TOO_EARLY', retryAt: T0 + 1800 * SEC });
  });
});

describe('the number of renewals', () => {
  test.each<[string, Partial<RenewableSession>, string | number]>([
    ['none is allowed', { maxRenewals: 0 }, 'RENEWAL_LIMIT_REACHED'],
    ['the last one is allowed', { renewalCount: 29 }, 3600],
    ['the one after it is not', { renewalCount: 30 }, 'RENEWAL_LIMIT_REACHED'],
    ['no limit', { renewalCount: 5000, maxRenewals: null }, 3600],
  ])('%s', (_, changes, expected) => {
    expect(verdict(session(changes), T0 + 2000 * SEC)).toBe(expected);
  });
});

describe('the absolute lifetime', () => {
  const week = { ttlSec: 604_800, expiresAt: T0 + 28 * DAY, lastRenewedAt: T0 + 21 * DAY };

  test.each<[string, Partial<RenewableSession>, number, string | number]>([
    ['clamps the last token to the end of the session', week, 25.2 * DAY, 4.8 * 86_400],
    ['a clamped token that adds exactly a tenth of the TTL is given', { ...week, expiresAt: T0 + 29.3 * DAY }, 29 * DAY, 86_400],
    ['one that adds less is refused', { ...week, expiresAt: T0 + 29.3 * DAY + SEC }, 29 * DAY, 'SESSION_ABSOLUTE_LIFETIME_EXCEEDED'],
    ['a token that ends with the session cannot be renewed', { ...week, expiresAt: T0 + 30 * DAY, lastRenewedAt: T0 + 25.2 * DAY }, 29 * DAY, 'SESSION_ABSOLUTE_LIFETIME_EXCEEDED'],
    ['an end exactly at the lifetime is not clamped', { ...week, expiresAt: T0 + 24 * DAY, lastRenewedAt: T0 + 17 * DAY }, 23 * DAY, 604_800],
    ['no lifetime, no clamping', { ...week, absoluteExpiresAt: null }, 27 * DAY, 604_800],
  ])('%s', (_, changes, after, expected) => {
    expect(verdict(session(changes), T0 + after)).toBe(expected);
  });

  test('a session renewed at 60 % each time lives to the end of its lifetime and not longer', () => {
    const ends: number[] = [];
    for (let now = T0, of = session({ ttlSec: 604_800, expiresAt: T0 + 7 * DAY }); ; ) {
      now += Math.round((of.expiresAt! - now) * 0.6);
      const found = judgeRenewal(of, now);
      if (!found.ok) {
        expect(found.code).toBe('SESSION_ABSOLUTE_LIFETIME_EXCEEDED');
        break;
      }
      ends.push((found.expiresAt - T0) / DAY);
      of = { ...of, expiresAt: found.expiresAt, lastRenewedAt: now, renewalCount: of.renewalCount + 1 };
    }
    expect(ends.map((days) => Number(days.toFixed(1)))).toEqual([11.2, 15.4, 19.6, 23.8, 28, 30]);
  });
});

describe('R2: the order of the rules', () => {
  const spent = { renewalCount: 30, expiresAt: T0 + 30 * DAY, lastRenewedAt: T0 + 30 * DAY - 60 * SEC };

  test('limit before lifetime before 50 %', () => {
    const now = T0 + 30 * DAY - 30 * SEC;
    expect(verdict(session(spent), now)).toBe('RENEWAL_LIMIT_REACHED');
    expect(verdict(session({ ...spent, renewalCount: 29 }), now)).toBe('SESSION_ABSOLUTE_LIFETIME_EXCEEDED');
    expect(verdict(session({ ...spent, renewalCount: 29, absoluteExpiresAt: null }), now)).toBe('RENEWAL_TOO_EARLY');
  });

  test('a token without an end needs no renewal, whatever the limits say', () => {
    expect(verdict(session({ ttlSec: null, expiresAt: null, absoluteExpiresAt: null, maxRenewals: 0 }), T0)).toBe('RENEWAL_NOT_REQUIRED');
    expect(verdict(session({ ttlSec: null, expiresAt: T0 + 30 * DAY }), T0)).toBe('RENEWAL_NOT_REQUIRED');
  });
});

describe('the end of a token', () => {
  test.each<[number, number | null, number | null, number | null]>([
    [T0 + 999, 300, null, T0 + 300 * SEC],
    [T0, 604_800, T0 + DAY, T0 + DAY],
    [T0, null, T0 + DAY, T0 + DAY],
    [T0, null, null, null],
  ])('issued at %d for %s s in a session until %s is %s', (now, ttlSec, absolute, expected) => {
    expect(endOfToken(now, ttlSec, absolute)).toBe(expected);
  });
});

describe('the person hears that a session will soon be over', () => {
  const week = { ttlSec: 604_800, expiresAt: T0 + 7 * DAY };

  test.each<[string, Partial<RenewableSession>, ReturnType<typeof expiringSoon>]>([
    ['when the token runs through its last tenth', { absoluteExpiresAt: null }, { at: T0 + 3240 * SEC, why: 'token' }],
    ['a day before at most, however long the token', { ttlSec: null, expiresAt: T0 + 30 * DAY, absoluteExpiresAt: null }, { at: T0 + 29 * DAY, why: 'token' }],
    ['a day before the absolute end', { ...week, expiresAt: T0 + 30 * DAY, lastRenewedAt: T0 + 25.2 * DAY, renewalCount: 6 }, { at: T0 + 29 * DAY, why: 'lifetime' }],
    ['half-way through a life of a day', { ...week, expiresAt: T0 + DAY, absoluteExpiresAt: T0 + DAY }, { at: T0 + DAY / 2, why: 'lifetime' }],
    ['with the renewal that leaves three', { renewalCount: 27, lastRenewedAt: T0 + DAY, expiresAt: T0 + 2 * DAY }, { at: T0 + DAY, why: 'renewals' }],
    ['not yet with the one that leaves four', { ...week, renewalCount: 26, lastRenewedAt: T0, absoluteExpiresAt: null }, { at: T0 + 6.3 * DAY, why: 'token' }],
    ['not because of few renewals before the first one', { ...week, maxRenewals: 2, absoluteExpiresAt: null }, { at: T0 + 6.3 * DAY, why: 'token' }],
    ['never because of renewals when they have no limit', { ...week, maxRenewals: null, renewalCount: 9999, lastRenewedAt: T0, absoluteExpiresAt: null }, { at: T0 + 6.3 * DAY, why: 'token' }],
    ['never when nothing has a limit', { ttlSec: null, expiresAt: null, maxRenewals: null, absoluteExpiresAt: null }, null],
  ])('%s', (_, changes, expected) => {
    expect(expiringSoon(session(changes))).toEqual(expected);
  });
});

test.each<[number, string]>([
  [27.5 * DAY, '27d 12h'],
  [30 * DAY, '30d'],
  [DAY + 60 * SEC, '1d'],
  [3 * 3600 * SEC + 5 * 60 * SEC, '3h 5m'],
  [3600 * SEC, '1h'],
  [12 * 60 * SEC + 59 * SEC, '12m'],
  [0, '0m'],
  [-5, '0m'],
])('%d ms are told as %s', (ms, expected) => {
  expect(lifeLeft(ms)).toBe(expected);
});

describe('the terms of a new session', () => {
  const policy: SessionPolicy = { ttlSec: 604_800, maxRenewals: 30, rejectWindowSec: 3600, absoluteLifetimeSec: 2_592_000, maxPerAgent: 5 };

  test('come from the policy where nothing else is asked; null asks for no limit', () => {
    expect(termsFor({}, policy)).toEqual({ ttlSec: 604_800, maxRenewals: 30, rejectWindowSec: 3600 });
    expect(termsFor({ ttlSec: null, maxRenewals: null, rejectWindowSec: 300 }, policy)).toEqual({ ttlSec: null, maxRenewals: null, rejectWindowSec: 300 });
  });

  test.each([
    [{ ttlSec: 299 }, 'ttl_sec', '300 to 604800'],
    [{ ttlSec: 604_801 }, 'ttl_sec', '300 to 604800'],
    [{ ttlSec: 0 }, 'ttl_sec', '300 to 604800'],
    [{ ttlSec: 300.5 }, 'ttl_sec', '300 to 604800'],
    [{ maxRenewals: -1 }, 'max_renewals', '0 to 100'],
    [{ maxRenewals: 101 }, 'max_renewals', '0 to 100'],
    [{ rejectWindowSec: 299 }, 'reject_window_sec', '300 to 86400'],
    [{ rejectWindowSec: 86_401 }, 'reject_window_sec', '300 to 86400'],
    [{ rejectWindowSec: Number.NaN }, 'reject_window_sec', '300 to 86400'],
  ])('%j is refused with the name and the range', (asked, field, range) => {
    expect(() => termsFor(asked, policy)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', message: expect.stringMatching(new RegExp(`${field}.*${range}`)) as unknown }));
  });

  test.each([{ ttlSec: 300, maxRenewals: 0, rejectWindowSec: 300 }, { ttlSec: 604_800, maxRenewals: 100, rejectWindowSec: 86_400 }])('the ends of the ranges are allowed: %j', (asked) => {
    expect(termsFor(asked, policy)).toEqual(asked);
  });
});
