import { ERRORS, type ErrorCode } from '../base/errors.ts';

/**
 * What the holder of a token does after a refused renewal. `wait`: ask again later, however often. `use-up`: never ask
 * again, the token is good until its end. `reload`: look for another token in the file; without one the session is over
 * (`lost`) or the same is tried again (`retry`). `retry`: ask again, a few times.
 */
export type Reaction =
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'use-up' }
  | { readonly kind: 'reload'; readonly otherwise: 'lost' | 'retry' }
  | { readonly kind: 'retry' };

/** Between two attempts (waiaas.md §2.1). */
export const RETRY_MS = 60_000;
/** After so many failed attempts in a row the state is `error`; attempts go on. */
export const MAX_RETRIES = 3;

const TOO_EARLY_MS = 30_000;

/** Only what differs from the rule for its status; decided by the code, because a status says too little (waiaas.md §2.3). */
const REACTIONS: Partial<Readonly<Record<ErrorCode, Reaction>>> = {
  RENEWAL_TOO_EARLY: { kind: 'wait', delayMs: TOO_EARLY_MS },
  // Whether the session survived the kill switch is known when it is over.
  SYSTEM_LOCKED: { kind: 'wait', delayMs: RETRY_MS },
  AGENT_SUSPENDED: { kind: 'wait', delayMs: RETRY_MS },
  RENEWAL_LIMIT_REACHED: { kind: 'use-up' },
  SESSION_ABSOLUTE_LIFETIME_EXCEEDED: { kind: 'use-up' },
  RENEWAL_NOT_REQUIRED: { kind: 'use-up' },
  // Another process that holds the same token was faster: its token is in the file, or will be.
  RENEWAL_CONFLICT: { kind: 'reload', otherwise: 'retry' },
  SESSION_RENEWAL_MISMATCH: { kind: 'reload', otherwise: 'lost' },
  SESSION_NOT_FOUND: { kind: 'reload', otherwise: 'lost' },
};

/** The reaction to an error of the core; null stands for no answer, or one that is not the core's. */
export function reactionTo(code: ErrorCode | null): Reaction {
  if (code === null) return { kind: 'retry' };
  return REACTIONS[code] ?? (ERRORS[code].status === 401 ? { kind: 'reload', otherwise: 'lost' } : { kind: 'retry' });
}
