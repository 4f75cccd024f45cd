import { describe, expect, onTestFinished, test } from 'vitest';
import type { TeamBus } from '../../../main/bus/bus.ts';
import { callerIn } from '../../support/bus-contract/callers.ts';
import { makeTeamBus } from '../../support/team-bus.ts';

const producer = callerIn('Producer');
const be = callerIn('BE');
const fe = callerIn('FE');
const person = callerIn('Producer', 'person', { person: true, agentName: null });

function open(options: Parameters<typeof makeTeamBus>[0] = {}) {
  const made = makeTeamBus(options);
  onTestFinished(() => made.close());
  return made;
}

/** Every call that an agent makes in its own name. */
const AGENT_CALLS: readonly [string, (bus: TeamBus) => Promise<unknown>][] = [
  ['postMessage', (bus) => bus.postMessage(be, { to_role: 'FE', body: 'x' })],
  ['readInbox', (bus) => bus.readInbox(be, {})],
  ['ackMessage', (bus) => bus.ackMessage(be, { message_id: 1 })],
  ['markRead', (bus) => bus.markRead(be, { up_to_id: 1 })],
  ['createTask', (bus) => bus.createTask(be, { title: 'x', assignee_role: 'FE' })],
  ['claimTask', (bus) => bus.claimTask(be, { task_id: 1 })],
  ['claimNextTask', (bus) => bus.claimNextTask(be, {})],
  ['updateTask', (bus) => bus.updateTask(be, { task_id: 1, status: 'done' })],
  ['reassignTask', (bus) => bus.reassignTask(be, { task_id: 1, assignee_role: 'FE', reason: 'x' })],
  ['acquireLock', (bus) => bus.acquireLock(be, { resource: 'compose', wait_sec: 5 })],
  ['releaseLock', (bus) => bus.releaseLock(be, { resource: 'compose' })],
  ['heartbeatLock', (bus) => bus.heartbeatLock(be, { resource: 'compose' })],
  ['forceReleaseLock', (bus) => bus.forceReleaseLock(be, { resource: 'compose', reason: 'x' })],
  ['checkLock', (bus) => bus.checkLock(be, { resource: 'compose' })],
];

describe('who may call', () => {
  test.each(AGENT_CALLS)('%s is refused while the kill switch is active, and leaves no trace', async (_name, call) => {
    const { bus, lock } = open();
    const before = await bus.position();
    lock();
    await expect(call(bus)).rejects.toMatchObject({ code: 'SYSTEM_LOCKED' });
    expect(await bus.position()).toEqual(before);
    expect((await bus.inboxCounts())[1]).toMatchObject({ role: 'BE', last_seen_at: null });
  });

  test.each(AGENT_CALLS)('%s is refused after the stop, as something to repeat later', async (_name, call) => {
    const { bus } = open();
    await bus.stop();
    await expect(call(bus)).rejects.toMatchObject({ code: 'NOT_RUNNING', retryable: true });
  });

  test('looks are refused after the stop too', async () => {
    const { bus } = open();
    await bus.stop();
    const looks = [bus.listMessages({}), bus.listLog({}), bus.readLog({}), bus.listTasks({}), bus.listLocks(), bus.getMessages([1]), bus.getTasks([1]), bus.position()];
    for (const result of await Promise.allSettled(looks)) expect(result).toMatchObject({ reason: { code: 'NOT_RUNNING' } });
  });

  test('windows see everything while the kill switch is active', async () => {
    const { bus, lock } = open();
    await bus.postMessage(producer, { to_role: 'BE', body: 'hi' });
    lock();
    expect((await bus.listMessages({})).messages).toHaveLength(1);
    expect((await bus.listLog({})).events).toHaveLength(1);
    expect((await bus.readLog({})).events).toHaveLength(1);
    expect((await bus.listTasks({})).tasks).toEqual([]);
    expect(await bus.listLocks()).toEqual({ locks: [], waiters: [] });
    expect(await bus.getMessages([1])).toHaveLength(1);
    expect(await bus.getTasks([1])).toEqual([]);
  });

  test('an unknown role is refused with the known ones and the likely one', async () => {
    const { bus } = open();
    const refusal = { code: 'ROLE_UNKNOWN', details: { role: 'be', roles: ['FE', 'BE', 'AI', 'Producer'], didYouMean: 'BE' } };
    await expect(bus.postMessage(producer, { to_role: 'be', body: 'x' })).rejects.toMatchObject(refusal);
    await expect(bus.createTask(producer, { title: 'x', assignee_role: 'be' })).rejects.toMatchObject(refusal);
    await expect(bus.reassignTask(producer, { task_id: 1, assignee_role: 'be', reason: 'x' })).rejects.toMatchObject(refusal);
    await expect(bus.readInbox(callerIn('be'), {})).rejects.toMatchObject(refusal);
    await expect(bus.postMessage(producer, { to_role: 'Designer', body: 'x' })).rejects.toThrow(
      "to_role 'Designer' is not a role of this team. The roles here are FE, BE, AI, Producer",
    );
    expect((await bus.position()).message_id).toBe(0);
  });

  test('an agent that calls was seen', async () => {
    const { bus, clock } = open();
    await bus.readInbox(be, {});
    expect((await bus.inboxCounts()).map(({ role, last_seen_at }) => [role, last_seen_at])).toEqual([
      ['FE', null],
      ['BE', new Date(clock.now()).toISOString()],
      ['AI', null],
      ['Producer', null],
    ]);
  });
});

