import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OwnerAction } from '../../../preload/contract.ts';
import { requestRenewal } from '../../../main/access/renewal-client.ts';
import { reactionTo } from '../../../main/access/renewal-reactions.ts';
import { readMcpToken, writeMcpToken } from '../../../main/access/token-file.ts';
import { adminOf } from '../../support/admin-http.ts';
import { connectBridge } from '../../support/bridge-client.ts';
import { bridgeInProcess, type InProcessBridge } from '../../support/bridge-in-process.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ask } from '../../support/mcp-clients.ts';
import { ethereumKey } from '../../support/owner-keys.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';

const SECOND = 1000;
const TTL_SEC = 300;
const DUE_MS = 0.6 * TTL_SEC * SECOND;
const PASSWORD = 'correct horse battery';

let clock: FakeClock;
let core: TestCore;
let bridges: InProcessBridge[];
beforeEach(async () => {
  clock = new FakeClock();
  core = await startCore({ clock });
  bridges = [];
});
afterEach(async () => {
  for (const bridge of bridges) await bridge.close();
  await core.stop();
});

const tokenFile = (): string => join(core.dataDir, 'mcp-token');
const inFile = (): string | null => readMcpToken(tokenFile());
const open = async (more: { readonly fetch?: typeof fetch; readonly tokenFile?: string } = {}): Promise<InProcessBridge> => {
  const bridge = await bridgeInProcess({ clock, baseUrl: () => core.url, tokenFile: tokenFile(), ...more });
  bridges.push(bridge);
  return bridge;
};
const session = async (id: string) => (await core.call('sessions.list', {})).sessions.find((each) => each.id === id)!;

/** Lets the next renewal come due and waits for its token. */
async function renewOnce(): Promise<void> {
  const before = inFile();
  clock.advance(DUE_MS);
  await expect.poll(inFile).not.toBe(before);
}

