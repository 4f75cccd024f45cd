import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KillSwitchStatus } from '../../../main/access/kill-switch.ts';
import type { OwnerChallenge, OwnerProof } from '../../../main/access/owner-proof.ts';
import { adminOf, outcome } from '../../support/admin-http.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { keptLog } from '../../support/kept-log.ts';
import { modernRequest, send as sendMcp } from '../../support/mcp-raw.ts';
import { ethereumKey, solanaKey, type OwnerKey } from '../../support/owner-keys.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { until } from '../../support/until.ts';

const PASSWORD = 'correct horse battery';
const DAY = 86_400_000;

let clock: FakeClock;
let rig: TestCore;
let admin: ReturnType<typeof adminOf>;
beforeEach(async () => {
  clock = new FakeClock();
  rig = await startCore({ clock });
  admin = adminOf(rig);
});
afterEach(async () => rig.stop());

const setPassword = async () => admin.post('/v1/admin/master-password', { headers: admin.asPerson, body: { newPassword: PASSWORD } });
const pull = async () => admin.post('/v1/admin/kill-switch', { headers: admin.asPerson, body: { reason: 'agents run wild' } });
const recover = async (body: object = {}, proof?: OwnerProof) => admin.post('/v1/admin/recover', { body: { masterPassword: PASSWORD, ...body }, ...(proof && { proof }) });
const status = async () => (await admin.get('/v1/admin/status')).body['killSwitch'] as KillSwitchStatus;

async function challenge(key: OwnerKey, action: string): Promise<OwnerProof> {
  const { body } = await admin.get(`/v1/auth/nonce?chain=${key.chain}&address=${key.address}&action=${action}`);
  return key.prove(body as unknown as OwnerChallenge);
}
async function ownedAgent(key: OwnerKey): Promise<string> {
  const { agentId } = await rig.agent('alice', 'FE');
  expect(await admin.send('PATCH', `/v1/agents/${agentId}`, { body: { masterPassword: PASSWORD, owner: { address: key.address } } })).toMatchObject({ status: 200, body: { state: 'GRACE', chain: key.chain } });
  return agentId;
}
const tool = async (token: string, name: string, args: Record<string, unknown> = {}) => sendMcp(`${rig.url}/mcp`, token, modernRequest('tools/call', { name, arguments: args }));

