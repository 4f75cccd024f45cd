import { redact } from '../redact.ts';
import type { Outcome } from './transport.ts';

/** Long enough for a slow service, short enough that a dead one does not hold the others up (seed 003, §3.1). */
export const SEND_TIMEOUT_MS = 10_000;
export const CHECK_TIMEOUT_MS = 5000;

export interface JsonRequest {
  readonly method?: 'POST' | 'GET';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** Never to appear in a reason. */
  readonly secrets: readonly string[];
}

/** An answer of any status; `body` is undefined when it was not JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** These happen before a request is written, so nothing can have arrived. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED']);

/** One request with a time limit. The answer, or the outcome when there was none. */
export async function requestJson({ method = 'POST', url, headers, body, timeoutMs, secrets }: JsonRequest): Promise<JsonAnswer | Extract<Outcome, { kind: 'failed' }>> {
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { status: response.status, headers: response.headers, body: parsed(await response.text()) };
  } catch (error) {
    const code = codeOf(error);
    const why = error instanceof Error && error.name === 'TimeoutError' ? `no answer within ${timeoutMs / 1000} s` : code === null ? String(error) : `the connection failed (${code})`;
    return { kind: 'failed', reason: redact(why, secrets), uncertain: code === null || !NEVER_SENT.has(code) };
  }
}

/** The outcome of an answer that says no, by its status; `detail` is what the service said. */
export function outcomeOfStatus(status: number, detail: string, retryAfterSec: number | null): Outcome {
  const reason = detail === '' ? `HTTP ${status}` : `HTTP ${status}: ${detail}`;
  if (status === 429) return { kind: 'throttled', retryAfterMs: Math.ceil((retryAfterSec ?? 5) * 1000) };
  if (status === 401 || status === 403 || status === 404) return { kind: 'unusable', reason };
  if (status >= 400 && status < 500) return { kind: 'refused', reason };
  // A gateway may answer for a service that has done it.
  return { kind: 'failed', reason, uncertain: true };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Node hides the cause of a failed fetch one or two levels down. */
function codeOf(error: unknown): string | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    const { code } = at as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
    if (at instanceof AggregateError) return codeOf(at.errors[0]);
  }
  return null;
}
