import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { FakeClock } from '../../support/fake-clock.ts';
import { ask, connectV1, connectV2 } from '../../support/mcp-clients.ts';
import { SHARED_KEY, startMcpServer, tokenOf, type McpServerUnderTest } from '../../support/mcp-server.ts';

let server: McpServerUnderTest;
beforeEach(async () => {
  server = await startMcpServer();
});
afterEach(async () => server.close());

/** A client that listens on 2026-07-28; `heard` fills with what it is told. */
async function listen(token: string, uris: string[]) {
  const client = await connectV2(server.url, token, 'modern');
  const heard: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
  const subscription = await client.listen({ resourceSubscriptions: uris });
  return { client, heard, subscription };
}

describe('a subscription on 2026-07-28', () => {
  test('hears of messages, tasks and locks as they change', async () => {
    const { client, heard } = await listen(tokenOf('BE'), ['bus://inbox/BE', 'bus://tasks', 'bus://locks', 'bus://log']);
    const fe = await connectV2(server.url, tokenOf('FE'), 'modern');
    await ask(fe, 'post_message', { to_role: 'BE', body: 'hello' });
    await expect.poll(() => heard).toEqual(['bus://log', 'bus://inbox/BE']);
    heard.length = 0;
    await ask(fe, 'create_task', { title: 't', assignee_role: 'BE' });
    await expect.poll(() => heard).toContain('bus://tasks');
    await ask(fe, 'acquire_lock', { resource: 'compose' });
    await expect.poll(() => heard).toContain('bus://locks');
    await Promise.all([client.close(), fe.close()]);
  });

  test('is told of a burst once or twice, and of its end', async () => {
    const { client, heard } = await listen(tokenOf('BE'), ['bus://inbox/BE']);
    const caller = { role: 'FE', sessionId: 's', agentName: null, verified: true, person: false };
    for (let turn = 0; turn < 100; turn += 1) await server.bus.postMessage(caller, { to_role: 'BE', body: `${turn}` });
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    const before = heard.length;
    expect(before).toBeLessThan(100);
    await server.bus.postMessage(caller, { to_role: 'BE', body: 'last' });
    await expect.poll(() => heard.length).toBeGreaterThan(before);
    await client.close();
  });

  test('does not hear of the inbox of another role', async () => {
    await expect(listen(tokenOf('BE'), ['bus://tasks', 'bus://inbox/FE'])).rejects.toThrow(/The inbox of FE is not yours/);
    await expect(listen(tokenOf('BE'), ['bus://tsaks'])).rejects.toThrow(/There is no resource bus:\/\/tsaks/);
    const { client } = await listen(SHARED_KEY, ['bus://inbox/FE']);
    await client.close();
  });

  test('ends when the session is ended, and leaves nothing behind', async () => {
    const { client, subscription } = await listen(tokenOf('BE'), ['bus://log']);
    const other = await listen(tokenOf('FE'), ['bus://log']);
    await server.endpoint.endSession('session-BE-1');
    expect(await subscription.closed).toBe('remote');
    await ask(client, 'post_message', { to_role: 'AI', body: 'x' });
    await expect.poll(() => other.heard).toEqual(['bus://log']);
    await Promise.all([client.close(), other.client.close()]);
  });

  test('ends when the token expires', async () => {
    const clock = new FakeClock();
    await server.close();
    server = await startMcpServer({ clock, expiresAt: clock.now() + 60_000 });
    const { client, subscription } = await listen(tokenOf('BE'), ['bus://log']);
    clock.advance(60_000);
    expect(await subscription.closed).toBe('remote');
    await client.close();
  });
});

describe('a subscription in a session of an older revision', () => {
  test('hears of changes until it is given up', async () => {
    const client = await connectV1(server.url, tokenOf('BE'));
    const heard: string[] = [];
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void heard.push(params.uri));
    await client.subscribeResource({ uri: 'bus://inbox/BE' });
    await expect(client.subscribeResource({ uri: 'bus://inbox/FE' })).rejects.toThrow(/The inbox of FE is not yours/);
    // The stream for notifications opens on its own after the handshake.
    await expect
      .poll(async () => {
        await ask(client, 'post_message', { to_role: 'BE', body: 'hello' });
        return heard;
      })
      .toContain('bus://inbox/BE');
    await client.subscribeResource({ uri: 'bus://tasks' });
    await client.unsubscribeResource({ uri: 'bus://inbox/BE' });
    heard.length = 0;
    await ask(client, 'post_message', { to_role: 'BE', body: 'unheard' });
    await ask(client, 'create_task', { title: 'heard', assignee_role: 'BE' });
    await expect.poll(() => heard).toContain('bus://tasks');
    expect(heard).not.toContain('bus://inbox/BE');
    await client.close();
  });

  test('ends with the session', async () => {
    const client = await connectV1(server.url, tokenOf('BE'));
    await server.endpoint.endSession('session-BE-1');
    await expect(client.listTools()).rejects.toThrow(/Send initialize again/);
    await client.close();
  });
});
