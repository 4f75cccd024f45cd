import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectV2, ask, refusal } from '../../support/mcp-clients.ts';
import { RESOURCES, ROLES, SHARED_KEY, startMcpServer, tokenOf, type McpServerUnderTest } from '../../support/mcp-server.ts';

let server: McpServerUnderTest;
const clients: Awaited<ReturnType<typeof connectV2>>[] = [];

beforeEach(async () => {
  server = await startMcpServer();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await server.close();
});

async function connect(token: string) {
  const client = await connectV2(server.url, token, 'modern');
  clients.push(client);
  return client;
}

/** How the clients of seed 001 call: one shared key, every argument by name, empty strings where nothing is meant. */
describe('the eleven tools of seed 001, called as the seed calls them', () => {
  test('a message reaches the inbox of its role, and the cursor reads on from there', async () => {
    const bus = await connect(SHARED_KEY);
    const first = await ask(bus, 'post_message', { from_role: 'Producer', to_role: 'BE', body: 'first', thread_id: '' });
    const second = await ask(bus, 'post_message', { from_role: 'Producer', to_role: 'BE', body: 'second', thread_id: 't1' });

    const inbox = await ask(bus, 'read_inbox', { role: 'BE', after_id: 0, mark_read: false });
    expect(inbox['messages']).toMatchObject([
      { id: first['message_id'], from_role: 'Producer', body: 'first', thread_id: '', ts: expect.any(String) },
      { id: second['message_id'], body: 'second', thread_id: 't1' },
    ]);
    expect(inbox['cursor']).toBe(second['message_id']);
    expect(await ask(bus, 'read_inbox', { role: 'BE', after_id: first['message_id'] })).toMatchObject({ messages: [{ body: 'second' }] });
    expect(await ask(bus, 'read_inbox', { role: 'FE' })).toMatchObject({ messages: [], cursor: 0 });
  });

  test('a task is created, claimed once, updated and listed by filters', async () => {
    const bus = await connect(SHARED_KEY);
    const { task_id } = await ask(bus, 'create_task', { title: 'deploy FE', assignee_role: 'FE', created_by: 'Producer', detail: 'ship it' });
    await ask(bus, 'create_task', { title: 'b', assignee_role: 'BE', created_by: 'Producer', detail: '' });

    expect(await ask(bus, 'claim_task', { task_id, role: 'FE' })).toMatchObject({ ok: true, task: { status: 'in_progress', created_by: 'Producer' } });
    expect(await ask(bus, 'claim_task', { task_id, role: 'BE' })).toMatchObject({ ok: false, held_by: 'FE' });
    expect(await ask(bus, 'update_task', { task_id, status: 'done', role: 'FE', note: 'finished' })).toMatchObject({
      ok: true,
      task: { status: 'done', note: 'finished' },
    });
    expect(await ask(bus, 'list_tasks', { status: '', assignee_role: 'FE' })).toMatchObject({ tasks: [{ title: 'deploy FE' }] });
    expect(await ask(bus, 'list_tasks', { status: 'open', assignee_role: '' })).toMatchObject({ tasks: [{ title: 'b' }] });
    expect((await refusal(bus, 'update_task', { task_id, status: 'bogus', role: 'FE' })).code).toBe('INPUT_INVALID');
  });

  test('a lock keeps BE and FE apart until it is released', async () => {
    const bus = await connect(SHARED_KEY);
    expect(await ask(bus, 'acquire_lock', { resource: 'nas-deploy', role: 'BE', ttl_sec: 300 })).toMatchObject({ acquired: true });
    const refused = await ask(bus, 'acquire_lock', { resource: 'nas-deploy', role: 'FE', ttl_sec: 300 });
    expect(refused).toMatchObject({ acquired: false, held_by: 'BE' });
    expect(refused['ttl_remaining']).toBeGreaterThan(0);
    expect(await ask(bus, 'release_lock', { resource: 'nas-deploy', role: 'FE' })).toMatchObject({ released: false, held_by: 'BE' });
    expect(await ask(bus, 'heartbeat_lock', { resource: 'nas-deploy', role: 'FE', ttl_sec: 300 })).toMatchObject({ renewed: false });
    expect(await ask(bus, 'heartbeat_lock', { resource: 'nas-deploy', role: 'BE', ttl_sec: 600 })).toMatchObject({ renewed: true });
    expect(await ask(bus, 'list_locks')).toMatchObject({ locks: [{ resource: 'nas-deploy', held_by: 'BE' }] });
    expect(await ask(bus, 'release_lock', { resource: 'nas-deploy', role: 'BE' })).toMatchObject({ released: true });
    expect(await ask(bus, 'acquire_lock', { resource: 'nas-deploy', role: 'FE' })).toMatchObject({ acquired: true });
  });

  test('the team log tells in order what happened', async () => {
    const bus = await connect(SHARED_KEY);
    await ask(bus, 'post_message', { from_role: 'Producer', to_role: 'BE', body: 'hi' });
    await ask(bus, 'acquire_lock', { resource: 'compose', role: 'BE' });
    const log = await ask(bus, 'team_log', { after_id: 0 });
    expect((log['events'] as { readonly text: string }[]).map((event) => event.text)).toEqual(['Producer→BE: hi', 'BE acquired compose']);
    expect(await ask(bus, 'team_log', { after_id: 1 })).toMatchObject({ events: [{ text: 'BE acquired compose' }] });
  });
});

