import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HeadlessCore } from '../../../main/cli/headless.ts';
import { makeCliRig, type CliRig } from '../../support/cli-rig.ts';

/** How long to wait for something on a busy machine. */

/** One core for the file; the tests use agents, tasks and locks of their own. */
describe('the command line on a running core', () => {
  let rig: CliRig;
  let core: HeadlessCore;
  beforeAll(async () => {
    rig = makeCliRig();
    core = await rig.startCore();
    await rig.run('agent', 'add', 'fe-1', '--role', 'FE');
  });
  afterAll(() => rig.close());

  /** An agent of its own, connected as its program would be. */
  const agentClient = async (agent: string, role: string): Promise<Client> => {
    await rig.run('agent', 'add', agent, '--role', role);
    const { tokenFile } = await rig.json<{ tokenFile: string }>('session', 'create', '--agent', agent);
    const client = new Client({ name: 'test', version: '1' });
    const headers = { Authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
    await client.connect(new StreamableHTTPClientTransport(new URL(core.info.mcpUrl), { requestInit: { headers } }));
    return client;
  };
  const use = async (client: Client, name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> =>
    (await client.callTool({ name, arguments: args })).structuredContent as Record<string, unknown>;

  it('shows the state of the core', async () => {
    const { exit, out } = await rig.run('status');
    expect(exit).toBe(0);
    expect(out).toMatch(/^State +ok$/m);
    expect(out).toContain(core.info.mcpUrl);
    expect(await rig.json('status')).toMatchObject({ pid: process.pid, status: { state: 'ok' }, info: { dataDir: rig.dataDir } });
  });

  it('prints a link to the windows that works once', async () => {
    const { out } = await rig.run('ui');
    expect((await fetch(out.trim(), { redirect: 'manual' })).headers.get('set-cookie')).toContain('HttpOnly');
    expect((await fetch(out.trim(), { redirect: 'manual' })).status).toBe(401);
  });

  it('adds and lists agents, and says what is wrong with a role', async () => {
    expect(await rig.run('agent', 'add', 'be-1', '--role', 'BE')).toMatchObject({ exit: 0, out: expect.stringContaining('Added be-1 in the role BE') });
    expect(await rig.run('agent', 'add', 'BE-1', '--role', 'BE')).toMatchObject({ exit: 4, err: expect.stringContaining("'BE-1' already") });
    expect(await rig.run('agent', 'add', 'x', '--role', 'Prodcer')).toMatchObject({ exit: 4, err: expect.stringContaining('Producer') });
    expect((await rig.run('agent', 'list')).out).toMatch(/^fe-1 +FE +active/m);
  });

  it('writes a token that lets an agent in, to a file for its owner alone, and prints it only when asked to', async () => {
    const made = await rig.run('session', 'create', '--agent', 'fe-1');
    expect(made.exit).toBe(0);
    expect(made.out).toContain(join(rig.dataDir, 'mcp-tokens', 'fe-1'));
    expect(made.out + made.err).not.toContain('wai_sess_');
    const file = join(rig.dataDir, 'mcp-tokens', 'fe-1');
    expect(statSync(file).mode & 0o777).toBe(0o600);

    const printed = await rig.run('session', 'create', '--agent', 'fe-1', '--print-token', '--ttl', '300');
    expect(printed.out).toMatch(/^wai_sess_\S+\n$/);
    expect(printed.err).toContain('secret');
    expect(readFileSync(file, 'utf8')).not.toContain(printed.out.trim());

    await rig.run('session', 'create', '--agent', 'fe-1', '--default');
    expect(readFileSync(join(rig.dataDir, 'mcp-token'), 'utf8')).toMatch(/^wai_sess_/);
    expect(await rig.run('session', 'create', '--agent', 'fe-1', '--default', '--print-token')).toMatchObject({ exit: 2 });
    expect(await rig.run('session', 'create', '--agent', 'nobody')).toMatchObject({ exit: 4, err: expect.stringContaining("no agent 'nobody'") });
  });

  it('revokes a session by the end of its id; its token is then refused', async () => {
    const client = await agentClient('gone-1', 'AI');
    await use(client, 'acquire_lock', { resource: 'memory-mirror' });
    const { sessions } = await rig.json<{ sessions: { id: string }[] }>('session', 'list', '--agent', 'gone-1');
    expect(sessions).toHaveLength(1);
    const revoked = await rig.run('session', 'revoke', sessions[0]!.id.slice(-8), '--reason', 'laptop lost');
    expect(revoked).toMatchObject({ exit: 0, out: expect.stringContaining('of gone-1 (AI)') });
    await expect(client.callTool({ name: 'list_locks', arguments: {} })).rejects.toThrow();
    expect((await rig.run('lock', 'list')).out).not.toContain('memory-mirror');
    expect((await rig.run('session', 'list', '--agent', 'gone-1')).out).toContain('No session can act now');
    expect((await rig.run('session', 'list', '--all')).out).toContain('revoked');
    expect(await rig.run('session', 'revoke', 'ffff0000')).toMatchObject({ exit: 4, err: expect.stringContaining('no session') });
  });

  it('shows an inbox without marking anything', async () => {
    const client = await agentClient('fe-mail', 'FE');
    await use(client, 'post_message', { to_role: 'Producer', body: '빌드가\n깨졌어요', importance: 'high', ack_required: true });
    const { out } = await rig.run('inbox');
    expect(out).toMatch(/FE -> Producer {2}\(.*high, unread, wants an answer\)\n {2}빌드가\n {2}깨졌어요/);
    expect((await rig.run('inbox')).out).toContain('unread');
    expect((await rig.run('inbox', 'BE')).out).toContain('The inbox of BE is empty.');
    expect(await rig.run('inbox', 'XX')).toMatchObject({ exit: 4, err: expect.stringContaining('XX') });
    await client.close();
  });

  it('pages through an inbox', async () => {
    const client = await agentClient('fe-pages', 'FE');
    for (let n = 1; n <= 3; n += 1) await use(client, 'post_message', { to_role: 'AI', body: `message ${n}` });
    const newest = await rig.run('inbox', 'AI', '--limit', '2');
    expect(newest.out).toContain('message 2');
    expect(newest.out).not.toContain('message 1');
    const older = /wheelhouse (inbox AI --before \d+)/.exec(newest.out)![1]!;
    expect((await rig.run(...older.split(' '))).out).toContain('message 1');
    await client.close();
  });

  it('creates, shows, changes and reassigns tasks', async () => {
    const first = await rig.json<{ task_id: number }>('task', 'create', 'Table', '--role', 'BE', '--priority', '1');
    const second = await rig.json<{ task_id: number }>('task', 'create', '로그인 화면', '--role', 'FE', '--detail', 'd', '--depends-on', String(first.task_id));
    expect((await rig.run('task', 'list', '--role', 'FE')).out).toMatch(new RegExp(`#${second.task_id} +waits for #${first.task_id} +FE +P3 +로그인 화면`));
    expect(await rig.run('task', 'update', String(first.task_id), '--status', 'done', '--note', 'in')).toMatchObject({ exit: 0, out: expect.stringContaining('is done') });
    expect(await rig.run('task', 'update', String(first.task_id), '--expected-version', '1', '--note', 'x')).toMatchObject({ exit: 4 });
    expect(await rig.run('task', 'update', String(first.task_id))).toMatchObject({ exit: 2, err: expect.stringContaining('--status') });
    expect(await rig.run('task', 'claim', String(second.task_id))).toMatchObject({ exit: 4, err: expect.stringContaining('FE') });
    expect(await rig.run('task', 'reassign', String(second.task_id), '--role', 'Producer', '--reason', 'urgent')).toMatchObject({ exit: 0 });
    expect(await rig.run('task', 'claim', String(second.task_id))).toMatchObject({ exit: 0, out: expect.stringContaining('로그인 화면') });
    expect((await rig.run('task', 'list', '--status', 'in_progress')).out).toContain('in_progress by Producer');
    expect(await rig.run('task', 'update', '9999', '--note', 'x')).toMatchObject({ exit: 4, err: expect.stringContaining('9999') });
  });

  it('takes, shows, refuses and releases locks', async () => {
    const client = await agentClient('fe-locks', 'FE');
    await use(client, 'acquire_lock', { resource: 'compose', intent: 'new service' });
    const refused = await rig.run('lock', 'acquire', 'compose');
    expect(refused).toMatchObject({ exit: 4, out: expect.stringMatching(/compose is held by FE \(new service\) for \d+ s more/) });
    expect((await rig.run('lock', 'list')).out).toMatch(/compose +FE \(fe-locks\) +\d+ +\d+ s +new service/);
    expect(await rig.run('lock', 'release', 'compose')).toMatchObject({ exit: 4, out: expect.stringContaining('another session holds it') });
    expect(await rig.run('lock', 'force-release', 'compose')).toMatchObject({ exit: 2, err: expect.stringContaining('--reason') });
    expect(await rig.run('lock', 'force-release', 'compose', '--reason', 'session hangs')).toMatchObject({ exit: 0, out: expect.stringContaining('FE') });
    expect(await rig.json('lock', 'acquire', 'compose', '--ttl', '60', '--intent', 'mine', '--shared')).toMatchObject({ acquired: true, mode: 'shared' });
    expect(await rig.run('lock', 'release', 'compose')).toMatchObject({ exit: 0 });
    expect(await rig.run('lock', 'force-release', 'compose', '--reason', 'x')).toMatchObject({ exit: 4 });
    await client.close();
  });

  it('waits for a lock', async () => {
    const client = await agentClient('fe-waits', 'FE');
    await use(client, 'acquire_lock', { resource: 'nginx-conf' });
    const waiting = rig.run('lock', 'acquire', 'nginx-conf', '--wait', '20');
    await expect.poll(async () => (await rig.run('lock', 'list')).out).toContain('Producer waits');
    await use(client, 'release_lock', { resource: 'nginx-conf' });
    expect(await waiting).toMatchObject({ exit: 0, out: expect.stringContaining('Yours until') });
    await client.close();
  });

  it('follows the log until it is stopped, and loses nothing', async () => {
    const following = rig.begin('log', '--follow', '--limit', '1', '--json');
    await expect.poll(following.out).toContain('\n');
    for (let n = 1; n <= 30; n += 1) await core.call('messages.post', { to_role: 'BE', body: `number ${n}` });
    await expect.poll(following.out).toContain('number 30');
    following.stop();
    const { exit, out } = await following.ended;
    expect(exit).toBe(0);
    const ids = out.trim().split('\n').map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, at) => ids[0]! + at));
    expect((await rig.run('log', '--after', String(ids.at(-2)), '--limit', '10')).out).toMatch(new RegExp(`^#${ids.at(-1)} `));
  });

  it('writes a backup, checks everything, and refuses to restore under a running core', async () => {
    const { file, bytes } = await rig.json<{ file: string; bytes: number }>('backup');
    expect(statSync(file).size).toBe(bytes);
    expect((await rig.run('restore')).out).toContain(`wheelhouse restore ${file}`);
    expect(await rig.run('restore', file)).toMatchObject({ exit: 4, err: expect.stringContaining('runs already') });
    expect(await rig.run('doctor', '--set-aside')).toMatchObject({ exit: 4 });
    expect(await rig.run('doctor')).toMatchObject({ exit: 0, out: expect.stringContaining('The database is whole.') });
  });

  it('refuses a second core on the directory and says who runs', async () => {
    expect(await rig.run('serve')).toMatchObject({ exit: 4, err: expect.stringContaining(`process ${process.pid}`) });
  });
});
