import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallName, Snapshot } from '../../../preload/contract.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { LiveWindow } from '../../support/live-window.ts';
import { api, lockOwner } from '../../support/session-api.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { until } from '../../support/until.ts';

const HOUR = 3_600_000;

let clock: FakeClock;
let rig: TestCore;
let cookie: string;
beforeEach(async () => {
  clock = new FakeClock();
  rig = await startCore({ clock });
  cookie = await rig.windowCookie();
});
afterEach(async () => rig.stop());

/** A call as a window in a browser makes it. */
async function asWindow(name: CallName, args: object): Promise<{ readonly ok: boolean; readonly result: Record<string, unknown>; readonly error: { readonly code: string } }> {
  const response = await fetch(`${rig.url}/v1/call/${name}`, { method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify(args) });
  return (await response.json()) as Awaited<ReturnType<typeof asWindow>>;
}

/** An agent with a verified owner whose session was renewed `times`. */
async function renewed(name = 'alice', times = 1) {
  const made = await rig.agent(name, 'FE', 3600);
  lockOwner(rig.dataDir, made.agentId);
  let { token } = made;
  for (let count = 0; count < times; count += 1) {
    clock.advance(0.6 * HOUR);
    const { body } = await api(rig, 'PUT', `/v1/sessions/${made.sessionId}/renew`, token);
    token = body['token'] as string;
  }
  return { ...made, token };
}

describe('a window', () => {
  test('issues a session under the asked terms; the token is in the answer and nowhere else', async () => {
    await rig.call('agents.add', { name: 'alice', role: 'FE' });
    const { result } = await asWindow('sessions.create', { agent: 'alice', ttl_sec: 3600, max_renewals: null, reject_window_sec: 600 });
    const { token, session } = result as { token: string; session: { id: string } };
    expect(session).toMatchObject({ agentName: 'alice', ttlSec: 3600, maxRenewals: null, rejectWindowSec: 600, renewalCount: 0, state: 'live', lastUsedAt: null });
    expect((await api(rig, 'GET', `/v1/sessions/${session.id}`, token)).status).toBe(200);
    expect(JSON.stringify(await asWindow('snapshot.get', {}))).not.toContain('wai_sess_');
    expect(await asWindow('sessions.create', { agent: 'alice', ttl_sec: 1 })).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
  });

  test('ends every session at once', async () => {
    const { sessionId, token } = await rig.agent('alice', 'FE');
    expect(await asWindow('sessions.invalidateAll', { reason: 'a laptop was stolen' })).toMatchObject({ ok: true, result: { revoked: 1 } });
    expect((await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).code).toBe('SESSION_REVOKED');
  });

  test('does not replace the signing key: that is for the command line', async () => {
    expect(await asWindow('sessions.rotateKey' as CallName, {})).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } });
    const { sessionId, token } = await rig.agent('alice', 'FE');
    expect(await rig.call('sessions.rotateKey', {})).toEqual({ rotated: true });
    expect((await api(rig, 'GET', `/v1/sessions/${sessionId}`, token)).status).toBe(200);
  });
});

describe('renewals in the window', () => {
  test('come newest first, in pages, with what the person needs to decide', async () => {
    const { sessionId, agentId } = await renewed('alice', 2);
    const list = async (args: object) => (await asWindow('renewals.list', args)).result as { renewals: Record<string, unknown>[]; has_more: boolean };
    const { renewals, has_more } = await list({});
    expect(has_more).toBe(false);
    expect(renewals).toMatchObject([
      {
        sessionId,
        agentId,
        agentName: 'alice',
        role: 'FE',
        renewalCount: 2,
        maxRenewals: 30,
        renewedAt: new Date(clock.now()).toISOString(),
        windowExpiresAt: new Date(clock.now() + HOUR).toISOString(),
        decidedAt: null,
        state: 'open',
        sessionState: 'live',
      },
      { renewalCount: 1, state: 'lapsed' },
    ]);
    expect(await list({ limit: 1 })).toMatchObject({ renewals: [{ renewalCount: 2 }], has_more: true });
    expect(await list({ before_id: renewals[0]!['id'], limit: 1 })).toMatchObject({ renewals: [{ renewalCount: 1 }], has_more: false });
    expect(await list({ which: 'decided' })).toMatchObject({ renewals: [] });
    expect(await list({ agent: 'alice', which: 'open' })).toMatchObject({ renewals: [{ renewalCount: 2 }] });
    expect(await asWindow('renewals.list', { agent: 'nobody' })).toMatchObject({ error: { code: 'AGENT_NOT_FOUND' } });
    expect(await asWindow('renewals.list', { which: 'new' })).toMatchObject({ error: { code: 'INPUT_INVALID' } });
  });

  test('are kept or rejected by a click', async () => {
    const alice = await renewed('alice');
    const bob = await renewed('bob');
    const [ofBob, ofAlice] = (await rig.call('renewals.list', {})).renewals;
    expect(await asWindow('renewals.keep', { renewal_id: ofAlice!.id })).toMatchObject({ ok: true, result: { renewal: { state: 'kept', agentName: 'alice' } } });
    expect(await asWindow('renewals.reject', { renewal_id: ofBob!.id })).toMatchObject({ ok: true, result: { renewal: { state: 'rejected', sessionState: 'revoked' } } });
    expect((await api(rig, 'GET', `/v1/sessions/${alice.sessionId}`, alice.token)).status).toBe(200);
    expect((await api(rig, 'GET', `/v1/sessions/${bob.sessionId}`, bob.token)).code).toBe('SESSION_REVOKED');
    expect(await asWindow('renewals.keep', { renewal_id: ofBob!.id })).toMatchObject({ error: { code: 'CONFLICT' } });
    expect(await asWindow('renewals.keep', { renewal_id: 999 })).toMatchObject({ error: { code: 'RENEWAL_NOT_FOUND' } });
  });

  test('appear by themselves, count as needing the person, and stop doing so when answered or when their window closes', async () => {
    const window = new LiveWindow();
    rig.core.live.subscribe(window.hear);
    await window.until(() => true);
    const becomes = async (condition: (state: Snapshot) => boolean): Promise<void> => {
      await until(() => {
        clock.advance(80);
        return condition(window.state);
      });
    };
    expect(window.state).toMatchObject({ renewals: [], status: { needsYou: 0 } });
    const alice = await renewed('alice');
    await becomes(({ renewals, status }) => renewals.length === 1 && status.needsYou === 1);
    expect(window.state.renewals).toMatchObject([{ agentName: 'alice', state: 'open' }]);
    expect(window.state.sessions).toMatchObject([{ id: alice.sessionId, renewalCount: 1 }]);
    await rig.call('renewals.keep', { renewal_id: window.state.renewals[0]!.id });
    await becomes(({ renewals, status }) => renewals.length === 0 && status.needsYou === 0);

    const { agent } = await rig.call('agents.add', { name: 'carol', role: 'FE' });
    lockOwner(rig.dataDir, agent.id);
    const { session, token } = await rig.call('sessions.create', { agent: 'carol' });
    clock.advance(100 * HOUR);
    await api(rig, 'PUT', `/v1/sessions/${session.id}/renew`, token);
    // Besides the renewal: no channel could tell that the session of alice ends.
    await becomes(({ status }) => status.needsYou === 2);
    clock.advance(HOUR);
    await becomes(({ status }) => status.needsYou === 1);
    await rig.call('notices.markSeen', { up_to_id: 1_000 });
    await becomes(({ status }) => status.needsYou === 0);
    expect(window.state.renewals).toMatchObject([{ agentName: 'carol', state: 'lapsed' }]);
  });
});