describe('pulling the kill switch over HTTP', () => {
  test('by the person needs no password; it stops agents, locks and everything, and counts', async () => {
    const alice = await rig.agent('alice', 'FE');
    const bob = await rig.agent('bob', 'BE');
    await tool(alice.token, 'acquire_lock', { resource: 'compose' });
    const { task_id } = await rig.call('tasks.create', { title: 'Build', assignee_role: 'FE' });
    await tool(alice.token, 'claim_task', { task_id });
    expect(await pull()).toMatchObject({
      status: 200,
      body: { activated: true, timestamp: '2026-11-20T09:00:00.000Z', sessionsRevoked: 2, agentsSuspended: 2, cancelled: { lock_waits_ended: 0 } },
    });
    expect(await tool(bob.token, 'list_locks')).toMatchObject({ status: 503, body: { error: { code: 'SYSTEM_LOCKED', details: { reason: 'agents run wild', activatedAt: '2026-11-20T09:00:00.000Z' } } } });
    await until(async () => (await rig.call('locks.list', {})).locks.length === 0);
    expect((await rig.call('tasks.list', {})).tasks).toMatchObject([{ status: 'open', held_by: null }]);
    expect((await rig.call('agents.list', {})).agents).toMatchObject([{ status: 'suspended' }, { status: 'suspended' }]);
  });

  test('ends calls that wait for a lock: nobody is granted anything afterwards', async () => {
    const alice = await rig.agent('alice', 'FE');
    const bob = await rig.agent('bob', 'BE');
    await tool(alice.token, 'acquire_lock', { resource: 'compose' });
    const waiting = tool(bob.token, 'acquire_lock', { resource: 'compose', wait_sec: 50 });
    await until(async () => (await rig.call('locks.list', {})).waiters.length === 1);
    expect((await pull()).body['cancelled']).toMatchObject({ lock_waits_ended: 1 });
    expect(JSON.stringify((await waiting).body)).toMatch(/SYSTEM_LOCKED|SESSION_REVOKED|kill switch|session ended/i);
    await until(async () => (await rig.call('locks.list', {})).locks.length === 0);
    const actions = (await rig.call('log.read', {})).events.map(({ kind, action }) => `${kind} ${action}`);
    expect(actions.slice(actions.indexOf('kill_switch activated'))).not.toContain('lock granted');
  });

  test('ends the waiting calls of those who have no session, too', async () => {
    await rig.stop();
    rig = await startCore({ clock, busKey: 'the-shared-key-of-this-team' });
    admin = adminOf(rig);
    const alice = await rig.agent('alice', 'FE');
    await tool(alice.token, 'acquire_lock', { resource: 'compose' });
    const waiting = tool('the-shared-key-of-this-team', 'acquire_lock', { role: 'BE', resource: 'compose', wait_sec: 50 });
    await until(async () => (await rig.call('locks.list', {})).waiters.length === 1);
    await pull();
    expect(JSON.stringify((await waiting).body)).toContain('kill switch was pulled');
    await until(async () => (await rig.call('locks.list', {})).locks.length === 0);
  });

  test('takes the master password from others, in the body or the header, and nothing less', async () => {
    expect(outcome(await admin.post('/v1/admin/kill-switch', { body: { reason: 'x', masterPassword: PASSWORD } }))).toBe('409 MASTER_PASSWORD_NOT_SET');
    await setPassword();
    const { token } = await rig.agent('alice', 'FE');
    expect(outcome(await admin.post('/v1/admin/kill-switch', { body: { reason: 'x' } }))).toBe('401 MASTER_PASSWORD_REQUIRED');
    expect(outcome(await admin.post('/v1/admin/kill-switch', { headers: { authorization: `Bearer ${token}` }, body: { reason: 'x' } }))).toBe('401 MASTER_PASSWORD_REQUIRED');
    expect(outcome(await admin.post('/v1/admin/kill-switch', { body: { reason: 'x', masterPassword: 'wrong password' } }))).toBe('401 INVALID_MASTER_PASSWORD');
    expect((await status()).state).toBe('NORMAL');
    expect((await admin.post('/v1/admin/kill-switch', { headers: { 'x-master-password': PASSWORD }, body: { reason: 'x' } })).status).toBe(200);
    expect(await status()).toMatchObject({ state: 'ACTIVATED', actor: 'admin' });
  });

  test('a second time answers 409 with who was first, while it recovers too', async () => {
    await setPassword();
    await pull();
    const again = await admin.post('/v1/admin/kill-switch', { headers: admin.asPerson, body: { reason: 'again' } });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'KILL_SWITCH_ALREADY_ACTIVE', details: { reason: 'agents run wild', actor: 'admin' } } } });
    await recover();
    expect(outcome(await pull())).toBe('409 KILL_SWITCH_ALREADY_ACTIVE');
  });

  test.each([
    [{}, 'reason must be text of 1 to 500'],
    [{ reason: '' }, '1 to 500'],
    [{ reason: 'x'.repeat(501) }, '1 to 500'],
    [{ reason: 'x', sessions: 'all' }, "no argument 'sessions'"],
  ])('with the body %j says what is wrong', async (body, why) => {
    const answer = await admin.post('/v1/admin/kill-switch', { headers: admin.asPerson, body });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'INPUT_INVALID', message: expect.stringContaining(why) } } });
    expect((await status()).state).toBe('NORMAL');
  });

  test('by an owner takes their signature for it', async () => {
    await setPassword();
    const key = solanaKey();
    await ownedAgent(key);
    const other = await challenge(key, 'recover');
    expect(outcome(await admin.post('/v1/admin/kill-switch', { proof: other, body: { reason: 'x' } }))).toBe('401 INVALID_SIGNATURE');
    const proof = await challenge(key, 'kill_switch');
    expect((await admin.post('/v1/admin/kill-switch', { proof, body: { reason: 'x' } })).status).toBe(200);
    expect(await status()).toMatchObject({ state: 'ACTIVATED', actor: 'owner', hasOwner: true });
  });
});

