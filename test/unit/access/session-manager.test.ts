import { describe, expect, it } from 'vitest';
import { reactionTo } from '../../../main/access/renewal-reactions.ts';
import { readClaims } from '../../../main/access/token-claims.ts';
import { ERRORS, type ErrorCode } from '../../../main/base/errors.ts';
import { holdSession, unsignedToken, type NextAnswer } from '../../support/held-session.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const fresh = (lifeMs: number, ageMs = 0) => (now: number): string => unsignedToken({ issuedAt: now - ageMs, expiresAt: now - ageMs + lifeMs });

describe('loading', () => {
  it('prefers the file to the environment, and takes the environment when the file holds nothing live', () => {
    const both = holdSession({ file: fresh(HOUR), env: fresh(HOUR) });
    both.manager.start();
    expect(both.manager.getToken()).toBe(both.file);

    const stale = holdSession({ file: fresh(HOUR, 2 * HOUR), env: fresh(HOUR) });
    stale.manager.start();
    expect(stale.manager.getToken()).not.toBe(stale.file);
    expect(stale.manager.getState()).toBe('active');
  });

  it.each([
    ['nothing', undefined, 'error'],
    ['a text that is no token', () => 'wai_sess_a.b.c', 'error'],
    ['an expired token', fresh(HOUR, HOUR), 'expired'],
    ['a token whose end cannot be meant', fresh(3 * 365 * DAY), 'error'],
  ] as const)('starts with %s, and finds a good one later by itself', async (_, file, state) => {
    const rig = holdSession(file === undefined ? {} : { file });
    rig.manager.start();
    expect(rig.manager.getState()).toBe(state);
    await rig.pass(5 * MINUTE);
    expect(rig.manager.getState()).toBe(state);
    rig.file = fresh(HOUR)(rig.clock.now());
    await rig.pass(MINUTE);
    expect(rig.manager.getState()).toBe('active');
    expect(rig.manager.getToken()).toBe(rig.file);
  });

  it('uses a token that was just written without waiting for the next look', () => {
    const rig = holdSession();
    rig.manager.start();
    rig.file = fresh(HOUR)(rig.clock.now());
    expect(rig.manager.getToken()).toBe(rig.file);
  });

  it('keeps a token without end and never renews it', async () => {
    const rig = holdSession({ file: (now) => unsignedToken({ issuedAt: now }) });
    rig.manager.start();
    await rig.pass(DAY);
    expect([rig.manager.getToken(), rig.asked, rig.clock.timers]).toEqual([rig.file, [], 0]);
  });

  it.each([[{ jti: 1 }], [{ iat: 'x' }], [{ exp: 'x' }], [{ aid: null }]])('reads no claims from a payload with %j', (wrong) => {
    const payload = Buffer.from(JSON.stringify({ jti: 's', aid: 'a', iat: 1, exp: 2, ...wrong })).toString('base64url');
    expect(readClaims(`wai_sess_a.${payload}.c`, 2000)).toBeNull();
  });
});

describe('renewing', () => {
  it.each([
    ['1 h', HOUR, 36 * MINUTE],
    ['7 d', 7 * DAY, 362_880_000],
    ['45 d, more than a timer can hold', 45 * DAY, 27 * DAY],
  ])('renews a token of %s at 60 %% of its life', async (_, lifeMs, dueMs) => {
    const rig = holdSession({ file: fresh(lifeMs) });
    const start = rig.clock.now();
    rig.manager.start();
    rig.clock.advance(dueMs - 1);
    await rig.settle();
    expect(rig.asked).toEqual([]);
    await rig.pass(1);
    expect(rig.asked.map(({ at }) => at - start)).toEqual([dueMs]);
  });

  it('goes on from the end that the core names, so that nothing drifts', async () => {
    const rig = holdSession({ file: fresh(HOUR), ttlMs: HOUR });
    const start = rig.clock.now();
    rig.manager.start();
    rig.ttlMs = 30 * MINUTE;
    await rig.pass(2 * HOUR);
    expect(rig.asked.map(({ at }) => (at - start) / MINUTE)).toEqual([36, 54, 72, 90, 108]);
    expect(rig.manager.getToken()).toBe(rig.file);
  });

  it('renews at once what is already due, also after the machine slept over it', async () => {
    const late = holdSession({ file: fresh(HOUR, 50 * MINUTE) });
    late.manager.start();
    await late.pass(1);
    expect(late.asked).toHaveLength(1);

    const slept = holdSession({ file: fresh(HOUR) });
    slept.manager.start();
    slept.clock.jump(40 * MINUTE);
    await slept.pass(MINUTE);
    expect(slept.asked).toHaveLength(1);
  });

  it('writes the new token before it uses it', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    const old = rig.manager.getToken();
    const disk = Promise.withResolvers<void>();
    rig.slowDisk = disk.promise;
    await rig.pass(36 * MINUTE);
    expect(rig.asked).toHaveLength(1);
    expect(rig.manager.getToken()).toBe(old);
    disk.resolve();
    await rig.settle();
    expect(rig.file).not.toBe(old);
    expect(rig.manager.getToken()).toBe(rig.file);
  });

  it('keeps the new token when it cannot be written, and writes it as soon as that works', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    const old = rig.file;
    rig.diskFull = true;
    await rig.pass(37 * MINUTE);
    const renewed = rig.manager.getToken();
    expect(renewed).not.toBe(old);
    expect(rig.file).toBe(old);
    // The dead token in the file must not be mistaken for news.
    await rig.pass(3 * MINUTE);
    expect(rig.manager.getToken()).toBe(renewed);
    rig.diskFull = false;
    await rig.pass(MINUTE);
    expect(rig.file).toBe(renewed);
  });

  it('takes over the token of another process instead of renewing its own', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.file = unsignedToken({ sessionId: 'other', issuedAt: rig.clock.now(), expiresAt: rig.clock.now() + HOUR });
    await rig.pass(36 * MINUTE);
    expect(rig.asked).toEqual([]);
    expect(rig.manager.getToken()).toBe(rig.file);
  });
});

