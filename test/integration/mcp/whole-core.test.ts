import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, connectV1, connectV2 } from '../../support/mcp-clients.ts';
import { modernRequest, send } from '../../support/mcp-raw.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';

const KEY = 'a-shared-key-that-is-long-enough';

let core: TestCore;
let url: string;
beforeEach(async () => {
  core = await startCore({ busKey: KEY });
  url = `${core.url}/mcp`;
});
afterEach(async () => core.stop());

const listTools = (overrides: Record<string, string | null> = {}) => modernRequest('tools/list', {}, overrides);

describe('the door to /mcp', () => {
  test('opens for a session token, whose role then cannot lie', async () => {
    const { token } = await core.agent('frontend', 'FE');
    const client = await connectV2(url, token, 'modern');
    expect(await ask(client, 'whoami')).toMatchObject({ role: 'FE', agent_name: 'frontend', verified: true });
    await client.close();
  });

  test('opens for the shared key, whose callers are shown as unverified', async () => {
    const client = await connectV1(url, KEY);
    await ask(client, 'post_message', { from_role: 'AI', to_role: 'FE', body: 'hello' });
    expect(await ask(client, 'read_inbox', { role: 'FE' })).toMatchObject({ messages: [{ from_role: 'AI', verified: false }] });
    await client.close();
  });

  test.each([
    ['no token', {}, /No Authorization header was sent/],
    ['a token of nobody', { Authorization: 'Bearer wai_sess_x.y.z' }, /./],
    ['the name of a variable that is not set', { Authorization: 'Bearer ${CO_BUS_KEY}' }, /the environment variable CO_BUS_KEY is not set in the shell that started the client/],
    ['an empty variable', { Authorization: 'Bearer ' }, /no token after "Bearer"/],
  ])('stays shut for %s, and names the cure where clients show it', async (_what, headers, cure) => {
    const { body, headers: common } = listTools();
    const response = await fetch(url, { method: 'POST', headers: { ...common, ...headers }, body });
    expect(response.status).toBe(401);
    const { error } = (await response.json()) as { readonly error: { readonly message: string } };
    expect(error.message).toMatch(cure);
    expect(response.headers.get('www-authenticate')).toContain('error_description="');
  });

  test('stays shut for pages of other origins and for other names of this machine', async () => {
    expect((await send(url, KEY, listTools({ Origin: 'https://evil.example' }))).status).toBe(403);
    expect((await send(url, KEY, listTools())).status).toBe(200);
  });

  test('lets no body in that is larger than configured', async () => {
    const large = modernRequest('tools/call', { name: 'post_message', arguments: { from_role: 'BE', to_role: 'FE', body: 'x'.repeat(1024 * 1024) } });
    expect((await send(url, KEY, large)).status).toBe(413);
  });
});

test('a revoked session loses its calls and its open streams', async () => {
  const { token, sessionId } = await core.agent('backend', 'BE');
  const client = await connectV2(url, token, 'modern');
  const subscription = await client.listen({ resourceSubscriptions: ['bus://inbox/BE'] });
  await ask(client, 'acquire_lock', { resource: 'compose' });
  await core.call('sessions.revoke', { session_id: sessionId, reason: 'lost laptop' });
  expect(await subscription.closed).toBe('remote');
  await expect(client.callTool({ name: 'list_locks', arguments: {} })).rejects.toThrow(/revoked|401|Unauthorized/i);

  const other = await connectV2(url, KEY, 'modern');
  expect(await ask(other, 'list_locks')).toMatchObject({ locks: [] });
  await Promise.all([client.close(), other.close()]);
});

test('the core stops while clients listen and wait, and the waiting ones are told', async () => {
  const { token } = await core.agent('backend', 'BE');
  const [modern, older] = await Promise.all([connectV2(url, token, 'modern'), connectV1(url, token)]);
  const subscription = await modern.listen({ resourceSubscriptions: ['bus://log'] });
  let waiting: Promise<unknown> | undefined;
  await new Promise<void>((begun) => {
    waiting = modern.callTool({ name: 'read_inbox', arguments: { wait_sec: 50 } }, { onprogress: () => begun() });
  });
  await core.stop();
  expect(['graceful', 'remote']).toContain(await subscription.closed);
  expect(await waiting).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^NOT_RUNNING: .*Repeat the call/) }] });
  await Promise.all([modern.close(), older.close()]);
});
