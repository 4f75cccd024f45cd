import { readFileSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import type { Agent } from '../../../main/access/agents.ts';
import type { RenewedContext } from '../../../main/access/session-notices.ts';
import { makeAccess } from '../../support/access-rig.ts';
import { until } from '../../support/until.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let rig: ReturnType<typeof makeAccess>;
let alice: Agent;

beforeEach(() => {
  rig = makeAccess();
  alice = rig.agents.add({ name: 'alice', role: 'FE' });
});
afterEach(() => rig.close());

/** The code of the refusal. */
async function refused(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => {
      throw new Error('it was not refused');
    },
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(AppError);
  return (error as AppError).code;
}

/** A session of an hour with 60 % of its life gone. */
async function ripe(changes: Parameters<typeof rig.sessions.create>[1] = {}) {
  const made = await rig.sessions.create(alice, { ttlSec: 3600, ...changes });
  rig.clock.advance(0.6 * HOUR);
  return made;
}

describe('renewing', () => {
  test('gives another token for the whole TTL, counts, and the old one stops acting at once', async () => {
    const { session, token } = await ripe();
    const renewed = await rig.renew(token);
    expect(renewed.token).not.toBe(token);
    const now = rig.clock.now();
    expect(renewed.session).toMatchObject({ id: session.id, renewalCount: 1, maxRenewals: 30, lastRenewedAt: now, expiresAt: now + HOUR, absoluteExpiresAt: session.createdAt + 30 * DAY });
    expect(decodeJwt(renewed.token.slice(9))).toMatchObject({ jti: session.id, aid: alice.id, iat: now / 1000, exp: now / 1000 + 3600 });
    expect(await rig.sessions.verify(renewed.token)).toMatchObject({ sessionId: session.id, expiresAt: now + HOUR });
    await expect(rig.sessions.verify(token)).rejects.toMatchObject({ code: 'AUTH_TOKEN_INVALID', message: expect.stringContaining('replaced') as unknown });
  });

  test('goes on as often as allowed, then is refused while the last token stays good', async () => {
    let { token } = await ripe({ maxRenewals: 2 });
    for (const count of [1, 2]) {
      const renewed = await rig.renew(token);
      expect(renewed.session.renewalCount).toBe(count);
      token = renewed.token;
      rig.clock.advance(0.6 * HOUR);
    }
    expect(await refused(rig.renew(token))).toBe('RENEWAL_LIMIT_REACHED');
    await rig.sessions.verify(token);
  });

  test('too early says when to come back, in time and seconds', async () => {
    const { session, token } = await rig.sessions.create(alice, { ttlSec: 3600 });
    rig.clock.advance(HOUR / 2 - 1000);
    const error: unknown = await rig.renew(token).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'RENEWAL_TOO_EARLY', status: 403, retryable: true, details: { retryAfterSec: 1, retryAt: new Date(session.createdAt + HOUR / 2).toISOString() } });
    rig.clock.advance(1000);
    await rig.renew(token);
  });

  test('clamps the last token to the absolute lifetime that was frozen at the creation', async () => {
    const short = makeAccess({ absoluteLifetimeSec: 86_400 });
    const bob = short.agents.add({ name: 'bob', role: 'BE' });
    const { session, token } = await short.sessions.create(bob, { ttlSec: 60_000 });
    short.clock.advance(30_000_000);
    const renewed = await short.renew(token);
    expect(renewed.session.expiresAt).toBe(session.createdAt + DAY);
    short.clock.advance(40_000_000);
    expect(await refused(short.renew(renewed.token))).toBe('SESSION_ABSOLUTE_LIFETIME_EXCEEDED');
    short.close();
  });

  test('a token without an end of its own needs none', async () => {
    const { token, session } = await rig.sessions.create(alice, { ttlSec: null });
    expect(session).toMatchObject({ ttlSec: null, expiresAt: session.createdAt + 30 * DAY });
    expect(await refused(rig.renew(token))).toBe('RENEWAL_NOT_REQUIRED');
  });

  test('without any limit a token has no end at all', async () => {
    const free = makeAccess({ absoluteLifetimeSec: null });
    const bob = free.agents.add({ name: 'bob', role: 'BE' });
    const { token, session } = await free.sessions.create(bob, { ttlSec: null, maxRenewals: null });
    expect(session).toMatchObject({ expiresAt: null, absoluteExpiresAt: null, maxRenewals: null });
    expect(decodeJwt(token.slice(9)).exp).toBeUndefined();
    free.clock.advance(400 * DAY);
    expect(await free.sessions.verify(token)).toMatchObject({ sessionId: session.id, expiresAt: null });
    free.close();
  });

  test.each(['ACTIVATED', 'RECOVERING'])('is refused while the kill switch is %s', async (state) => {
    const { token } = await ripe();
    rig.store.db.prepare("UPDATE system_state SET value = ? WHERE key = 'kill_switch_status'").run(JSON.stringify(state));
    expect(await refused(rig.renew(token))).toBe('SYSTEM_LOCKED');
  });

  test('is for oneself: another session in the address is refused, whether it exists or not', async () => {
    const { token } = await ripe();
    const other = await rig.sessions.create(rig.agents.add({ name: 'bob', role: 'BE' }));
    expect(await refused(rig.renew(token, other.session.id))).toBe('SESSION_RENEWAL_MISMATCH');
    expect(await refused(rig.renew(token, 'nobody'))).toBe('SESSION_RENEWAL_MISMATCH');
  });

  test.each([
    ['revoked', 'SESSION_REVOKED', async (id: string) => rig.sessions.revoke(id, 'lost')],
    ['expired', 'AUTH_TOKEN_EXPIRED', async () => rig.clock.advance(HOUR)],
    ['of a suspended agent', 'AGENT_SUSPENDED', async () => rig.store.db.exec("UPDATE agents SET status = 'suspended'")],
    ['forgotten', 'AUTH_TOKEN_INVALID', async () => rig.store.db.exec('DELETE FROM sessions')],
  ])('a session that is %s is refused with %s', async (_, code, end) => {
    const { session, token } = await ripe();
    await end(session.id);
    expect(await refused(rig.renew(token))).toBe(code);
  });
});

