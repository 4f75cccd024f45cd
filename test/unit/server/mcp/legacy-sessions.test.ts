import { Server } from '@modelcontextprotocol/server';
import { describe, expect, test } from 'vitest';
import { LegacySessions } from '../../../../main/server/mcp/legacy-sessions.ts';
import { OpenStreams } from '../../../../main/server/mcp/open-streams.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const authInfo = { token: '', clientId: 'a', scopes: [] };
const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const INITIALIZE = { jsonrpc: '2.0', id: 0, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '0' } } };
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

function makeSessions() {
  const clock = new FakeClock();
  const errors: Error[] = [];
  const sessions = new LegacySessions({
    clock,
    streams: new OpenStreams(clock),
    build: () => new Server({ name: 'test', version: '0' }, { capabilities: {} }),
    onError: (error) => errors.push(error),
  });
  const open = async (): Promise<string> => {
    const response = await sessions.open(new Request('http://127.0.0.1/mcp', { method: 'POST', headers }), INITIALIZE, authInfo);
    clock.advance(1);
    await response.text();
    return response.headers.get('mcp-session-id')!;
  };
  const request = (id: string, method: 'GET' | 'POST') =>
    sessions.serve(id, new Request('http://127.0.0.1/mcp', { method, headers: { ...headers, 'mcp-session-id': id } }), method === 'GET' ? undefined : PING, authInfo, null);
  return { sessions, open, request, clock };
}

describe('sessions of the older revisions', () => {
  test('an initialize that fails leaves none behind', async () => {
    const { sessions } = makeSessions();
    const refused = await sessions.open(new Request('http://127.0.0.1/mcp', { method: 'POST' }), INITIALIZE, authInfo);
    expect([refused.status, sessions.size]).toEqual([406, 0]);
  });

  test('are bounded: the one that was silent longest goes first, one that listens last', async () => {
    const { sessions, open, request, clock } = makeSessions();
    const [listening, silent, active] = [await open(), await open(), await open()];
    const stream = await request(listening, 'GET');
    for (let n = 3; n < 256; n += 1) await open();
    clock.advance(1);
    expect((await request(active, 'POST')).status).toBe(200);
    expect(sessions.size).toBe(256);

    await open();
    expect(sessions.size).toBe(256);
    expect((await request(silent, 'POST')).status).toBe(404);
    expect((await request(active, 'POST')).status).toBe(200);
    for (let n = 0; n < 300; n += 1) await open();
    expect((await request(listening, 'POST')).status).toBe(200);
    await stream.body!.cancel();
    await sessions.close();
    expect(sessions.size).toBe(0);
  });
});
