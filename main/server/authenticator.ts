import { AppError } from '../base/errors.ts';
import type { OwnerProofAction } from '../access/owner-message.ts';
import type { CheckedProof, OwnerProof } from '../access/owner-proof.ts';
import type { PasswordSource } from '../access/password-lockout.ts';
import type { SecretKey } from '../access/secret-key.ts';
import type { Principal, RenewalProof } from '../access/sessions.ts';
import { TOKEN_PREFIX } from '../access/token-shape.ts';
import { bearerToken } from './bearer.ts';
import { MasterOffer } from './master-offer.ts';
import { carriesOwnerProof, ownerProofIn } from './owner-header.ts';
import { passwordSource } from './password-source.ts';
import type { Access, Route } from './routes.ts';
import type { UiAccess } from './ui-access.ts';

export interface AuthenticatorParts {
  /** Throws AUTH_TOKEN_INVALID, AUTH_TOKEN_EXPIRED, SESSION_REVOKED, AGENT_SUSPENDED. */
  readonly verifySession: (token: string) => Promise<Principal>;
  /** As `verifySession`. */
  readonly verifyForRenewal: (token: string) => Promise<RenewalProof>;
  /** Hears of every request of a session, with what its client calls itself. */
  readonly sessionUsed: (sessionId: string, client: string | null) => void;
  /** The shared key of seed 001; null: off. */
  readonly sharedKey: SecretKey | null;
  /** What the command line of this machine proves itself with. */
  readonly localKey: SecretKey;
  readonly ui: UiAccess;
  /** Throws MASTER_PASSWORD_NOT_SET, INVALID_MASTER_PASSWORD, TOO_MANY_ATTEMPTS. */
  readonly verifyMasterPassword: (password: string, source: PasswordSource) => Promise<void>;
  /** Throws INVALID_SIGNATURE. */
  readonly checkOwner: (proof: OwnerProof, action: OwnerProofAction) => Promise<CheckedProof>;
  /** Cookies do not tell ports apart, so the name does. */
  readonly cookieName: string;
}

const NEW_LINK = 'Get a new link with: wheelhouse ui';

