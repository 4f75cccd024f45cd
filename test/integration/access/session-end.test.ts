import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { until } from '../../support/until.ts';

let clock: FakeClock;
let rig: TestCore;
beforeEach(async () => {
  clock = new FakeClock();
  rig = await startCore({ clock });
});
afterEach(async () => rig.stop());

/** One tool call of an agent; the HTTP status and the text of the answer. */
async function tool(token: string, name: string, args: object): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${rig.url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  });
  return { status: response.status, text: await response.text() };
}

/** An agent that holds a lock and a task. */
async function busyAgent(ttlSec?: number) {
  const agent = await rig.agent('alice', 'FE', ttlSec);
  const { task_id } = await rig.call('tasks.create', { title: 'Build', assignee_role: 'FE' });
  expect((await tool(agent.token, 'acquire_lock', { resource: 'nas-deploy', ttl_sec: 3600 })).status).toBe(200);
  expect((await tool(agent.token, 'claim_task', { task_id })).status).toBe(200);
  expect((await rig.call('locks.list', {})).locks).toMatchObject([{ held_by: 'FE', session_id: agent.sessionId, agent_name: 'alice' }]);
  return { ...agent, task_id };
}

test('every call is a sign of life of the agent, which the person sees', async () => {
  await rig.agent('bob', 'BE');
  await busyAgent();
  const seen = new Date(clock.now()).toISOString();
  expect((await rig.call('agents.list', {})).agents).toMatchObject([
    { name: 'bob', lastSeenAt: null },
    { name: 'alice', liveSessions: 1, lastSeenAt: seen },
  ]);
});

describe('when a session is revoked', () => {
  test('its lock is free, its task is open again with the reason, and its token is refused with the reason', async () => {
    const { token, sessionId } = await busyAgent();
    await rig.call('sessions.revoke', { session_id: sessionId, reason: 'laptop lost' });
    expect((await rig.call('locks.list', {})).locks).toEqual([]);
    expect((await rig.call('tasks.list', {})).tasks).toMatchObject([{ status: 'open', held_by: null, released_reason: 'session revoked' }]);
    const refused = await tool(token, 'check_lock', { resource: 'nas-deploy' });
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('laptop lost');
  });

  test('another session of the same agent goes on', async () => {
    const { sessionId } = await busyAgent();
    const { token } = await rig.call('sessions.create', { agent: 'alice' });
    await rig.call('sessions.revoke', { session_id: sessionId });
    expect((await tool(token, 'acquire_lock', { resource: 'nas-deploy' })).status).toBe(200);
    expect((await rig.call('locks.list', {})).locks).toHaveLength(1);
  });
});

describe('when a session expires', () => {
  test('its lock and task are free at once, by the timer alone, and the token is refused', async () => {
    const { token } = await busyAgent(300);
    clock.advance(301_000);
    await until(async () => (await rig.call('locks.list', {})).locks.length === 0);
    expect((await rig.call('tasks.list', {})).tasks).toMatchObject([{ status: 'open', released_reason: 'session expired' }]);
    const refused = await tool(token, 'check_lock', { resource: 'nas-deploy' });
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('expired');
    expect((await rig.call('sessions.list', {})).sessions).toMatchObject([{ state: 'expired' }]);
    expect((await rig.call('log.read', {})).events.map(({ kind, action }) => `${kind} ${action}`)).toContain('session expired');
  });

  test('a machine that slept through it ends it when it wakes', async () => {
    await busyAgent(300);
    clock.jump(3_000_000);
    rig.core.resume();
    await until(async () => (await rig.call('tasks.list', {})).tasks[0]!.status === 'open');
    expect((await rig.call('sessions.list', {})).sessions).toMatchObject([{ state: 'expired' }]);
  });
});
