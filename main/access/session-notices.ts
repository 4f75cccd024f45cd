import type { Tx } from '../store/store.ts';
import type { ExpiringReason } from './expiring-soon.ts';

/** The context of SESSION_RENEWED (seed 004, waiaas.md §7.6). Times are ISO 8601; null means no limit. */
export interface RenewedContext {
  readonly sessionId: string;
  readonly agentName: string;
  /** After this renewal. */
  readonly renewalCount: number;
  readonly maxRenewals: number | null;
  /** As `27d 12h`. */
  readonly remainingAbsoluteLife: string | null;
  /** Whether there is somebody who can say no: the agent's verified owner. */
  readonly rejectButton: boolean;
  /** Until when the owner is asked to say no; only with `rejectButton`. A hint: rejecting works as long as the session lives. */
  readonly rejectWindowExpiry?: string;
  /** Absolute; only with `rejectButton`. Holds a secret: it is handed on and never stored or logged. */
  readonly rejectUrl?: string;
}

export interface RejectedContext {
  readonly sessionId: string;
  readonly agentName: string;
  readonly renewalCount: number;
  readonly rejectedAt: string;
}

export interface ExpiringContext {
  readonly sessionId: string;
  readonly agentName: string;
  /** When the token really ends. */
  readonly expiresAt: string | null;
  readonly absoluteExpiresAt: string | null;
  readonly remainingRenewals: number | null;
  readonly reason: ExpiringReason;
}

/** What people should hear about sessions, for the channels that reach them. */
export type SessionNotice =
  | { readonly type: 'SESSION_RENEWED'; readonly severity: 'info'; readonly context: RenewedContext }
  | { readonly type: 'SESSION_RENEWAL_REJECTED'; readonly severity: 'warning'; readonly context: RejectedContext }
  | { readonly type: 'SESSION_EXPIRING_SOON'; readonly severity: 'warning'; readonly context: ExpiringContext };

/** Takes a notice in, inside the transaction of what it tells about, so that none is lost; channels carry it after the commit. */
export type NotifySession = (tx: Tx, notice: SessionNotice) => void;

/** Hands a notice on. A failure is reported and changes nothing about what happened: a renewal does not fail because telling does. */
export function tell(tx: Tx, notify: NotifySession, notice: SessionNotice, report: (what: string, error: unknown) => void): void {
  try {
    notify(tx, notice);
  } catch (error) {
    report(`a notice (${notice.type}) could not be handed on`, error);
  }
}
