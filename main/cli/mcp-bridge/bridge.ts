import type { Clock } from '../../base/clock.ts';
import type { CoreLink, Exchange } from './core-link.ts';
import { LegacySession, type NotOpened } from './legacy-session.ts';
import type { LocalAnswers } from './local-answers.ts';
import { asRequest, errorMessage, isObject, modernHeaders, resultMessage, revisionOf, RPC, type Message, type MessageId, type RequestMessage } from './messages.ts';
import type { Trouble } from './trouble.ts';

export interface BridgeParts {
  readonly link: CoreLink;
  readonly local: LocalAnswers;
  readonly clock: Clock;
  /** Hands a message to the client. */
  readonly send: (message: Message) => void;
  /** Hears of faults of the bridge itself. */
  readonly report: (what: string, error: unknown) => void;
}

type Settled = { readonly message: Message } | { readonly trouble: Trouble };

/**
 * Carries JSON-RPC between a client on stdio and `/mcp` of the core, in both eras of the protocol. Messages pass as they
 * are, except that the client never notices when the core or its session comes and goes: it gets a local answer then.
 */
export class Bridge {
  readonly #parts: BridgeParts;
  readonly #running = new Map<MessageId, AbortController>();
  readonly #answers = new Set<Promise<void>>();
  #legacy: LegacySession | null = null;
  /** The client was given lists that may not be those of the core. */
  #promisedLists = false;

  constructor(parts: BridgeParts) {
    this.#parts = parts;
  }

  /** Takes one line of the client. Never throws for what is in it. */
  receive(line: string): void {
    let body: unknown;
    try {
      body = JSON.parse(line);
    } catch {
      this.#parts.send(errorMessage(null, RPC.parseError, 'The line is not JSON.'));
      return;
    }
    // A batch, which revision 2025-03-26 allows.
    for (const message of Array.isArray(body) ? (body as unknown[]) : [body]) this.#take(message);
  }

  /** A line that was not read, as it was too long. */
  receiveOversized(): void {
    this.#parts.send(errorMessage(null, RPC.invalidRequest, 'The message is too long.'));
  }

