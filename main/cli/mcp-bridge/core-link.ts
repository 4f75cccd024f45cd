import type { SessionManager } from '../../access/session-manager.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { eventData } from './event-stream.ts';
import { isObject, RPC, type Message } from './messages.ts';
import type { Trouble } from './trouble.ts';

/** What the core made of one HTTP request. */
export type Exchange =
  /** Messages as they come; iterating throws when the connection breaks. `mcpSession` is set by `initialize`. */
  | { readonly kind: 'messages'; readonly messages: AsyncIterable<Message>; readonly mcpSession: string | null }
  /** The MCP session is unknown: the core was started anew, or the token is of another session. */
  | { readonly kind: 'no-mcp-session' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

export interface CoreLinkParts {
  readonly fetch: typeof fetch;
  /** Where the core listens now, without a path. */
  readonly baseUrl: () => string;
  readonly session: Pick<SessionManager, 'getToken' | 'refresh'>;
}

/** Faults before anything was sent. */
const NOT_SENT: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT']);

const LOCKED: ErrorCode = 'SYSTEM_LOCKED';
const SUSPENDED: ErrorCode = 'AGENT_SUSPENDED';

/** `/mcp` of the core, with the token of the session. A 401 leads to one more attempt when there is another token. */
export class CoreLink {
  readonly #parts: CoreLinkParts;

  constructor(parts: CoreLinkParts) {
    this.#parts = parts;
  }

  /** Sends a message; null opens the stream of notifications. Rejects only when `signal` was aborted. */
  async exchange(message: Message | null, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Exchange> {
    const { session } = this.#parts;
    const token = session.getToken();
    if (token === null) return this.#withoutSession(signal);
    const first = await this.#send(message, headers, token, signal);
    if (first !== 'unauthorised') return first;
    const next = (await session.refresh(token)) ? session.getToken() : null;
    const second = next === null ? 'unauthorised' : await this.#send(message, headers, next, signal);
    return second === 'unauthorised' ? this.#withoutSession(signal) : second;
  }

  async #send(message: Message | null, headers: Readonly<Record<string, string>>, token: string, signal: AbortSignal): Promise<Exchange | 'unauthorised'> {
    let response: Response;
    try {
      response = await this.#parts.fetch(`${this.#parts.baseUrl()}/mcp`, {
        method: message === null ? 'GET' : 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: message === null ? 'text/event-stream' : 'application/json, text/event-stream',
          ...(message !== null && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(message !== null && { body: JSON.stringify(message) }),
        // A redirect would carry the token to another address.
        redirect: 'error',
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      return unavailable(!NOT_SENT.has((error as { readonly cause?: { readonly code?: unknown } }).cause?.code));
    }
    if (response.status === 401) {
      await response.body?.cancel();
      return 'unauthorised';
    }
    if (response.ok) return { kind: 'messages', messages: messagesOf(response), mcpSession: response.headers.get('mcp-session-id') };
    return refusalOf(response.status, await response.json().catch(() => null));
  }

  /** The kill switch ends sessions too, and then it is the thing to say. */
  async #withoutSession(signal: AbortSignal): Promise<Exchange> {
    const { fetch, baseUrl } = this.#parts;
    try {
      const health: unknown = await (await fetch(`${baseUrl()}/health`, { redirect: 'error', signal })).json();
      if (isObject(health) && health['status'] === 'locked') return { kind: 'trouble', trouble: { status: 'kill_switch_active' } };
    } catch {
      // No core answers: then the token is still what is needed first.
      signal.throwIfAborted();
    }
    return { kind: 'trouble', trouble: { status: 'session_expired' } };
  }
}

async function* messagesOf(response: Response): AsyncGenerator<Message> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body === null) return;
  if (type.startsWith('text/event-stream')) {
    for await (const data of eventData(response.body)) yield JSON.parse(data) as Message;
    return;
  }
  const text = await response.text();
  if (text === '') return;
  const body: unknown = JSON.parse(text);
  for (const message of Array.isArray(body) ? body : [body]) yield message as Message;
}

function refusalOf(status: number, body: unknown): Exchange {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  const { code, message, details, retryable } = error;
  if (code === LOCKED) return { kind: 'trouble', trouble: { status: 'kill_switch_active' } };
  if (status >= 500) return unavailable(true);
  // JSON-RPC numbers its errors, the core's own envelope names them.
  if (status === 404 && code === RPC.sessionNotFound) return { kind: 'no-mcp-session' };
  if (typeof code === 'number') return { kind: 'messages', messages: once(body as Message), mcpSession: null };
  const trouble: Trouble = {
    status: 'refused',
    code: typeof code === 'string' ? code : `HTTP_${status}`,
    message: typeof message === 'string' ? message : `The address answered with HTTP ${status}; is it that of Wheelhouse?`,
    retryable: retryable === true || code === SUSPENDED,
    details: details ?? {},
  };
  return { kind: 'trouble', trouble };
}

async function* once(message: Message): AsyncGenerator<Message> {
  yield message;
}

function unavailable(sent: boolean): Exchange {
  return { kind: 'trouble', trouble: { status: 'daemon_unavailable', sent } };
}
