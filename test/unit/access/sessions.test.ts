import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { uuidv7 } from '../../../main/base/ids.ts';
import type { Agent } from '../../../main/access/agents.ts';
import { SessionExpiry } from '../../../main/access/session-expiry.ts';
import { makeAccess } from '../../support/access-rig.ts';
import { until } from '../../support/until.ts';

let rig: ReturnType<typeof makeAccess>;
let alice: Agent;

beforeEach(() => {
  rig = makeAccess();
  alice = rig.agents.add({ name: 'alice', role: 'FE' });
});
afterEach(() => rig.close());

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => {
      throw new Error('it was not refused');
    },
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('a new session', () => {
  test('gives a token of the agreed form with exactly the agreed claims', async () => {
    const { session, token } = await rig.sessions.create(alice, { ttlSec: 300 });
    expect(token.startsWith('wai_sess_')).toBe(true);
    const jwt = token.slice('wai_sess_'.length);
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'HS256', kid: rig.keys.current().id });
    const iat = Math.floor(rig.clock.now() / 1000);
    expect(decodeJwt(jwt)).toEqual({ iss: 'wheelhouse', iat, exp: iat + 300, jti: session.id, aid: alice.id });
    expect(session).toMatchObject({ agentId: alice.id, agentName: 'alice', role: 'FE', state: 'live', expiresAt: (iat + 300) * 1000 });
  });

  test('proves its bearer to be the agent', async () => {
    const { session, token } = await rig.sessions.create(alice);
    expect(await rig.sessions.verify(token)).toEqual({
      agentId: alice.id,
      agentName: 'alice',
      role: 'FE',
      sessionId: session.id,
      expiresAt: session.expiresAt,
    });
  });

  test('keeps only the hash of the token: it stands nowhere in the database and in no event', async () => {
    const { token } = await rig.sessions.create(alice);
    const row = rig.store.db.prepare('SELECT token_hash FROM sessions').get() as { token_hash: string };
    expect(row.token_hash).toBe(createHash('sha256').update(token).digest('hex'));
    const file = rig.store.db.name;
    rig.store.db.pragma('wal_checkpoint(TRUNCATE)');
    expect(readFileSync(file).includes(token.slice(-40))).toBe(false);
    expect(JSON.stringify(rig.events())).not.toContain('wai_sess_');
  });

  test('commits together with its line in the activity log', async () => {
    const { session } = await rig.sessions.create(alice);
    expect(rig.events().at(-1)).toMatchObject({ kind: 'session', action: 'created', role: 'FE', session_id: session.id, subject: `session:${session.id}` });
  });

  test.each([299, 604_801, 0, -1, 1.5, Number.NaN])('a life of %d seconds is refused with the range', async (ttl) => {
    const error = await refusal(rig.sessions.create(alice, { ttlSec: ttl }));
    expect(error.code).toBe('INPUT_INVALID');
    expect(error.message).toContain('300 to 604800');
  });

  test('the sixth of one agent is refused with the count and the cure; another agent is free; an ended one makes room', async () => {
    const made = [];
    for (let count = 0; count < 5; count += 1) made.push(await rig.sessions.create(alice, { ttlSec: 300 + count }));
    const error = await refusal(rig.sessions.create(alice));
    expect(error.code).toBe('SESSION_LIMIT');
    expect(error.message).toMatch(/alice has 5 live sessions, 5 are allowed.*session revoke/s);
    await rig.sessions.create(rig.agents.add({ name: 'bob', role: 'BE' }));
    await rig.sessions.revoke(made[4]!.session.id, 'done');
    await rig.sessions.create(alice);
    rig.clock.advance(300_000);
    await rig.sessions.create(alice);
  });

  test('is refused to a suspended agent', async () => {
    rig.store.db.exec("UPDATE agents SET status = 'suspended', status_reason = 'too many failures'");
    const error = await refusal(rig.sessions.create(rig.agents.find('alice')));
    expect(error.code).toBe('AGENT_SUSPENDED');
    expect(error.message).toContain('too many failures');
  });
});