describe.each(['ACTIVATED', 'RECOVERING'])('while %s', (state) => {
  beforeEach(async () => {
    await setPassword();
    await pull();
    if (state === 'RECOVERING') await recover();
  });

  test('health says so with 200, and so do status and kill switch', async () => {
    for (const path of ['/health', '/v1/health']) {
      expect(await admin.get(path)).toMatchObject({ status: 200, body: { status: 'locked', killSwitch: { active: true, state, activatedAt: '2026-11-20T09:00:00.000Z', reason: 'agents run wild' } } });
    }
    expect(await admin.get('/v1/admin/status')).toMatchObject({ status: 200, body: { killSwitch: { state } } });
    expect(await admin.get('/v1/admin/kill-switch')).toMatchObject({ status: 200, body: { state, reason: 'agents run wild' } });
  });

  test('everything else answers 503 before it asks who calls: agents, owners, what does not exist', async () => {
    const refused = [
      await admin.post('/mcp'),
      await admin.send('PATCH', '/v1/agents/alice', { body: { owner: null, masterPassword: PASSWORD } }),
      await admin.post('/v1/agents/alice/owner/verify'),
      await admin.post('/v1/admin/master-password', { headers: admin.asPerson, body: { newPassword: 'another password' } }),
      await admin.get('/nowhere'),
    ];
    expect(refused.map(outcome)).toEqual(Array.from({ length: 5 }, () => '503 SYSTEM_LOCKED'));
    expect(refused[0]!.body.error).toMatchObject({ retryable: false, details: { killSwitch: state, activatedAt: '2026-11-20T09:00:00.000Z', reason: 'agents run wild' } });
  });

  test('the nonce that an owner must sign can be had (K13), and the windows see', async () => {
    expect(await admin.get('/v1/auth/nonce')).toMatchObject({ status: 200, body: { nonce: expect.stringMatching(/^[0-9a-f]{32}$/), expiresAt: expect.any(String) } });
    expect((await rig.call('snapshot.get', {})).status).toMatchObject({ state: 'locked', killSwitch: state });
    expect((await fetch(`${rig.url}/ui/`, { headers: { cookie: await rig.windowCookie() } })).status).not.toBe(503);
  });
});