describe('when the core refuses or is away', () => {
  const HOLD = { kind: 'use-up' };
  it.each<[ErrorCode | null, object]>([
    ['RENEWAL_TOO_EARLY', { kind: 'wait', delayMs: 30_000 }],
    ['SYSTEM_LOCKED', { kind: 'wait', delayMs: 60_000 }],
    ['AGENT_SUSPENDED', { kind: 'wait', delayMs: 60_000 }],
    ['RENEWAL_LIMIT_REACHED', HOLD],
    ['SESSION_ABSOLUTE_LIFETIME_EXCEEDED', HOLD],
    ['RENEWAL_NOT_REQUIRED', HOLD],
    ['RENEWAL_CONFLICT', { kind: 'reload', otherwise: 'retry' }],
    ['SESSION_NOT_FOUND', { kind: 'reload', otherwise: 'lost' }],
    ['SESSION_RENEWAL_MISMATCH', { kind: 'reload', otherwise: 'lost' }],
    ['AUTH_TOKEN_MISSING', { kind: 'reload', otherwise: 'lost' }],
    ['AUTH_TOKEN_INVALID', { kind: 'reload', otherwise: 'lost' }],
    ['AUTH_TOKEN_EXPIRED', { kind: 'reload', otherwise: 'lost' }],
    ['SESSION_REVOKED', { kind: 'reload', otherwise: 'lost' }],
    ['RATE_LIMITED', { kind: 'retry' }],
    ['INTERNAL', { kind: 'retry' }],
    [null, { kind: 'retry' }],
  ])('reacts to %s', (code, reaction) => expect(reactionTo(code)).toEqual(reaction));

  it('gives a session up only for what the table calls unauthorised or gone', () => {
    const lost = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => {
      const reaction = reactionTo(code);
      return reaction.kind === 'reload' && reaction.otherwise === 'lost';
    });
    expect(lost.filter((code) => ERRORS[code].status !== 401)).toEqual(['SESSION_NOT_FOUND', 'SESSION_RENEWAL_MISMATCH']);
  });

  it('waits 30 s when it was too early', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = 'RENEWAL_TOO_EARLY';
    await rig.pass(36 * MINUTE);
    rig.answer = 'renew';
    await rig.pass(29 * SECOND);
    expect(rig.asked).toHaveLength(1);
    await rig.pass(SECOND);
    expect(rig.asked).toHaveLength(2);
    expect(rig.manager.getState()).toBe('active');
  });

  it.each<NextAnswer>(['RENEWAL_LIMIT_REACHED', 'SESSION_ABSOLUTE_LIFETIME_EXCEEDED'])('uses the token to its end after %s', async (answer) => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = answer;
    await rig.pass(59 * MINUTE);
    expect(rig.asked).toHaveLength(1);
    expect([rig.manager.getToken(), rig.manager.getState()]).toEqual([rig.file, 'active']);
    await rig.pass(MINUTE);
    expect([rig.manager.getToken(), rig.manager.getState()]).toEqual([null, 'expired']);
  });

  it.each<NextAnswer>(['unreachable', 'nonsense', 'INTERNAL'])('asks again after %s, soon at first, then every minute, and says so after three', async (answer) => {
    const rig = holdSession({ file: fresh(HOUR) });
    const start = rig.clock.now();
    rig.manager.start();
    rig.answer = answer;
    await rig.pass(36 * MINUTE);
    for (let ten = 0; ten < 19; ten += 1) await rig.pass(10 * SECOND);
    expect(rig.asked.map(({ at }) => (at - start - 36 * MINUTE) / SECOND)).toEqual([0, 10, 70, 130, 190]);
    expect([rig.manager.getState(), rig.manager.getToken()]).toEqual(['error', rig.file]);
    const old = rig.file;
    rig.answer = 'renew';
    await rig.pass(MINUTE);
    expect(rig.manager.getState()).toBe('active');
    expect(rig.file).not.toBe(old);
  });

  it('does not outlive the token while it asks', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = 'unreachable';
    // Its end lies between two attempts.
    await rig.pass(30 * SECOND);
    await rig.pass(HOUR - 30 * SECOND);
    expect(rig.manager.getState()).toBe('expired');
    expect(rig.manager.getToken()).toBeNull();
    const asked = rig.asked.length;
    await rig.pass(10 * MINUTE);
    expect(rig.asked).toHaveLength(asked);
    expect(rig.clock.timers).toBe(1);
  });

  it('ends the session when it was revoked, does not take the dead token again, and finds the next one', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = 'SESSION_REVOKED';
    await rig.pass(36 * MINUTE);
    expect([rig.manager.getToken(), rig.manager.getState()]).toEqual([null, 'expired']);
    await rig.pass(3 * MINUTE);
    expect(rig.manager.getToken()).toBeNull();
    rig.file = fresh(HOUR)(rig.clock.now());
    await rig.pass(MINUTE);
    expect(rig.manager.getState()).toBe('active');
  });

  it('gives up on a core that hangs, and asks again', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = 'never';
    await rig.pass(36 * MINUTE);
    await rig.pass(15 * SECOND);
    expect(rig.reports.at(-1)).toContain('no answer within 15 s');
    rig.answer = 'renew';
    await rig.pass(10 * SECOND);
    expect(rig.asked).toHaveLength(2);
  });
});

