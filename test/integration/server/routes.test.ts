import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp, type AppParts } from '../../../main/server/app.ts';
import { routeTable, type RouteParts } from '../../../main/server/route-table.ts';
import { assertDeclared, type AuthClass, type Method, type Route } from '../../../main/server/routes.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';

const PASSWORD = 'correct horse battery';
const SHARED_KEY = 'the-shared-key-of-this-team';

/** Declarations only: what handles a request is looked up when one comes. */
const ROUTES = routeTable({ mcp: { auth: 'agents' } } as unknown as RouteParts);
const CASES = ROUTES.flatMap((route) => route.methods.map((method) => ({ route, method, name: `${method} ${route.path} (${route.auth.join(', ')})` })));
const GUARDED = CASES.filter(({ route }) => !route.auth.includes('public'));

let rig: TestCore;
let sessionToken: string;
let sessionId: string;
let cookie: string;
beforeAll(async () => {
  rig = await startCore({ busKey: SHARED_KEY });
  ({ token: sessionToken, sessionId } = await rig.agent('alice', 'FE'));
  cookie = await rig.windowCookie();
  await fetch(`${rig.url}/v1/admin/master-password`, {
    method: 'POST',
    headers: { authorization: `Bearer ${rig.localKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ newPassword: PASSWORD }),
  });
});
afterAll(async () => rig.stop());

function urlOf({ path }: Route, session: string): string {
  const id = path.includes('/sessions/') ? session : 'alice';
  return rig.url + path.replace(':name', 'snapshot.get').replace(':id', id).replace('/*', '/');
}

async function send(route: Route, method: string, headers: Record<string, string> = {}, session = sessionId): Promise<Response> {
  const body = method === 'POST' || method === 'PATCH' ? { body: '{}', headers: { 'content-type': 'application/json', ...headers } } : { headers };
  return fetch(urlOf(route, session), { method, redirect: 'manual', ...body });
}

/**
 * What nobody gets past without credentials. A recovery is told first that there is nothing to recover from (waiaas.md
 * §6.4); a link with a wrong nonce is no question of who asks.
 */
const closed = (route: Route): number => (route.path === '/v1/admin/recover' ? 409 : route.auth.includes('nonce') ? 403 : 401);

/** The status of an answer that must have the form of a refusal: the envelope, or a page where a person reads. */
async function refusal(response: Response, route: Route): Promise<number> {
  const { status } = response;
  const text = await response.text();
  if (route.errors === 'page') {
    expect(text).toContain('<!doctype html>');
    return status;
  }
  const { error } = JSON.parse(text) as { error: Record<string, unknown> };
  expect(Object.keys(error).sort()).toEqual(['code', 'details', 'message', 'requestId', 'retryable']);
  expect(error['requestId']).toBe(response.headers.get('x-request-id'));
  if (status === 401) expect(response.headers.get('www-authenticate')).toMatch(/^Bearer .*error_description="[^"]+"$/);
  return status;
}

describe('every route declares who may use it', () => {
  test.each(['missing', 'empty', 'unknown'] as const)('a table with a route whose class is %s does not start', (kind) => {
    const auth = { missing: undefined, empty: [], unknown: ['session', 'anybody'] }[kind] as unknown as readonly AuthClass[];
    const routes = [...ROUTES, { ...ROUTES[0]!, path: '/v1/new', auth }];
    expect(() => assertDeclared(routes)).toThrow(/\/v1\/new declares no known auth class/);
    expect(() => createApp({ routes } as unknown as AppParts)).toThrow(/declares no known auth class/);
  });

  test('the public ones are health, how the kill switch stands, nonces, and the two addresses that only lead on', () => {
    const open = CASES.filter(({ route }) => route.auth.includes('public')).map(({ method, route }) => `${method} ${route.path}`);
    expect(open).toEqual(['GET /health', 'GET /v1/health', 'GET /', 'GET /ui', 'GET /v1/auth/nonce', 'GET /v1/admin/status', 'GET /v1/admin/kill-switch']);
  });
});

describe('without credentials', () => {
  test.each(GUARDED)('$name lets nobody in', async ({ route, method }) => {
    expect(await refusal(await send(route, method), route)).toBe(closed(route));
  });
});

describe('with wrong credentials', () => {
  const wrong: Readonly<Record<string, () => Record<string, string>>> = {
    'a made-up token': () => ({ authorization: 'Bearer wai_sess_a.b.c' }),
    'a made-up key': () => ({ authorization: `Bearer ${'0'.repeat(64)}` }),
    'a changed session token': () => ({ authorization: `Bearer ${sessionToken.slice(0, -2)}xx` }),
    'another scheme': () => ({ authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }),
    'a made-up cookie': () => ({ cookie: `${cookie.split('=')[0]}=${'A'.repeat(43)}` }),
    'the cookie under another name': () => ({ cookie: `other=${cookie.split('=')[1]}` }),
  };
  const cases = GUARDED.flatMap((entry) => Object.entries(wrong).map(([what, headers]) => ({ ...entry, what, headers })));

  test.each(cases)('$name refuses $what', async ({ route, method, headers }) => {
    expect(await refusal(await send(route, method, headers()), route)).toBe(closed(route));
  });
});

describe('with the credentials of another class', () => {
  const rightOf: Readonly<Record<AuthClass, () => Record<string, string>>> = {
    public: () => ({}),
    session: () => ({ authorization: `Bearer ${sessionToken}` }),
    'shared-key': () => ({ authorization: `Bearer ${SHARED_KEY}` }),
    ui: () => ({ authorization: `Bearer ${rig.localKey}` }),
    renewal: () => ({ authorization: `Bearer ${sessionToken}` }),
    link: () => ({}),
    nonce: () => ({}),
    master: () => ({ 'x-master-password': PASSWORD }),
    owner: () => ({}),
  };
  const cases = GUARDED.flatMap((entry) =>
    (['session', 'shared-key', 'ui'] as const)
      .filter((other) => !entry.route.auth.includes(other) && !(other === 'session' && entry.route.auth.includes('renewal')))
      .map((other) => ({ ...entry, other })),
  );

  test.each(cases)('$name refuses what opens $other routes', async ({ route, method, other }) => {
    expect(await refusal(await send(route, method, rightOf[other]()), route)).toBe(closed(route));
  });

  test('and the right ones pass', async () => {
    const proofs = ['owner', 'link', 'nonce'];
    for (const { route, method } of GUARDED) {
      for (const kind of route.auth.filter((name) => !proofs.includes(name))) {
        // Some routes end the session that they are tried on.
        const { session, token } = await rig.call('sessions.create', { agent: 'alice' });
        const headers = kind === 'session' || kind === 'renewal' ? { authorization: `Bearer ${token}` } : rightOf[kind]();
        const answer = await send(route, method, headers, session.id);
        // A renewal that comes too early came in.
        const tooEarly = kind === 'renewal' && (await answer.text()).includes('RENEWAL_TOO_EARLY');
        expect({ method, path: route.path, kind, refused: !tooEarly && [401, 403].includes(answer.status) }).toMatchObject({ refused: false });
        await rig.call('sessions.revoke', { session_id: session.id });
      }
    }
  });
});

describe('while the kill switch is on', () => {
  test('exactly these answer, and everything else is refused before anybody is asked who they are', async () => {
    const open = CASES.filter(({ route }) => route.whileLocked === 'allowed').map(({ method, route }) => `${method} ${route.path}`);
    expect(open).toEqual([
      'GET /health',
      'GET /v1/health',
      'POST /v1/call/:name',
      'GET /v1/live',
      'GET /',
      'GET /ui',
      'GET /ui/open',
      'GET /v1/auth/nonce',
      'GET /v1/admin/status',
      'GET /v1/admin/kill-switch',
      'POST /v1/admin/kill-switch',
      'POST /v1/admin/recover',
      'POST /v1/admin/cancel-recovery',
      'POST /v1/sessions/invalidate-all',
      'DELETE /v1/sessions/:id',
      'GET /v1/dashboard/sessions/:id/reject',
      'POST /v1/dashboard/sessions/:id/reject',
      'GET /ui/*',
    ]);
  });
});

describe('methods', () => {
  const METHODS: readonly (Method | 'OPTIONS')[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  const paths = [...Map.groupBy(ROUTES, (route) => route.path).values()];

  test.each(paths.map((routes) => ({ path: routes[0]!.path, routes })))('$path answers every other method with 405 and the list', async ({ routes }) => {
    const allowed = routes.flatMap((route) => route.methods);
    for (const method of METHODS.filter((name) => !(allowed as readonly string[]).includes(name))) {
      const response = await send(routes[0]!, method, { authorization: `Bearer ${rig.localKey}` });
      expect(await refusal(response, routes[0]!)).toBe(405);
      expect(response.headers.get('allow')).toBe(allowed.join(', '));
    }
  });

  test('looking ahead with HEAD does not use a link up', async () => {
    const link = rig.core.uiLink();
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(405);
    expect((await fetch(link)).status).toBe(200);
    const health = await fetch(`${rig.url}/health`, { method: 'HEAD' });
    expect(health.status).toBe(200);
    expect(await health.text()).toBe('');
  });
});

describe('every answer', () => {
  test('carries the security headers and no CORS header, also a refusal', async () => {
    const answers = [await fetch(`${rig.url}/health`), await fetch(`${rig.url}/nowhere`), await fetch(`${rig.url}/mcp`), await fetch(`${rig.url}/ui/`)];
    for (const { headers } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  test('to an unknown address is 404 in the envelope', async () => {
    for (const path of ['/nowhere', '/v1', '/v1/session', '/.well-known/oauth-protected-resource', '/MCP', '/mcp/']) {
      const response = await fetch(rig.url + path);
      expect({ path, status: response.status, body: await response.json() }).toMatchObject({ path, status: 404, body: { error: { code: 'NOT_FOUND' } } });
    }
  });
});