describe('recovering over HTTP', () => {
  test('without an owner: 409, 202, 409 with what remains, 200', async () => {
    await setPassword();
    const { token } = await rig.agent('alice', 'FE');
    expect(outcome(await recover())).toBe('409 KILL_SWITCH_NOT_ACTIVE');
    expect(outcome(await admin.post('/v1/admin/recover'))).toBe('409 KILL_SWITCH_NOT_ACTIVE');
    await pull();
    expect(await recover()).toMatchObject({ status: 202, body: { status: 'RECOVERING', recoveryEligibleAt: '2026-11-21T09:00:00.000Z', waitSeconds: 86_400, hasOwner: false } });
    clock.advance(1000);
    expect(await recover()).toMatchObject({
      status: 409,
      body: { error: { code: 'RECOVERY_WAIT_REQUIRED', retryable: true, details: { recoveryEligibleAt: '2026-11-21T09:00:00.000Z', remainingSeconds: 86_399 } } },
    });
    expect(outcome(await recover({ step: 1 }))).toBe('409 RECOVERY_ALREADY_STARTED');
    expect(await status()).toMatchObject({ state: 'RECOVERING', remainingSeconds: 86_399 });
    clock.advance(DAY - 1000);
    expect(await recover()).toMatchObject({ status: 200, body: { status: 'NORMAL', recovered: true, timestamp: '2026-11-21T09:00:00.000Z', agentsReactivated: 1 } });
    expect((await tool(token, 'list_locks')).status).toBe(401);
    const next = await rig.call('sessions.create', { agent: 'alice' });
    expect((await tool(next.token, 'list_locks')).status).toBe(200);
    expect(await admin.get('/health')).toMatchObject({ body: { status: 'ok', killSwitch: { active: false, state: 'NORMAL', activatedAt: null, reason: null } } });
  });

  test('with an owner: 401 without the signature, 202 with it, and half an hour', async () => {
    await setPassword();
    const key = ethereumKey();
    await ownedAgent(key);
    await pull();
    expect(outcome(await recover())).toBe('401 OWNER_AUTH_REQUIRED');
    expect((await status()).state).toBe('ACTIVATED');
    expect(outcome(await recover({}, await challenge(ethereumKey(), 'recover')))).toBe('403 OWNER_MISMATCH');
    expect(outcome(await recover({}, await challenge(key, 'cancel_recovery')))).toBe('401 INVALID_SIGNATURE');
    const proof = await challenge(key, 'recover');
    expect(await recover({}, proof)).toMatchObject({ status: 202, body: { recoveryEligibleAt: '2026-11-20T09:30:00.000Z', waitSeconds: 1800, hasOwner: true } });
    expect(outcome(await recover({}, proof))).toBe('409 RECOVERY_ALREADY_STARTED');
    expect(outcome(await recover())).toBe('409 RECOVERY_WAIT_REQUIRED');
    clock.advance(1_800_000);
    expect(outcome(await recover())).toBe('200 NORMAL');
  });

  test('with wrong passwords: 401 four times, then 429 with when to come back, and the state does not move', async () => {
    await setPassword();
    await pull();
    for (const failedAttempts of [1, 2, 3, 4]) {
      expect(await recover({ masterPassword: 'wrong password' })).toMatchObject({ status: 401, body: { error: { code: 'INVALID_MASTER_PASSWORD', details: { failedAttempts } } } });
    }
    const locked = await recover({ masterPassword: 'wrong password' });
    expect(locked).toMatchObject({ status: 429, body: { error: { code: 'TOO_MANY_ATTEMPTS', retryable: true } } });
    expect(locked.headers.get('retry-after')).toBe('1800');
    expect(outcome(await recover())).toBe('429 TOO_MANY_ATTEMPTS');
    expect((await status()).state).toBe('ACTIVATED');
    clock.advance(30 * 60_000);
    expect(outcome(await recover())).toBe('202 RECOVERING');
  });

  test('two first steps at once: one 202, one that it was started already (K6)', async () => {
    await setPassword();
    await pull();
    expect((await Promise.all([recover(), recover()])).map(outcome).toSorted()).toEqual(['202 RECOVERING', '409 RECOVERY_ALREADY_STARTED']);
  });

  test.each([
    ['401 MASTER_PASSWORD_REQUIRED', {}],
    ['401 MASTER_PASSWORD_REQUIRED', { masterPassword: '' }],
    ['400 INPUT_INVALID', { masterPassword: 'short' }],
    ['400 INPUT_INVALID', { masterPassword: 12_345_678 }],
    ['400 INPUT_INVALID', { masterPassword: PASSWORD, step: 3 }],
    ['400 INPUT_INVALID', { masterPassword: PASSWORD, withoutOwner: 'yes' }],
    ['400 INPUT_INVALID', { masterPassword: PASSWORD, wait: 0 }],
  ])('%s for the body %j', async (expected, body) => {
    await setPassword();
    await pull();
    expect(outcome(await admin.post('/v1/admin/recover', { body }))).toBe(expected);
    expect((await status()).state).toBe('ACTIVATED');
  });

  test.each(['Bearer eyJub3QganNvbg', 'Bearer e30', `Bearer ${'0'.repeat(64)}`, 'Bearer eyJjaGFpbiI6InNvbGFuYSJ9'])('an Authorization that is no proof (%s) is refused by its form', async (authorization) => {
    await setPassword();
    await pull();
    expect(outcome(await admin.post('/v1/admin/recover', { headers: { authorization }, body: { masterPassword: PASSWORD } }))).toBe('401 INVALID_SIGNATURE');
  });

  test('goes on after a restart of the core (K7)', async () => {
    await setPassword();
    await pull();
    await recover();
    clock.advance(3_600_000);
    const before = rig;
    await before.core.stop();
    rig = await startCore({ clock, dataDir: before.dataDir });
    admin = adminOf(rig);
    expect(await status()).toMatchObject({ state: 'RECOVERING', recoveryEligibleAt: '2026-11-21T09:00:00.000Z', remainingSeconds: 82_800 });
    clock.advance(82_800_000);
    expect(outcome(await recover())).toBe('200 NORMAL');
    await rig.stop();
    await before.stop();
  });
});

