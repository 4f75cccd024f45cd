import type { Authorize } from '../access/master-password.ts';
import { AppError } from '../base/errors.ts';

/**
 * The master password that a request brings, in the header or in its body. It is checked when the service asks, because
 * some answers come before that question (waiaas.md §6.4: state, then auth, then wait).
 */
export class MasterOffer {
  readonly #header: string | null;
  readonly #verify: (password: string) => Promise<void>;
  #accepted = false;

  /** `verify` throws unless the password is right. */
  constructor(header: string | null, verify: (password: string) => Promise<void>) {
    this.#header = header;
    this.#verify = verify;
  }

  /** Throws MASTER_PASSWORD_REQUIRED at once when there is none, which costs nothing. */
  from(body: unknown): Authorize {
    const password = this.#header ?? passwordIn(body);
    if (password === null || password === '') {
      throw new AppError('MASTER_PASSWORD_REQUIRED', 'Send the master password as "masterPassword" in the body or in the header X-Master-Password.');
    }
    return async () => {
      await this.#verify(password);
      this.#accepted = true;
    };
  }

  /** Whether the password was asked for and right. */
  get accepted(): boolean {
    return this.#accepted;
  }
}

function passwordIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('masterPassword' in body)) return null;
  return typeof body.masterPassword === 'string' ? body.masterPassword : null;
}