describe('a token is refused', () => {
  test('one second before its end it is good, exactly at its end it has expired', async () => {
    const { session, token } = await rig.sessions.create(alice, { ttlSec: 300 });
    rig.clock.advance(session.expiresAt! - rig.clock.now() - 1000);
    expect((await rig.sessions.verify(token)).sessionId).toBe(session.id);
    rig.clock.advance(1000);
    const error = await refusal(rig.sessions.verify(token));
    expect(error.code).toBe('AUTH_TOKEN_EXPIRED');
    expect(error.message).toContain('session create');
  });

  test('once revoked, with the reason', async () => {
    const { session, token } = await rig.sessions.create(alice);
    await rig.sessions.revoke(session.id, 'lost laptop');
    const error = await refusal(rig.sessions.verify(token));
    expect(error.code).toBe('SESSION_REVOKED');
    expect(error.message).toContain('lost laptop');
  });

  test('while its agent is suspended, and good again afterwards', async () => {
    const { token } = await rig.sessions.create(alice);
    rig.store.db.exec("UPDATE agents SET status = 'suspended'");
    expect((await refusal(rig.sessions.verify(token))).code).toBe('AGENT_SUSPENDED');
    rig.store.db.exec("UPDATE agents SET status = 'active'");
    await rig.sessions.verify(token);
  });

  test('when it is well signed but its session is not in the database', async () => {
    const { token } = await rig.sessions.create(alice);
    rig.store.db.exec('DELETE FROM sessions');
    expect((await refusal(rig.sessions.verify(token))).code).toBe('AUTH_TOKEN_INVALID');
  });

  test('when its row is there but another key signed it, or none', async () => {
    const { session, token } = await rig.sessions.create(alice);
    const claims = decodeJwt(token.slice(9));
    const kid = rig.keys.current().id;
    const forged = [
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid }).sign(new Uint8Array(32)),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: uuidv7(0) }).sign(rig.keys.current().secret),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(rig.keys.current().secret),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS512', kid }).sign(Buffer.concat([rig.keys.current().secret, rig.keys.current().secret])),
      await new SignJWT({ ...claims, iss: 'somebody' }).setProtectedHeader({ alg: 'HS256', kid }).sign(rig.keys.current().secret),
      `${new UnsecuredJWT(claims).encode()}x`,
    ];
    for (const jwt of forged) {
      // Even knowing how to write the database's hash does not help: the signature is checked as well.
      const hash = createHash('sha256').update(`wai_sess_${jwt}`).digest('hex');
      rig.store.db.prepare('UPDATE sessions SET token_hash = ? WHERE id = ?').run(hash, session.id);
      expect((await refusal(rig.sessions.verify(`wai_sess_${jwt}`))).code).toBe('AUTH_TOKEN_INVALID');
    }
  });

  test.each(['', 'wai_sess_', 'wai_sess_a.b.c', 'wai_sess_....', 'Bearer x', `wai_sess_${'a'.repeat(20_000)}.b.c`, 'wai_sess_\u0000.\u0000.\u0000'])(
    'when it is no token at all: %j',
    async (rubbish) => {
      expect((await refusal(rig.sessions.verify(rubbish))).code).toBe('AUTH_TOKEN_INVALID');
    },
  );

  test('at once when its signing key is gone, although it was good a moment before', async () => {
    const { token } = await rig.sessions.create(alice);
    await rig.sessions.verify(token);
    await rig.sessions.verify(token);
    rig.store.db.exec('DELETE FROM signing_keys');
    expect((await refusal(rig.sessions.verify(token))).code).toBe('AUTH_TOKEN_INVALID');
  });

  test('an older signing key still verifies what it signed', async () => {
    const { token } = await rig.sessions.create(alice);
    rig.store.db.prepare('INSERT INTO signing_keys (id, secret, created_at) VALUES (?,?,?)').run(uuidv7(rig.clock.now() + 1), 'ab'.repeat(32), rig.clock.now() + 1);
    const second = await rig.sessions.create(alice);
    expect(decodeProtectedHeader(second.token.slice(9)).kid).not.toBe(decodeProtectedHeader(token.slice(9)).kid);
    await rig.sessions.verify(token);
    await rig.sessions.verify(second.token);
  });
});

