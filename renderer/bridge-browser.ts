import type { Bridge, CallAnswer, CallArgs, CallError, CallName, CallResult, LiveEvent } from '../preload/contract.ts';
import type { Connection } from './state/mirror.ts';

/** The bridge of a browser window: calls over HTTP, events over a WebSocket, both with the cookie of the one-time link. */
export interface BrowserBridge extends Bridge {
  /** Hears every change of the connection, beginning with the present state. */
  watchConnection(listener: (connection: Connection) => void): () => void;
}

/** What the bridge needs of the browser; a test brings its own. */
export interface BrowserParts {
  readonly origin: string;
  readonly fetch: typeof globalThis.fetch;
  readonly openSocket: (url: string) => WebSocket;
  /** Runs later; returns what cancels it. */
  readonly later: (delayMs: number, run: () => void) => () => void;
  /** In [0, 1). */
  readonly random: () => number;
}

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 10_000;

/** How long to wait before the n-th try (from 0): doubling, capped, and spread so that many windows do not come at once. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return Math.round(delay * (0.5 + random / 2));
}

/** The answers to a cookie that is missing or not good any more. A wrong password is a 401 as well, and no sign-out. */
const SIGNED_OUT: readonly string[] = ['AUTH_TOKEN_MISSING', 'AUTH_TOKEN_INVALID'];

const UNREACHABLE: CallError = {
  code: 'NOT_RUNNING',
  message: 'Wheelhouse does not answer. It may have been stopped.',
  details: {},
  retryable: true,
};
const UNREADABLE: CallError = {
  code: 'INTERNAL',
  message: 'Wheelhouse gave an answer that this window cannot read. Reload the page.',
  details: {},
  retryable: true,
};

type HttpAnswer<N extends CallName> = { readonly result: CallResult<N> } | { readonly error: CallError };

export function createBrowserBridge(parts: BrowserParts): BrowserBridge {
  const listeners = new Set<(event: LiveEvent) => void>();
  const watchers = new Set<(connection: Connection) => void>();
  let connection: Connection = 'connecting';
  let attempt = 0;
  let socket: WebSocket | null = null;
  let cancelRetry: (() => void) | null = null;

  const setConnection = (next: Connection): void => {
    if (next === connection) return;
    connection = next;
    for (const watcher of watchers) watcher(next);
  };

  const post = async (name: CallName, args: unknown): Promise<Response> =>
    parts.fetch(`${parts.origin}/v1/call/${name}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(args),
    });

  const retryLater = (): void => {
    if (listeners.size === 0) return;
    setConnection('reconnecting');
    cancelRetry = parts.later(reconnectDelayMs(attempt, parts.random()), connect);
    attempt += 1;
  };

  /** A refused upgrade looks to a page like any other failure; one call tells whether the cookie is the reason. */
  const retryUnlessSignedOut = async (): Promise<void> => {
    try {
      const response = await post('snapshot.get', {});
      if (response.status === 401) return setConnection('signed-out');
    } catch {
      // Not reachable at all: that is what retrying is for.
    }
    retryLater();
  };

  function connect(): void {
    cancelRetry = null;
    let opened = false;
    const opening = parts.openSocket(`${parts.origin.replace(/^http/, 'ws')}/v1/live`);
    socket = opening;
    opening.addEventListener('open', () => {
      opened = true;
    });
    opening.addEventListener('message', (frame) => {
      const event = JSON.parse(String(frame.data)) as LiveEvent;
      if (event.type === 'snapshot') {
        attempt = 0;
        setConnection('live');
      }
      for (const listener of listeners) listener(event);
    });
    opening.addEventListener('close', () => {
      if (socket !== opening) return;
      socket = null;
      if (opened) retryLater();
      else void retryUnlessSignedOut();
    });
  }

  return {
    async call<N extends CallName>(name: N, args: CallArgs<N>): Promise<CallAnswer<N>> {
      let response: Response;
      try {
        response = await post(name, args);
      } catch {
        return { ok: false, error: UNREACHABLE };
      }
      let body: HttpAnswer<N>;
      try {
        body = (await response.json()) as HttpAnswer<N>;
      } catch {
        return { ok: false, error: UNREADABLE };
      }
      if ('error' in body && SIGNED_OUT.includes(body.error.code)) setConnection('signed-out');
      return 'error' in body ? { ok: false, error: body.error } : { ok: true, result: body.result };
    },
    listen(listener) {
      listeners.add(listener);
      if (listeners.size === 1 && socket === null) connect();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        cancelRetry?.();
        const closing = socket;
        socket = null;
        closing?.close();
      };
    },
    watchConnection(listener) {
      watchers.add(listener);
      listener(connection);
      return () => watchers.delete(listener);
    },
  };
}
