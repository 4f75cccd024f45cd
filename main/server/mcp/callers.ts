import { ProtocolError, ProtocolErrorCode, type AuthInfo, type ServerContext } from '@modelcontextprotocol/server';
import { AppError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import type { Caller } from '../../bus/types.ts';
import type { Identity } from '../identity.ts';

/** Who all clients with the shared key are to the wire: one key, so one principal. */
const SHARED_PRINCIPAL = 'shared-key';
const MAX_ROLE_CHARS = 40;

/** What a stream or session of this identity belongs to. */
export function principalOf(identity: Identity): string {
  return identity.kind === 'session' ? identity.caller.sessionId : SHARED_PRINCIPAL;
}

/** Carries the identity through the SDK to the handlers. The token itself goes no further than the server's own check. */
export function toAuthInfo(identity: Identity): AuthInfo {
  return { token: '', clientId: principalOf(identity), scopes: [], extra: { identity } };
}

export function identityOf(authInfo: AuthInfo | undefined): Identity {
  const identity = authInfo?.extra?.['identity'] as Identity | undefined;
  if (identity === undefined) throw new Error('a request reached an MCP handler without an identity');
  return identity;
}

/** The identity of the request that a handler answers. Throws when it carries none: that is a fault of the server. */
export function identityOfRequest(ctx: ServerContext): Identity {
  if (ctx.http?.authInfo === undefined) throw new ProtocolError(ProtocolErrorCode.InternalError, 'The request carries no identity.');
  return identityOf(ctx.http.authInfo);
}

/**
 * Who makes the call. A session's role is fixed, so the argument may be left out but cannot lie (ROLE_MISMATCH); with the
 * shared key of seed 001 the argument is all there is, so it must be given (INPUT_INVALID) and known (ROLE_UNKNOWN).
 */
export function callerFor(identity: Identity, argument: string, named: unknown, roles: readonly string[]): Caller {
  const role = named === '' ? undefined : named;
  if (role !== undefined && (typeof role !== 'string' || role.length > MAX_ROLE_CHARS)) {
    throw new AppError('INPUT_INVALID', `${argument} must be the name of a role, as text of at most ${MAX_ROLE_CHARS} characters.`, { argument });
  }
  if (identity.kind === 'session') {
    const { caller } = identity;
    if (role === undefined || role === caller.role) return caller;
    throw new AppError(
      'ROLE_MISMATCH',
      `This session belongs to ${caller.role}; ${argument} says '${role}'. Leave ${argument} out, or connect with a token of ${role}.`,
      { argument, role, sessionRole: caller.role },
    );
  }
  if (role === undefined) {
    throw new AppError(
      'INPUT_INVALID',
      `${argument} is missing. The shared key proves no role, so name yours in ${argument}; a session token makes it unnecessary.`,
      { argument },
    );
  }
  if (!roles.includes(role)) throw unknownRole(argument, role, roles);
  return { role, sessionId: `shared:${role}`, agentName: null, verified: false, person: false };
}

function unknownRole(argument: string, role: string, roles: readonly string[]): AppError {
  const near = nearest(role, roles);
  const hint = near === null ? '' : `; did you mean ${near}?`;
  return new AppError('ROLE_UNKNOWN', `${argument} '${role}' is not a role of this team. The roles here are ${roles.join(', ')}${hint}`, { role, roles });
}
