import { AppError } from '../base/errors.ts';

/** The rules under which one session lives. Seconds; null means no limit (DESIGN §5). */
export interface SessionTerms {
  /** How long a token is good; null: until the absolute end of the session. */
  readonly ttlSec: number | null;
  readonly maxRenewals: number | null;
  readonly rejectWindowSec: number;
}

/** The rules for new sessions (DESIGN §6). */
export interface SessionPolicy extends SessionTerms {
  /** From the creation on, however often the session is renewed. */
  readonly absoluteLifetimeSec: number | null;
  readonly maxPerAgent: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** waiaas.md §4.3. */
export const SESSION_RANGES = {
  ttlSec: { min: 300, max: 604_800 },
  maxRenewals: { min: 0, max: 100 },
  rejectWindowSec: { min: 300, max: 86_400 },
} as const satisfies Readonly<Record<string, Range>>;

/** How the caller names the terms, for messages. */
export type TermNames = Readonly<Record<keyof SessionTerms, string>>;

const SNAKE: TermNames = { ttlSec: 'ttl_sec', maxRenewals: 'max_renewals', rejectWindowSec: 'reject_window_sec' };

/** The asked terms, completed from the policy. Throws INPUT_INVALID with the range. */
export function termsFor(asked: Partial<SessionTerms>, policy: SessionPolicy, names: TermNames = SNAKE): SessionTerms {
  const { ttlSec = policy.ttlSec, maxRenewals = policy.maxRenewals, rejectWindowSec = policy.rejectWindowSec } = asked;
  if (ttlSec !== null) assertIn(names.ttlSec, ttlSec, SESSION_RANGES.ttlSec, 'seconds');
  if (maxRenewals !== null) assertIn(names.maxRenewals, maxRenewals, SESSION_RANGES.maxRenewals, 'renewals');
  assertIn(names.rejectWindowSec, rejectWindowSec, SESSION_RANGES.rejectWindowSec, 'seconds');
  return { ttlSec, maxRenewals, rejectWindowSec };
}

function assertIn(field: string, value: number, { min, max }: Range, unit: string): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new AppError('INPUT_INVALID', `${field} must be an integer from ${min} to ${max} ${unit}, it is ${value}.`, { field, min, max });
}