  /** Resolves when every request is answered, after `waitMs` at the latest. */
  async drain(waitMs: number): Promise<void> {
    if (this.#answers.size === 0) return;
    let stop = (): void => undefined;
    const timeout = new Promise<void>((resolve) => (stop = resolve));
    const timer = this.#parts.clock.setTimer(waitMs, stop);
    await Promise.race([Promise.all(this.#answers), timeout]);
    timer.cancel();
  }

  /** Ends everything under way; nothing is sent any more. */
  close(): void {
    this.#legacy?.close();
    for (const abort of this.#running.values()) abort.abort();
  }

  #take(message: unknown): void {
    if (!isObject(message)) {
      this.#parts.send(errorMessage(null, RPC.invalidRequest, 'A message is a JSON object.'));
      return;
    }
    const request = asRequest(message);
    if (request === null) void this.#notify(message).catch((error: unknown) => this.#parts.report('a notification did not reach the core', error));
    else this.#track(this.#answer(request));
  }

  #track(answer: Promise<void>): void {
    this.#answers.add(answer);
    void answer.finally(() => this.#answers.delete(answer));
  }

  async #answer(request: RequestMessage): Promise<void> {
    const { id } = request;
    const abort = new AbortController();
    this.#running.set(id, abort);
    try {
      const answer = await this.#ask(request, abort.signal);
      if (!abort.signal.aborted) this.#parts.send(answer);
    } catch (error) {
      // Nobody waits for the answer of a cancelled request.
      if (abort.signal.aborted) return;
      this.#parts.report(`request ${request.method}`, error);
      this.#parts.send(errorMessage(id, RPC.internal, 'The bridge to Wheelhouse failed; its standard error says why.'));
    } finally {
      if (this.#running.get(id) === abort) this.#running.delete(id);
    }
  }

  async #ask(request: RequestMessage, signal: AbortSignal): Promise<Message> {
    const { id, method, params, message } = request;
    const revision = revisionOf(message);
    // Whether the bridge lives is its own to say.
    if (method === 'ping') return resultMessage(id, {});
    if (method === 'initialize') return this.#initialize(request);
    const answer = await this.#settle(request, await this.#exchange(message, revision, signal), signal);
    if (this.#legacy !== null && method.endsWith('subscribe') && typeof params['uri'] === 'string') return this.#remember(request, params['uri'], answer);
    return 'trouble' in answer ? this.#locally(request, answer.trouble, revision) : answer.message;
  }

  async #exchange(message: Message, revision: string | null, signal: AbortSignal): Promise<Exchange | NotOpened> {
    if (revision === null && this.#legacy !== null) return this.#legacy.exchange(message, signal);
    return this.#parts.link.exchange(message, revision === null ? {} : modernHeaders(message, revision), signal);
  }

  async #initialize(request: RequestMessage): Promise<Message> {
    const { link, clock, send } = this.#parts;
    this.#legacy?.close();
    this.#legacy = new LegacySession(request.message['params'], { link, clock, notify: send });
    const opened = await this.#legacy.ensure();
    if (opened.kind === 'opened') return resultMessage(request.id, opened.result);
    if (opened.kind === 'refusal') return { jsonrpc: '2.0', id: request.id, error: opened.error };
    this.#promisedLists = true;
    return this.#locally(request, opened.trouble, null);
  }

  /** Reads the answer out of what the core sent; notifications on the way go to the client at once. */
  async #settle(request: RequestMessage, outcome: Exchange | NotOpened, signal: AbortSignal): Promise<Settled> {
    if (outcome.kind === 'trouble') return outcome;
    if (outcome.kind === 'refusal') return { message: { jsonrpc: '2.0', id: request.id, error: outcome.error } };
    if (outcome.kind === 'no-mcp-session') return LOST;
    let answer: Message | null = null;
    try {
      for await (const message of outcome.messages) {
        signal.throwIfAborted();
        if ('method' in message) this.#parts.send(message);
        else answer = message;
      }
    } catch {
      signal.throwIfAborted();
    }
    if (answer === null) return LOST;
    this.#coreAnswered();
    if (isLocked(answer)) return { trouble: { status: 'kill_switch_active' } };
    const { result } = answer;
    return { message: isObject(result) ? resultMessage(request.id, this.#parts.local.adopt(request, result)) : { ...answer, id: request.id } };
  }

  async #locally(request: RequestMessage, trouble: Trouble, revision: string | null): Promise<Message> {
    const result = await this.#parts.local.result(request, trouble, revision);
    if (result !== null) return resultMessage(request.id, result);
    const report = this.#parts.local.explain(trouble);
    return errorMessage(request.id, RPC.refused, report.message, report);
  }

  /** A subscription outlives the core that took it, and is kept for the one that is not there yet. */
  async #remember(request: RequestMessage, uri: string, answer: Settled): Promise<Message> {
    if ('message' in answer && 'error' in answer.message) return answer.message;
    if ('trouble' in answer && answer.trouble.status === 'refused') return this.#locally(request, answer.trouble, null);
    if (request.method === 'resources/subscribe') await this.#legacy!.subscribe(uri);
    else this.#legacy!.unsubscribe(uri);
    return resultMessage(request.id, {});
  }

  #coreAnswered(): void {
    if (!this.#promisedLists) return;
    this.#promisedLists = false;
    for (const list of ['tools', 'resources']) this.#parts.send({ jsonrpc: '2.0', method: `notifications/${list}/list_changed` });
  }

  async #notify(message: Message): Promise<void> {
    const { method, params } = message;
    // The bridge makes the handshake with the core itself.
    if (method === 'notifications/initialized') return;
    if (method === 'notifications/cancelled' && isObject(params)) {
      // Closing its connection is what cancels a call since 2026-07-28; older sessions are told as well.
      this.#running.get(params['requestId'] as MessageId)?.abort();
      if (this.#legacy === null) return;
    }
    const outcome = await this.#exchange(message, revisionOf(message), AbortSignal.timeout(NOTIFY_MS));
    if (outcome.kind === 'messages') for await (const _ of outcome.messages) continue;
  }
}

/** A notification has no answer to wait for. */
const NOTIFY_MS = 10_000;
const LOST = { trouble: { status: 'daemon_unavailable', sent: true } } as const;

/** The kill switch also speaks through the tools themselves. */
function isLocked({ result }: Message): boolean {
  const meta = isObject(result) && isObject(result['_meta']) ? result['_meta'] : {};
  const error = meta['dev.wheelhouse/error'];
  return isObject(error) && error['code'] === 'SYSTEM_LOCKED';
}