describe('revoking', () => {
  test('tells the delegate once, keeps the first reason and is idempotent', async () => {
    const { session } = await rig.sessions.create(alice);
    const first = await rig.sessions.revoke(session.id, 'first');
    const again = await rig.sessions.revoke(session.id, 'second');
    expect(first).toMatchObject({ state: 'revoked', revokeReason: 'first' });
    expect(again).toEqual(first);
    expect(rig.ended).toEqual([{ sessionId: session.id, reason: 'session revoked' }]);
    expect(rig.events().filter((event) => event['action'] === 'revoked')).toHaveLength(1);
  });

  test('an unknown session is SESSION_NOT_FOUND', async () => {
    expect((await refusal(rig.sessions.revoke('nobody', 'x'))).code).toBe('SESSION_NOT_FOUND');
  });

  test('an expired session stays expired', async () => {
    const { session } = await rig.sessions.create(alice, { ttlSec: 300 });
    rig.clock.advance(400_000);
    expect(await rig.sessions.revoke(session.id, 'late')).toMatchObject({ state: 'expired', revokedAt: null });
  });

  test('counts at once even when the delegate fails, and repeating it completes it', async () => {
    const { session, token } = await rig.sessions.create(alice);
    rig.delegate.fail = true;
    await expect(rig.sessions.revoke(session.id, 'lost')).rejects.toThrow('the bus is away');
    expect((await refusal(rig.sessions.verify(token))).code).toBe('SESSION_REVOKED');
    rig.delegate.fail = false;
    await rig.sessions.revoke(session.id, 'lost');
    expect(rig.ended).toHaveLength(1);
  });
});

describe('expiry', () => {
  let expiry: SessionExpiry;
  let failures: unknown[];
  beforeEach(() => {
    failures = [];
    expiry = new SessionExpiry(rig.sessions, rig.clock, (error) => void failures.push(error));
  });
  afterEach(async () => expiry.stop());

  test('each session ends when its own time has come, with one line in the log', async () => {
    const short = await rig.sessions.create(alice, { ttlSec: 300 });
    const long = await rig.sessions.create(alice, { ttlSec: 600 });
    await expiry.check();
    rig.clock.advance(299_000);
    await expiry.check();
    expect(rig.ended).toEqual([]);
    rig.clock.advance(2000);
    await expiry.check();
    expect(rig.ended).toEqual([{ sessionId: short.session.id, reason: 'session expired' }]);
    rig.clock.advance(300_000);
    await expiry.check();
    expect(rig.ended.map((end) => end.sessionId)).toEqual([short.session.id, long.session.id]);
    expect(rig.events().filter((event) => event['action'] === 'expired')).toHaveLength(2);
  });

  test('the timer alone carries it out', async () => {
    const { session } = await rig.sessions.create(alice, { ttlSec: 300 });
    await expiry.check();
    rig.clock.advance(301_000);
    await until(() => rig.ended.length > 0);
    expect(rig.ended).toEqual([{ sessionId: session.id, reason: 'session expired' }]);
  });

  test('what expired while nothing ran is ended at the next start, and only once', async () => {
    const { session } = await rig.sessions.create(alice, { ttlSec: 300 });
    rig.clock.jump(86_400_000);
    await expiry.check();
    await new SessionExpiry(rig.sessions, rig.clock, (error) => void failures.push(error)).check();
    expect(rig.ended).toEqual([{ sessionId: session.id, reason: 'session expired' }]);
    expect(rig.clock.timers).toBe(0);
  });

  test('a revoke that was interrupted is completed', async () => {
    const { session } = await rig.sessions.create(alice);
    rig.delegate.fail = true;
    await expect(rig.sessions.revoke(session.id, 'x')).rejects.toThrow('the bus is away');
    rig.delegate.fail = false;
    await expiry.check();
    expect(rig.ended).toEqual([{ sessionId: session.id, reason: 'session revoked' }]);
  });

  test('a failing delegate is reported and tried again a minute later', async () => {
    await rig.sessions.create(alice, { ttlSec: 300 });
    rig.delegate.fail = true;
    rig.clock.advance(300_000);
    await expiry.check();
    expect(failures).toHaveLength(1);
    rig.delegate.fail = false;
    rig.clock.advance(61_000);
    await until(() => rig.ended.length > 0);
    expect(failures).toHaveLength(1);
  });
});

describe('lists', () => {
  test('are newest first, by agent or all, and never hold a token', async () => {
    const bob = rig.agents.add({ name: 'bob', role: 'BE' });
    const first = await rig.sessions.create(alice);
    rig.clock.advance(1000);
    const second = await rig.sessions.create(bob);
    expect(rig.sessions.list().map((session) => session.id)).toEqual([second.session.id, first.session.id]);
    expect(rig.sessions.list({ agentId: alice.id }).map((session) => session.id)).toEqual([first.session.id]);
    expect(rig.sessions.list({ limit: 1 })).toHaveLength(1);
    expect(JSON.stringify(rig.sessions.list())).not.toContain('wai_sess_');
    expect([...rig.sessions.countLive()]).toEqual(
      expect.arrayContaining([
        [alice.id, 1],
        [bob.id, 1],
      ]),
    );
  });
});