describe('the answer of a renewal that its client never read', () => {
  test('comes again for the old token: the very same new token, counted and told once', async () => {
    const { token } = await ripe();
    const first = await rig.renew(token);
    rig.clock.advance(59_999);
    const again = await rig.renew(token);
    expect(again).toEqual(first);
    expect((await rig.sessions.verify(again.token)).sessionId).toBe(first.session.id);
    expect(rig.events().filter((event) => event['action'] === 'renewed')).toHaveLength(1);
    expect(rig.store.db.prepare('SELECT COUNT(*) FROM renewals').pluck().get()).toBe(1);
  });

  test('comes no more after 60 s; the new token is good all the same', async () => {
    const { token } = await ripe();
    const first = await rig.renew(token);
    rig.clock.advance(60_000);
    expect(await refused(rig.renew(token))).toBe('AUTH_TOKEN_INVALID');
    await rig.sessions.verify(first.token);
  });

  test('is for renewing only: the old token can do nothing else', async () => {
    const { token } = await ripe();
    await rig.renew(token);
    expect(await refused(rig.sessions.verify(token))).toBe('AUTH_TOKEN_INVALID');
  });

  test('comes no more once the session is revoked or the agent suspended', async () => {
    const { session, token } = await ripe();
    await rig.renew(token);
    rig.store.db.exec("UPDATE agents SET status = 'suspended'");
    expect(await refused(rig.renew(token))).toBe('AGENT_SUSPENDED');
    rig.store.db.exec("UPDATE agents SET status = 'active'");
    await rig.sessions.revoke(session.id, 'lost');
    expect(await refused(rig.renew(token))).toBe('SESSION_REVOKED');
  });

  test('comes no more when the session is revoked after the old token was looked at', async () => {
    const { session, token } = await ripe();
    await rig.renew(token);
    const proof = await rig.sessions.verifyForRenewal(token);
    await rig.sessions.revoke(session.id, 'stop');
    await expect(rig.renewal.renew(session.id, proof)).rejects.toMatchObject({ code: 'RENEWAL_CONFLICT', details: { state: 'revoked' } });
  });

  test('comes also after the signing key was replaced in between', async () => {
    const { token } = await ripe();
    const first = await rig.renew(token);
    rig.sessions.rotateKey();
    expect((await rig.renew(token)).token).toBe(first.token);
  });

  test('a session of which the token before the last one is sent knows only one token back', async () => {
    const { token } = await ripe();
    const second = await rig.renew(token);
    rig.clock.advance(0.6 * HOUR);
    await rig.renew(second.token);
    expect(await refused(rig.renew(token))).toBe('AUTH_TOKEN_INVALID');
  });
});

