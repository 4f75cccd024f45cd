import type { Caller } from '../bus/types.ts';

/** What the server has proven about an MCP client before its request reaches `/mcp`. */
export type Identity =
  /** A session token: the role is fixed by the session. `expiresAt` is wall time in ms; null means no limit. */
  | { readonly kind: 'session'; readonly caller: Caller; readonly expiresAt: number | null }
  /** The shared key of seed 001: the client names its role in every call and is shown as unverified. */
  | { readonly kind: 'shared-key' };
