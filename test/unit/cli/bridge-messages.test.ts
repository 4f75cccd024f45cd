import { describe, expect, it } from 'vitest';
import { eventData } from '../../../main/cli/mcp-bridge/event-stream.ts';
import { readLines } from '../../../main/cli/mcp-bridge/lines.ts';
import { LocalAnswers } from '../../../main/cli/mcp-bridge/local-answers.ts';
import { asRequest, modernHeaders, revisionOf } from '../../../main/cli/mcp-bridge/messages.ts';
import { baseAddress, coreAddress } from '../../../main/cli/mcp-bridge/core-address.ts';

async function* bytes(text: string, size: number): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text, 'utf-8');
  for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('lines of standard input', () => {
  it.each([1, 2, 3, 7, 1000])('are whole, whatever the chunks of %i bytes cut', async (size) => {
    expect(await all(readLines(bytes('{"a":"한글"}\r\n\n🔧\nlast', size)))).toEqual(['{"a":"한글"}', '', '🔧', 'last']);
  });

  it.each([1, 5, 100])('that are too long are told and passed over, in chunks of %i bytes', async (size) => {
    expect(await all(readLines(bytes(`ok\n${'x'.repeat(30)}\nfine\n`, size), 10))).toEqual(['ok', null, 'fine']);
  });
});

it.each([1, 4, 1000])('events give their data, in chunks of %i bytes', async (size) => {
  const stream = 'id: 1\r\ndata:\r\n\r\n: keep-alive\n\nevent: message\ndata: {"a":\ndata: 1}\n\ndata: {"b":2}\n\ndata: cut off';
  expect(await all(eventData(bytes(stream, size)))).toEqual(['{"a":\n1}', '{"b":2}']);
});

describe('messages', () => {
  it('name their revision themselves, or belong to a session', () => {
    expect(revisionOf({ params: { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } } })).toBe('2026-07-28');
    expect([revisionOf({}), revisionOf({ params: 1 }), revisionOf({ params: { _meta: null } })]).toEqual([null, null, null]);
  });

  it.each([
    [{ method: 'tools/call', params: { name: 'whoami' } }, { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'whoami' }],
    [{ method: 'resources/read', params: { uri: 'bus://tasks' } }, { 'Mcp-Method': 'resources/read', 'Mcp-Name': 'bus://tasks' }],
    [{ method: 'tools/call', params: { name: '도구\r\n' } }, { 'Mcp-Method': 'tools/call', 'Mcp-Name': `=?base64?${Buffer.from('도구\r\n').toString('base64')}?=` }],
    [{ method: 'tools/list' }, { 'Mcp-Method': 'tools/list' }],
  ])('repeat in headers what %j says', (message, headers) => {
    expect(modernHeaders(message, '2026-07-28')).toEqual({ 'MCP-Protocol-Version': '2026-07-28', ...headers });
  });
});

describe('answers without a core', () => {
  const TOOL = { name: 'look', inputSchema: {}, outputSchema: { type: 'object', properties: { a: {} } } };
  const answers = () => new LocalAnswers({ version: '1.2.3', bundledTools: async () => [TOOL], tokenCommand: 'make-a-token' });
  const request = (method: string, params = {}) => asRequest({ jsonrpc: '2.0', id: 1, method, params })!;
  const EXPIRED = { status: 'session_expired' } as const;

  it('list what the core listed last, else what the bridge came with', async () => {
    const local = answers();
    expect(await local.result(request('tools/list'), EXPIRED, null)).toMatchObject({ tools: [{ name: 'look' }] });
    local.adopt(request('tools/list'), { tools: [{ name: 'newer' }], ttlMs: 60_000 });
    expect(await local.result(request('tools/list'), EXPIRED, null)).toEqual({ tools: [{ name: 'newer' }] });
    expect(await local.result(request('tools/list'), EXPIRED, '2026-07-28')).toMatchObject({ resultType: 'complete', ttlMs: 0 });
  });

  it('say in the schema of a tool that it may answer with a trouble', () => {
    const { tools } = answers().adopt(request('tools/list'), { tools: [TOOL] }) as { tools: [{ outputSchema: { anyOf: unknown[] } }] };
    expect(tools[0].outputSchema).toMatchObject({ type: 'object', anyOf: [TOOL.outputSchema, { required: ['status', 'message', 'retryable', 'hint'] }] });
  });

  it.each([
    [{ status: 'session_expired' }, 'make-a-token'],
    [{ status: 'daemon_unavailable', sent: false }, 'wheelhouse serve'],
    [{ status: 'daemon_unavailable', sent: true }, 'repeat'],
    [{ status: 'kill_switch_active' }, 'Stop working'],
  ] as const)('make no error of %j', async (trouble, hint) => {
    const result = (await answers().result(request('tools/call'), trouble, null)) as Record<string, unknown>;
    expect(result['isError']).toBeUndefined();
    expect(result['structuredContent']).toMatchObject({ status: trouble.status, retryable: true, hint: expect.stringContaining(hint) });
  });

  it('make an error of a refusal', async () => {
    const refused = { status: 'refused', code: 'RATE_LIMITED', message: 'Wait.', retryable: true, details: {} } as const;
    expect(await answers().result(request('tools/call'), refused, null)).toMatchObject({ isError: true, content: [{ text: 'RATE_LIMITED: Wait.' }] });
  });

  it('agree to the revision that a client asks for, when the core would', async () => {
    const version = async (protocolVersion: string) => ((await answers().result(request('initialize', { protocolVersion }), EXPIRED, null)) as Record<string, unknown>)['protocolVersion'];
    expect([await version('2025-03-26'), await version('1999-01-01')]).toEqual(['2025-03-26', '2025-11-25']);
  });
});

describe('the address of the core', () => {
  it.each([
    ['http://127.0.0.1:3100', 'http://127.0.0.1:3100'],
    ['http://127.0.0.1:3100/', 'http://127.0.0.1:3100'],
    ['https://nas.example/mcp', 'https://nas.example'],
    ['https://nas.example/wheel/mcp/', 'https://nas.example/wheel'],
    ['nas.example', null],
    ['file:///etc/passwd', null],
    ['http://me:secret@nas.example', null],
  ])('is read from %s', (text, address) => expect(baseAddress(text)).toBe(address));

  it('is the named one, else the configured one, else the usual one', () => {
    const dataDir = '/nonexistent';
    expect(coreAddress({ dataDir, fixed: 'http://a', configured: 'http://b' })).toBe('http://a');
    expect(coreAddress({ dataDir, fixed: undefined, configured: 'http://b' })).toBe('http://b');
    expect(coreAddress({ dataDir, fixed: undefined, configured: undefined })).toBe('http://127.0.0.1:3100');
  });
});
