import { randomUUID } from 'node:crypto';
import {
  ProtocolError, ProtocolErrorCode, WebStandardStreamableHTTPServerTransport, type AuthInfo, type McpServer, type Server,
} from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import { RPC, rpcError } from './json-rpc.ts';
import type { OpenStreams } from './open-streams.ts';
import { requestParams } from './request-params.ts';

/** Bounds memory: a client that lost its session starts again with `initialize`. */
const MAX_SESSIONS = 256;

/** What a session of the revisions before 2026-07-28 remembers between its requests. */
export interface LegacySession {
  /** Resources whose changes this client asked to hear of (`resources/subscribe`). */
  readonly subscriptions: Set<string>;
}

interface Entry extends LegacySession {
  readonly server: Server;
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly principal: string;
  /** Milliseconds of the monotonic clock. */
  usedAt: number;
  /** Whether the client listens on the stream for notifications. */
  listening: boolean;
}

export interface LegacySessionOptions {
  readonly clock: Clock;
  readonly streams: OpenStreams;
  readonly build: (authInfo: AuthInfo, session: LegacySession) => McpServer | Server;
  readonly onError: (error: Error) => void;
}

/**
 * Sessions of the initialize era (2025-03-26 to 2025-11-25): what needs an answer from the client or a stream of its own
 * (subscriptions, elicitation, sampling) works only in one. When there are too many, silent ones are forgotten first.
 */
export class LegacySessions {
  readonly #options: LegacySessionOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: LegacySessionOptions) {
    this.#options = options;
  }

  /** Answers an `initialize` request and, when it succeeds, begins a session. */
  async open(request: Request, body: unknown, authInfo: AuthInfo): Promise<Response> {
    await this.#makeRoom();
    const subscriptions = new Set<string>();
    const product = this.#options.build(authInfo, { subscriptions });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        const usedAt = this.#options.clock.monotonic();
        const server = 'server' in product ? product.server : product;
        this.#entries.set(id, { server, transport, principal: authInfo.clientId, subscriptions, usedAt, listening: false });
      },
    });
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the transport is no EventTarget
    transport.onclose = () => {
      if (transport.sessionId !== undefined) this.#entries.delete(transport.sessionId);
    };
    await product.connect(transport);
    const response = await transport.handleRequest(request, { parsedBody: body, authInfo });
    if (transport.sessionId === undefined) await product.close();
    return response;
  }

  /** Answers any other request that names a session; 404 tells the client to begin a new one. */
  async serve(id: string, request: Request, body: unknown, authInfo: AuthInfo, expiresAt: number | null): Promise<Response> {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.principal !== authInfo.clientId) {
      const message = 'Session not found: it has ended or belongs to another token. Send initialize again.';
      return rpcError({ status: 404, code: RPC.sessionNotFound, message });
    }
    entry.usedAt = this.#options.clock.monotonic();
    const response = await entry.transport.handleRequest(request, { ...(body !== undefined && { parsedBody: body }), authInfo });
    if (request.method !== 'GET' || !response.ok) return response;
    entry.listening = true;
    return this.#options.streams.guard(response, entry.principal, expiresAt, () => {
      entry.listening = false;
    });
  }

  /** Tells every session that subscribed to `uri`. */
  resourceUpdated(uri: string): void {
    for (const { server, subscriptions } of this.#entries.values()) {
      if (subscriptions.has(uri)) void server.sendResourceUpdated({ uri }).catch(this.#options.onError);
    }
  }

  /** Ends every session that `principal` began. */
  async end(principal: string): Promise<void> {
    const ended = [...this.#entries.values()].filter((entry) => entry.principal === principal);
    await Promise.all(ended.map((entry) => entry.server.close()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map((entry) => entry.server.close()));
  }

  get size(): number {
    return this.#entries.size;
  }

  async #makeRoom(): Promise<void> {
    const excess = this.#entries.size - (MAX_SESSIONS - 1);
    if (excess <= 0) return;
    const leastUsedFirst = [...this.#entries.values()].sort(
      (a, b) => Number(a.listening) - Number(b.listening) || a.usedAt - b.usedAt,
    );
    await Promise.all(leastUsedFirst.slice(0, excess).map((entry) => entry.server.close()));
  }
}

/** Handles `resources/subscribe` of the older revisions. `refuse` says why a resource may not be heard of, or null. */
export function allowSubscriptions(server: Server, session: LegacySession | null, refuse: (uri: string) => string | null): void {
  server.setRequestHandler('resources/subscribe', { params: requestParams.resource }, ({ uri }) => {
    if (session === null) {
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, 'A subscription needs a session: send initialize first, and its Mcp-Session-Id with every request.');
    }
    const refusal = refuse(uri);
    if (refusal !== null) throw new ProtocolError(ProtocolErrorCode.InvalidParams, refusal, { uri });
    session.subscriptions.add(uri);
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', { params: requestParams.resource }, ({ uri }) => {
    session?.subscriptions.delete(uri);
    return {};
  });
}
