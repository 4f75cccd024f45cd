import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KillSwitchParts } from '../../../main/access/kill-switch.ts';
import { byName, makeKillSwitchRig, PASSWORD, refusalOf } from '../../support/kill-switch-rig.ts';
import { ethereumKey } from '../../support/owner-keys.ts';
import { until } from '../../support/until.ts';

type Rig = ReturnType<typeof makeKillSwitchRig>;
let rig: Rig;
const open: Rig[] = [];
function makeRig(options: Partial<Pick<KillSwitchParts, 'cancels' | 'stops' | 'announce'>> = {}): Rig {
  rig = makeKillSwitchRig(options);
  open.push(rig);
  return rig;
}
beforeEach(() => void makeRig());
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

/** Two agents who may act, with three sessions between them, and one who was suspended for something else. */
async function team() {
  const alice = rig.agents.add({ name: 'alice', role: 'FE' });
  const bob = rig.agents.add({ name: 'bob', role: 'BE' });
  const carol = rig.agents.add({ name: 'carol', role: 'AI' });
  const tokens = [(await rig.sessions.create(alice)).token, (await rig.sessions.create(alice)).token, (await rig.sessions.create(bob)).token];
  rig.store.db.prepare("UPDATE agents SET status = 'suspended', status_reason = 'AUTO_STOP: 3 failures' WHERE id = ?").run(carol.id);
  return { alice, bob, carol, tokens };
}
const statuses = (): unknown => byName(rig.agents.list()).map(({ name, status, statusReason }) => [name, status, statusReason]);

