import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../main/access/agents.ts';
import { AutoStop, type AutoStopRules } from '../../../main/access/auto-stop.ts';
import { CallRate } from '../../../main/access/call-rate.ts';
import { defaultConfig } from '../../../main/config/schema.ts';
import { makeKillSwitchRig, refusalOf } from '../../support/kill-switch-rig.ts';

const RULES: AutoStopRules = { failures: 3, failuresAction: 'suspend_agent', calls: 100, callsAction: 'warn' };

let rig: ReturnType<typeof makeKillSwitchRig>;
let alice: Agent;
let bob: Agent;
beforeEach(() => {
  rig = makeKillSwitchRig();
  alice = rig.agents.add({ name: 'alice', role: 'FE' });
  bob = rig.agents.add({ name: 'bob', role: 'BE' });
});
afterEach(() => rig.close());

const start = (rules: Partial<AutoStopRules> = {}): AutoStop => new AutoStop({ ...rig, notify: () => undefined, rules: { ...RULES, ...rules } });
const fail = (autoStop: AutoStop, times: number, agent = alice): void => {
  for (let n = 0; n < times; n += 1) autoStop.runFailed(agent.id);
};
const call = (autoStop: AutoStop, times: number, agent = alice): void => {
  for (let n = 0; n < times; n += 1) autoStop.called(agent.id);
};
const stops = () => rig.events().filter(({ action }) => action === 'auto_stop').map(({ data }) => JSON.parse(data!) as Record<string, unknown>);

describe('failures in a row', () => {
  test('suspend the agent at the third, with the reason, and nobody else', async () => {
    const autoStop = start();
    const { token } = await rig.sessions.create(alice);
    fail(autoStop, 2);
    await rig.sessions.verify(token);
    fail(autoStop, 1);
    expect(rig.agents.find('alice')).toMatchObject({ status: 'suspended', statusReason: 'AUTO_STOP: 3 runs in a row failed' });
    expect(rig.agents.find('bob').status).toBe('active');
    expect(await refusalOf(rig.sessions.verify(token))).toBe('AGENT_SUSPENDED 403');
    expect(stops()).toEqual([{ notice: 'AUTO_STOP_TRIGGERED', name: 'alice', what: '3 runs in a row failed', rule: 'failures', action: 'suspend_agent' }]);
    expect(rig.killSwitch.status().state).toBe('NORMAL');
  });

  test('count per agent, are forgotten after a success, and outlive a restart', () => {
    fail(start(), 2);
    fail(start(), 2, bob);
    start().runSucceeded(alice.id);
    fail(start(), 1, alice);
    expect(stops()).toEqual([]);
    fail(start(), 1, bob);
    expect(stops()).toMatchObject([{ name: 'bob' }]);
  });

  test('begin anew after the rule has acted, and suspend nobody twice', () => {
    const autoStop = start();
    fail(autoStop, 5);
    expect(stops()).toHaveLength(1);
    rig.agents.suspend(bob.id, 'by hand');
    fail(autoStop, 3, bob);
    expect(rig.agents.find('bob').statusReason).toBe('by hand');
    rig.agents.resume(alice.id);
    fail(autoStop, 2);
    expect(rig.agents.find('alice').status).toBe('active');
    fail(autoStop, 1);
    expect(rig.agents.find('alice').status).toBe('suspended');
  });

  test('only warn, pull the kill switch, or are not watched, as configured', () => {
    fail(start({ failuresAction: 'warn' }), 3);
    expect(stops()).toHaveLength(1);
    expect(rig.agents.find('alice').status).toBe('active');
    fail(start({ failures: null }), 50);
    expect(stops()).toHaveLength(1);
    const autoStop = start({ failuresAction: 'kill_switch' });
    fail(autoStop, 3);
    expect(rig.killSwitch.status()).toMatchObject({ state: 'ACTIVATED', actor: 'auto_stop', reason: 'Auto-stop for alice: 3 runs in a row failed' });
    fail(autoStop, 3, bob);
    expect(rig.killSwitch.status().reason).toContain('alice');
  });

  test('of an agent that is gone count for nobody', () => {
    const autoStop = start();
    for (let n = 0; n < 5; n += 1) autoStop.runFailed('nobody');
    autoStop.runSucceeded('nobody');
    expect(stops()).toEqual([]);
  });
});

