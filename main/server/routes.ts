import type { OwnerProofAction } from '../access/owner-message.ts';
import type { CheckedProof } from '../access/owner-proof.ts';
import type { RenewalProof } from '../access/sessions.ts';
import type { CallSource } from './cli-calls.ts';
import type { Identity } from './identity.ts';
import type { MasterOffer } from './master-offer.ts';

/**
 * Who may use a route (DESIGN §13). `public`: anybody who passes the Host and Origin gate. `session`: a session token.
 * `renewal`: a session token, or the one that the last renewal replaced. `shared-key`: `CO_BUS_KEY`. `ui`: a window opened
 * by a link, or the command line with the local key. `link`: a key in the address that works once. `nonce`: the secret of a
 * notice in the address. `master`: the master password. `owner`: the signature of an owner for `ownerAction`.
 */
const AUTH_CLASSES = ['public', 'session', 'renewal', 'shared-key', 'ui', 'link', 'nonce', 'master', 'owner'] as const;
export type AuthClass = (typeof AUTH_CLASSES)[number];

/** What was proven about a request. `payer` is whose share of the rate limit it uses. */
export type Access =
  | { readonly class: 'public'; readonly payer: string }
  | { readonly class: 'agent'; readonly identity: Identity; readonly payer: string }
  | { readonly class: 'ui'; readonly source: CallSource; readonly payer: string }
  | { readonly class: 'renewal'; readonly proof: RenewalProof; readonly payer: string }
  /** The link was good; `cookie` is what lets the window in from now on. */
  | { readonly class: 'link'; readonly cookie: string; readonly payer: string }
  /** Nothing is proven yet: only the handler knows what the nonce belongs to. */
  | { readonly class: 'nonce'; readonly nonce: string; readonly payer: string }
  /** Nothing is proven yet: the handler must have the offer checked, or its answer is withheld. */
  | { readonly class: 'master'; readonly offer: MasterOffer; readonly payer: string }
  /** The signature is right; the change that it allows spends it. */
  | { readonly class: 'owner'; readonly proof: CheckedProof; readonly payer: string };

/** One request on its way through the server. */
export interface Exchange {
  readonly request: Request;
  readonly url: URL;
  readonly requestId: string;
  /** The parts of the path that the route names with a colon. */
  readonly params: Readonly<Record<string, string>>;
  readonly access: Access;
  /** The parsed JSON body; undefined when there is none or the route reads it itself. */
  readonly body: unknown;
  /** Turns this request into a WebSocket; the response is what the route must return. */
  readonly upgrade: (onOpen: (socket: LiveSocket) => void) => Promise<Response>;
}

/** What the server uses of a WebSocket (the `ws` package). */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'pong' | 'close' | 'message', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Route {
  readonly methods: readonly Method[];
  /** Literal, with `:name` for one part, or ending in `/*`. */
  readonly path: string;
  /** Any one of them is enough; never empty. */
  readonly auth: readonly AuthClass[];
  /** What the signature of an owner must be for; only with the class `owner`. */
  readonly ownerAction?: OwnerProofAction;
  /** `json`: parsed and capped by the server; `own`: the handler reads it; `none`: there must be none. */
  readonly body: 'json' | 'own' | 'none';
  /** Whether the route answers while the kill switch is on (DESIGN §6). */
  readonly whileLocked: 'allowed' | 'refused';
  /** `page`: a person with a browser reads what goes wrong; otherwise the JSON envelope. */
  readonly errors: 'envelope' | 'page';
  handle(exchange: Exchange): Response | Promise<Response>;
}

/** Throws when a route names no auth class, an unknown one, or an owner's signature for nothing: nothing is open by omission. */
export function assertDeclared(routes: readonly Route[]): void {
  for (const { methods, path, auth, ownerAction } of routes) {
    const known = (auth as readonly AuthClass[] | undefined)?.every((name) => AUTH_CLASSES.includes(name)) ?? false;
    if (!known || auth.length === 0) throw new Error(`${methods.join(', ')} ${path} declares no known auth class`);
    if (auth.includes('owner') !== (ownerAction !== undefined)) throw new Error(`${methods.join(', ')} ${path} does not say what an owner signs for it`);
  }
}
