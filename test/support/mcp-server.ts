import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { createGuard } from '../../main/access/guard.ts';
import type { Clock } from '../../main/base/clock.ts';
import { systemClock } from '../../main/base/clock.ts';
import { silentLog, type Log } from '../../main/base/log.ts';
import { TeamBus } from '../../main/bus/bus.ts';
import { SqliteBusStore } from '../../main/bus/sqlite-store.ts';
import type { Identity } from '../../main/server/identity.ts';
import { createMcpEndpoint } from '../../main/server/mcp/endpoint.ts';
import type { Store } from '../../main/store/store.ts';
import { makeTempStore } from './temp-store.ts';

export const ROLES = ['FE', 'BE', 'AI', 'Producer'] as const;
export type TestRole = (typeof ROLES)[number];
export const RESOURCES = ['nas-deploy', 'compose'];
export const SHARED_KEY = 'shared-key-of-the-tests';

/** The token of a session of `role`; a number makes it another session of the same role. */
export function tokenOf(role: TestRole, session = 1): string {
  return `token-${role}-${session}`;
}

export interface McpServerUnderTest {
  readonly url: string;
  readonly bus: TeamBus;
  readonly store: Store;
  readonly endpoint: ReturnType<typeof createMcpEndpoint>;
  close(): Promise<void>;
}

export interface McpServerSettings {
  readonly clock?: Clock;
  readonly log?: Log;
  /** When every token ends, as wall time in ms. */
  readonly expiresAt?: number | null;
  readonly maxBodyBytes?: number;
}

/**
 * `/mcp` on a real bus, a real database and a real socket. Tokens say who they belong to instead of being issued: what
 * stands in front of the endpoint (tokens, Host, Origin) is tested with the whole core.
 */
export async function startMcpServer(settings: McpServerSettings = {}): Promise<McpServerUnderTest> {
  const { clock = systemClock, log = silentLog(), expiresAt = null, maxBodyBytes = 1024 * 1024 } = settings;
  const temp = makeTempStore(clock);
  const { store } = temp;
  const guard = createGuard(store);
  const bus = new TeamBus({
    store: new SqliteBusStore(store, { clock, platform: 'linux', claimSilenceMs: null, coordinator: 'Producer' }),
    guard,
    clock,
    roles: ROLES,
    coordinator: 'Producer',
    maxMessageBytes: 64 * 1024,
    lockTtlSec: 300,
    retention: { maxMessages: null, messageDays: null, maxEvents: null, eventDays: null, idempotencyHours: 24 },
    onError: (what, error) => {
      throw new Error(what, { cause: error });
    },
  });
  bus.start();
  const endpoint = createMcpEndpoint({
    bus, guard, roles: ROLES, coordinator: 'Producer', resources: RESOURCES, maxBodyBytes, clock, version: '0.0.0-test', log,
  });
  const server = serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => {
      const identity = identify(request.headers.get('authorization'), expiresAt);
      return identity === null ? new Response(null, { status: 401 }) : endpoint.fetch(request, identity);
    },
  });
  await new Promise<void>((resolve) => void server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    bus,
    store,
    endpoint,
    async close() {
      await bus.stop();
      await endpoint.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      temp.close();
    },
  };
}

function identify(header: string | null, expiresAt: number | null): Identity | null {
  const token = header?.replace(/^Bearer /, '');
  if (token === SHARED_KEY) return { kind: 'shared-key' };
  const [, role, session] = /^token-(\w+)-(\d+)$/.exec(token ?? '') ?? [];
  if (role === undefined) return null;
  const caller = { role, sessionId: `session-${role}-${session}`, agentName: `${role} agent`, verified: true, person: false };
  return { kind: 'session', caller, expiresAt };
}
