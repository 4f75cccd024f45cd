import { AppError } from '../base/errors.ts';
import type { CallError } from '../../preload/contract.ts';

/** Hears of bugs and of work that failed in the background. */
export type Report = (what: string, error: unknown) => void;

/** An error as a caller may see it, with its HTTP status. */
export interface Described {
  readonly status: number;
  readonly error: CallError;
}

/** An AppError as it is. Anything else is a bug: it is reported, and the caller learns nothing of the inside. */
export function describeError(error: unknown, requestId: string, report: Report): Described {
  if (error instanceof AppError) {
    const { code, message, details, retryable, status } = error;
    return { status, error: { code, message, details, retryable } };
  }
  report(`request ${requestId}`, error);
  const hidden = new AppError('INTERNAL', `Something went wrong inside Wheelhouse. The log has it under request ${requestId}.`);
  return describeError(hidden, requestId, report);
}

/** The envelope of every failed HTTP answer (DESIGN §13). */
export function envelope({ status, error }: Described, requestId: string): Response {
  const response = Response.json({ error: { ...error, requestId } }, { status });
  if (status === 401) response.headers.set('WWW-Authenticate', challenge(error.message));
  const waitSec = error.details['retryAfterSec'];
  if (typeof waitSec === 'number') response.headers.set('Retry-After', String(waitSec));
  return response;
}

/** Claude Code shows `error_description` to the person, so the cure stands there (bus.md §4.2). */
function challenge(message: string): string {
  const text = message.replaceAll('"', "'").replaceAll('\\', '/').replace(/[^\x20-\x7e]/g, '?');
  return `Bearer realm="wheelhouse", error="invalid_token", error_description="${text}"`;
}