describe('cancelling a recovery over HTTP', () => {
  beforeEach(async () => {
    await setPassword();
  });
  const cancel = async (request: Parameters<typeof admin.post>[1]) => admin.post('/v1/admin/cancel-recovery', request);

  test('is possible with the master password, for the person without, and for an owner by signature', async () => {
    const key = ethereumKey();
    await ownedAgent(key);
    expect(outcome(await cancel({ headers: admin.asPerson }))).toBe('409 KILL_SWITCH_NOT_ACTIVE');
    await pull();
    expect(outcome(await cancel({ headers: admin.asPerson }))).toBe('409 INVALID_RECOVERY_STATE');
    await recover({}, await challenge(key, 'recover'));
    expect(outcome(await cancel({}))).toBe('401 MASTER_PASSWORD_REQUIRED');
    expect(outcome(await cancel({ body: { masterPassword: 'wrong password' } }))).toBe('401 INVALID_MASTER_PASSWORD');
    expect(await cancel({ body: { masterPassword: PASSWORD } })).toMatchObject({ status: 200, body: { state: 'ACTIVATED', recoveryEligibleAt: null } });
    await recover({}, await challenge(key, 'recover'));
    expect(await cancel({ headers: admin.asPerson })).toMatchObject({ status: 200, body: { state: 'ACTIVATED' } });
    await recover({}, await challenge(key, 'recover'));
    expect(outcome(await cancel({ proof: await challenge(key, 'recover') }))).toBe('401 INVALID_SIGNATURE');
    const proof = await challenge(key, 'cancel_recovery');
    expect(await cancel({ proof })).toMatchObject({ status: 200, body: { state: 'ACTIVATED' } });
    await recover({}, await challenge(key, 'recover'));
    expect(outcome(await cancel({ proof }))).toBe('401 INVALID_NONCE');
  });
});

