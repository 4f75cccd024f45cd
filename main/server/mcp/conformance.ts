import { randomBytes } from 'node:crypto';
import { McpServer, createRequestStateCodec } from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { McpEndpoint } from './endpoint.ts';
import { registerContentTools, registerFixturePrompts, registerFixtureResources } from './conformance-fixtures.ts';
import { registerAskingTools, registerInputRequiredTools } from './conformance-input.ts';
import { allowSubscriptions } from './legacy-sessions.ts';
import { McpWire } from './wire.ts';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

export interface ConformanceOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
}

/**
 * The fixtures of the official MCP conformance suite on the wire that `/mcp` uses (DESIGN §17). For
 * `serve --conformance` only: it knows no callers and no bus, and must not be reachable from other machines.
 */
export function createConformanceEndpoint({ clock, log, version }: ConformanceOptions): McpEndpoint {
  const state = createRequestStateCodec({ key: randomBytes(32) });
  const wire: McpWire = new McpWire({
    clock,
    maxBodyBytes: MAX_BODY_BYTES,
    refuseSubscription: () => null,
    onError: (error) => log.debug({ err: error }, 'A request to the conformance fixtures was refused or failed.'),
    build: ({ era, session }) => {
      const server = new McpServer(
        { name: 'wheelhouse-conformance', version },
        {
          capabilities: {
            logging: {},
            completions: {},
            tools: { listChanged: true },
            prompts: { listChanged: true },
            resources: { subscribe: true },
          },
          requestState: { verify: (text, ctx) => state.verify(text, ctx) },
        },
      );
      registerContentTools(server, wire.notify);
      registerAskingTools(server);
      registerInputRequiredTools(server, state);
      registerFixtureResources(server);
      registerFixturePrompts(server);
      if (era === 'legacy') allowSubscriptions(server.server, session, () => null);
      return server;
    },
  });
  const caller = { authInfo: { token: '', clientId: 'conformance', scopes: [] }, expiresAt: null };
  return { fetch: (request) => wire.fetch(request, caller), endSession: () => Promise.resolve(), close: () => wire.close() };
}
