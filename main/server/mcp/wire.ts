import { createMcpHandler, isJsonContentType, isLegacyRequest, type AuthInfo, type McpServer, type Server } from '@modelcontextprotocol/server';
import type { Clock } from '../../base/clock.ts';
import { RPC, looseMessage, rpcError } from './json-rpc.ts';
import { LegacySessions, type LegacySession } from './legacy-sessions.ts';
import { OpenStreams } from './open-streams.ts';
import { readJsonBody } from './request-body.ts';

/** What a server instance is made for: one request, or one session of an older revision. */
export interface ServerSetup {
  readonly authInfo: AuthInfo;
  readonly era: 'modern' | 'legacy';
  /** Null for a single request: nothing is remembered between requests then. */
  readonly session: LegacySession | null;
}

export interface WireOptions {
  readonly clock: Clock;
  readonly maxBodyBytes: number;
  /** Makes a server instance. Called for every request, so it must be cheap. */
  readonly build: (setup: ServerSetup) => McpServer | Server;
  /** Why the caller may not hear of these resources; null when it may. */
  readonly refuseSubscription: (uris: readonly string[], authInfo: AuthInfo) => string | null;
  /** Hears faults and refused requests; the answer is not changed by it. */
  readonly onError: (error: Error) => void;
}

/** Who calls, as the wire needs to know it. */
export interface WireCaller {
  readonly authInfo: AuthInfo;
  /** When its token ends, as wall time in ms; null means never. */
  readonly expiresAt: number | null;
}

/**
 * MCP over Streamable HTTP, every revision from 2025-03-26 to 2026-07-28 on one endpoint (DESIGN §13). 2026-07-28 and
 * single older requests are stateless; an older client that sends `initialize` gets a session.
 */
export class McpWire {
  readonly #options: WireOptions;
  readonly #streams: OpenStreams;
  readonly #sessions: LegacySessions;
  readonly #handler: ReturnType<typeof createMcpHandler>;

  constructor(options: WireOptions) {
    const { clock, build, onError } = options;
    this.#options = options;
    this.#streams = new OpenStreams(clock);
    this.#sessions = new LegacySessions({
      clock,
      streams: this.#streams,
      onError,
      build: (authInfo, session) => build({ authInfo, era: 'legacy', session }),
    });
    this.#handler = createMcpHandler(({ era, authInfo }) => build({ authInfo: authInfo!, era, session: null }), { onerror: onError });
  }

  /** Answers one HTTP request of an authenticated caller. Never rejects for what a client did wrong. */
  async fetch(request: Request, caller: WireCaller): Promise<Response> {
    if (request.method !== 'POST') return this.#fetchBodiless(request, caller);
    if (!isJsonContentType(request.headers.get('content-type'))) {
      const message = 'Unsupported Media Type: send the body as Content-Type: application/json.';
      return rpcError({ status: 415, code: RPC.refused, message, reason: 'MEDIA_TYPE' });
    }
    const { maxBodyBytes } = this.#options;
    const body = await readJsonBody(request, maxBodyBytes);
    switch (body.kind) {
      case 'json':
        return this.#fetchMessage(request, body.value, caller);
      case 'too-large': {
        const message = `Payload Too Large: the body must not exceed ${maxBodyBytes} bytes.`;
        return rpcError({ status: 413, code: RPC.refused, message, reason: 'BODY_TOO_LARGE' });
      }
      case 'not-json':
        return rpcError({ status: 400, code: RPC.parseError, message: 'Parse error: the body is not valid JSON.' });
      case 'broken':
        return rpcError({ status: 400, code: RPC.parseError, message: 'Parse error: the body could not be read to its end.' });
    }
  }

  /** Tells every subscriber that the resource changed. */
  resourceUpdated(uri: string): void {
    this.#handler.notify.resourceUpdated(uri);
    this.#sessions.resourceUpdated(uri);
  }

  /** Tells listeners of 2026-07-28 that tools or prompts changed. */
  get notify(): { toolsChanged(): void; promptsChanged(): void } {
    return this.#handler.notify;
  }

  /** The right of this caller has ended: its streams and sessions close now. */
  async end(principal: string): Promise<void> {
    this.#streams.cut(principal);
    await this.#sessions.end(principal);
  }

  async close(): Promise<void> {
    await Promise.all([this.#handler.close(), this.#sessions.close()]);
  }

  async #fetchBodiless(request: Request, { authInfo, expiresAt }: WireCaller): Promise<Response> {
    const sessionId = request.headers.get('mcp-session-id');
    if (sessionId === null) return this.#handler.fetch(request, { authInfo });
    return this.#sessions.serve(sessionId, request, undefined, authInfo, expiresAt);
  }

  async #fetchMessage(request: Request, body: unknown, { authInfo, expiresAt }: WireCaller): Promise<Response> {
    const { method, id, params } = looseMessage(body);
    const sessionId = request.headers.get('mcp-session-id');
    if ((sessionId !== null || method === 'initialize') && (await isLegacyRequest(request, body))) {
      return sessionId === null
        ? this.#sessions.open(request, body, authInfo)
        : this.#sessions.serve(sessionId, request, body, authInfo, expiresAt);
    }
    if (method !== 'subscriptions/listen') return this.#handler.fetch(request, { authInfo, parsedBody: body });

    const refusal = this.#options.refuseSubscription(subscribedUris(params), authInfo);
    if (refusal !== null) return rpcError({ status: 200, code: RPC.invalidParams, message: refusal }, id);
    const response = await this.#handler.fetch(request, { authInfo, parsedBody: body });
    return response.headers.get('content-type') === 'text/event-stream'
      ? this.#streams.guard(response, authInfo.clientId, expiresAt, () => {})
      : response;
  }
}

/** The resources named in a `subscriptions/listen` request; whether its shape is right is the SDK's to judge. */
function subscribedUris(params: Readonly<Record<string, unknown>>): string[] {
  const filter = params['notifications'];
  if (typeof filter !== 'object' || filter === null) return [];
  const uris: unknown = 'resourceSubscriptions' in filter ? filter.resourceSubscriptions : [];
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [];
}
