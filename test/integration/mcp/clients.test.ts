import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, connectV1, connectV2 } from '../../support/mcp-clients.ts';
import { startMcpServer, tokenOf, type McpServerUnderTest } from '../../support/mcp-server.ts';
import { TOOLS } from '../../../main/server/mcp/tools.ts';

let server: McpServerUnderTest;
beforeAll(async () => {
  server = await startMcpServer();
});
afterAll(async () => server.close());

const CLIENTS = {
  'SDK 2 on 2026-07-28': (token: string) => connectV2(server.url, token, 'modern'),
  'SDK 2 with the older handshake': (token: string) => connectV2(server.url, token, 'legacy'),
  'SDK 1': (token: string) => connectV1(server.url, token),
};

describe.each(Object.entries(CLIENTS))('the official client, %s', (_name, connect) => {
  test('learns the rules, lists the tools in a fixed order and works with them', async () => {
    const client = await connect(tokenOf('BE'));
    expect(client.getInstructions()).toContain('You are BE on a team of FE, BE, AI, Producer');

    // The client checks each answer against the output schema that it learnt from this list.
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(TOOLS.map((tool) => tool.name));
    expect(await ask(client, 'post_message', { to_role: 'BE', body: 'to myself' })).toMatchObject({ message_id: expect.any(Number) });
    expect(await ask(client, 'read_inbox')).toMatchObject({ messages: expect.arrayContaining([expect.objectContaining({ body: 'to myself' })]) });
    expect(await ask(client, 'acquire_lock', { resource: 'compose' })).toMatchObject({ acquired: true });
    expect(await ask(client, 'release_lock', { resource: 'compose' })).toMatchObject({ released: true });
    await client.close();
  });

  test('reads the resources and is refused the inbox of another role', async () => {
    const client = await connect(tokenOf('FE'));
    await ask(client, 'post_message', { to_role: 'FE', body: 'note' });
    const { resources } = await client.listResources();
    expect(resources.map((resource) => resource.uri)).toEqual(['bus://inbox/FE', 'bus://tasks', 'bus://locks', 'bus://log']);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'bus://inbox/{role}' }]);

    const { contents } = await client.readResource({ uri: 'bus://inbox/FE' });
    expect(JSON.parse((contents[0] as { readonly text: string }).text)).toMatchObject({ messages: [{ body: 'note' }] });
    await expect(client.readResource({ uri: 'bus://inbox/BE' })).rejects.toThrow(/The inbox of BE is not yours: this session belongs to FE/);
    await expect(client.readResource({ uri: 'bus://nowhere' })).rejects.toThrow(/There is no resource bus:\/\/nowhere/);
    await ask(client, 'read_inbox', { mark_read: true });
    await client.close();
  });
});

test('two revisions work side by side on the same bus', async () => {
  const [modern, older] = await Promise.all([connectV2(server.url, tokenOf('AI'), 'modern'), connectV1(server.url, tokenOf('Producer'))]);
  expect(modern.getNegotiatedProtocolVersion()).toBe('2026-07-28');
  await Promise.all(
    Array.from({ length: 20 }, async (_, turn) => {
      await ask(modern, 'post_message', { to_role: 'Producer', body: `question ${turn}` });
      await ask(older, 'post_message', { to_role: 'AI', body: `answer ${turn}` });
    }),
  );
  const bodies = async (client: typeof modern | typeof older): Promise<string[]> =>
    ((await ask(client, 'read_inbox'))['messages'] as { readonly body: string }[]).map((message) => message.body).sort();
  const expected = (word: string): string[] => Array.from({ length: 20 }, (_, turn) => `${word} ${turn}`).sort();
  expect(await bodies(older)).toEqual(expected('question'));
  expect(await bodies(modern)).toEqual(expected('answer'));
  await Promise.all([modern.close(), older.close()]);
});

test('many callers at once each get their own answers', async () => {
  const roles = ['FE', 'BE', 'AI', 'Producer'] as const;
  const clients = await Promise.all(roles.flatMap((role) => [1, 2, 3].map(async (session) => ({ role, session, client: await connectV2(server.url, tokenOf(role, session), 'modern') }))));
  const wrong: unknown[] = [];
  await Promise.all(
    clients.map(async ({ role, session, client }) => {
      for (let turn = 0; turn < 15; turn += 1) {
        const [me, discovered] = await Promise.all([ask(client, 'whoami'), client.discover()]);
        if (me['session_id'] !== `session-${role}-${session}` || !discovered.instructions!.startsWith(`You are ${role} `)) wrong.push({ role, session, me });
      }
    }),
  );
  expect(wrong).toEqual([]);
  await Promise.all(clients.map(({ client }) => client.close()));
});

test('a call repeated with its key after a lost answer has one effect', async () => {
  const client = await connectV2(server.url, tokenOf('BE', 2), 'modern');
  const call = { to_role: 'AI', body: 'only once', idempotency_key: 'k-1' };
  const lost = new AbortController();
  const first = client.callTool({ name: 'post_message', arguments: call }, { signal: lost.signal });
  await expect.poll(async () => (await server.bus.listMessages({ query: 'once', limit: 10 })).messages.length).toBe(1);
  lost.abort();
  await first.catch(() => {});

  const again = await ask(client, 'post_message', call);
  expect(again['replayed']).toBe(true);
  const { messages } = await server.bus.listMessages({ query: 'once', limit: 10 });
  expect(messages.map((message) => message.id)).toEqual([again['message_id']]);
  await client.close();
});
