import type { Clock, Timer } from '../../base/clock.ts';
import type { CoreLink, Exchange } from './core-link.ts';
import { isObject, type Message } from './messages.ts';
import type { Trouble } from './trouble.ts';

export interface LegacySessionParts {
  readonly link: CoreLink;
  readonly clock: Clock;
  /** Notifications for the client. */
  readonly notify: (message: Message) => void;
}

/** How the handshake with the core ended; `refusal` is the error that the core answered. */
export type Opened = { readonly kind: 'opened'; readonly result: Readonly<Record<string, unknown>> } | NotOpened;
export type NotOpened = { readonly kind: 'refusal'; readonly error: unknown } | { readonly kind: 'trouble'; readonly trouble: Trouble };

interface McpSession {
  readonly id: string | null;
  readonly revision: string;
}

const FIRST_RETRY_MS = 5000;
const LAST_RETRY_MS = 60_000;

/**
 * The session of an `initialize`d client with the core. The client has one for its whole life; behind it a new one is
 * opened whenever the core has forgotten the last, with the same handshake and the same subscriptions.
 */
export class LegacySession {
  readonly #parts: LegacySessionParts;
  readonly #abort = new AbortController();
  readonly #params: unknown;
  readonly #subscriptions = new Set<string>();
  #open: McpSession | null = null;
  #opening: Promise<Opened> | null = null;
  /** Settles when the stream of notifications is open or was refused; null: there is none. */
  #stream: Promise<void> | null = null;
  #reopen: Timer | null = null;
  #retryMs = FIRST_RETRY_MS;
  #serial = 0;

  /** `params` are those of the client's `initialize`. */
  constructor(params: unknown, parts: LegacySessionParts) {
    this.#params = params;
    this.#parts = parts;
  }

  /** Opens the session if there is none; several callers share one handshake. */
  async ensure(): Promise<Opened> {
    if (this.#open !== null) return { kind: 'opened', result: {} };
    this.#opening ??= this.#handshake().finally(() => (this.#opening = null));
    return this.#opening;
  }

  /** Sends a message in the session, in a new one when the core does not know it any more. */
  async exchange(message: Message, signal: AbortSignal): Promise<Exchange | NotOpened> {
    const opened = await this.ensure();
    if (opened.kind !== 'opened') return opened;
    const first = await this.#send(message, signal);
    if (first.kind !== 'no-mcp-session') return first;
    const again = await this.ensure();
    return again.kind === 'opened' ? this.#send(message, signal) : again;
  }

  /** Remembers a subscription for every session to come. Resolves when changes arrive from now on, or cannot yet. */
  async subscribe(uri: string): Promise<void> {
    this.#subscriptions.add(uri);
    await this.#listen();
  }

  unsubscribe(uri: string): void {
    this.#subscriptions.delete(uri);
  }

  close(): void {
    this.#abort.abort();
    this.#reopen?.cancel();
  }

  async #send(message: Message | null, signal: AbortSignal): Promise<Exchange> {
    const session = this.#open;
    const headers = { ...(session !== null && { 'MCP-Protocol-Version': session.revision }), ...(typeof session?.id === 'string' && { 'Mcp-Session-Id': session.id }) };
    const exchange = await this.#parts.link.exchange(message, headers, signal);
    if (exchange.kind === 'no-mcp-session' && this.#open === session) this.#open = null;
    return exchange;
  }

  async #handshake(): Promise<Opened> {
    const { link } = this.#parts;
    const { signal } = this.#abort;
    const exchange = await link.exchange({ jsonrpc: '2.0', id: this.#nextId(), method: 'initialize', params: this.#params }, {}, signal);
    if (exchange.kind === 'no-mcp-session') return UNAVAILABLE;
    if (exchange.kind === 'trouble') return exchange;
    const answer = await lastOf(exchange.messages);
    if (answer === null) return UNAVAILABLE;
    const { result } = answer;
    if (!isObject(result)) return { kind: 'refusal', error: answer['error'] };
    this.#open = { id: exchange.mcpSession, revision: String(result['protocolVersion']) };
    this.#retryMs = FIRST_RETRY_MS;
    await this.#send({ jsonrpc: '2.0', method: 'notifications/initialized' }, signal);
    for (const uri of this.#subscriptions) {
      const subscribed = await this.#send({ jsonrpc: '2.0', id: this.#nextId(), method: 'resources/subscribe', params: { uri } }, signal);
      if (subscribed.kind === 'messages') await lastOf(subscribed.messages);
    }
    void this.#listen();
    return { kind: 'opened', result };
  }

  /** Keeps one stream of notifications open while there are subscriptions. Resolves when it is open or was refused. */
  async #listen(): Promise<void> {
    if (this.#subscriptions.size === 0 || this.#abort.signal.aborted) return;
    this.#stream ??= this.#openStream();
    await this.#stream;
  }

  async #openStream(): Promise<void> {
    let stream: Exchange | null = null;
    try {
      if ((await this.ensure()).kind === 'opened') stream = await this.#send(null, this.#abort.signal);
    } catch {
      // Only the end of the bridge rejects.
      return;
    }
    if (stream?.kind === 'messages') void this.#forward(stream.messages);
    else this.#listenLater();
  }

  async #forward(messages: AsyncIterable<Message>): Promise<void> {
    this.#retryMs = FIRST_RETRY_MS;
    try {
      for await (const message of messages) this.#parts.notify(message);
    } catch {
      // The connection broke, which is as good as its end.
    }
    this.#listenLater();
  }

  #listenLater(): void {
    this.#stream = null;
    if (this.#subscriptions.size === 0 || this.#abort.signal.aborted) return;
    this.#reopen?.cancel();
    this.#reopen = this.#parts.clock.setTimer(this.#retryMs, () => void this.#listen());
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #nextId(): string {
    this.#serial += 1;
    return `bridge-${this.#serial}`;
  }
}

const UNAVAILABLE = { kind: 'trouble', trouble: { status: 'daemon_unavailable', sent: false } } as const;

/** The last message, which is the answer; null when the connection broke before. */
async function lastOf(messages: AsyncIterable<Message>): Promise<Message | null> {
  let last: Message | null = null;
  try {
    for await (const message of messages) last = message;
  } catch {
    return null;
  }
  return last;
}
