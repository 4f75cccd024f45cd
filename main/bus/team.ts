import { AppError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { Caller } from './types.ts';

/** Who belongs to the team, and who may decide about others. */
export class Team {
  readonly roles: readonly string[];
  readonly #coordinator: string;

  constructor(roles: readonly string[], coordinator: string) {
    this.roles = roles;
    this.#coordinator = coordinator;
  }

  /** Throws ROLE_UNKNOWN; `argument` is where the role was given. */
  assertRole(argument: string, role: string): void {
    if (this.roles.includes(role)) return;
    const didYouMean = nearest(role, this.roles);
    const hint = didYouMean === null ? '' : `; did you mean ${didYouMean}?`;
    throw new AppError('ROLE_UNKNOWN', `${argument} '${role}' is not a role of this team. The roles here are ${this.roles.join(', ')}${hint}`, {
      role,
      roles: this.roles,
      didYouMean,
    });
  }

  /** Throws FORBIDDEN. The shared key proves no role, so it is not enough to take something away from somebody. */
  assertCoordinator(caller: Caller, what: string): void {
    if (caller.person || (caller.verified && caller.role === this.#coordinator)) return;
    throw new AppError(
      'FORBIDDEN',
      `Only ${this.#coordinator}, with a session of its own, or the person at this machine may ${what}. Ask ${this.#coordinator} with post_message.`,
      { role: caller.role, coordinator: this.#coordinator },
    );
  }
}
