import { upgradeWebSocket, type HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { AppError } from '../base/errors.ts';
import type { Guard } from '../access/guard.ts';
import type { Authenticator } from './authenticator.ts';
import { describeError, envelope, type Report } from './error-answer.ts';
import { readJson } from './json-body.ts';
import type { RateLimit } from './rate-limit.ts';
import { assertDeclared, type Exchange, type LiveSocket, type Method, type Route } from './routes.ts';
import { errorPage } from './ui-pages.ts';

export interface AppParts {
  readonly routes: readonly Route[];
  /** Throws HOST_REFUSED or ORIGIN_REFUSED. */
  readonly gate: (headers: Headers) => void;
  readonly authenticator: Authenticator;
  readonly limit: RateLimit;
  readonly guard: Guard;
  readonly maxBodyBytes: number;
  readonly newRequestId: () => string;
  readonly report: Report;
}

type Env = { Bindings: Partial<HttpBindings> };
type HonoContext = Context<Env>;

/** On every answer (electron.md §2.3). There are no CORS headers: no other origin has business here. */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** The HTTP application: every request passes gate, kill switch, authentication and rate limit, in this order. */
export function createApp(parts: AppParts): Hono<Env> {
  assertDeclared(parts.routes);
  const app = new Hono<Env>();
  for (const [path, routes] of Map.groupBy(parts.routes, (route) => route.path)) {
    app.all(path, async (c) => answer(parts, c, routes[0]!.errors, async (requestId) => dispatch(parts, c, routes, requestId)));
  }
  app.notFound(async (c) =>
    answer(parts, c, 'envelope', async () => {
      parts.guard.assertOperational();
      throw new AppError('NOT_FOUND', 'There is nothing at this address. MCP clients connect to /mcp.');
    }),
  );
  return app;
}

/** Runs `work` behind the gate; whatever happens becomes an answer with the common headers. */
async function answer(parts: AppParts, c: HonoContext, errors: Route['errors'], work: (requestId: string) => Promise<Response>): Promise<Response> {
  const requestId = parts.newRequestId();
  const request = c.req.raw;
  let response: Response;
  try {
    parts.gate(request.headers);
    response = await work(requestId);
  } catch (error) {
    const described = describeError(error, requestId, parts.report);
    response = errors === 'page' ? errorPage(described.status, described.error, request) : envelope(described, requestId);
    if (error instanceof MethodRefused) response.headers.set('Allow', error.allowed.join(', '));
  }
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.headers.set(name, value);
  response.headers.set('X-Request-Id', requestId);
  if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
  return response;
}

async function dispatch(parts: AppParts, c: HonoContext, routes: readonly Route[], requestId: string): Promise<Response> {
  const request = c.req.raw;
  const route = routeFor(routes, request.method);
  const access = await admit(parts, route, request, c.env.incoming?.socket.remoteAddress ?? 'unknown');
  const body = route.body === 'json' ? await readJson(request, parts.maxBodyBytes) : undefined;
  const exchange: Exchange = {
    request,
    url: new URL(request.url),
    requestId,
    params: c.req.param(),
    access,
    body,
    upgrade: async (onOpen) => upgrade(c, onOpen),
  };
  const response = await route.handle(exchange);
  if (access.class === 'master' && response.ok && !access.offer.accepted) throw new Error(`${request.method} ${route.path} answered without asking for the master password`);
  return response;
}

/** Takes one token of the rate limit for what the sender has proven to be, or for its address when it proved nothing. */
async function admit(parts: AppParts, route: Route, request: Request, remote: string): Promise<Exchange['access']> {
  const pay = (payer: string): void => {
    const waitSec = parts.limit.take(payer);
    if (waitSec === null) return;
    throw new AppError('RATE_LIMITED', `Too many requests. Wait ${waitSec} s, or raise server.rate_limit_rpm.`, { retryAfterSec: waitSec });
  };
  let access: Exchange['access'];
  try {
    if (route.whileLocked === 'refused') parts.guard.assertOperational();
    access = await parts.authenticator.check(route, request, remote);
  } catch (error) {
    pay(`address ${remote}`);
    throw error;
  }
  pay(access.payer);
  return access;
}

class MethodRefused extends AppError {
  readonly allowed: readonly string[];

  constructor(method: string, allowed: readonly string[]) {
    super('METHOD_NOT_ALLOWED', `${method} is not possible here; use ${allowed.join(' or ')}.`, { allowed });
    this.allowed = allowed;
  }
}

function routeFor(routes: readonly Route[], method: string): Route {
  // A HEAD request, which programs send to look ahead, must not use a one-time link up.
  const wanted = method === 'HEAD' && !routes.some((route) => route.auth.includes('link')) ? 'GET' : method;
  const route = routes.find(({ methods }) => methods.includes(wanted as Method));
  if (route === undefined) throw new MethodRefused(method, routes.flatMap(({ methods }) => methods));
  return route;
}

async function upgrade(c: HonoContext, onOpen: (socket: LiveSocket) => void): Promise<Response> {
  const handler = upgradeWebSocket(() => ({ onOpen: (_event, { raw }) => onOpen(raw as unknown as LiveSocket) }));
  const response = await handler(c, async () => undefined);
  if (response instanceof Response) return response;
  throw new AppError('INPUT_INVALID', 'This address speaks WebSocket only: connect with ws:// instead of http://.');
}
