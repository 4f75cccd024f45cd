import type { TokenClaims } from './session-tokens.ts';
import { isTokenShaped, TOKEN_PREFIX } from './token-shape.ts';

const YEAR_MS = 365 * 86_400_000;

/**
 * What a token says of itself, unverified: enough for its holder to plan by, never to trust. Null when the text is no
 * token, lacks `jti`, `aid` or `iat`, or ends at a time that cannot be meant (10 years ago, in a year; waiaas.md §2.1).
 */
export function readClaims(token: string, now: number): TokenClaims | null {
  if (!isTokenShaped(token)) return null;
  const claims = payloadOf(token);
  if (claims === null) return null;
  const { jti, aid, iat, exp } = claims;
  if (typeof jti !== 'string' || typeof aid !== 'string' || !isSeconds(iat)) return null;
  if (exp === undefined) return { sessionId: jti, agentId: aid, issuedAt: iat * 1000, expiresAt: null };
  if (!isSeconds(exp) || exp * 1000 < now - 10 * YEAR_MS || exp * 1000 > now + YEAR_MS) return null;
  return { sessionId: jti, agentId: aid, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}

function payloadOf(token: string): Record<string, unknown> | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.slice(TOKEN_PREFIX.length).split('.')[1]!, 'base64url').toString('utf-8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isSeconds(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
