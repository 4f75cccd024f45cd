import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectV2, refusal } from '../../support/mcp-clients.ts';
import { modernRequest, send } from '../../support/mcp-raw.ts';
import { SHARED_KEY, startMcpServer, tokenOf, type McpServerUnderTest } from '../../support/mcp-server.ts';
import { silentLog, type Log } from '../../../main/base/log.ts';

let server: McpServerUnderTest;
let be: Awaited<ReturnType<typeof connectV2>>;
let shared: Awaited<ReturnType<typeof connectV2>>;
beforeAll(async () => {
  server = await startMcpServer({ maxBodyBytes: 100_000 });
  [be, shared] = await Promise.all([connectV2(server.url, tokenOf('BE'), 'modern'), connectV2(server.url, SHARED_KEY, 'modern')]);
});
afterAll(async () => {
  await Promise.all([be.close(), shared.close()]);
  await server.close();
});

const BE = tokenOf('BE');
const JSON_TYPE = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

describe('a tool call is refused with a code and the cure', () => {
  test.each([
    ['an unknown role', 'post_message', { to_role: 'FEE', body: 'x' }, 'ROLE_UNKNOWN', /did you mean FE\?/],
    ['an unknown task', 'update_task', { task_id: 4711, status: 'done' }, 'TASK_NOT_FOUND', /4711/],
    ['an unknown message', 'ack_message', { message_id: 4711 }, 'MESSAGE_NOT_FOUND', /#4711/],
    ['a cursor that is ahead', 'read_inbox', { after_id: 4711 }, 'CURSOR_AHEAD', /or 0 to read from the start/],
    ['a ttl that is too short', 'acquire_lock', { resource: 'compose', ttl_sec: 1 }, 'INPUT_INVALID', /ttl_sec must be an integer from 5 to 3600/],
    ['a ttl that is too long', 'heartbeat_lock', { resource: 'compose', ttl_sec: 86_400 }, 'INPUT_INVALID', /from 5 to 3600/],
    ['a wait that is too long', 'read_inbox', { wait_sec: 600 }, 'INPUT_INVALID', /wait_sec must be an integer from 0 to 50/],
    ['a misspelt argument', 'post_message', { to_role: 'FE', boddy: 'x' }, 'INPUT_INVALID', /there is no argument 'boddy'/],
    ['a missing argument', 'claim_task', {}, 'INPUT_INVALID', /task_id must be an integer/],
    ['an argument of the wrong kind', 'list_tasks', { limit: 'many' }, 'INPUT_INVALID', /limit must be an integer/],
    ['an argument where none is', 'list_locks', { resource: 'compose' }, 'INPUT_INVALID', /there is no argument 'resource'/],
    ['a lock taken by force', 'force_release_lock', { resource: 'compose', reason: 'x' }, 'FORBIDDEN', /Only Producer/],
    ['the role of somebody else', 'post_message', { from_role: 'FE', to_role: 'AI', body: 'x' }, 'ROLE_MISMATCH', /This session belongs to BE/],
    ['the role of somebody else in a look', 'team_log', { role: 'FE' }, 'ROLE_MISMATCH', /This session belongs to BE/],
    ['a role that is no text', 'read_inbox', { role: 7 }, 'INPUT_INVALID', /role must be the name of a role/],
  ])('for %s', async (_what, tool, args, code, text) => {
    const refused = await refusal(be, tool, args);
    expect(refused.code).toBe(code);
    expect(refused.text).toMatch(text);
    expect(refused.text.startsWith(`${code}: `)).toBe(true);
  });

  test.each([
    ['no role', { to_role: 'FE', body: 'x' }, 'INPUT_INVALID', /from_role is missing\. The shared key proves no role/],
    ['an empty role', { from_role: '', to_role: 'FE', body: 'x' }, 'INPUT_INVALID', /from_role is missing/],
    ['an unknown role', { from_role: 'Boss', to_role: 'FE', body: 'x' }, 'ROLE_UNKNOWN', /The roles here are FE, BE, AI, Producer/],
  ])('with the shared key and %s', async (_what, args, code, text) => {
    const refused = await refusal(shared, 'post_message', args);
    expect(refused.code).toBe(code);
    expect(refused.text).toMatch(text);
  });

  test('the shared key may not do what only the coordinator may, even when it names that role', async () => {
    expect((await refusal(shared, 'force_release_lock', { role: 'Producer', resource: 'compose', reason: 'x' })).code).toBe('FORBIDDEN');
  });

  test('with a message body that is too large', async () => {
    expect((await refusal(be, 'post_message', { to_role: 'FE', body: 'x'.repeat(70_000) })).code).toBe('BODY_TOO_LARGE');
  });
});

describe('a request is refused as the protocol says', () => {
  const call = { name: 'list_locks', arguments: {} };

  test.each([
    ['an unknown tool', modernRequest('tools/call', { name: 'rm_rf', arguments: {} }), 200, -32_602, /There is no tool 'rm_rf'/],
    ['a resource without an address', modernRequest('resources/read'), 200, -32_602, /Invalid params for resources\/read: uri/],
    ['an older request for a resource without an address', { headers: JSON_TYPE, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'resources/read', params: {} }) }, 200, -32_602, /Invalid params for resources\/read: uri/],
    ['a list with a broken cursor', modernRequest('tools/list', { cursor: [] }), 200, -32_602, /Invalid params for tools\/list: cursor/],
    ['an unknown method', modernRequest('tools/explode'), 404, -32_601, /Method not found/],
    ['an unknown revision', modernRequest('tools/list', {}, { 'MCP-Protocol-Version': '2099-01-01' }), 400, -32_020, /./],
    ['a header that names another method', modernRequest('tools/call', call, { 'Mcp-Method': 'tools/list' }), 400, -32_020, /Mcp-Method/i],
    ['a header that names another tool', modernRequest('tools/call', call, { 'Mcp-Name': 'post_message' }), 400, -32_020, /Mcp-Name/i],
    ['a missing method header', modernRequest('tools/list', {}, { 'Mcp-Method': null }), 400, -32_020, /Mcp-Method/i],
    ['a body that is no JSON', { headers: JSON_TYPE, body: '{"jsonrpc":' }, 400, -32_700, /not valid JSON/],
    ['an empty body', { headers: JSON_TYPE, body: '' }, 400, -32_700, /not valid JSON/],
    ['JSON that is no JSON-RPC', { headers: JSON_TYPE, body: '{"hello":"world"}' }, 400, -32_600, /./],
    ['a bare number', { headers: JSON_TYPE, body: '42' }, 400, -32_600, /./],
    ['null', { headers: JSON_TYPE, body: 'null' }, 400, -32_600, /./],
    ['an empty batch', { headers: JSON_TYPE, body: '[]' }, 400, -32_600, /./],
    ['another media type', { headers: { ...JSON_TYPE, 'Content-Type': 'text/plain' }, body: '{}' }, 415, -32_000, /application\/json/],
    ['a body that is too large', { headers: JSON_TYPE, body: `{"x":"${'y'.repeat(100_000)}"}` }, 413, -32_000, /must not exceed 100000 bytes/],
    ['a subscription without a session', { headers: JSON_TYPE, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: 'bus://log' } }) }, 200, -32_600, /send initialize first/],
  ])('for %s', async (_what, request, status, code, message) => {
    const answer = await send(server.url, BE, request);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', error: { code, message: expect.stringMatching(message) } });
  });

  test('for a body that is too large and arrives in pieces', async () => {
    const piece = new TextEncoder().encode('z'.repeat(60_000));
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(piece);
        controller.enqueue(piece);
        controller.close();
      },
    });
    expect((await send(server.url, BE, { headers: JSON_TYPE, body })).status).toBe(413);
  });

  test('for a session that does not exist or belongs to another token', async () => {
    const initialize = { jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '0' } } };
    const opened = await send(server.url, BE, { headers: JSON_TYPE, body: JSON.stringify(initialize) });
    expect(opened.body).toMatchObject({ result: { protocolVersion: '2025-06-18' } });
    const session = { 'Mcp-Session-Id': opened.headers.get('mcp-session-id')!, 'MCP-Protocol-Version': '2025-06-18' };
    const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

    expect((await send(server.url, BE, { headers: { ...JSON_TYPE, ...session }, body: list })).status).toBe(200);
    expect((await send(server.url, tokenOf('FE'), { headers: { ...JSON_TYPE, ...session }, body: list })).status).toBe(404);
    expect((await send(server.url, BE, { headers: { ...JSON_TYPE, 'Mcp-Session-Id': 'made-up' }, body: list })).status).toBe(404);
    expect((await send(server.url, BE, { method: 'DELETE', headers: session })).status).toBe(200);
    const after = await send(server.url, BE, { headers: { ...JSON_TYPE, ...session }, body: list });
    expect(after.status).toBe(404);
    expect(after.body).toMatchObject({ error: { message: expect.stringMatching(/Send initialize again/) } });
  });

  test('for GET and DELETE without a session', async () => {
    expect((await send(server.url, BE, { method: 'GET', headers: { Accept: 'text/event-stream' } })).status).toBe(405);
    expect((await send(server.url, BE, { method: 'DELETE', headers: {} })).status).toBe(405);
  });

  test('but a single older request without a session, and a batch of them, are answered', async () => {
    const ask = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'list_locks', arguments: {} } });
    expect((await send(server.url, BE, { headers: JSON_TYPE, body: JSON.stringify(ask(1)) })).body).toMatchObject({ id: 1, result: { structuredContent: { locks: [] } } });
    expect((await send(server.url, BE, { headers: JSON_TYPE, body: JSON.stringify([ask(1), ask(2)]) })).status).toBe(200);
  });
});

