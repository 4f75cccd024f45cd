import { ERRORS, type ErrorCode } from '../base/errors.ts';
import { adminRoutes, type AdminRouteParts } from './admin-routes.ts';
import type { CallTable } from './calls.ts';
import type { AnyCallName } from './cli-calls.ts';
import type { Health } from './health.ts';
import type { Identity } from './identity.ts';
import type { LiveSockets } from './live-sockets.ts';
import { ownerRoutes, type OwnerRouteParts } from './owner-routes.ts';
import { callerSource } from './password-source.ts';
import { rejectRoutes, type RejectRouteParts } from './reject-routes.ts';
import type { Access, Exchange, Method, Route } from './routes.ts';
import { sessionRoutes, type SessionRouteParts } from './session-routes.ts';
import type { UiFiles } from './ui-files.ts';
import { openingPage } from './ui-pages.ts';

/** What answers `/mcp`. */
export interface McpRoute {
  /** `public` only for the conformance suite, which cannot send a token. */
  readonly auth: 'agents' | 'public';
  fetch(request: Request, identity: Identity): Promise<Response>;
}

export interface RouteParts {
  readonly version: string;
  readonly health: () => Promise<Health>;
  readonly mcp: McpRoute;
  readonly calls: CallTable;
  readonly sockets: LiveSockets;
  readonly files: UiFiles;
  readonly cookieName: string;
  readonly admin: AdminRouteParts;
  readonly owners: OwnerRouteParts;
  readonly sessions: SessionRouteParts;
  readonly reject: RejectRouteParts;
}

/** Every address of the server, with who may use it (DESIGN §13). */
export function routeTable(parts: RouteParts): readonly Route[] {
  const { mcp, calls, sockets, files } = parts;
  return [
    ...['/health', '/v1/health'].map((path) => get(path, { auth: ['public'], handle: async () => health(parts) })),
    {
      // Which methods a revision of MCP knows, and how it says no to others, is the endpoint's business.
      methods: ['GET', 'POST', 'DELETE'] satisfies Method[],
      path: '/mcp',
      auth: mcp.auth === 'public' ? ['public'] : ['session', 'shared-key'],
      body: 'own',
      whileLocked: 'refused',
      errors: 'envelope',
      handle: async ({ request, access }) => mcp.fetch(request, identityIn(access)),
    },
    {
      methods: ['POST'],
      path: '/v1/call/:name',
      auth: ['ui'],
      body: 'json',
      whileLocked: 'allowed',
      errors: 'envelope',
      handle: async (exchange) => call(calls, exchange),
    },
    get('/v1/live', { auth: ['ui'], handle: async ({ upgrade }) => upgrade((socket) => sockets.add(socket)) }),
    // Before /ui/*, which would take /ui for its own.
    ...['/', '/ui'].map((path) => get(path, { auth: ['public'], errors: 'page', handle: () => redirect('/ui/') })),
    get('/ui/open', { auth: ['link'], errors: 'page', handle: (exchange) => openWindow(parts.cookieName, exchange) }),
    ...adminRoutes(parts.admin),
    ...ownerRoutes(parts.owners),
    ...sessionRoutes(parts.sessions),
    ...rejectRoutes(parts.reject),
    get('/ui/*', { auth: ['ui'], errors: 'page', handle: async ({ request, url }) => files.serve(url.pathname.slice('/ui/'.length), request) }),
  ];
}

function get(path: string, route: Pick<Route, 'auth' | 'handle'> & Partial<Pick<Route, 'errors'>>): Route {
  return { methods: ['GET'], path, body: 'none', whileLocked: 'allowed', errors: 'envelope', ...route };
}

/** 200 also when degraded or locked: the process is up, and what is wrong stands in the body (waiaas.md §6.3). */
async function health({ health: check, version }: RouteParts): Promise<Response> {
  const { state, killSwitch, activatedAt, reason, dependencies, problems } = await check();
  return Response.json({
    status: state,
    name: 'Wheelhouse',
    version,
    pid: process.pid,
    killSwitch: { active: killSwitch !== 'NORMAL', state: killSwitch, activatedAt, reason },
    dependencies,
    problems,
  });
}

async function call(calls: CallTable, { params, body, access, request, requestId }: Exchange): Promise<Response> {
  if (access.class !== 'ui') throw new Error('a call came through a route of another class');
  const answer = await calls.run(params['name'] as AnyCallName, body, access.source, { signal: request.signal, requestId, from: callerSource(access) });
  if (answer.ok) return Response.json(answer);
  return Response.json({ ok: false, error: { ...answer.error, requestId } }, { status: ERRORS[answer.error.code as ErrorCode].status });
}

function openWindow(cookieName: string, { request, access }: Exchange): Response {
  if (access.class !== 'link') throw new Error('a window was opened through a route of another class');
  const page = openingPage(request, '/ui/');
  page.headers.set('Set-Cookie', `${cookieName}=${access.cookie}; Path=/; HttpOnly; SameSite=Strict`);
  return page;
}

function identityIn(access: Access): Identity {
  return access.class === 'agent' ? access.identity : { kind: 'shared-key' };
}

function redirect(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location } });
}