/** Decides what a request has proven about its sender, by the classes its route declares. */
export class Authenticator {
  readonly #parts: AuthenticatorParts;

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts;
  }

  /** `remote` is the sender's address. Throws an AppError of status 401 or 403 whose message names the cure. */
  async check(route: Pick<Route, 'auth' | 'ownerAction'>, request: Request, remote: string): Promise<Access> {
    const { auth, ownerAction } = route;
    const authorization = request.headers.get('authorization');
    if (auth.includes('public')) return { class: 'public', payer: `address ${remote}` };
    if (auth.includes('link')) return this.#link(request, remote);
    if (auth.includes('nonce')) return { class: 'nonce', nonce: new URL(request.url).searchParams.get('nonce') ?? '', payer: `address ${remote}` };
    if (auth.includes('renewal')) return this.#renewal(bearerToken(authorization));
    if (auth.includes('session') && isSessionToken(authorization)) return this.#agent(auth, request);
    if (ownerAction !== undefined && (carriesOwnerProof(authorization) || !auth.includes('master'))) return this.#owner(authorization, ownerAction, remote);
    if (auth.includes('master') && !(auth.includes('ui') && this.#isWindow(request))) return this.#master(request, remote);
    if (auth.includes('ui')) return this.#window(request);
    return this.#agent(auth, request);
  }

  async #owner(authorization: string | null, action: OwnerProofAction, remote: string): Promise<Access> {
    const proof = ownerProofIn(authorization);
    if (proof === null) throw new AppError('OWNER_AUTH_REQUIRED', `This takes the signature of an owner for '${action}' in the Authorization header.`);
    return { class: 'owner', proof: await this.#parts.checkOwner(proof, action), payer: `address ${remote}` };
  }

  #master(request: Request, remote: string): Access {
    const verify = async (password: string): Promise<void> => this.#parts.verifyMasterPassword(password, passwordSource(remote));
    return { class: 'master', offer: new MasterOffer(request.headers.get('x-master-password'), verify), payer: `address ${remote}` };
  }

  /** Whether the person is known without a password: a window that was let in, or the command line. */
  #isWindow(request: Request): boolean {
    const { ui, localKey, cookieName } = this.#parts;
    if (request.headers.has('x-master-password')) return false;
    const cookie = cookieValue(request.headers.get('cookie'), cookieName);
    const [scheme = '', token = ''] = (request.headers.get('authorization') ?? '').trim().split(/\s+/);
    return (cookie !== null && ui.windowOf(cookie) !== null) || (scheme.toLowerCase() === 'bearer' && localKey.matches(token));
  }

  #link(request: Request, remote: string): Access {
    const cookie = this.#parts.ui.open(new URL(request.url).searchParams.get('key') ?? '');
    if (cookie === null) throw new AppError('AUTH_TOKEN_INVALID', `This link was used already, is older than ten minutes, or was cut off. ${NEW_LINK}`);
    return { class: 'link', cookie, payer: `address ${remote}` };
  }

  #window(request: Request): Access {
    const { ui, localKey, cookieName } = this.#parts;
    const cookie = cookieValue(request.headers.get('cookie'), cookieName);
    const window = cookie === null ? null : ui.windowOf(cookie);
    if (window !== null) return { class: 'ui', source: 'window', payer: `window ${window}` };
    const header = request.headers.get('authorization');
    if (header === null) {
      throw cookie === null
        ? new AppError('AUTH_TOKEN_MISSING', `The windows are opened by a link. ${NEW_LINK}`)
        : new AppError('AUTH_TOKEN_INVALID', `This window was opened before Wheelhouse was started again. ${NEW_LINK}`);
    }
    const token = bearerToken(header);
    if (localKey.matches(token)) return { class: 'ui', source: 'cli', payer: 'command line' };
    if (token.startsWith(TOKEN_PREFIX)) {
      throw new AppError('AUTH_TOKEN_INVALID', `A session token is for agents at /mcp; this is for the person at this machine. ${NEW_LINK}`);
    }
    throw new AppError('AUTH_TOKEN_INVALID', 'The key of the command line does not fit: it belongs to another run of Wheelhouse. Repeat the command.');
  }

  async #renewal(token: string): Promise<Access> {
    if (!token.startsWith(TOKEN_PREFIX)) throw new AppError('AUTH_TOKEN_INVALID', 'Send the session token that is to be renewed (it begins with wai_sess_).');
    const proof = await this.#parts.verifyForRenewal(token);
    return { class: 'renewal', proof, payer: `session ${proof.sessionId}` };
  }

  async #agent(classes: Route['auth'], request: Request): Promise<Access> {
    const { sharedKey, verifySession, sessionUsed } = this.#parts;
    const token = bearerToken(request.headers.get('authorization'));
    if (token.startsWith(TOKEN_PREFIX)) {
      if (!classes.includes('session')) throw new AppError('AUTH_TOKEN_INVALID', 'A session token is not accepted here.');
      const { role, sessionId, agentName, expiresAt } = await verifySession(token);
      sessionUsed(sessionId, request.headers.get('user-agent'));
      const caller = { role, sessionId, agentName, verified: true, person: false };
      return { class: 'agent', identity: { kind: 'session', caller, expiresAt }, payer: `session ${sessionId}` };
    }
    if (!classes.includes('shared-key')) throw new AppError('AUTH_TOKEN_INVALID', 'Send a session token (it begins with wai_sess_).');
    if (sharedKey === null) {
      throw new AppError(
        'AUTH_TOKEN_INVALID',
        'This is no session token (wai_sess_...), and no shared key is configured here. Make a token with: wheelhouse session create --agent <name>, or start Wheelhouse with CO_BUS_KEY.',
      );
    }
    if (!sharedKey.matches(token)) {
      throw new AppError('AUTH_TOKEN_INVALID', 'The shared key is not the one in CO_BUS_KEY where Wheelhouse was started. Copy it from there.');
    }
    return { class: 'agent', identity: { kind: 'shared-key' }, payer: 'shared key' };
  }
}

function isSessionToken(authorization: string | null): boolean {
  return authorization !== null && authorization.trim().split(/\s+/)[1]?.startsWith(TOKEN_PREFIX) === true;
}

function cookieValue(header: string | null, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name && value !== undefined) return value;
  }
  return null;
}
