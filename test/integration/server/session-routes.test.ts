import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionNotice } from '../../../main/access/session-notices.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { api, lockOwner, type ApiAnswer } from '../../support/session-api.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';

const HOUR = 3_600_000;

let clock: FakeClock;
let rig: TestCore;
let notices: SessionNotice[];
let agentId: string;
beforeEach(async () => {
  clock = new FakeClock();
  notices = [];
  rig = await startCore({ clock, notifySession: (_tx, notice) => void notices.push(notice) });
  agentId = (await rig.call('agents.add', { name: 'alice', role: 'FE' })).agent.id;
});
afterEach(async () => rig.stop());

const asPerson = async (method: string, path: string, body?: unknown): Promise<ApiAnswer> => api(rig, method, path, rig.localKey, body);
const create = async (constraints?: object): Promise<{ readonly sessionId: string; readonly token: string; readonly body: Record<string, unknown> }> => {
  const { status, body } = await asPerson('POST', '/v1/sessions', { agentId, ...(constraints !== undefined && { constraints }) });
  expect(status).toBe(201);
  return { sessionId: body['sessionId'] as string, token: body['token'] as string, body };
};
const renew = async (sessionId: string, token: string): Promise<ApiAnswer> => api(rig, 'PUT', `/v1/sessions/${sessionId}/renew`, token);
const at = (ms: number): string => new Date(ms).toISOString();

describe('POST /v1/sessions', () => {
  test('issues a token by the policy, shown this once, with every constraint', async () => {
    const { body, sessionId, token } = await create();
    const end = clock.now() + 604_800_000;
    expect(body).toEqual({
      sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      token: expect.stringMatching(/^wai_sess_[\w-]+\.[\w-]+\.[\w-]+$/) as unknown,
      expiresAt: at(end),
      absoluteExpiresAt: at(clock.now() + 2_592_000_000),
      agentId,
      agentName: 'alice',
      role: 'FE',
      constraints: { expiresIn: 604_800, maxRenewals: 30, renewalRejectWindow: 3600 },
    });
    const seen = await asPerson('GET', `/v1/sessions/${sessionId}`);
    expect(JSON.stringify(seen.body)).not.toContain(token.slice(-20));
    expect(JSON.stringify((await asPerson('GET', '/v1/sessions')).body)).not.toContain('wai_sess_');
  });

  test('takes the agent by name too, and constraints within their ranges; null is no limit', async () => {
    const { body } = await asPerson('POST', '/v1/sessions', { agentId: 'ALICE', constraints: { expiresIn: null, maxRenewals: null, renewalRejectWindow: 300 } });
    expect(body).toMatchObject({ agentId, expiresAt: at(clock.now() + 2_592_000_000), constraints: { expiresIn: null, maxRenewals: null, renewalRejectWindow: 300 } });
  });

  test('a session made with the constraints of another one has every one of them', async () => {
    const constraints = { expiresIn: 7200, maxRenewals: 3, renewalRejectWindow: 600 };
    const first = await create(constraints);
    const { body } = await asPerson('GET', `/v1/sessions/${first.sessionId}`);
    const second = await create(body['constraints'] as object);
    expect(second.body['constraints']).toEqual(constraints);
  });

  test.each<[object, RegExp]>([
    [{}, /agentId must be text/],
    [{ agentId: 'alice', constraints: { expiresIn: 299 } }, /constraints\.expiresIn must be an integer from 300 to 604800/],
    [{ agentId: 'alice', constraints: { expiresIn: 604_801 } }, /300 to 604800/],
    [{ agentId: 'alice', constraints: { maxRenewals: 101 } }, /constraints\.maxRenewals must be an integer from 0 to 100/],
    [{ agentId: 'alice', constraints: { maxRenewals: '3' } }, /constraints\.maxRenewals/],
    [{ agentId: 'alice', constraints: { renewalRejectWindow: 86_401 } }, /constraints\.renewalRejectWindow must be an integer from 300 to 86400/],
    [{ agentId: 'alice', constraints: { maxAmountPerTx: '1' } }, /constraints takes expiresIn, maxRenewals and renewalRejectWindow/],
    [{ agentId: 'alice', ttl: 300 }, /there is no argument 'ttl'/],
  ])('%j is refused with the rule', async (body, rule) => {
    const answer = await asPerson('POST', '/v1/sessions', body);
    expect(answer).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect((answer.body['error'] as { message: string }).message).toMatch(rule);
  });

  test('an unknown agent is 404, the sixth session 409 with the count', async () => {
    expect(await asPerson('POST', '/v1/sessions', { agentId: 'nobody' })).toMatchObject({ status: 404, code: 'AGENT_NOT_FOUND' });
    for (let count = 0; count < 5; count += 1) await create();
    expect(await asPerson('POST', '/v1/sessions', { agentId })).toMatchObject({ status: 409, code: 'SESSION_LIMIT', body: { error: { details: { live: 5, limit: 5 } } } });
  });
});

