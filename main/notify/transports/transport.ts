import type { Draft } from '../draft.ts';
import type { RateLimit } from '../limits.ts';
import type { NoticeChannel } from '../types.ts';

/** What became of one message. Reasons hold no secrets. */
export type Outcome =
  | { readonly kind: 'sent'; readonly providerId: string | null }
  /** The service asked for silence. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** May work later. `uncertain`: it may have been carried all the same, as when the answer never came. */
  | { readonly kind: 'failed'; readonly reason: string; readonly uncertain: boolean }
  /** This message is never taken; another one may be. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Nothing is taken until a person changes something: a wrong token, a blocked bot, a webhook that is gone. */
  | { readonly kind: 'unusable'; readonly reason: string };

/** One notice of a message, or of the list that it is. */
export interface Item {
  readonly noticeId: number;
  readonly draft: Draft;
}

/** Carries messages to people. Nothing it does throws: what went wrong is the outcome. */
export interface Transport {
  readonly channel: NoticeChannel;
  /** Where it goes, as far as that may be shown. */
  readonly target: string;
  /** Own limits of the service; all of them hold. */
  readonly limits: readonly RateLimit[];
  /** Why it cannot be used here now; null when it can. Costs nothing. */
  unavailable(): string | null;
  /** How many of the items, from the first, one message can hold; at least one. */
  capacity(items: readonly Item[]): number;
  send(items: readonly Item[]): Promise<Outcome>;
  /** Asks the service whether it would work, without telling anybody anything. */
  check(): Promise<Outcome>;
}