describe('at the same moment', () => {
  test('ten renewals with one token are one renewal, and all get the same live token', async () => {
    const { token } = await ripe();
    const all = await Promise.all(Array.from({ length: 10 }, async () => rig.renew(token)));
    expect(new Set(all.map((renewed) => renewed.token)).size).toBe(1);
    expect(all.map(({ session }) => session.renewalCount)).toEqual(all.map(() => 1));
    expect(rig.renewals.list()).toHaveLength(1);
    expect(rig.notices).toHaveLength(1);
    await rig.sessions.verify(all[0]!.token);
  });

  test('two renewals with one token that were begun a second apart are one: the later gets the token of the earlier', async () => {
    const { session, token } = await ripe();
    const proof = await rig.sessions.verifyForRenewal(token);
    const first = rig.renewal.renew(session.id, proof);
    rig.clock.advance(1_000);
    const second = rig.renewal.renew(session.id, proof);
    expect((await second).token).toBe((await first).token);
    expect(rig.sessions.get(session.id).renewalCount).toBe(1);
    await rig.sessions.verify((await first).token);
  });

  test('R8: a revoke that comes while the new token is signed wins, and no token lives', async () => {
    const { session, token } = await ripe();
    const proof = await rig.sessions.verifyForRenewal(token);
    const renewing = rig.renewal.renew(session.id, proof);
    const revoking = rig.sessions.revoke(session.id, 'stop');
    await expect(renewing).rejects.toMatchObject({ code: 'RENEWAL_CONFLICT', status: 409, retryable: false, details: { state: 'revoked' } });
    await revoking;
    expect(rig.store.db.prepare('SELECT COUNT(*) FROM sessions WHERE revoked_at IS NULL').pluck().get()).toBe(0);
    expect(await refused(rig.sessions.verify(token))).toBe('SESSION_REVOKED');
  });

  test('R8: a revoke right after the renewal ends the new token too', async () => {
    const { session, token } = await ripe();
    const renewed = await rig.renew(token);
    await rig.sessions.revoke(session.id, 'stop');
    for (const each of [token, renewed.token]) expect(await refused(rig.sessions.verify(each))).toBe('SESSION_REVOKED');
  });

  test('a session that expires while the new token is signed stays expired', async () => {
    const { session, token } = await rig.sessions.create(alice, { ttlSec: 3600 });
    rig.clock.advance(HOUR - 1);
    const renewing = rig.renewal.renew(session.id, await rig.sessions.verifyForRenewal(token));
    rig.clock.advance(1);
    await expect(renewing).rejects.toMatchObject({ code: 'RENEWAL_CONFLICT', details: { state: 'expired' } });
  });

  test('a renewal that comes to its turn when its token is two renewals old, or a minute after the last one, is a conflict', async () => {
    const { session, token } = await ripe();
    const proof = await rig.sessions.verifyForRenewal(token);
    const conflict = { code: 'RENEWAL_CONFLICT', message: expect.stringContaining('by somebody else') as unknown, details: { state: 'live' } };
    const second = await rig.renew(token);
    rig.clock.advance(60_000);
    await expect(rig.renewal.renew(session.id, proof)).rejects.toMatchObject(conflict);
    rig.clock.advance(0.5 * HOUR);
    await rig.renew(second.token);
    await expect(rig.renewal.renew(session.id, proof)).rejects.toMatchObject(conflict);
  });

  test.each(['a renewal', 'a new session'])('the kill switch that is pulled while the token of %s is signed wins', async (what) => {
    const { session, token } = await ripe();
    const proof = await rig.sessions.verifyForRenewal(token);
    const under = what === 'a renewal' ? rig.renewal.renew(session.id, proof) : rig.sessions.create(alice);
    rig.store.db.exec(`UPDATE system_state SET value = '"ACTIVATED"' WHERE key = 'kill_switch_status'`);
    expect(await refused(under)).toBe('SYSTEM_LOCKED');
    expect(rig.sessions.list()).toHaveLength(1);
  });
});