describe('GET /v1/sessions', () => {
  test('lists by agent and state, with the total', async () => {
    const first = await create();
    clock.advance(1000);
    const second = await create();
    await asPerson('DELETE', `/v1/sessions/${first.sessionId}`);
    const ids = async (query: string) => {
      const { body } = await asPerson('GET', `/v1/sessions${query}`);
      return { ids: (body['sessions'] as { id: string }[]).map(({ id }) => id), total: body['total'] };
    };
    expect(await ids('')).toEqual({ ids: [second.sessionId, first.sessionId], total: 2 });
    expect(await ids('?limit=1')).toEqual({ ids: [second.sessionId], total: 2 });
    expect(await ids('?state=live&agentId=alice')).toEqual({ ids: [second.sessionId], total: 1 });
    expect(await ids('?state=revoked')).toEqual({ ids: [first.sessionId], total: 1 });
    clock.sleep(605_000_000);
    expect(await ids('?state=expired')).toEqual({ ids: [second.sessionId], total: 1 });
  });

  test.each(['?limit=0', '?limit=501', '?limit=x', '?state=dead', '?colour=red'])('%s is refused', async (query) => {
    expect(await asPerson('GET', `/v1/sessions${query}`)).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
  });
});

describe('GET /v1/sessions/:id', () => {
  test('answers the person for any session, also an expired one, which refreshing a token needs', async () => {
    const { sessionId } = await create({ expiresIn: 300 });
    clock.sleep(20 * 86_400_000);
    expect(await asPerson('GET', `/v1/sessions/${sessionId}`)).toMatchObject({
      status: 200,
      body: { id: sessionId, state: 'expired', agentName: 'alice', ownerState: 'NONE', constraints: { expiresIn: 300, maxRenewals: 30, renewalRejectWindow: 3600 } },
    });
  });

  test('lets a session look at itself, with the state of its owner, and at nothing else', async () => {
    const { sessionId, token } = await create();
    const other = await create();
    lockOwner(rig.dataDir, agentId);
    expect(await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).toMatchObject({ status: 200, body: { id: sessionId, renewalCount: 0, ownerState: 'LOCKED' } });
    for (const id of [other.sessionId, 'nobody']) expect(await api(rig, 'GET', `/v1/sessions/${id}`, token)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    for (const [method, path] of [['GET', '/v1/sessions'], ['POST', '/v1/sessions'], ['DELETE', `/v1/sessions/${sessionId}`], ['POST', '/v1/sessions/invalidate-all']] as const) {
      expect({ method, path, status: (await api(rig, method, path, token)).status }).toMatchObject({ status: 401 });
    }
  });

  test('an unknown one is 404', async () => {
    expect(await asPerson('GET', '/v1/sessions/nobody')).toMatchObject({ status: 404, code: 'SESSION_NOT_FOUND' });
  });

  test('says when it was last used and by which client', async () => {
    const { sessionId, token } = await create();
    await fetch(`${rig.url}/v1/sessions/${sessionId}`, { headers: { authorization: `Bearer ${token}`, 'user-agent': 'claude-code/2.1' } });
    const used = clock.now();
    clock.advance(61_000);
    expect(await asPerson('GET', `/v1/sessions/${sessionId}`)).toMatchObject({ body: { lastUsedAt: at(used), lastClient: 'claude-code/2.1' } });
  });
});

describe('DELETE /v1/sessions/:id', () => {
  test('ends it, idempotently, with the first reason, and as a manual revoke that nobody is told as a rejection (J7)', async () => {
    const { sessionId, token } = await create();
    const ended = await asPerson('DELETE', `/v1/sessions/${sessionId}`, { reason: 'lost laptop' });
    expect(ended).toMatchObject({ status: 200, body: { message: 'The session is revoked.', sessionId, revokedAt: at(clock.now()) } });
    clock.advance(5000);
    expect((await asPerson('DELETE', `/v1/sessions/${sessionId}`)).body).toEqual(ended.body);
    expect(await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).toMatchObject({ status: 401, code: 'SESSION_REVOKED' });
    const { events } = await rig.call('log.read', {});
    expect(events.find(({ action }) => action === 'revoked')).toMatchObject({ data: { trigger: 'manual_revoke', reason: 'lost laptop' } });
    expect(notices).toEqual([]);
  });

  test('an expired one stays expired; an unknown one is 404', async () => {
    const { sessionId } = await create({ expiresIn: 300 });
    clock.advance(301_000);
    expect(await asPerson('DELETE', `/v1/sessions/${sessionId}`)).toMatchObject({ status: 200, body: { message: 'The session had expired before.', revokedAt: null } });
    expect(await asPerson('DELETE', '/v1/sessions/nobody')).toMatchObject({ status: 404, code: 'SESSION_NOT_FOUND' });
  });
});

test('POST /v1/sessions/invalidate-all ends every live session', async () => {
  const tokens = [await create(), await create()];
  expect(await asPerson('POST', '/v1/sessions/invalidate-all', { reason: 'a backup was stolen' })).toMatchObject({ status: 200, body: { sessionsRevoked: 2 } });
  for (const { sessionId, token } of tokens) {
    const refused = await api(rig, 'GET', `/v1/sessions/${sessionId}`, token);
    expect(refused).toMatchObject({ status: 401, code: 'SESSION_REVOKED' });
    expect((refused.body['error'] as { message: string }).message).toContain('a backup was stolen');
  }
  expect(await asPerson('POST', '/v1/sessions/invalidate-all')).toMatchObject({ status: 200, body: { sessionsRevoked: 0 } });
});

describe('PUT /v1/sessions/:id/renew', () => {
  test('answers with the new token and what is left; a request without a body is enough', async () => {
    const { sessionId, token } = await create({ expiresIn: 3600 });
    clock.advance(0.6 * HOUR);
    const renewed = await renew(sessionId, token);
    expect(renewed.status).toBe(200);
    expect(renewed.headers.get('cache-control')).toBe('no-store');
    expect(renewed.body).toEqual({
      sessionId,
      token: expect.stringMatching(/^wai_sess_/) as unknown,
      expiresAt: at(clock.now() + HOUR),
      renewalCount: 1,
      maxRenewals: 30,
      absoluteExpiresAt: at(clock.now() - 0.6 * HOUR + 2_592_000_000),
    });
    expect(await api(rig, 'GET', `/v1/sessions/${sessionId}`, String(renewed.body['token']))).toMatchObject({ status: 200, body: { renewalCount: 1, lastRenewedAt: at(clock.now()) } });
    expect(await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).toMatchObject({ status: 401, code: 'AUTH_TOKEN_INVALID' });
  });

  test('each refusal has its own code and status', async () => {
    const fresh = await create({ expiresIn: 3600 });
    const early = await renew(fresh.sessionId, fresh.token);
    expect(early).toMatchObject({ status: 403, code: 'RENEWAL_TOO_EARLY', body: { error: { retryable: true, details: { retryAfterSec: 1800 } } } });
    expect(early.headers.get('retry-after')).toBe('1800');

    const spent = await create({ expiresIn: 3600, maxRenewals: 0 });
    expect(await renew(spent.sessionId, spent.token)).toMatchObject({ status: 403, code: 'RENEWAL_LIMIT_REACHED' });

    const whole = await create({ expiresIn: null });
    expect(await renew(whole.sessionId, whole.token)).toMatchObject({ status: 400, code: 'RENEWAL_NOT_REQUIRED' });

    for (const id of [spent.sessionId, 'nobody']) expect(await renew(id, fresh.token)).toMatchObject({ status: 403, code: 'SESSION_RENEWAL_MISMATCH' });

    await asPerson('DELETE', `/v1/sessions/${fresh.sessionId}`);
    expect(await renew(fresh.sessionId, fresh.token)).toMatchObject({ status: 401, code: 'SESSION_REVOKED' });
    expect(await api(rig, 'PUT', `/v1/sessions/${spent.sessionId}/renew`, null)).toMatchObject({ status: 401, code: 'AUTH_TOKEN_MISSING' });
    expect(await renew(spent.sessionId, 'wai_sess_a.b.c')).toMatchObject({ status: 401, code: 'AUTH_TOKEN_INVALID' });
    expect(await renew(spent.sessionId, rig.localKey)).toMatchObject({ status: 401, code: 'AUTH_TOKEN_INVALID' });
    clock.advance(2 * HOUR);
    expect(await renew(spent.sessionId, spent.token)).toMatchObject({ status: 401, code: 'AUTH_TOKEN_EXPIRED' });
  });

  test('near the end of its lifetime the last token is clamped, then SESSION_ABSOLUTE_LIFETIME_EXCEEDED', async () => {
    const { sessionId, ...made } = await create();
    let { token, body } = made;
    for (let days = 4.2; days <= 25.2; days += 4.2) {
      clock.sleep(4.2 * 86_400_000);
      const renewed = await renew(sessionId, token);
      ({ body } = renewed);
      expect({ days, status: renewed.status }).toMatchObject({ status: 200 });
      token = body['token'] as string;
    }
    expect(body['expiresAt']).toBe(body['absoluteExpiresAt']);
    clock.advance(86_400_000);
    expect(await renew(sessionId, token)).toMatchObject({ status: 403, code: 'SESSION_ABSOLUTE_LIFETIME_EXCEEDED', body: { error: { retryable: false } } });
  });

  test('the old token gets the same answer again for a minute', async () => {
    const { sessionId, token } = await create({ expiresIn: 3600 });
    clock.advance(0.6 * HOUR);
    const first = await renew(sessionId, token);
    clock.advance(59_000);
    expect((await renew(sessionId, token)).body).toEqual(first.body);
    clock.advance(1000);
    expect(await renew(sessionId, token)).toMatchObject({ status: 401, code: 'AUTH_TOKEN_INVALID' });
    expect(notices).toHaveLength(1);
  });

  test('many at once over HTTP are one renewal with one token', async () => {
    const { sessionId, token } = await create({ expiresIn: 3600 });
    clock.advance(0.6 * HOUR);
    const all = await Promise.all(Array.from({ length: 20 }, async () => renew(sessionId, token)));
    expect(new Set(all.map(({ status, body }) => `${status} ${String(body['token'])}`)).size).toBe(1);
    expect(all[0]!.body['renewalCount']).toBe(1);
  });

  test('R8: renewals racing a revoke never leave a token that lives', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { sessionId, token } = await create({ expiresIn: 3600 });
      clock.advance(0.6 * HOUR);
      const [renewed] = await Promise.all([renew(sessionId, token), asPerson('DELETE', `/v1/sessions/${sessionId}`)]);
      expect(['200', 'RENEWAL_CONFLICT', 'SESSION_REVOKED']).toContain(renewed.code ?? String(renewed.status));
      for (const each of [token, renewed.body['token']].filter((found) => typeof found === 'string')) {
        expect(await api(rig, 'GET', `/v1/sessions/${sessionId}`, each)).toMatchObject({ status: 401, code: 'SESSION_REVOKED' });
        expect((await renew(sessionId, each)).status).toBe(401);
      }
    }
  });

  test('every renewal is told; with a verified owner the notice carries a link to this very port', async () => {
    lockOwner(rig.dataDir, agentId);
    const { sessionId, token } = await create({ expiresIn: 3600 });
    clock.advance(0.6 * HOUR);
    await renew(sessionId, token);
    expect(notices).toMatchObject([
      {
        type: 'SESSION_RENEWED',
        context: { sessionId, rejectButton: true, rejectWindowExpiry: at(clock.now() + HOUR), rejectUrl: expect.stringContaining(`${rig.url}/v1/dashboard/sessions/${sessionId}/reject?nonce=`) as unknown },
      },
    ]);
    const { events } = await rig.call('log.read', {});
    const line = events.find(({ action }) => action === 'renewed')!;
    expect(line).toMatchObject({ kind: 'session', data: { notice: 'SESSION_RENEWED', rejectButton: true } });
    expect(JSON.stringify(line)).not.toContain('nonce');
  });

  test('the session that is renewed keeps its locks and tasks', async () => {
    const { sessionId, token } = await create({ expiresIn: 3600 });
    const tool = async (bearer: string, name: string, args: object) =>
      fetch(`${rig.url}/mcp`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
      });
    clock.advance(0.9 * HOUR);
    await tool(token, 'acquire_lock', { resource: 'nas-deploy', ttl_sec: 3600 });
    const renewed = await renew(sessionId, token);
    clock.advance(0.5 * HOUR);
    expect((await rig.call('locks.list', {})).locks).toMatchObject([{ held_by: 'FE', session_id: sessionId }]);
    expect((await tool(String(renewed.body['token']), 'release_lock', { resource: 'nas-deploy', fence: 1 })).status).toBe(200);
  });
});
