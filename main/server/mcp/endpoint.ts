import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Server, type AuthInfo, type jsonSchemaValidator } from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Guard, TeamBus } from '../../bus/bus.ts';
import type { Identity } from '../identity.ts';
import { identityOf, toAuthInfo } from './callers.ts';
import { instructions } from './instructions.ts';
import { allowSubscriptions } from './legacy-sessions.ts';
import { requestParams } from './request-params.ts';
import { BusResources, touchedResources } from './resources.ts';
import { ServerPool } from './server-pool.ts';
import { ToolCalls } from './tool-calls.ts';
import { UpdateFeed } from './update-feed.ts';
import { McpWire, type ServerSetup } from './wire.ts';

export interface McpEndpointOptions {
  readonly bus: TeamBus;
  readonly guard: Guard;
  readonly roles: readonly string[];
  /** The role that may reassign tasks and force-release locks. */
  readonly coordinator: string;
  /** The resources that the team agreed to lock before changing them. */
  readonly resources: readonly string[];
  readonly maxBodyBytes: number;
  readonly clock: Clock;
  readonly version: string;
  readonly log: Log;
}

/** `/mcp` behind authentication, Host and Origin checks. */
export interface McpEndpoint {
  /** Answers one request. Never rejects for what a client did wrong; rejects with NOT_RUNNING after {@link close}. */
  fetch(request: Request, identity: Identity): Promise<Response>;
  /** A session was revoked or has expired: its open streams end now. `sessionId` is the caller's. */
  endSession(sessionId: string): Promise<void>;
  /** Stop the bus before: that ends the calls that wait, and this lets their answers out. */
  close(): Promise<void>;
}

/** How long running calls may take at the end, in real time: the other side of the connection lives in it. */
const CLOSING_MS = 1000;

/** How long a client may keep a list, in milliseconds: lists change only when Wheelhouse starts anew. */
const LIST_TTL_MS = 60_000;
const LIST_HINT = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;

/** Nothing here asks clients for input, and a validator of its own for every request would cost more than the request. */
const NO_VALIDATOR: jsonSchemaValidator = {
  getValidator() {
    throw new Error('this server validates no client input by JSON schema');
  },
};

/** The team bus as an MCP server: tools, resources with subscriptions, and the working rules (DESIGN §7, §13). */
export function createMcpEndpoint(options: McpEndpointOptions): McpEndpoint {
  const { bus, guard, roles, coordinator, resources: lockable, clock, version, maxBodyBytes } = options;
  const log = options.log.child({ room: 'mcp' });
  const team = { bus, roles, coordinator, resources: lockable };
  const tools = new ToolCalls({ team, guard, clock, log });
  const resources = new BusResources({ team, guard, log });

  /** By role; without one for the shared key. A request must not pay for a text that never changes. */
  const rulesByRole = new Map<string | null, string>();
  const rulesFor = (identity: Identity): string => {
    const role = identity.kind === 'session' ? identity.caller.role : null;
    const text = rulesByRole.get(role) ?? instructions({ identity, roles, coordinator, resources: lockable });
    rulesByRole.set(role, text);
    return text;
  };
  const refuseSubscription = (uris: readonly string[], authInfo: AuthInfo) => resources.refuseSubscription(uris, identityOf(authInfo));
  const make = (rules: string): Server => {
    const server = new Server(
      { name: 'wheelhouse', title: 'Wheelhouse team bus', version },
      {
        capabilities: { tools: {}, resources: { subscribe: true } },
        instructions: rules,
        jsonSchemaValidator: NO_VALIDATOR,
        cacheHints: {
          'server/discover': LIST_HINT,
          'tools/list': LIST_HINT,
          'resources/list': LIST_HINT,
          'resources/templates/list': LIST_HINT,
          'resources/read': { ttlMs: 0, cacheScope: 'private' },
        },
      },
    );
    const { list, call, resource } = requestParams;
    server.setRequestHandler('tools/list', { params: list }, (_, ctx) => tools.list(ctx));
    server.setRequestHandler('tools/call', { params: call }, (params, ctx) => tools.call(params, ctx));
    server.setRequestHandler('resources/list', { params: list }, (_, ctx) => resources.list(ctx));
    server.setRequestHandler('resources/templates/list', { params: list }, () => resources.templates());
    server.setRequestHandler('resources/read', { params: resource }, (params, ctx) => resources.read(params, ctx));
    return server;
  };
  const pool = new ServerPool(make);
  const build = ({ authInfo, era, session }: ServerSetup): Server => {
    const rules = rulesFor(identityOf(authInfo));
    if (era === 'modern') return pool.take(rules);
    const server = make(rules);
    allowSubscriptions(server, session, (uri) => refuseSubscription([uri], authInfo));
    return server;
  };

  const wire = new McpWire({
    clock,
    maxBodyBytes,
    build,
    refuseSubscription,
    onError: (error) => log.debug({ err: error }, 'A request was refused or failed.'),
  });
  const feed = new UpdateFeed(clock, (uri) => wire.resourceUpdated(uri));
  const unsubscribe = bus.subscribe((events) => {
    for (const uri of touchedResources(events)) feed.changed(uri);
  });

  let closed = false;
  return {
    async fetch(request, identity) {
      if (closed) throw new AppError('NOT_RUNNING', 'Wheelhouse is stopping. Repeat the call when it runs again.');
      return wire.fetch(request, { authInfo: toAuthInfo(identity), expiresAt: identity.kind === 'session' ? identity.expiresAt : null });
    },
    endSession: (sessionId) => wire.end(sessionId),
    async close() {
      closed = true;
      unsubscribe();
      feed.stop();
      await Promise.race([tools.settled(), pause(CLOSING_MS, undefined, { ref: false })]);
      // Their answers are on their way to the streams, which may close when they are there.
      await nextTurn();
      await wire.close();
    },
  };
}
