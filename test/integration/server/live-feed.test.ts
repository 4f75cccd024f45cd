import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../preload/contract.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { applyPatch, LiveWindow } from '../../support/live-window.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { until } from '../../support/until.ts';

let clock: FakeClock;
let rig: TestCore;
beforeEach(async () => {
  clock = new FakeClock();
  rig = await startCore({ clock });
});
afterEach(async () => rig.stop());

/** A window that has its snapshot. */
async function openWindow(): Promise<LiveWindow & { close(): void }> {
  const window = new LiveWindow();
  const close = rig.core.live.subscribe(window.hear);
  await window.until(() => true);
  return Object.assign(window, { close });
}

/** Lets the batch of changes go out and waits until the window has seen the newest line of the log. */
async function settle(window: LiveWindow): Promise<void> {
  const newest = (await rig.call('log.read', { limit: 1 })).events.at(-1)?.id ?? 0;
  clock.advance(80);
  await window.until(({ state }) => (state.events.at(-1)?.id ?? 0) >= newest);
}

describe('a window', () => {
  test('gets everything that there is, in one snapshot', async () => {
    await rig.agent('alice', 'FE');
    const { message_id } = await rig.call('messages.post', { to_role: 'FE', body: 'hello' });
    const { task_id } = await rig.call('tasks.create', { title: 'Build', assignee_role: 'BE' });
    await rig.call('locks.acquire', { resource: 'nas-deploy', intent: 'release' });
    const { state } = await openWindow();
    expect(state.info).toEqual(rig.core.info);
    expect(state.settings).toEqual({ language: 'system', theme: 'system' });
    expect(state.status).toEqual({ state: 'ok', problems: [], killSwitch: 'NORMAL', needsYou: 0, working: 0 });
    expect(state.roles.map((role) => role.name)).toEqual(['FE', 'BE', 'AI', 'Producer']);
    expect(state.roles[0]).toMatchObject({ unread: 1, openTasks: 0, locksHeld: 0 });
    expect(state.roles[1]).toMatchObject({ unread: 0, openTasks: 1 });
    expect(state.roles[3]).toMatchObject({ locksHeld: 1 });
    expect(state.agents).toMatchObject([{ name: 'alice', role: 'FE', status: 'active', liveSessions: 1 }]);
    expect(state.sessions).toMatchObject([{ agentName: 'alice', state: 'live' }]);
    expect(state.messages.map((message) => message.id)).toEqual([message_id]);
    expect(state.tasks.map((task) => task.id)).toEqual([task_id]);
    expect(state.locks).toMatchObject([{ resource: 'nas-deploy', held_by: 'Producer', intent: 'release' }]);
    expect(state.lockableResources).toContain('nas-deploy');
    expect(state.events.map((event) => event.kind)).toEqual(['agent', 'session', 'message', 'task', 'lock']);
    expect(JSON.stringify(state)).not.toContain('wai_sess_');
  });

  test('sees the kill switch and the master password, and hears when they change', async () => {
    const window = await openWindow();
    const normal = { state: 'NORMAL', activatedAt: null, reason: null, actor: null, recoveryEligibleAt: null, remainingSeconds: null, waitSeconds: 86_400, hasOwner: false };
    expect(window.state.killSwitch).toEqual({ ...normal, masterPasswordSet: false });
    await rig.call('masterPassword.set', { password: 'correct horse battery' });
    await settle(window);
    expect(window.state.killSwitch).toEqual({ ...normal, masterPasswordSet: true });
    await rig.call('killSwitch.activate', { reason: 'drill' });
    await settle(window);
    expect(window.state.killSwitch).toMatchObject({ state: 'ACTIVATED', reason: 'drill', actor: 'admin' });
    expect(window.state.status).toMatchObject({ state: 'locked', killSwitch: 'ACTIVATED' });
    await rig.call('killSwitch.recover', { master_password: 'correct horse battery' });
    await settle(window);
    expect(window.state.killSwitch).toMatchObject({ state: 'RECOVERING', recoveryEligibleAt: expect.any(String), hasOwner: false });
    expect(JSON.stringify(window.state)).not.toContain('correct horse');
  });

  test('hears of a change within one batch, once, and only what changed', async () => {
    await rig.call('tasks.create', { title: 'Old', assignee_role: 'BE' });
    const window = await openWindow();
    const { message_id } = await rig.call('messages.post', { to_role: 'FE', body: 'hello' });
    const { task_id } = await rig.call('tasks.create', { title: 'New', assignee_role: 'FE' });
    clock.advance(79);
    expect(window.patches).toEqual([]);
    await settle(window);
    expect(window.patches).toHaveLength(1);
    const patch = window.patches[0]!;
    expect(patch.messages?.map((message) => message.id)).toEqual([message_id]);
    expect(patch.tasks?.map((task) => task.id)).toEqual([task_id]);
    expect(patch.roles?.slice(0, 2)).toMatchObject([
      { name: 'FE', unread: 1, openTasks: 1 },
      { name: 'BE', unread: 0, openTasks: 1 },
    ]);
    expect(patch).not.toHaveProperty('locks');
    expect(patch).not.toHaveProperty('sessions');
    expect(patch).not.toHaveProperty('settings');
  });

  test('sees a message travel: delivered, read, acknowledged', async () => {
    const window = await openWindow();
    const { message_id } = await rig.call('messages.post', { to_role: 'Producer', body: 'look', ack_required: true });
    await settle(window);
    expect(window.state.status.needsYou).toBe(1);
    expect(window.state.messages[0]).toMatchObject({ delivered_at: null });
    await rig.call('messages.markRead', { up_to_id: message_id });
    await settle(window);
    expect(window.state.messages[0]!.read_at).not.toBeNull();
    expect(window.state.status.needsYou).toBe(1);
    await rig.call('messages.ack', { message_id });
    await settle(window);
    expect(window.state.messages[0]!.acked_at).not.toBeNull();
    expect(window.state.status.needsYou).toBe(0);
  });

  test('sees that a task becomes ready when what it waited for is done', async () => {
    const first = await rig.call('tasks.create', { title: 'First', assignee_role: 'Producer' });
    const second = await rig.call('tasks.create', { title: 'Second', assignee_role: 'FE', depends_on: [first.task_id] });
    const window = await openWindow();
    const ready = () => window.state.tasks.find((task) => task.id === second.task_id)!.ready;
    expect(ready()).toBe(false);
    await rig.call('tasks.claim', { task_id: first.task_id });
    await settle(window);
    expect(window.state.status.working).toBe(1);
    await rig.call('tasks.update', { task_id: first.task_id, status: 'done' });
    await settle(window);
    expect(ready()).toBe(true);
    expect(window.state.status.working).toBe(0);
  });

  test('sees a lock end by itself', async () => {
    await rig.call('locks.acquire', { resource: 'nginx-conf', ttl_sec: 30 });
    const window = await openWindow();
    expect(window.state.locks).toHaveLength(1);
    clock.advance(30_000);
    await until(() => {
      clock.advance(80);
      return window.state.locks.length === 0;
    });
    expect(window.state.roles.find((role) => role.name === 'Producer')!.locksHeld).toBe(0);
  });

  test('sees agents, sessions and settings change', async () => {
    const window = await openWindow();
    const { sessionId } = await rig.agent('alice', 'FE');
    await settle(window);
    expect(window.state.agents).toMatchObject([{ name: 'alice', liveSessions: 1 }]);
    await rig.call('sessions.revoke', { session_id: sessionId, reason: 'lost' });
    await settle(window);
    expect(window.state.agents).toMatchObject([{ liveSessions: 0 }]);
    expect(window.state.sessions).toMatchObject([{ state: 'revoked', revokeReason: 'lost' }]);
    await rig.call('settings.set', { theme: 'dark' });
    await settle(window);
    expect(window.state.settings).toEqual({ language: 'system', theme: 'dark' });
  });

  test('hears what happened last before Wheelhouse stops', async () => {
    const window = await openWindow();
    await rig.call('messages.post', { to_role: 'FE', body: 'the last word' });
    await rig.core.stop();
    expect(window.state.messages.map((message) => message.body)).toEqual(['the last word']);
  });

  test('that closes hears nothing more, while others do', async () => {
    const [first, second] = [await openWindow(), await openWindow()];
    first.close();
    await rig.call('messages.post', { to_role: 'FE', body: 'hello' });
    await settle(second);
    expect(first.events).toHaveLength(1);
  });

  test('that was the last one costs nothing any more', async () => {
    const window = await openWindow();
    const timers = clock.timers;
    window.close();
    window.close();
    await rig.call('messages.post', { to_role: 'FE', body: 'hello' });
    expect(clock.timers).toBe(timers);
    clock.advance(1000);
    expect(window.events).toHaveLength(1);
  });

  test('that throws does not take the others along', async () => {
    const faulty = rig.core.live.subscribe(() => {
      throw new Error('a faulty window');
    });
    const window = await openWindow();
    await rig.call('messages.post', { to_role: 'FE', body: 'hello' });
    await settle(window);
    expect(window.state.messages).toHaveLength(1);
    faulty();
  });

  test('that comes later gets a snapshot of its own and the same patches', async () => {
    const first = await openWindow();
    await rig.call('messages.post', { to_role: 'FE', body: 'one' });
    const second = await openWindow();
    await rig.call('messages.post', { to_role: 'FE', body: 'two' });
    await settle(first);
    await settle(second);
    expect(first.snapshots).toBe(1);
    expect(second.snapshots).toBe(1);
    expect(second.state.messages).toEqual(first.state.messages);
  });
});

