import { AppError } from '../base/errors.ts';
import type { Clock } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import { MAX_FAILURES, PasswordLockout, type PasswordSource } from './password-lockout.ts';

/** What a guess costs. The parameters are kept inside each hash. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Argon2id, DESIGN §6. */
export const PASSWORD_COST: PasswordCost = { memoryKib: 65_536, passes: 3, lanes: 4 };

/** In characters, after Unicode normalisation; the upper end bounds the work that a stranger can ask for. */
const PASSWORD_LENGTH = { min: 8, max: 1024 } as const;

/** Throws unless the caller knows the master password. Services call it when it is the turn of that question. */
export type Authorize = () => Promise<void>;

export interface MasterPasswordParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly cost?: PasswordCost;
  /** Ends every live session inside the transaction; returns how many. */
  readonly revokeSessions: (tx: Tx, reason: string) => number;
}

const KEY = 'master_password';
const SET_IT = 'Set it in the window Kill switch, or with: wheelhouse master-password set';

/**
 * The password of the person who owns this installation. Hashing runs off the event loop and one at a time, because
 * each takes 64 MiB. The password is nowhere kept, logged or part of an error.
 */
export class MasterPassword {
  readonly #parts: MasterPasswordParts;
  readonly #lockout: PasswordLockout;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: MasterPasswordParts) {
    this.#parts = parts;
    this.#lockout = new PasswordLockout(parts.clock);
  }

  isSet(): boolean {
    return this.#hash() !== null;
  }

  /**
   * Resolves when it is right. Throws MASTER_PASSWORD_REQUIRED, MASTER_PASSWORD_NOT_SET, INPUT_INVALID for a length that
   * no password has, INVALID_MASTER_PASSWORD with the attempts left, TOO_MANY_ATTEMPTS.
   */
  async verify(password: string | null, source: PasswordSource): Promise<void> {
    if (password === null || password === '') throw new AppError('MASTER_PASSWORD_REQUIRED', 'Send the master password as "masterPassword" in the body or in the header X-Master-Password.');
    const text = checked(password, 'The master password');
    const hash = this.#hash();
    if (hash === null) throw new AppError('MASTER_PASSWORD_NOT_SET', `No master password has been set yet. ${SET_IT}`);
    this.#lockout.begin(source);
    const right = await this.#compare(hash, text).catch((error: unknown) => {
      this.#lockout.withdraw(source);
      throw new AppError('DATABASE_CORRUPT', 'The stored master password is damaged. Set a new one with: wheelhouse master-password reset', {}, { cause: error });
    });
    if (right) {
      this.#lockout.succeed(source);
      return;
    }
    const refusal = this.#lockout.refusal(source);
    if (refusal.code === 'TOO_MANY_ATTEMPTS' && source.kind === 'remote') this.#noteLock(source.name);
    throw refusal;
  }

  /** The first password of this installation. Throws INPUT_INVALID, MASTER_PASSWORD_ALREADY_SET. */
  async setFirst(password: string): Promise<void> {
    if (this.isSet()) throw alreadySet();
    const hash = await this.#derive(checked(password, 'The master password'));
    this.#parts.store.transact((tx) => {
      if (this.isSet()) throw alreadySet();
      this.#write(tx, hash);
      tx.event({ kind: 'system', action: 'master_password_set', text: 'The master password was set' });
    });
  }

  /** Throws what {@link verify} throws, and INPUT_INVALID for `next`. */
  async change(authorize: Authorize, next: string): Promise<void> {
    const text = checked(next, 'The new master password');
    const before = this.#hash();
    await authorize();
    const hash = await this.#derive(text);
    this.#parts.store.transact((tx) => {
      // Somebody else changed it while this was being worked out: what was proven is not the password any more.
      if (this.#hash() !== before) throw new AppError('CONFLICT', 'The master password was changed by somebody else in the meantime. Nothing was changed now.');
      this.#write(tx, hash);
      tx.event({ kind: 'system', action: 'master_password_changed', text: 'The master password was changed' });
    });
  }

  /**
   * For a forgotten password: puts a new one in its place and ends every session; data stays. Only for the person who can
   * write the data directory. `also` runs in the same transaction. Throws INPUT_INVALID.
   */
  async reset(password: string, also: (tx: Tx) => void): Promise<{ readonly sessionsRevoked: number }> {
    const hash = await this.#derive(checked(password, 'The new master password'));
    return this.#parts.store.transact((tx) => {
      this.#write(tx, hash);
      also(tx);
      const sessionsRevoked = this.#parts.revokeSessions(tx, 'the master password was reset');
      tx.event({
        kind: 'system',
        action: 'master_password_reset',
        text: 'The master password was forgotten and set anew; every session was revoked',
        data: { sessions_revoked: sessionsRevoked },
      });
      return { sessionsRevoked };
    });
  }

  async #compare(hash: string, password: string): Promise<boolean> {
    const { verify } = await import('@node-rs/argon2');
    return this.#oneAtATime(async () => verify(hash, password));
  }

  async #derive(password: string): Promise<string> {
    const { hash } = await import('@node-rs/argon2');
    const { memoryKib, passes, lanes } = this.#parts.cost ?? PASSWORD_COST;
    return this.#oneAtATime(async () => hash(password, { memoryCost: memoryKib, timeCost: passes, parallelism: lanes }));
  }

  async #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #noteLock(source: string): void {
    this.#parts.store.transact((tx) => {
      tx.event({
        kind: 'system',
        action: 'master_password_locked',
        text: `${MAX_FAILURES} wrong master passwords came from ${source}; it is locked out for 30 minutes`,
        data: { source },
      });
    });
  }

  /** The stored hash; null before the first one. What is damaged stays damaged: it fits no password and is not "unset". */
  #hash(): string | null {
    const stored = this.#parts.store.db.prepare('SELECT value FROM system_state WHERE key = ?').pluck().get(KEY) as string | undefined;
    return stored === undefined ? null : stored;
  }

  #write(tx: Tx, hash: string): void {
    this.#parts.store.db.prepare('INSERT OR REPLACE INTO system_state (key, value, updated_at) VALUES (?,?,?)').run(KEY, hash, tx.now);
  }
}

/** The same characters typed on different systems become the same text. */
function checked(password: string, what: string): string {
  const text = password.normalize('NFC');
  const length = [...text].length;
  const { min, max } = PASSWORD_LENGTH;
  if (length >= min && length <= max) return text;
  throw new AppError('INPUT_INVALID', `${what} has ${min} to ${max} characters; this has ${length}.`, { field: 'masterPassword', min, max });
}

function alreadySet(): AppError {
  return new AppError('MASTER_PASSWORD_ALREADY_SET', 'The master password has been set already. Change it with the present one; if it is forgotten: wheelhouse master-password reset');
}
