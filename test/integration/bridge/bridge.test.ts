import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Client as ModernClient } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeMcpToken } from '../../../main/access/token-file.ts';
import { TOOLS } from '../../../main/server/mcp/tools.ts';
import { BRIDGE_ENV, connectBridge, ERAS, type BridgedClient, type Era } from '../../support/bridge-client.ts';
import { CLI } from '../../support/cli-process.ts';
import { ask, refusal } from '../../support/mcp-clients.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';
import { makeTempDir } from '../../support/temp-dir.ts';
import { unsignedToken } from '../../support/held-session.ts';

let temp: ReturnType<typeof makeTempDir>;
let core: TestCore | null;
let clients: BridgedClient['client'][];
beforeEach(() => {
  temp = makeTempDir();
  core = null;
  clients = [];
});
afterEach(async () => {
  for (const client of clients) await client.close();
  await core?.stop();
  temp.remove();
});

const tokenFile = (): string => join(temp.path, 'mcp-token');
const start = async (port = 0): Promise<TestCore> => (core = await startCore({ dataDir: temp.path, config: { server: { port } } }));
const stop = async (): Promise<void> => {
  await core!.stop();
  core = null;
};
const connect = async (era: Era, more: Partial<Parameters<typeof connectBridge>[1]> = {}): Promise<BridgedClient> => {
  const bridged = await connectBridge(era, { dataDir: temp.path, ...more });
  clients.push(bridged.client);
  return bridged;
};

describe.each(ERAS)('a client of %s on the bridge', (era) => {
  it('has the whole bus: tools, resources, refusals, waiting calls', async () => {
    const { token } = await (await start()).agent('desk', 'FE');
    await writeMcpToken(tokenFile(), token);
    const { client, stderr } = await connect(era);
    expect(client.getInstructions()).toContain('You are FE on a team');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE', agent_name: 'desk' });
    expect(await ask(client, 'post_message', { to_role: 'FE', body: '한글과 emoji 🔧' })).toMatchObject({ message_id: expect.any(Number) });
    expect(await ask(client, 'read_inbox')).toMatchObject({ messages: [{ body: '한글과 emoji 🔧' }] });
    expect(await refusal(client, 'read_inbox', { role: 'BE' })).toMatchObject({ code: 'ROLE_MISMATCH' });
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain('bus://inbox/FE');
    expect((await client.readResource({ uri: 'bus://tasks' })).contents).toHaveLength(1);
    await expect(client.readResource({ uri: 'bus://nowhere' })).rejects.toThrow(/There is no resource/);
    expect(stderr()).not.toContain('wai_sess_');
  });

  it('is served without a core and without a token, and works as soon as both are there', async () => {
    const { client } = await connect(era);
    expect(client.getInstructions()).toContain('no valid session');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    expect((await client.listResources()).resources).toEqual([]);
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'session_expired', retryable: true, hint: expect.stringContaining('wheelhouse mcp refresh-token') });
    await expect(client.readResource({ uri: 'bus://tasks' })).rejects.toThrow(/no valid session/);

    const { token } = await (await start()).agent('desk', 'BE');
    await writeMcpToken(tokenFile(), token);
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'BE' });
  });

  it('says that the core is away, and goes on when another one runs, at whatever port', async () => {
    const { token } = await (await start()).agent('desk', 'FE');
    await writeMcpToken(tokenFile(), token);
    const { client } = await connect(era);
    await client.listTools();
    await ask(client, 'whoami');
    await stop();
    const away = await ask(client, 'list_locks');
    expect(away).toMatchObject({ status: 'daemon_unavailable', retryable: true, message: expect.stringContaining('Nothing was carried out') });
    expect((await client.listTools()).tools).toHaveLength(TOOLS.length);
    await start();
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE' });
  });

  it('says when its session was revoked, and uses the next token without a restart, also of another agent', async () => {
    const running = await start();
    const { token, sessionId } = await running.agent('desk', 'FE');
    await writeMcpToken(tokenFile(), token);
    const { client } = await connect(era);
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE' });
    await running.call('sessions.revoke', { session_id: sessionId });
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'session_expired' });
    expect(await ask(client, 'whoami')).toMatchObject({ status: 'session_expired' });
    await writeMcpToken(tokenFile(), (await running.agent('desk-2', 'AI')).token);
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'AI' });
  });

  it('does not notice when the token is replaced before the old one is revoked', async () => {
    const running = await start();
    const { token, sessionId } = await running.agent('desk', 'FE');
    await writeMcpToken(tokenFile(), token);
    const { client } = await connect(era);
    await ask(client, 'whoami');
    await writeMcpToken(tokenFile(), (await running.agent('desk-2', 'FE')).token);
    await running.call('sessions.revoke', { session_id: sessionId });
    expect(await ask(client, 'whoami')).toMatchObject({ agent_name: 'desk-2' });
  });
});

it('says that the outcome is unknown when the connection breaks in the middle of a call', async () => {
  const { token } = await (await start()).agent('desk', 'FE');
  await writeMcpToken(tokenFile(), token);
  const broken = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
  await once(broken, 'listening');
  const { client } = await connect('SDK 1', { url: `http://127.0.0.1:${(broken.address() as AddressInfo).port}/mcp` });
  expect(await ask(client, 'list_locks')).toMatchObject({ status: 'daemon_unavailable', message: expect.stringContaining('look before you repeat it') });
  broken.close();
});

