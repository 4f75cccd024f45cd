import { ERRORS, type ErrorCode } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import { isTokenShaped } from './token-shape.ts';

/** How the core answered a renewal. `code` is null when it did not answer, or with something that is not its own; `message` is its sentence. */
export type RenewalAnswer =
  | { readonly ok: true; readonly token: string; readonly expiresAt: number | null }
  | { readonly ok: false; readonly code: ErrorCode | null; readonly reason: string; readonly message: string | null };

export interface RenewalClientParts {
  readonly fetch: typeof fetch;
  /** Where the core listens now, without a path. */
  readonly baseUrl: () => string;
  readonly clock: Clock;
}

/** A core that hangs must not hold the renewal for ever. */
const TIMEOUT_MS = 15_000;

/** Asks the core for the next token of a session. Never rejects, and tells the token to nobody but the core. */
export async function requestRenewal({ fetch, baseUrl, clock }: RenewalClientParts, sessionId: string, token: string): Promise<RenewalAnswer> {
  const abort = new AbortController();
  const timer = clock.setTimer(TIMEOUT_MS, () => abort.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
  try {
    const response = await fetch(`${baseUrl()}/v1/sessions/${encodeURIComponent(sessionId)}/renew`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}` },
      // A redirect would carry the token to another address.
      redirect: 'error',
      signal: abort.signal,
    });
    const body: unknown = await response.json().catch(() => null);
    return response.ok ? renewed(body) : refused(response.status, body);
  } catch (error) {
    return { ok: false, code: null, reason: reasonOf(error), message: null };
  } finally {
    timer.cancel();
  }
}

function renewed(body: unknown): RenewalAnswer {
  const { token, expiresAt } = (body ?? {}) as { readonly token?: unknown; readonly expiresAt?: unknown };
  const end = typeof expiresAt === 'string' ? Date.parse(expiresAt) : expiresAt;
  if (typeof token === 'string' && isTokenShaped(token) && (end === null || (typeof end === 'number' && Number.isFinite(end)))) return { ok: true, token, expiresAt: end };
  return { ok: false, code: null, reason: 'the answer holds no token', message: null };
}

function refused(status: number, body: unknown): RenewalAnswer {
  const { code, message } = (body as { readonly error?: { readonly code?: unknown; readonly message?: unknown } } | null)?.error ?? {};
  const known = typeof code === 'string' && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : null;
  return { ok: false, code: known, reason: known ?? `HTTP ${status}`, message: known !== null && typeof message === 'string' ? message : null };
}

function reasonOf(error: unknown): string {
  const cause = (error as { readonly cause?: { readonly code?: unknown } }).cause?.code;
  return typeof cause === 'string' ? cause : error instanceof Error ? error.message : String(error);
}