describe('pulling the kill switch', () => {
  test('revokes every live session, suspends every active agent, cancels what other rooms have, and counts it', async () => {
    makeRig({ cancels: [{ name: 'queuedRuns', run: () => 2 }, { name: 'approvals', run: () => 0 }] });
    const { alice, tokens } = await team();
    const old = await rig.sessions.create(alice);
    await rig.sessions.revoke(old.session.id, 'laptop lost');
    expect(rig.killSwitch.activate({ reason: '  agents run wild ', actor: 'admin' })).toEqual({
      activated: true,
      timestamp: '2026-11-20T09:00:00.000Z',
      sessionsRevoked: 3,
      agentsSuspended: 2,
      cancelled: { queuedRuns: 2, approvals: 0 },
    });
    for (const token of tokens) await expect(rig.sessions.verify(token)).rejects.toMatchObject({ code: 'SESSION_REVOKED', message: expect.stringContaining('KILL_SWITCH: agents run wild') });
    expect(rig.sessions.get(old.session.id).revokeReason).toBe('laptop lost');
    expect(statuses()).toEqual([
      ['alice', 'suspended', 'KILL_SWITCH: agents run wild'],
      ['bob', 'suspended', 'KILL_SWITCH: agents run wild'],
      ['carol', 'suspended', 'AUTO_STOP: 3 failures'],
    ]);
    expect(rig.killSwitch.status()).toEqual({
      state: 'ACTIVATED',
      activatedAt: '2026-11-20T09:00:00.000Z',
      reason: 'agents run wild',
      actor: 'admin',
      recoveryEligibleAt: null,
      remainingSeconds: null,
      waitSeconds: 86_400,
      hasOwner: false,
    });
  });

  test('is one transaction: the state, the sessions, the agents and the line in the log, or nothing', async () => {
    let fail = true;
    makeRig({
      cancels: [
        {
          name: 'queuedRuns',
          run(tx) {
            tx.event({ kind: 'run', action: 'cancelled', text: 'x' });
            if (fail) throw new Error('no such table: runs');
            return 0;
          },
        },
      ],
    });
    await team();
    const before = { state: rig.state(), agents: statuses(), events: rig.events().length, sessions: rig.sessions.list() };
    expect(() => rig.killSwitch.activate({ reason: 'test', actor: 'admin' })).toThrow('no such table: runs');
    expect({ state: rig.state(), agents: statuses(), events: rig.events().length, sessions: rig.sessions.list() }).toEqual(before);
    rig.guard.assertOperational();
    fail = false;
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    const kinds = rig.events().map(({ kind, action }) => `${kind} ${action}`);
    expect(kinds.slice(before.events)).toEqual(['session revoked', 'session revoked', 'session revoked', 'run cancelled', 'agent suspended', 'kill_switch activated']);
  });

  test('locks everybody out with when and why', () => {
    rig.killSwitch.activate({ reason: 'agents run wild', actor: 'owner' });
    expect(() => rig.guard.assertOperational()).toThrow(
      expect.objectContaining({
        code: 'SYSTEM_LOCKED',
        status: 503,
        retryable: false,
        details: { killSwitch: 'ACTIVATED', activatedAt: '2026-11-20T09:00:00.000Z', reason: 'agents run wild' },
      }),
    );
  });

  test('a second time is refused; the first reason, actor and time stay', async () => {
    rig.killSwitch.activate({ reason: 'first', actor: 'admin' });
    const before = rig.state();
    rig.clock.advance(5000);
    expect(() => rig.killSwitch.activate({ reason: 'second', actor: 'auto_stop' })).toThrow(
      expect.objectContaining({ code: 'KILL_SWITCH_ALREADY_ACTIVE', status: 409, details: { state: 'ACTIVATED', activatedAt: '2026-11-20T09:00:00.000Z', reason: 'first', actor: 'admin' } }),
    );
    expect(rig.state()).toEqual(before);
  });

  test('while it recovers is refused, and the wait goes on untouched', async () => {
    await rig.masterPassword.setFirst(PASSWORD);
    rig.killSwitch.activate({ reason: 'first', actor: 'admin' });
    await rig.killSwitch.recover(rig.withPassword());
    const before = rig.state();
    expect(await refusalOf(() => rig.killSwitch.activate({ reason: 'second', actor: 'admin' }))).toBe('KILL_SWITCH_ALREADY_ACTIVE 409');
    expect(rig.state()).toEqual(before);
  });

  test.each(['', '   ', 'x'.repeat(501)])('needs a reason of 1 to 500 characters, not %j', async (reason) => {
    expect(await refusalOf(() => rig.killSwitch.activate({ reason, actor: 'admin' }))).toBe('INPUT_INVALID 400');
    expect(rig.killSwitch.status().state).toBe('NORMAL');
  });

  test('counts as on when its state is damaged, and can then be recovered from', async () => {
    await rig.masterPassword.setFirst(PASSWORD);
    rig.setState('kill_switch_status', '"NORM');
    expect(rig.killSwitch.status()).toMatchObject({ state: 'ACTIVATED', activatedAt: null, reason: null, actor: null });
    expect(await refusalOf(() => rig.killSwitch.activate({ reason: 'x', actor: 'admin' }))).toBe('KILL_SWITCH_ALREADY_ACTIVE 409');
    await rig.killSwitch.recover(rig.withPassword());
    rig.clock.advance(86_400_000);
    expect(await rig.killSwitch.recover(rig.withPassword())).toMatchObject({ status: 'NORMAL' });
  });

  test('by an owner takes their signature for it, which counts once', async () => {
    await rig.masterPassword.setFirst(PASSWORD);
    const key = ethereumKey();
    const alice = rig.agents.add({ name: 'alice', role: 'FE' });
    await rig.owners.set(alice, key, { ...rig.withPassword(), proof: null });
    const checked = await rig.proofs.check(await key.prove(await rig.proofs.challenge(key, 'kill_switch')), 'kill_switch');
    rig.killSwitch.activate({ reason: 'test', actor: 'owner', proof: checked });
    expect(rig.killSwitch.status()).toMatchObject({ state: 'ACTIVATED', actor: 'owner', hasOwner: true, waitSeconds: 1800 });
    expect(rig.owners.of(alice.id).state).toBe('LOCKED');
  });

  test('with a stranger’s signature does nothing', async () => {
    const key = ethereumKey();
    const checked = await rig.proofs.check(await key.prove(await rig.proofs.challenge(key, 'kill_switch')), 'kill_switch');
    expect(await refusalOf(() => rig.killSwitch.activate({ reason: 'test', actor: 'owner', proof: checked }))).toBe('OWNER_MISMATCH 403');
    expect(rig.killSwitch.status().state).toBe('NORMAL');
  });
});