it('hears of changes, also after the core was started anew', async () => {
  const { token } = await (await start()).agent('desk', 'FE');
  await writeMcpToken(tokenFile(), token);
  const { client } = await connect('SDK 1');
  const updated: string[] = [];
  client.fallbackNotificationHandler = async ({ method, params }) => {
    if (method === 'notifications/resources/updated') updated.push(String(params!['uri']));
  };
  await client.subscribeResource({ uri: 'bus://tasks' });
  await core!.call('tasks.create', { title: 'one', assignee_role: 'FE' });
  await expect.poll(() => updated).toEqual(['bus://tasks']);
  await stop();
  await start();
  // The stream comes back by itself after some seconds; a call brings it back at once.
  await ask(client, 'whoami');
  await expect.poll(async () => {
    await core!.call('tasks.create', { title: 'two', assignee_role: 'FE' });
    return updated.length;
  }).toBeGreaterThan(1);
});

it('tells a client that was given lists without a core to ask for them again, once', async () => {
  const { client } = await connect('SDK 1');
  const heard: string[] = [];
  client.fallbackNotificationHandler = async ({ method }) => void heard.push(method);
  await ask(client, 'whoami');
  expect(heard).toEqual([]);
  await writeMcpToken(tokenFile(), (await (await start()).agent('desk', 'BE')).token);
  await ask(client, 'whoami');
  await ask(client, 'whoami');
  expect(heard).toEqual(['notifications/tools/list_changed', 'notifications/resources/list_changed']);
});

it('carries the subscriptions of 2026-07-28, and their refusal', async () => {
  const { token } = await (await start()).agent('desk', 'FE');
  await writeMcpToken(tokenFile(), token);
  const client = (await connect('SDK 2 on 2026-07-28')).client as ModernClient;
  const updated: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void updated.push(params.uri));
  await expect(client.listen({ resourceSubscriptions: ['bus://inbox/BE'] })).rejects.toThrow(/The inbox of BE is not yours/);
  const subscription = await client.listen({ resourceSubscriptions: ['bus://tasks'] });
  await core!.call('tasks.create', { title: 'one', assignee_role: 'FE' });
  await expect.poll(() => updated).toEqual(['bus://tasks']);
  await subscription.close();
  await core!.call('tasks.create', { title: 'two', assignee_role: 'FE' });
  expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE' });
  expect(updated).toHaveLength(1);
});

it('takes the token of an agent by name, and refuses a name that leads elsewhere', async () => {
  const { token } = await (await start()).agent('desk', 'FE');
  await writeMcpToken(join(temp.path, 'mcp-tokens', 'desk'), token);
  const { client } = await connect('SDK 2 on 2026-07-28', { agent: 'desk' });
  expect(await ask(client, 'whoami')).toMatchObject({ agent_name: 'desk' });
  await expect(connect('SDK 1', { agent: '../mcp-token' })).rejects.toThrow();
});

it('takes the token from the environment when the file has none', async () => {
  const { token } = await (await start()).agent('desk', 'FE');
  const { client } = await connect('SDK 1', { env: { WAIAAS_SESSION_TOKEN: token } });
  expect(await ask(client, 'whoami')).toMatchObject({ agent_name: 'desk' });
});

describe('the process', () => {
  const spawnBridge = () => {
    const child = spawn(process.execPath, [CLI, 'mcp', 'bridge'], { env: { ...BRIDGE_ENV, WAIAAS_DATA_DIR: temp.path }, stdio: 'pipe' });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    return { child, out: () => out, err: () => err, ended: once(child, 'close') };
  };

  it('answers rubbish with errors, keeps standard output clean, and ends with standard input', async () => {
    await writeMcpToken(tokenFile(), unsignedToken({ issuedAt: Date.now(), expiresAt: Date.now() + 3_600_000 }));
    const { child, out, err, ended } = spawnBridge();
    child.stdin.write('not json\n\n[]\n[1]\n"text"\n{"jsonrpc":"2.0","id":"a","method":"ping"}\r\n{"jsonrpc":"2.0","id":7,"method":"no/such"}\n');
    child.stdin.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}\n{"jsonrpc":"2.0","id":8,"method":"prompts/list"}\n');
    await expect.poll(() => out()).toContain('"id":8');
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    const messages = out().trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(messages.filter(({ id }) => id === null)).toHaveLength(3);
    expect(messages.find(({ id }) => id === 'a')).toEqual({ jsonrpc: '2.0', id: 'a', result: {} });
    expect(messages.find(({ id }) => id === 8)).toMatchObject({ error: { code: -32_000, data: { status: 'daemon_unavailable', retryable: true } } });
    expect(messages.some(({ id }) => id === 7)).toBe(false);
    expect(err()).not.toContain('wai_sess_');
  });

  it('outlives a reader of its standard error', async () => {
    const { child, out, ended } = spawnBridge();
    child.stderr.destroy();
    await once(child.stderr, 'close');
    child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}\n');
    await expect.poll(out).toContain('session_expired');
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
  });

  it('still answers what was asked before standard input ended', async () => {
    const { child, out, ended } = spawnBridge();
    child.stdin.end('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n');
    expect(await ended).toEqual([0, null]);
    expect(JSON.parse(out())).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s, also in the middle of a call', async (signal) => {
    const { token } = await (await start()).agent('desk', 'FE');
    await writeMcpToken(tokenFile(), token);
    const { child, out, ended } = spawnBridge();
    child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_inbox","arguments":{"wait_sec":50}}}\n{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n');
    await expect.poll(() => out()).toContain('"id":2');
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
  });
});