describe('who may decide about others', () => {
  test('the coordinator and the person may force-release; others, and a coordinator by the shared key alone, may not', async () => {
    const { bus } = open();
    const force = { resource: 'compose', reason: 'stuck' };
    await bus.acquireLock(be, { resource: 'compose' });
    const forbidden = { code: 'FORBIDDEN', details: { coordinator: 'Producer' } };
    await expect(bus.forceReleaseLock(fe, force)).rejects.toMatchObject(forbidden);
    await expect(bus.forceReleaseLock(callerIn('Producer', 'shared:Producer', { verified: false }), force)).rejects.toMatchObject(forbidden);
    expect(await bus.forceReleaseLock(producer, force)).toMatchObject({ lost_by: ['BE'] });
    await bus.acquireLock(be, { resource: 'compose' });
    expect(await bus.forceReleaseLock(person, force)).toMatchObject({ lost_by: ['BE'] });
  });

  test('the same holds for giving a task to another role', async () => {
    const { bus } = open();
    const { task_id } = await bus.createTask(producer, { title: 'x', assignee_role: 'FE' });
    const change = { task_id, assignee_role: 'BE', reason: 'FE is away' };
    await expect(bus.reassignTask(fe, change)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await bus.reassignTask(person, change)).task.assignee_role).toBe('BE');
  });
});

describe('what a call may bring', () => {
  test('input that breaks a rule is refused before anything happens', async () => {
    const { bus } = open();
    await expect(bus.postMessage(producer, { to_role: 'BE', body: '' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(bus.listMessages({ limit: 501 })).rejects.toThrow('limit must be an integer from 1 to 500');
    expect(await bus.position()).toEqual({ message_id: 0, event_id: 0 });
  });

  test('the size of a message is counted in bytes', async () => {
    const { bus } = open({ maxMessageBytes: 30 });
    await bus.postMessage(producer, { to_role: 'BE', body: '가'.repeat(10) });
    await expect(bus.postMessage(producer, { to_role: 'BE', body: '가'.repeat(11) })).rejects.toMatchObject({
      code: 'BODY_TOO_LARGE',
      details: { bytes: 33, limit: 30 },
    });
  });

  test('a lock without a time is held for the configured one', async () => {
    const { bus } = open({ lockTtlSec: 77 });
    expect(await bus.acquireLock(be, { resource: 'compose' })).toMatchObject({ acquired: true, ttl_sec: 77 });
    expect(await bus.acquireLock(be, { resource: 'nginx-conf', ttl_sec: 10 })).toMatchObject({ acquired: true, ttl_sec: 10 });
  });
});