describe('the master password over HTTP', () => {
  const change = async (request: Parameters<typeof admin.post>[1]) => admin.post('/v1/admin/master-password', request);

  test('is set for the first time by the person alone', async () => {
    expect(outcome(await change({ body: { newPassword: PASSWORD } }))).toBe('401 MASTER_PASSWORD_REQUIRED');
    expect(outcome(await change({ body: { newPassword: PASSWORD, masterPassword: PASSWORD } }))).toBe('409 MASTER_PASSWORD_NOT_SET');
    expect(outcome(await change({ headers: admin.asPerson, body: { newPassword: 'short' } }))).toBe('400 INPUT_INVALID');
    expect((await rig.call('killSwitch.get', {})).masterPasswordSet).toBe(false);
    expect((await change({ headers: { cookie: await rig.windowCookie() }, body: { newPassword: PASSWORD } })).body).toEqual({ set: true });
  });

  test('is changed with the present one, by whoever has it', async () => {
    await setPassword();
    expect(outcome(await setPassword())).toBe('401 MASTER_PASSWORD_REQUIRED');
    expect(outcome(await change({ headers: admin.asPerson, body: { newPassword: 'another password', masterPassword: 'wrong password' } }))).toBe('401 INVALID_MASTER_PASSWORD');
    expect((await change({ headers: admin.asPerson, body: { newPassword: 'second password', masterPassword: PASSWORD } })).status).toBe(200);
    expect((await change({ headers: { ...admin.asPerson, 'x-master-password': 'second password' }, body: { newPassword: 'third password' } })).status).toBe(200);
    expect((await change({ body: { newPassword: 'fourth password', masterPassword: 'third password' } })).status).toBe(200);
    expect(outcome(await change({ body: { newPassword: PASSWORD, masterPassword: PASSWORD } }))).toBe('401 INVALID_MASTER_PASSWORD');
  });

  test('is guessed by no window without end either, and the command line is never locked out', async () => {
    await setPassword();
    const cookie = await rig.windowCookie();
    const guess = async () => admin.post('/v1/call/masterPassword.change', { headers: { cookie }, body: { current: 'wrong password', password: PASSWORD } });
    for (let n = 1; n <= 4; n += 1) expect((await guess()).body.error?.code).toBe('INVALID_MASTER_PASSWORD');
    expect((await guess()).body.error?.code).toBe('TOO_MANY_ATTEMPTS');
    for (let n = 1; n <= 6; n += 1) await expect(rig.call('masterPassword.change', { current: 'wrong password', password: PASSWORD })).rejects.toMatchObject({ code: 'INVALID_MASTER_PASSWORD' });
    expect(await rig.call('masterPassword.change', { current: PASSWORD, password: 'another password' })).toEqual({ set: true });
  });
});

describe('what everybody hears', () => {
  test('is queued for every channel, once each: activation, start, cancelling, the end of the wait, recovery', async () => {
    await rig.stop();
    const { log, lines } = keptLog();
    rig = await startCore({ clock, log });
    admin = adminOf(rig);
    await setPassword();
    await pull();
    await recover();
    await admin.post('/v1/admin/cancel-recovery', { headers: admin.asPerson });
    clock.advance(1000);
    await recover();
    clock.advance(DAY);
    await recover();
    const told = async () => (await rig.call('notices.list', {})).notices.map(({ type }) => type).toReversed();
    await expect.poll(told).toEqual([
      'KILL_SWITCH_ACTIVATED',
      'KILL_SWITCH_RECOVERY_STARTED',
      'KILL_SWITCH_RECOVERY_CANCELLED',
      'KILL_SWITCH_RECOVERY_STARTED',
      'KILL_SWITCH_RECOVERY_READY',
      'KILL_SWITCH_RECOVERED',
    ]);
    expect(JSON.stringify(lines)).not.toContain(PASSWORD);
  });
});

describe('auto-stop', () => {
  test('notices an agent that calls too often, over MCP', async () => {
    await rig.stop();
    rig = await startCore({ clock, config: { security: { auto_stop_calls: 60, auto_stop_calls_action: 'suspend_agent' } } });
    const { token } = await rig.agent('alice', 'FE');
    const answers = await Promise.all(Array.from({ length: 61 }, async () => tool(token, 'list_locks')));
    expect(answers.every(({ status }) => status === 200 || status === 403)).toBe(true);
    expect((await tool(token, 'list_locks')).status).toBe(403);
    expect((await rig.call('agents.list', {})).agents).toMatchObject([{ name: 'alice', status: 'suspended', statusReason: 'AUTO_STOP: more than 60 calls in five minutes' }]);
  });
});
