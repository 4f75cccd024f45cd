import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';
import { api, lockOwner } from '../../support/session-api.ts';
import { startCore } from '../../support/start-core.ts';

let rig: CliRig;
beforeEach(() => {
  rig = makeCliRig();
});
afterEach(() => rig.close());

const HALF_A_DAY = 43_200_000;

/** Agents with a verified owner, each with a session that was renewed just now by the real clock. */
async function renewed(...names: readonly string[]): Promise<void> {
  const clock = new FakeClock(Date.now() - HALF_A_DAY);
  const core = await startCore({ dataDir: rig.dataDir, clock });
  const made = [];
  for (const name of names) made.push(await core.agent(name, 'FE', 86_400));
  clock.advance(HALF_A_DAY);
  for (const { agentId, sessionId, token } of made) {
    lockOwner(rig.dataDir, agentId);
    expect((await api(core, 'PUT', `/v1/sessions/${sessionId}/renew`, token)).status).toBe(200);
  }
  await core.stop();
}

describe.each(['a running core', 'no core'])('with %s', (how) => {
  const start = async (): Promise<void> => {
    if (how === 'a running core') await rig.startCore();
  };

  it('lists the renewals that wait, keeps one, rejects another', async () => {
    await renewed('fe-1', 'fe-2');
    await start();
    const { renewals } = await rig.json<{ renewals: { id: number; agentName: string }[] }>('renewal', 'list');
    expect(renewals.map(({ agentName }) => agentName)).toEqual(['fe-2', 'fe-1']);
    const [second, first] = renewals;
    expect((await rig.run('renewal', 'list')).out).toMatch(/fe-2 +1\/30 .* asked until/);
    expect((await rig.run('session', 'list')).out).toMatch(/fe-1 +FE +1\/30 +live until/);

    expect(await rig.run('renewal', 'keep', String(first!.id))).toMatchObject({ exit: 0, out: expect.stringContaining('Kept renewal 1/30 of fe-1 (FE)') });
    expect(await rig.run('renewal', 'reject', String(second!.id))).toMatchObject({ exit: 0, out: expect.stringContaining('The session is ended.') });
    expect((await rig.run('renewal', 'list')).out).toContain('No renewal waits for an answer.');
    const all = (await rig.run('renewal', 'list', '--all', '--agent', 'fe-2')).out;
    expect(all).toMatch(/fe-2 +1\/30 .* rejected/);
    expect(all).not.toContain('fe-1');
    expect((await rig.run('session', 'list')).out).not.toContain('fe-2');

    expect(await rig.run('renewal', 'keep', String(second!.id))).toMatchObject({ exit: 4, err: expect.stringContaining('it was rejected') });
    expect(await rig.run('renewal', 'keep', '999')).toMatchObject({ exit: 4, err: expect.stringContaining('There is no renewal 999') });
  });

  it('signs with a new key without ending a session, and ends every session when told so', async () => {
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
    await rig.run('session', 'create', '--agent', 'fe-1');
    await start();
    expect(await rig.run('session', 'rotate-key')).toMatchObject({ exit: 0, out: expect.stringContaining('Live sessions go on') });
    expect((await rig.run('session', 'list')).out).toContain('live until');
    expect(await rig.json('session', 'invalidate-all', '--reason', 'stolen')).toEqual({ revoked: 1 });
    expect((await rig.run('session', 'list', '--all')).out).toContain('stolen');
    expect(await rig.json('session', 'invalidate-all')).toEqual({ revoked: 0 });
  });
});
