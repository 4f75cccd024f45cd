import type { AutoStopNotice } from '../access/auto-stop.ts';
import type { Notice as KillSwitchNotice } from '../access/follow-ups.ts';
import type { Renewals } from '../access/renewals.ts';
import type { NotifySession } from '../access/session-notices.ts';
import type { RejectLinks } from '../notify/dispatcher.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { Store, Tx } from '../store/store.ts';

/** So many links wait for their notice to leave; of an older one a new link is made. */
const MOST_LINKS = 200;

/**
 * What the access room has to tell, handed to the notify room. The address at which a renewal is rejected holds a secret
 * that is stored nowhere: it waits here in memory until its notice leaves, and after a restart a fresh one is made.
 */
export class AccessNotices {
  readonly #store: Store;
  readonly #notifications: Notifications;
  readonly #links = new Map<string, string>();

  constructor(store: Store, notifications: Notifications) {
    this.#store = store;
    this.#notifications = notifications;
  }

  readonly session: NotifySession = (tx, notice) => {
    if (notice.type !== 'SESSION_RENEWED') {
      this.#notifications.enqueue(tx, notice);
      return;
    }
    const { rejectUrl, ...context } = notice.context;
    if (rejectUrl !== undefined) this.#keepLink(keyOf(context), rejectUrl);
    this.#notifications.enqueue(tx, { type: notice.type, context, dedupeKey: keyOf(context) });
  };

  /** Told at least once by the room above; the key makes it once. */
  async announce({ type, at, text, failedSteps }: KillSwitchNotice): Promise<void> {
    this.#store.transact((tx) => this.#notifications.enqueue(tx, { type, context: { at, text, failedSteps }, dedupeKey: at }));
  }

  autoStop(tx: Tx, context: AutoStopNotice): void {
    this.#notifications.enqueue(tx, { type: 'AUTO_STOP_TRIGGERED', context });
  }

  /** `urlOf` makes the address for a nonce; it throws while nothing listens. */
  rejectLinks(renewals: Renewals, urlOf: (sessionId: string, nonce: string) => string): RejectLinks {
    return {
      issue: (context) => {
        const kept = this.#links.get(keyOf(context));
        if (kept !== undefined) return kept;
        const nonce = renewals.issueNonce(context.sessionId, context.renewalCount);
        return nonce === null ? null : urlOf(context.sessionId, nonce);
      },
    };
  }

  #keepLink(key: string, url: string): void {
    this.#links.set(key, url);
    const [oldest] = this.#links.keys();
    if (this.#links.size > MOST_LINKS && oldest !== undefined) this.#links.delete(oldest);
  }
}

function keyOf({ sessionId, renewalCount }: { readonly sessionId: string; readonly renewalCount: number }): string {
  return `${sessionId}:${renewalCount}`;
}