describe('what follows', () => {
  /** Steps that fail or hang as told; `done` has those that ran to their end. */
  function steps(...names: string[]) {
    const done: string[] = [];
    const failing = new Set<string>();
    const stops = names.map((name) => ({
      name,
      async run() {
        if (failing.has(name)) throw new Error(`${name} is broken`);
        done.push(name);
      },
    }));
    return { done, failing, stops };
  }

  test('is stopped outside the database and announced, after the commit', async () => {
    const { done, stops } = steps('containers', 'schedule');
    makeRig({ stops });
    await rig.killSwitch.start();
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    await rig.killSwitch.stop();
    expect(done).toEqual(['containers', 'schedule']);
    expect(rig.said).toEqual([{ type: 'KILL_SWITCH_ACTIVATED', at: '2026-11-20T09:00:00.000Z', text: 'The kill switch was pulled: test', failedSteps: [] }]);
    expect(rig.state()).not.toHaveProperty('kill_switch_follow_up');
  });

  test('fails without bringing the state back: the rest runs, the notice and the log name what failed, and it is tried again', async () => {
    const { done, failing, stops } = steps('containers', 'schedule');
    makeRig({ stops });
    failing.add('containers');
    await rig.killSwitch.start();
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    await until(() => rig.said.length === 1);
    expect(rig.killSwitch.status().state).toBe('ACTIVATED');
    expect(rig.said[0]).toMatchObject({ failedSteps: ['containers'] });
    expect(rig.events().at(-1)).toMatchObject({ kind: 'kill_switch', action: 'step_failed', text: expect.stringContaining('containers is broken') });
    expect(rig.reports).toEqual(['kill switch: containers']);
    rig.clock.advance(60_000);
    await until(() => rig.reports.length === 2);
    expect(rig.events().filter(({ action }) => action === 'step_failed')).toHaveLength(1);
    failing.clear();
    rig.clock.advance(60_000);
    await rig.killSwitch.stop();
    expect(done).toEqual(['schedule', 'containers']);
    expect(rig.said).toHaveLength(1);
    expect(rig.state()).not.toHaveProperty('kill_switch_follow_up');
  });

  test('is finished at the next start after a crash, each step and the announcement', async () => {
    const { done, stops } = steps('containers', 'schedule');
    makeRig({ stops });
    // Never started: the program died right after the commit.
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    expect({ done, said: rig.said }).toEqual({ done: [], said: [] });
    const next = rig.start();
    await next.start();
    expect(done).toEqual(['containers', 'schedule']);
    expect(rig.said).toMatchObject([{ type: 'KILL_SWITCH_ACTIVATED' }]);
    await next.stop();
    await rig.start().start();
    expect(done).toHaveLength(2);
    expect(rig.said).toHaveLength(1);
  });

  test('is announced again at the next start when announcing failed', async () => {
    let broken = true;
    const heard: string[] = [];
    makeRig({
      announce: async ({ type }) => {
        if (broken) throw new Error('no network');
        heard.push(type);
      },
    });
    await rig.killSwitch.start();
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    await rig.killSwitch.stop();
    expect(rig.killSwitch.status().state).toBe('ACTIVATED');
    expect(rig.reports).toHaveLength(1);
    broken = false;
    const next = rig.start();
    await next.start();
    expect(heard).toEqual(['KILL_SWITCH_ACTIVATED']);
    await next.stop();
  });

  test('and hangs does not keep the answer or the other steps waiting', async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const hanging = { name: 'containers', run: () => new Promise<void>((resolve) => (release = resolve)) };
    makeRig({ stops: [hanging, { name: 'schedule', run: async () => void done.push('schedule') }] });
    await rig.killSwitch.start();
    expect(rig.killSwitch.activate({ reason: 'test', actor: 'admin' }).activated).toBe(true);
    await until(() => done.length === 1);
    expect(rig.said).toEqual([]);
    release();
    await rig.killSwitch.stop();
    expect(rig.said).toHaveLength(1);
  });

  test('is not stopped any more once the system was recovered', async () => {
    const { done, failing, stops } = steps('containers');
    makeRig({ stops });
    failing.add('containers');
    await rig.masterPassword.setFirst(PASSWORD);
    await rig.killSwitch.start();
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    await rig.killSwitch.recover(rig.withPassword());
    rig.clock.advance(86_400_000);
    await rig.killSwitch.recover(rig.withPassword());
    failing.clear();
    rig.clock.advance(600_000);
    await rig.killSwitch.stop();
    expect(done).toEqual([]);
    expect(rig.said.map(({ type }) => type)).toEqual(['KILL_SWITCH_ACTIVATED', 'KILL_SWITCH_RECOVERY_STARTED', 'KILL_SWITCH_RECOVERED']);
  });

  test.each(['', '{', 'null', '{"steps":5}'])('with a damaged list %j is stopped again, all of it, while the kill switch is on', async (damaged) => {
    const { done, stops } = steps('containers', 'schedule');
    makeRig({ stops });
    rig.setState('kill_switch_follow_up', damaged);
    await rig.killSwitch.start();
    expect(done).toEqual([]);
    await rig.killSwitch.stop();
    rig.setState('kill_switch_status', '"ACTIVATED"');
    rig.setState('kill_switch_follow_up', damaged);
    const next = rig.start();
    await next.start();
    expect(done).toEqual(['containers', 'schedule']);
    await next.stop();
  });

  test('leaves out a step that this version does not have', async () => {
    rig.setState('kill_switch_status', '"ACTIVATED"');
    rig.setState('kill_switch_follow_up', '{"steps":["key store"],"notices":[]}');
    await rig.killSwitch.start();
    await rig.killSwitch.stop();
    expect(rig.state()).not.toHaveProperty('kill_switch_follow_up');
  });
});