describe('the further tools', () => {
  test('whoami tells an agent all it needs to begin', async () => {
    const [be, producer] = [await connect(tokenOf('BE')), await connect(tokenOf('Producer'))];
    await ask(producer, 'post_message', { to_role: 'BE', body: 'please deploy' });
    await ask(producer, 'create_task', { title: 'deploy', assignee_role: 'BE' });
    await ask(be, 'acquire_lock', { resource: 'compose' });
    expect(await ask(be, 'whoami')).toMatchObject({
      role: 'BE', session_id: 'session-BE-1', agent_name: 'BE agent', verified: true, coordinator: 'Producer', roles: [...ROLES],
      lockable_resources: RESOURCES, unread: 1, open_tasks: [{ title: 'deploy', status: 'open' }], locks: [{ resource: 'compose' }],
    });
  });

  test('a message is acknowledged and found again by a word in it', async () => {
    const [be, fe, producer] = [await connect(tokenOf('BE')), await connect(tokenOf('FE')), await connect(tokenOf('Producer'))];
    const { message_id } = await ask(be, 'post_message', { to_role: 'FE', body: '배포 준비 완료', ack_required: true });
    expect(await ask(fe, 'ack_message', { message_id })).toMatchObject({ message_id, first: true });
    for (const reader of [be, fe, producer]) expect(await ask(reader, 'search_messages', { query: '배포' })).toMatchObject({ messages: [{ id: message_id }] });
    expect(await ask(await connect(tokenOf('AI')), 'search_messages', { query: '배포' })).toMatchObject({ messages: [] });
  });

  test('the next task is claimed by priority and reassigned by the coordinator alone', async () => {
    const [be, producer] = [await connect(tokenOf('BE')), await connect(tokenOf('Producer'))];
    await ask(producer, 'create_task', { title: 'later', assignee_role: 'BE', priority: 5 });
    const { task_id } = await ask(producer, 'create_task', { title: 'now', assignee_role: 'BE', priority: 1 });
    expect(await ask(be, 'claim_next_task')).toMatchObject({ ok: true, task: { id: task_id, held_by: 'BE' } });
    expect((await refusal(be, 'reassign_task', { task_id, assignee_role: 'AI', reason: 'busy' })).code).toBe('FORBIDDEN');
    expect(await ask(producer, 'reassign_task', { task_id, assignee_role: 'AI', reason: 'BE is busy' })).toMatchObject({
      task: { assignee_role: 'AI', status: 'open', held_by: null },
    });
  });

  test('a fence is checked and a lock taken away with a reason, by the coordinator alone', async () => {
    const [be, fe, producer] = [await connect(tokenOf('BE')), await connect(tokenOf('FE')), await connect(tokenOf('Producer'))];
    const { fence } = await ask(be, 'acquire_lock', { resource: 'compose' });
    expect(await ask(fe, 'check_lock', { resource: 'compose', fence })).toMatchObject({ valid: true, locked: true });
    expect((await refusal(fe, 'force_release_lock', { resource: 'compose', reason: 'mine' })).code).toBe('FORBIDDEN');
    expect(await ask(producer, 'force_release_lock', { resource: 'compose', reason: 'rollback' })).toMatchObject({ released: true, lost_by: ['BE'] });
    expect(await ask(be, 'check_lock', { resource: 'compose', fence })).toMatchObject({ valid: false, locked: false, current_fence: fence });
    expect(await ask(be, 'read_inbox')).toMatchObject({ messages: [{ from_role: 'Producer' }] });
  });
});

describe('waiting instead of polling', () => {
  test('read_inbox waits for the message and says so to a client that asked for progress', async () => {
    const [be, fe] = [await connect(tokenOf('BE')), await connect(tokenOf('FE'))];
    const heard: unknown[] = [];
    const waiting = new Promise<void>((resolve) => {
      void be
        .callTool({ name: 'read_inbox', arguments: { wait_sec: 30 } }, {
          onprogress: (progress) => {
            heard.push(progress);
            resolve();
          },
        })
        .then((result) => heard.push(result.structuredContent));
    });
    await waiting;
    await ask(fe, 'post_message', { to_role: 'BE', body: 'news' });
    await expect.poll(() => heard).toMatchObject([{ progress: 0, total: 30 }, { messages: [{ body: 'news' }] }]);
  });

  test('a queued lock is granted when its holder gives it back', async () => {
    const [be, fe] = [await connect(tokenOf('BE')), await connect(tokenOf('FE'))];
    await ask(be, 'acquire_lock', { resource: 'compose' });
    const queued = ask(fe, 'acquire_lock', { resource: 'compose', wait_sec: 30 });
    await expect.poll(async () => (await ask(be, 'list_locks'))['waiters']).toMatchObject([{ role: 'FE' }]);
    await ask(be, 'release_lock', { resource: 'compose' });
    expect(await queued).toMatchObject({ acquired: true, resource: 'compose' });
  });

  test('a client that goes away is not given the lock later', async () => {
    const [be, fe] = [await connect(tokenOf('BE')), await connect(tokenOf('FE'))];
    await ask(be, 'acquire_lock', { resource: 'compose' });
    const gone = new AbortController();
    const queued = fe.callTool({ name: 'acquire_lock', arguments: { resource: 'compose', wait_sec: 30 } }, { signal: gone.signal });
    await expect.poll(async () => (await ask(be, 'list_locks'))['waiters']).toMatchObject([{ role: 'FE' }]);
    gone.abort();
    await expect(queued).rejects.toThrow(/abort/i);
    const stillWaiting = server.store.db.prepare('SELECT count(*) FROM lock_tickets WHERE waiting = 1').pluck();
    await expect.poll(() => stillWaiting.get()).toBe(0);
    await ask(be, 'release_lock', { resource: 'compose' });
    expect(await ask(be, 'list_locks')).toMatchObject({ locks: [] });
  });
});