describe('the notice of a renewal', () => {
  const lastContext = () => rig.notices.at(-1)!.context as RenewedContext;


  test.each(['NONE', 'GRACE'] as const)('R3: with the owner %s it informs, without a button and without any of its keys', async (state) => {
    rig.owner.state = state;
    const { session, token } = await ripe();
    await rig.renew(token);
    expect(rig.notices).toEqual([
      {
        type: 'SESSION_RENEWED',
        severity: 'info',
        context: { sessionId: session.id, agentName: 'alice', renewalCount: 1, maxRenewals: 30, remainingAbsoluteLife: '29d 23h', rejectButton: false },
      },
    ]);
  });

  test('R4: with a verified owner it asks: button, ISO window from the moment of the renewal, absolute link with its own nonce', async () => {
    rig.owner.state = 'LOCKED';
    let { session, token } = await ripe({ rejectWindowSec: 7200 });
    const links: string[] = [];
    for (const count of [1, 2]) {
      ({ session, token } = await rig.renew(token));
      const context = lastContext();
      expect(context).toMatchObject({ renewalCount: count, rejectButton: true, rejectWindowExpiry: new Date(rig.clock.now() + 7_200_000).toISOString() });
      links.push(context.rejectUrl!);
      rig.clock.advance(0.6 * HOUR);
    }
    for (const link of links) expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:3100/v1/dashboard/sessions/${session.id}/reject\\?nonce=[A-Za-z0-9_-]{43}$`));
    expect(links[0]).not.toBe(links[1]);
  });

  test('tells no limits as null', async () => {
    const free = makeAccess({ absoluteLifetimeSec: null, maxRenewals: null });
    const { token } = await free.sessions.create(free.agents.add({ name: 'bob', role: 'BE' }), { ttlSec: 3600 });
    free.clock.advance(HOUR / 2);
    await free.renew(token);
    expect(free.notices[0]).toMatchObject({ context: { maxRenewals: null, remainingAbsoluteLife: null } });
    free.close();
  });

  test('R5: a channel that fails does not fail the renewal; the failure is reported', async () => {
    rig.telling.fail = true;
    const { token } = await ripe();
    const renewed = await rig.renew(token);
    await rig.sessions.verify(renewed.token);
    await until(() => rig.failures.length === 1);
  });

  test('R6: two renewals of a short token, 180 s apart, are both told', async () => {
    let { token } = await rig.sessions.create(alice, { ttlSec: 300 });
    for (const _ of [1, 2]) {
      rig.clock.advance(180_000);
      ({ token } = await rig.renew(token));
    }
    expect(rig.notices.map(({ context }) => ('renewalCount' in context ? context.renewalCount : null))).toEqual([1, 2]);
  });

  test('is in the log as well, word for word but without the link; its nonce and the token stand nowhere in the database', async () => {
    rig.owner.state = 'LOCKED';
    const { session, token } = await ripe();
    const renewed = await rig.renew(token);
    const { rejectUrl, ...context } = lastContext();
    const event = rig.events().at(-1)!;
    expect(event).toMatchObject({ kind: 'session', action: 'renewed', role: 'FE', session_id: session.id, subject: `session:${session.id}` });
    expect(JSON.parse(event['data']!)).toEqual({ notice: 'SESSION_RENEWED', ...context, expiresAt: new Date(renewed.session.expiresAt!).toISOString() });
    rig.store.db.pragma('wal_checkpoint(TRUNCATE)');
    const file = readFileSync(rig.store.db.name);
    expect(file.includes(rejectUrl!.split('nonce=')[1]!)).toBe(false);
    expect(file.includes(renewed.token.slice(-40))).toBe(false);
  });
});

describe('the signing key', () => {
  test('can be replaced without ending a session: old tokens go on, renewals use the new key', async () => {
    const { token } = await ripe();
    const before = rig.keys.current().id;
    rig.sessions.rotateKey();
    expect(rig.keys.current().id).not.toBe(before);
    await rig.sessions.verify(token);
    const renewed = await rig.renew(token);
    expect(decodeProtectedHeader(renewed.token.slice(9)).kid).toBe(rig.keys.current().id);
  });

  /** Forgets a session that ended, which is when unused keys are dropped. */
  async function forgetOne(): Promise<void> {
    const { session } = await rig.sessions.create(alice);
    await rig.sessions.revoke(session.id, 'done');
    rig.clock.advance(2 * HOUR);
    rig.store.db.prepare('UPDATE sessions SET revoked_at = 1 WHERE id = ?').run(session.id);
    const upkeep = rig.upkeepOf(1);
    upkeep.check();
    upkeep.stop();
    expect(rig.sessions.list().map(({ id }) => id)).not.toContain(session.id);
  }

  test('is dropped when the last session that needs it is forgotten, not before', async () => {
    const { session } = await rig.sessions.create(alice);
    const old = rig.keys.current().id;
    rig.sessions.rotateKey();
    await forgetOne();
    expect(rig.keys.has(old)).toBe(true);
    rig.store.db.prepare('DELETE FROM sessions WHERE id = ?').run(session.id);
    await forgetOne();
    expect(rig.keys.has(old)).toBe(false);
    expect(rig.keys.has(rig.keys.current().id)).toBe(true);
  });

  test('is kept while a token that it signed may still be answered again', async () => {
    const { token } = await rig.sessions.create(alice, { ttlSec: 3600 });
    rig.sessions.rotateKey();
    rig.clock.advance(0.6 * HOUR);
    const { session } = await rig.sessions.create(alice);
    await rig.sessions.revoke(session.id, 'done');
    rig.clock.advance(0.3 * HOUR);
    rig.store.db.prepare('UPDATE sessions SET revoked_at = 1 WHERE id = ?').run(session.id);
    rig.store.db.exec('UPDATE signing_keys SET retired_at = 1 WHERE retired_at IS NOT NULL');
    const first = await rig.renew(token);
    const upkeep = rig.upkeepOf(1);
    upkeep.check();
    upkeep.stop();
    expect(rig.sessions.list()).toHaveLength(1);
    expect((await rig.renew(token)).token).toBe(first.token);
  });

  test('invalidating all sessions is its own action: everybody is out, and the key is new', async () => {
    const bob = rig.agents.add({ name: 'bob', role: 'BE' });
    const tokens = [(await ripe()).token, (await rig.sessions.create(bob)).token];
    const before = rig.keys.current().id;
    expect(await rig.sessions.invalidateAll('all tokens were in a stolen backup')).toBe(2);
    for (const token of tokens) expect(await refused(rig.sessions.verify(token))).toBe('SESSION_REVOKED');
    expect(rig.keys.current().id).not.toBe(before);
    expect(rig.ended).toHaveLength(2);
    expect(await rig.sessions.invalidateAll('again')).toBe(0);
    const { token } = await rig.sessions.create(alice);
    await rig.sessions.verify(token);
  });
});