describe('whatever happens', () => {
  test('snapshot and patches together show what a fresh snapshot shows', async () => {
    const window = await openWindow();
    const roles = ['FE', 'BE', 'AI', 'Producer'];
    for (let round = 0; round < 12; round += 1) {
      const role = roles[round % 4]!;
      await rig.call('messages.post', { to_role: role, body: `round ${round}`, ack_required: round % 3 === 0 });
      const { task_id } = await rig.call('tasks.create', { title: `Task ${round}`, assignee_role: 'Producer', ...(round % 4 === 1 && { depends_on: [round] }) });
      await rig.call('locks.acquire', { resource: `file-${round % 5}`, ttl_sec: 5 + round });
      if (round % 2 === 1) await rig.call('tasks.claim', { task_id: round });
      if (round % 3 === 2) await rig.call('locks.forceRelease', { resource: `file-${round % 5}`, reason: 'test' });
      if (round % 4 === 3) await rig.call('tasks.update', { task_id: round, status: 'done' });
      if (round % 10 === 9) await rig.call('tasks.update', { task_id, status: 'cancelled' });
      if (round % 6 === 0) await rig.agent(`agent ${round}`, role, 300);
      clock.advance(round % 2 === 0 ? 7000 : 10);
    }
    await settle(window);
    const fresh = applyPatch(await rig.call('snapshot.get', {}), {});
    const shown: Snapshot = window.state;
    // These two move with time alone.
    const still = (snapshot: Snapshot) => ({
      ...snapshot,
      roles: snapshot.roles.map((role) => ({ ...role, lastSeenAt: null })),
      locks: snapshot.locks.map((lease) => ({ ...lease, ttl_remaining: 0 })),
    });
    expect(still(shown)).toEqual(still(fresh));
    expect(window.snapshots).toBe(1);
  });

  test('the lists of a snapshot are bounded, and nothing unfinished is left out', async () => {
    for (let count = 0; count < 320; count += 1) await rig.call('messages.post', { to_role: 'FE', body: `message ${count}` });
    for (let count = 0; count < 520; count += 1) await rig.call('tasks.create', { title: `Task ${count}`, assignee_role: 'BE' });
    for (let id = 1; id <= 210; id += 1) await rig.call('tasks.update', { task_id: id, status: 'cancelled' });
    const { state } = await openWindow();
    expect(state.messages).toHaveLength(300);
    expect(state.messages.at(-1)!.id).toBe(320);
    expect(state.events).toHaveLength(500);
    expect(state.tasks.filter((task) => task.status === 'open')).toHaveLength(310);
    expect(state.tasks.filter((task) => task.status === 'cancelled')).toHaveLength(200);
    expect(state.roles[1]!.openTasks).toBe(310);
  });
});