describe('a 401 to the client', () => {
  it('is answered with the token that somebody else wrote', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    const old = rig.manager.getToken()!;
    rig.file = unsignedToken({ sessionId: 'next', issuedAt: rig.clock.now(), expiresAt: rig.clock.now() + HOUR });
    expect(await rig.manager.refresh(old)).toBe(true);
    expect(rig.manager.getToken()).toBe(rig.file);
    expect(rig.manager.getState()).toBe('active');
  });

  it('waits for a renewal under way, whose token is the good one', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    const old = rig.manager.getToken()!;
    rig.answer = 'never';
    await rig.pass(36 * MINUTE);
    const refreshed = rig.manager.refresh(old);
    rig.release();
    expect(await refreshed).toBe(true);
    expect(rig.manager.getToken()).not.toBe(old);
  });

  it('is answered with a renewal, once, as the successor of the token may have been lost', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    const old = rig.manager.getToken()!;
    expect(await Promise.all([rig.manager.refresh(old), rig.manager.refresh(old)])).toEqual([true, true]);
    expect(rig.asked).toHaveLength(1);
    expect(rig.manager.getToken()).toBe(rig.file);
    expect(rig.file).not.toBe(old);
  });

  it('keeps the token while the core cannot say what it is worth', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = 'SYSTEM_LOCKED';
    expect(await rig.manager.refresh(rig.file!)).toBe(false);
    expect(rig.manager.getToken()).toBe(rig.file);
  });

  it('ends the session when there is nothing else; the file is looked at by one timer', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = 'SESSION_REVOKED';
    const old = rig.manager.getToken()!;
    expect(await Promise.all([rig.manager.refresh(old), rig.manager.refresh(old)])).toEqual([false, false]);
    expect(rig.manager.getState()).toBe('expired');
    expect(rig.asked).toHaveLength(1);
    await rig.pass(5 * MINUTE);
    expect(rig.clock.timers).toBe(1);
  });
});

describe('the end', () => {
  it('lets a renewal under way finish, so that its token is not lost', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    const old = rig.file;
    rig.answer = 'never';
    await rig.pass(36 * MINUTE);
    const disposed = rig.manager.dispose();
    rig.release();
    await disposed;
    expect(rig.file).not.toBe(old);
    expect(rig.clock.timers).toBe(0);
  });

  it('does not wait for it longer than it may', async () => {
    const rig = holdSession({ file: fresh(HOUR) });
    rig.manager.start();
    rig.answer = 'never';
    await rig.pass(36 * MINUTE);
    let ended = false;
    const disposed = rig.manager.dispose().then(() => (ended = true));
    rig.clock.advance(4999);
    await rig.settle();
    expect(ended).toBe(false);
    rig.clock.advance(1);
    await disposed;
  });

  it('leaves no timer behind, in any state', async () => {
    for (const file of [fresh(HOUR), fresh(HOUR, HOUR)]) {
      const rig = holdSession({ file });
      rig.manager.start();
      await rig.manager.dispose();
      expect(rig.clock.timers).toBe(0);
      await rig.pass(HOUR);
      expect(rig.asked).toEqual([]);
    }
  });
});

it('tells nobody a token', async () => {
  const rig = holdSession({ file: fresh(HOUR) });
  rig.manager.start();
  rig.diskFull = true;
  for (const answer of ['renew', 'unreachable', 'SESSION_REVOKED'] as const) {
    rig.answer = answer;
    await rig.pass(36 * MINUTE);
  }
  expect(rig.reports.length).toBeGreaterThan(2);
  expect(rig.reports.join('\n')).not.toContain('wai_sess_');
});