test('a fault of the server is hidden from the caller and told to the log', async () => {
  const told: unknown[] = [];
  const log: Log = { ...silentLog(), error: (...line: unknown[]) => void told.push(line), child: () => log };
  const faulty = await startMcpServer({ log });
  const client = await connectV2(faulty.url, BE, 'modern');
  faulty.store.db.exec('DROP TABLE tasks');
  const refused = await refusal(client, 'create_task', { title: 't', assignee_role: 'BE' });
  expect(refused).toEqual({ code: 'INTERNAL', text: expect.not.stringMatching(/no such table/) as string });
  expect(told).toMatchObject([[{ tool: 'create_task', err: { message: expect.stringMatching(/no such table/) } }, expect.any(String)]]);
  await expect(client.readResource({ uri: 'bus://tasks' })).rejects.toThrow(/Something went wrong inside Wheelhouse/);
  await client.close();
  await faulty.close();
});

test('once closed, the endpoint says that the core is stopping', async () => {
  const closing = await startMcpServer();
  await closing.endpoint.close();
  const { headers, body } = modernRequest('tools/list');
  const late = closing.endpoint.fetch(new Request(closing.url, { method: 'POST', headers, body }), { kind: 'shared-key' });
  await expect(late).rejects.toMatchObject({ code: 'NOT_RUNNING' });
  await closing.close();
});

test('while the kill switch is on, every tool and resource says so', async () => {
  const locked = await startMcpServer();
  const client = await connectV2(locked.url, BE, 'modern');
  locked.store.db.prepare("UPDATE system_state SET value = '\"ACTIVATED\"' WHERE key = 'kill_switch_status'").run();
  for (const tool of ['list_locks', 'team_log', 'whoami']) expect((await refusal(client, tool)).code).toBe('SYSTEM_LOCKED');
  await expect(client.readResource({ uri: 'bus://log' })).rejects.toThrow(/SYSTEM_LOCKED/);
  await client.close();
  await locked.close();
});
