import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLUB, makeMailboxRooms, type MailboxRooms } from '../../support/agents/mailbox-rooms.ts';
import { until } from '../../support/until.ts';

let rooms: MailboxRooms;
beforeEach(async () => {
  rooms = await makeMailboxRooms();
});
afterEach(async () => {
  await rooms.close();
  expect(rooms.faults).toEqual([]);
});

const message = (text: string, chatJid: string): object => ({ type: 'message', chatJid, text });
const person = { role: 'Producer', sessionId: 'person', agentName: null, verified: true, person: true };

describe('a contained agent', () => {
  it('writes to its chat through the outbound queue, without what is internal', async () => {
    expect(await rooms.ask('club', 'messages', message('<internal>hm</internal>Read chapter 3', CLUB))).toEqual({ ok: true, result: { queued: true } });
    await until(() => rooms.telegram.taken.length === 1);
    expect(rooms.telegram.taken[0]).toMatchObject({ jid: CLUB, text: expect.stringContaining('Read chapter 3') });
    expect(rooms.telegram.taken[0]!.text).not.toContain('hm');
  });

  it('of the main group writes to a chat that no group serves, and hears when no channel has it', async () => {
    expect(await rooms.ask('main', 'messages', message('Hello there', 'tg:-42'))).toMatchObject({ ok: true });
    await until(() => rooms.telegram.taken.some(({ jid }) => jid === 'tg:-42'));
    expect(await rooms.ask('main', 'messages', message('Hello?', 'nowhere:1'))).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID', message: expect.stringContaining('nowhere:1') } });
  });

  it('schedules, sees its tasks in the snapshot, and hears what is wrong with a time', async () => {
    const task = { type: 'schedule_task', prompt: 'Water', schedule_type: 'cron', schedule_value: '0 9 * * *', context_mode: 'group', targetJid: CLUB };
    const made = await rooms.ask('club', 'tasks', task);
    expect(made).toMatchObject({ ok: true, result: { groupFolder: 'club', schedule_type: 'cron', status: 'active', next_run: expect.stringMatching(/^\d{4}-.*Z$/) } });
    const { id } = (made as { result: { id: string } }).result;
    expect(rooms.snapshot('club', 'current_tasks.json')).toEqual([(made as { result: unknown }).result]);
    expect(rooms.snapshot('main', 'current_tasks.json')).toHaveLength(1);
    expect(await rooms.ask('club', 'tasks', { type: 'pause_task', taskId: id })).toEqual({ ok: true, result: { paused: id } });
    expect(rooms.snapshot('club', 'current_tasks.json')).toMatchObject([{ id, status: 'paused', next_run: null }]);
    expect(await rooms.ask('club', 'tasks', { ...task, schedule_value: '61 * * * *' })).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
    expect(await rooms.ask('club', 'tasks', { type: 'cancel_task', taskId: id })).toMatchObject({ ok: true });
    expect(rooms.snapshot('main', 'current_tasks.json')).toEqual([]);
  });

  it('of the main group refreshes the names of the chats from the networks that are connected', async () => {
    rooms.telegram.groups = [{ jid: 'tg:-9', name: 'Neighbours', isGroup: true }];
    expect(await rooms.ask('main', 'tasks', { type: 'refresh_groups' })).toMatchObject({
      ok: true,
      result: { groups: expect.arrayContaining([{ jid: 'tg:-9', name: 'Neighbours', lastActivity: null, isRegistered: false }]) },
    });
    expect(rooms.snapshot('main', 'available_groups.json')).toMatchObject({ groups: expect.arrayContaining([expect.objectContaining({ jid: 'tg:-9' })]) });
    expect(rooms.snapshot('club', 'available_groups.json')).toMatchObject({ groups: [] });
  });
});

describe('a contained agent on the team bus', () => {
  it('acts in the name of the agent of its group, and cannot take another role', async () => {
    expect(await rooms.team('club', 'whoami')).toMatchObject({ ok: true, result: { role: 'BE', agent_name: 'club', verified: true, lockable_resources: ['nas-deploy'] } });
    expect(await rooms.team('club', 'post_message', { to_role: 'FE', body: 'The API is ready' })).toMatchObject({ ok: true });
    const inbox = await rooms.bus.readInbox({ ...person, role: 'FE', sessionId: 's1' }, {});
    expect(inbox.messages).toMatchObject([{ from_role: 'BE', body: 'The API is ready', verified: true }]);
    expect(await rooms.team('club', 'post_message', { from_role: 'Producer', to_role: 'FE', body: 'x' })).toMatchObject({ ok: false, error: { code: 'ROLE_MISMATCH' } });
  });

  it('hears which tools there are, and what is wrong with its arguments', async () => {
    expect(await rooms.team('club', 'launch_rocket')).toMatchObject({ ok: false, error: { code: 'NOT_FOUND', message: expect.stringContaining('post_message') } });
    expect(await rooms.team('club', 'post_message', { to_role: 'FE', text: 'x' })).toMatchObject({ ok: false, error: { code: 'INPUT_INVALID' } });
  });

  it('waits for a message while it writes to its chat', async () => {
    const waiting = rooms.team('club', 'read_inbox', { wait_sec: 50 });
    expect(await rooms.ask('club', 'messages', message('Meanwhile', CLUB))).toMatchObject({ ok: true });
    await rooms.bus.postMessage(person, { to_role: 'BE', body: 'Now' });
    expect(await waiting).toMatchObject({ ok: true, result: { messages: [{ body: 'Now' }] } });
  });

  it('loses its locks when it is suspended, and nothing it asks for is done', async () => {
    expect(await rooms.team('club', 'acquire_lock', { resource: 'nas-deploy' })).toMatchObject({ ok: true, result: { acquired: true } });
    expect((await rooms.bus.listLocks()).locks).toMatchObject([{ resource: 'nas-deploy', held_by: 'BE', agent_name: 'club' }]);
    rooms.agents.suspend('club', 'it runs wild');
    await until(async () => (await rooms.bus.listLocks()).locks.length === 0);
    expect(await rooms.team('club', 'whoami')).toMatchObject({ ok: false, error: { code: 'AGENT_SUSPENDED', message: expect.stringContaining('it runs wild') } });
  });

  it('loses its locks when its group is removed', async () => {
    await rooms.team('club', 'acquire_lock', { resource: 'nas-deploy' });
    rooms.groups.remove(rooms.groups.find('club').id);
    await until(async () => (await rooms.bus.listLocks()).locks.length === 0);
  });

  it('counts for the rule that watches how often an agent asks', async () => {
    await rooms.team('club', 'whoami');
    expect(rooms.asked).toEqual([rooms.groups.find('club').agentId]);
  });
});
