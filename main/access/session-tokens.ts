import { createHash } from 'node:crypto';
import { compactVerify, errors, SignJWT } from 'jose';
import { AppError } from '../base/errors.ts';
import type { SigningKey, SigningKeys } from './signing-keys.ts';
import { isTokenShaped, TOKEN_PREFIX } from './token-shape.ts';

const ISSUER = 'wheelhouse';
const ALGORITHM = 'HS256';

/** What a token says; times are wall time in ms and are told in whole seconds. */
export interface TokenClaims {
  readonly sessionId: string;
  readonly agentId: string;
  readonly issuedAt: number;
  /** Null: no end. */
  readonly expiresAt: number | null;
}

/**
 * Signs `wai_sess_` + JWT with iss, iat, exp, jti (session) and aid (agent); nothing else is in it (waiaas.md §4.1). The
 * same key and claims give the same token, on which answering a renewal twice rests.
 */
export async function signToken(key: SigningKey, claims: TokenClaims): Promise<string> {
  const jwt = new SignJWT({ aid: claims.agentId })
    .setProtectedHeader({ alg: ALGORITHM, kid: key.id })
    .setIssuer(ISSUER)
    .setIssuedAt(seconds(claims.issuedAt))
    .setJti(claims.sessionId);
  if (claims.expiresAt !== null) jwt.setExpirationTime(seconds(claims.expiresAt));
  return TOKEN_PREFIX + (await jwt.sign(key.secret));
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Bounds memory; a team has far fewer live tokens. */
const REMEMBERED = 1000;

/** Checks who signed a token. */
export class TokenSignatures {
  readonly #keys: SigningKeys;
  /** Hash of a token to the key that signed it: a signature that was right once stays right while its key is kept. */
  readonly #verified = new Map<string, string>();

  constructor(keys: SigningKeys) {
    this.#keys = keys;
  }

  /**
   * Whether one of our keys signed the token and it names us as issuer; `hash` is its {@link tokenHash}. Says nothing
   * about expiry or revocation, which the session's row decides. Throws AUTH_TOKEN_INVALID.
   */
  async verify(token: string, hash: string): Promise<void> {
    const known = this.#verified.get(hash);
    if (known !== undefined && this.#keys.has(known)) return;
    if (!isTokenShaped(token)) throw invalid();
    try {
      const { payload, protectedHeader } = await compactVerify(token.slice(TOKEN_PREFIX.length), ({ kid }) => this.#secret(kid), { algorithms: [ALGORITHM] });
      const claims = JSON.parse(Buffer.from(payload).toString('utf-8')) as { readonly iss?: unknown };
      if (claims.iss !== ISSUER) throw invalid();
      this.#remember(hash, protectedHeader.kid!);
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof SyntaxError) throw invalid();
      throw error;
    }
  }

  #secret(kid: string | undefined): Uint8Array {
    const key = kid === undefined ? null : this.#keys.find(kid);
    if (key === null) throw invalid();
    return key.secret;
  }

  #remember(hash: string, kid: string): void {
    if (this.#verified.size >= REMEMBERED) this.#verified.delete(this.#verified.keys().next().value!);
    this.#verified.set(hash, kid);
  }
}

/** The only form in which a token is stored: SHA-256 of all of it, prefix included, in hex. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function invalid(): AppError {
  return new AppError(
    'AUTH_TOKEN_INVALID',
    'This session token was not issued here, or it was damaged on the way. Make a new one with: wheelhouse session create --agent <name>',
  );
}
