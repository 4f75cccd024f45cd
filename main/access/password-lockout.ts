import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';

/** Who tries a password. The person at this machine is never locked out, least of all by somebody else's attempts. */
export type PasswordSource = { readonly kind: 'person' } | { readonly kind: 'remote'; readonly name: string };

export const PERSON: PasswordSource = { kind: 'person' };

/** DESIGN §6: five failures lock a source for 30 minutes. */
export const MAX_FAILURES = 5;
export const LOCK_MS = 30 * 60_000;
/** Beyond this many sources the oldest are forgotten, which bounds memory. */
const MAX_SOURCES = 10_000;

interface Attempts {
  failures: number;
  /** Monotonic time of the last one. */
  at: number;
}

/**
 * Counts wrong passwords per source, in memory and by the monotonic clock: a moved wall clock opens nothing. An attempt
 * counts as wrong while it is being checked, so that many at once get no more tries than one after another.
 */
export class PasswordLockout {
  readonly #clock: Clock;
  readonly #sources = new Map<string, Attempts>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes an attempt. Throws TOO_MANY_ATTEMPTS while the source is locked; the lock is not prolonged by that. */
  begin(source: PasswordSource): void {
    if (source.kind === 'person') return;
    const now = this.#clock.monotonic();
    const known = this.#current(source.name, now);
    if (known !== null && known.failures >= MAX_FAILURES) throw tooMany(known.at + LOCK_MS - now);
    this.#note(source.name, { failures: (known?.failures ?? 0) + 1, at: now });
  }

  /** The password was right: the count starts anew. */
  succeed(source: PasswordSource): void {
    if (source.kind === 'remote') this.#sources.delete(source.name);
  }

  /** Nothing was learned about the password, for example because the machine failed: the attempt does not count. */
  withdraw(source: PasswordSource): void {
    const known = source.kind === 'remote' ? this.#sources.get(source.name) : undefined;
    if (known !== undefined) known.failures -= 1;
  }

  /** The error after a wrong password: INVALID_MASTER_PASSWORD with what is left, or TOO_MANY_ATTEMPTS from the fifth on. */
  refusal(source: PasswordSource): AppError {
    const failures = source.kind === 'remote' ? (this.#sources.get(source.name)?.failures ?? 0) : null;
    if (failures === null) return new AppError('INVALID_MASTER_PASSWORD', 'The master password is wrong.');
    if (failures >= MAX_FAILURES) return tooMany(LOCK_MS);
    const attemptsLeft = MAX_FAILURES - failures;
    return new AppError('INVALID_MASTER_PASSWORD', `The master password is wrong. After ${attemptsLeft} more you are locked out for 30 minutes.`, {
      failedAttempts: failures,
      attemptsLeft,
    });
  }

  #current(name: string, now: number): Attempts | null {
    const known = this.#sources.get(name);
    if (known === undefined) return null;
    if (now - known.at < LOCK_MS) return known;
    this.#sources.delete(name);
    return null;
  }

  #note(name: string, attempts: Attempts): void {
    this.#sources.delete(name);
    this.#sources.set(name, attempts);
    for (const oldest of this.#sources.keys()) {
      if (this.#sources.size <= MAX_SOURCES) break;
      this.#sources.delete(oldest);
    }
  }
}

function tooMany(waitMs: number): AppError {
  const retryAfterSec = Math.ceil(waitMs / 1000);
  return new AppError(
    'TOO_MANY_ATTEMPTS',
    `Too many wrong master passwords came from your address. Try again in ${Math.ceil(retryAfterSec / 60)} min; the windows and the command line on the machine itself work meanwhile.`,
    { retryAfterSec },
  );
}