describe('the bridge and the core together', () => {
  it('renew the session again and again while the client works on', async () => {
    const { token, sessionId } = await core.agent('desk', 'FE', TTL_SEC);
    await writeMcpToken(tokenFile(), token);
    const { client, stderr } = await open();
    for (let renewals = 1; renewals <= 6; renewals += 1) {
      await renewOnce();
      expect(await session(sessionId)).toMatchObject({ renewalCount: renewals, state: 'live' });
      expect(await ask(client, 'whoami')).toMatchObject({ session_id: sessionId });
    }
    expect(stderr()).not.toContain('wai_sess_');
  });

  it('recover when the answer to a renewal is lost after the core has carried it out', async () => {
    const { token, sessionId } = await core.agent('desk', 'FE', TTL_SEC);
    await writeMcpToken(tokenFile(), token);
    let lost = 0;
    const { client } = await open({
      async fetch(input, init) {
        const response = await fetch(input, init);
        if (init?.method !== 'PUT' || lost > 0) return response;
        lost += 1;
        throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      },
    });
    clock.advance(DUE_MS);
    await expect.poll(async () => (await session(sessionId)).renewalCount).toBe(1);
    await expect.poll(() => lost).toBe(1);
    await expect.poll(() => {
      clock.advance(10 * SECOND);
      return inFile();
    }, { interval: 100 }).not.toBe(token);
    expect(await ask(client, 'whoami')).toMatchObject({ session_id: sessionId });
    expect(await session(sessionId)).toMatchObject({ renewalCount: 1 });
  });

  it('recover when the bridge is killed between the answer and the file: the next one takes the old token', async () => {
    const { token, sessionId } = await core.agent('desk', 'FE', TTL_SEC);
    await writeMcpToken(tokenFile(), token);
    clock.advance(DUE_MS);
    const lost = await requestRenewal({ fetch, clock, baseUrl: () => core.url }, sessionId, token);
    expect(lost.ok).toBe(true);
    const { client } = await open();
    await expect.poll(inFile).not.toBe(token);
    expect(await ask(client, 'whoami')).toMatchObject({ session_id: sessionId });
  });

  it('let two bridges on one file share the session', async () => {
    const { token, sessionId } = await core.agent('desk', 'FE', TTL_SEC);
    await writeMcpToken(tokenFile(), token);
    const [one, two] = [await open(), await open()];
    for (let renewals = 0; renewals < 3; renewals += 1) {
      await renewOnce();
      await expect.poll(async () => ask(one.client, 'whoami')).toMatchObject({ session_id: sessionId });
      await expect.poll(async () => ask(two.client, 'whoami')).toMatchObject({ session_id: sessionId });
    }
  });

  it('use the token to its end when no renewal is left, and go on with the next one', async () => {
    const { agent } = await core.call('agents.add', { name: 'desk', role: 'FE' });
    const { token } = await core.call('sessions.create', { agent: agent.id, ttl_sec: TTL_SEC, max_renewals: 0 });
    await writeMcpToken(tokenFile(), token);
    const { client, stderr } = await open();
    clock.advance(DUE_MS);
    await expect.poll(stderr).toContain('RENEWAL_LIMIT_REACHED');
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE' });
    clock.advance(TTL_SEC * SECOND - DUE_MS);
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'session_expired' });
    await writeMcpToken(tokenFile(), (await core.call('sessions.create', { agent: agent.id })).token);
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE' });
  });

  it('renew from a process of its own, under a client that has no idea', async () => {
    const late = new FakeClock(Date.now() - DUE_MS - 10 * SECOND);
    const other = await startCore({ clock: late });
    const { token, sessionId } = await other.agent('desk', 'FE', TTL_SEC);
    const file = join(other.dataDir, 'mcp-token');
    await writeMcpToken(file, token);
    late.advance(DUE_MS + 10 * SECOND);
    const { client, stderr } = await connectBridge('SDK 1', { dataDir: other.dataDir });
    await expect.poll(() => readMcpToken(file)).not.toBe(token);
    expect(await ask(client, 'whoami')).toMatchObject({ session_id: sessionId });
    await expect.poll(stderr).toContain('The session was renewed.');
    expect(stderr()).not.toContain('wai_sess_');
    await client.close();
    await other.stop();
  });

  it('agree on what every refusal means', async () => {
    const renew = async (sessionId: string, token: string) => requestRenewal({ fetch, clock, baseUrl: () => core.url }, sessionId, token);
    const reaction = async (sessionId: string, token: string) => {
      const answer = await renew(sessionId, token);
      return answer.ok ? 'renewed' : `${answer.code}: ${reactionTo(answer.code).kind}`;
    };
    const desk = await core.agent('desk', 'FE', TTL_SEC);
    const other = await core.agent('other', 'BE', TTL_SEC);
    expect(await reaction(desk.sessionId, desk.token)).toBe('RENEWAL_TOO_EARLY: wait');
    expect(await reaction(other.sessionId, desk.token)).toBe('SESSION_RENEWAL_MISMATCH: reload');
    expect(await reaction(desk.sessionId, `${desk.token}x`)).toBe('AUTH_TOKEN_INVALID: reload');
    await core.call('sessions.revoke', { session_id: other.sessionId });
    expect(await reaction(other.sessionId, other.token)).toBe('SESSION_REVOKED: reload');
    clock.advance(DUE_MS);
    expect(await reaction(desk.sessionId, desk.token)).toBe('renewed');
    clock.advance(2 * TTL_SEC * SECOND);
    expect(await reaction(desk.sessionId, desk.token)).toBe('AUTH_TOKEN_EXPIRED: reload');
  });

  it('stop with the kill switch, say so, and go on after the recovery with a new token and no restart', async () => {
    const admin = adminOf(core);
    await admin.post('/v1/admin/master-password', { headers: admin.asPerson, body: { newPassword: PASSWORD } });
    const { token, agentId } = await core.agent('desk', 'FE', TTL_SEC);
    await writeMcpToken(tokenFile(), token);
    const { client } = await open();
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE' });
    await admin.post('/v1/admin/kill-switch', { headers: admin.asPerson, body: { reason: 'stop' } });
    expect(await ask(client, 'post_message', { to_role: 'BE', body: 'still there?' })).toMatchObject({ status: 'kill_switch_active', retryable: true });
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'kill_switch_active' });
    // A client without any token is told so as well: a token would not help it now.
    const tokenless = await open({ tokenFile: join(core.dataDir, 'mcp-tokens', 'none') });
    expect(await ask(tokenless.client, 'whoami')).toMatchObject({ status: 'kill_switch_active' });

    const recover = async () => (await admin.post('/v1/admin/recover', { body: { masterPassword: PASSWORD } })).status;
    expect(await recover()).toBe(202);
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'kill_switch_active' });
    clock.advance(86_400 * SECOND);
    expect(await recover()).toBe(200);
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'session_expired' });
    await writeMcpToken(tokenFile(), (await core.call('sessions.create', { agent: agentId })).token);
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE' });
  });

  it('carry one client, never restarted, through renewals, a rejection, the kill switch and the recovery from it', async () => {
    const owner = ethereumKey();
    const proof = async (action: OwnerAction) => owner.prove(await core.call('owners.challenge', { address: owner.address, action }));
    await core.call('masterPassword.set', { password: PASSWORD });
    const first = await core.agent('desk', 'FE', TTL_SEC);
    await core.call('owners.set', { agent: 'desk', address: owner.address, master_password: PASSWORD });
    await core.call('owners.verify', { agent: 'desk', proof: await proof('verify_owner') });
    await writeMcpToken(tokenFile(), first.token);
    const { client, stderr } = await open();
    for (let renewals = 1; renewals <= 3; renewals += 1) {
      await renewOnce();
      expect(await ask(client, 'whoami')).toMatchObject({ session_id: first.sessionId });
    }

    // The owner is asked about the newest renewal, and says no.
    const { renewals } = await core.call('renewals.list', { which: 'open' });
    expect(renewals).toMatchObject([{ sessionId: first.sessionId, renewalCount: 3 }]);
    await core.call('renewals.reject', { renewal_id: renewals[0]!.id });
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'session_expired', retryable: true });
    const next = async (): Promise<string> => {
      const { session: made, token } = await core.call('sessions.create', { agent: first.agentId, ttl_sec: TTL_SEC });
      await writeMcpToken(tokenFile(), token);
      return made.id;
    };
    const second = await next();
    expect(await ask(client, 'whoami')).toMatchObject({ session_id: second });
    await renewOnce();
    expect(await session(second)).toMatchObject({ renewalCount: 1 });

    await core.call('killSwitch.activate', { reason: 'a drill' });
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'kill_switch_active' });
    expect(await core.call('killSwitch.recover', { master_password: PASSWORD, proof: await proof('recover') })).toMatchObject({ status: 'RECOVERING', waitSeconds: 1_800 });
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'kill_switch_active' });
    clock.advance(1_800 * SECOND);
    expect(await core.call('killSwitch.recover', { master_password: PASSWORD })).toMatchObject({ status: 'NORMAL', agentsReactivated: 1 });
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'session_expired' });
    const third = await next();
    expect(await ask(client, 'whoami')).toMatchObject({ session_id: third });
    await renewOnce();
    expect(await ask(client, 'list_tasks', {})).toMatchObject({ tasks: [] });
    expect(stderr()).not.toContain('wai_sess_');
  });
});