describe('many calls', () => {
  test('beyond the limit in five minutes are noted once, and again only after a quieter time', () => {
    const autoStop = start();
    call(autoStop, 100);
    expect(stops()).toEqual([]);
    call(autoStop, 50);
    expect(stops()).toEqual([{ notice: 'AUTO_STOP_TRIGGERED', name: 'alice', what: 'more than 100 calls in five minutes', rule: 'calls', action: 'warn' }]);
    expect(rig.agents.find('alice').status).toBe('active');
    rig.clock.advance(300_000);
    call(autoStop, 101);
    expect(stops()).toHaveLength(2);
  });

  test('slide out of sight: a steady rate below the limit never counts', () => {
    const autoStop = start();
    for (let minute = 0; minute < 60; minute += 1) {
      call(autoStop, 20);
      rig.clock.advance(60_000);
    }
    expect(stops()).toEqual([]);
  });

  test('are forgotten one by one, also when there were none in between', () => {
    const autoStop = start();
    call(autoStop, 60);
    rig.clock.advance(25_000);
    call(autoStop, 40);
    rig.clock.advance(310_000);
    call(autoStop, 61);
    expect(stops()).toEqual([]);
    rig.clock.advance(280_000);
    call(autoStop, 40);
    expect(stops()).toHaveLength(1);
  });

  test('of others do not count', () => {
    const autoStop = start();
    call(autoStop, 60);
    call(autoStop, 60, bob);
    expect(stops()).toEqual([]);
  });

  test('suspend the agent or pull the kill switch, as configured', () => {
    call(start({ callsAction: 'suspend_agent' }), 101);
    expect(rig.agents.find('alice')).toMatchObject({ status: 'suspended', statusReason: 'AUTO_STOP: more than 100 calls in five minutes' });
    call(start({ callsAction: 'kill_switch' }), 101, bob);
    expect(rig.killSwitch.status()).toMatchObject({ state: 'ACTIVATED', actor: 'auto_stop' });
  });

  test('are not counted without a limit', () => {
    const rate = new CallRate(null);
    expect(Array.from({ length: 1000 }, () => rate.note('x', 0))).not.toContain(true);
  });
});

test('by default no rule pulls the kill switch', () => {
  const { security } = defaultConfig();
  expect(security).toMatchObject({ auto_stop_failures: 3, auto_stop_failures_action: 'suspend_agent', auto_stop_calls: 3000, auto_stop_calls_action: 'warn' });
});

describe('an agent stopped by hand', () => {
  test('cannot act until it is resumed; its sessions then work again', async () => {
    const { token } = await rig.sessions.create(alice);
    expect(rig.agents.suspend('ALICE', 'writes nonsense')).toMatchObject({ status: 'suspended', statusReason: 'writes nonsense' });
    expect(rig.agents.suspend('alice', 'again')).toMatchObject({ statusReason: 'writes nonsense' });
    expect(await refusalOf(rig.sessions.verify(token))).toBe('AGENT_SUSPENDED 403');
    expect(rig.agents.resume('alice')).toMatchObject({ status: 'active', statusReason: null });
    rig.agents.resume('alice');
    await rig.sessions.verify(token);
    expect(rig.events().filter(({ kind }) => kind === 'agent').map(({ action }) => action)).toEqual(['added', 'added', 'stopped', 'resumed']);
  });

  test('is not mistaken for one that the kill switch stopped, and is not resumed while that is on', async () => {
    expect(await refusalOf(() => rig.agents.suspend('alice', 'KILL_SWITCH: me too'))).toBe('INPUT_INVALID 400');
    expect(await refusalOf(() => rig.agents.suspend('nobody', 'x'))).toBe('AGENT_NOT_FOUND 404');
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    expect(await refusalOf(() => rig.agents.resume('alice'))).toBe('SYSTEM_LOCKED 503');
  });
});
