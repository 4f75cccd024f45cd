import type { BusStore } from './store.ts';
import type { AcquireLock, Caller, LockAcquired, LogEvent } from './types.ts';
import type { Wait, Waits } from './waits.ts';

/** Lets calls wait in the queue of a lock until the store grants it to them. */
export class LockWaiting {
  readonly #store: BusStore;
  readonly #waits: Waits;
  /** How many calls wait for a ticket: a repeated call shares the place of the first. */
  readonly #callsOf = new Map<number, number>();

  constructor(store: BusStore, waits: Waits) {
    this.#store = store;
    this.#waits = waits;
  }

  /** Answers when the lock is granted, refused, or `wait_sec` is over. An aborted call gives up its place. */
  async acquire(caller: Caller, asked: AcquireLock, signal: AbortSignal | undefined): Promise<LockAcquired> {
    const wait = this.#waits.open({
      sessionId: caller.sessionId,
      waitMs: asked.wait_sec * 1000,
      matches: ({ kind, action, data }) => kind === 'lock' && action === 'granted' && data['session_id'] === caller.sessionId,
      signal,
    });
    try {
      const answer = await this.#store.acquireLock(caller, asked);
      if (answer.acquired || answer.ticket === null) return answer;
      return await this.#grant(caller, asked, answer.ticket, wait);
    } finally {
      wait.close();
    }
  }

  async #grant(caller: Caller, asked: AcquireLock, ticket: number, wait: Wait): Promise<LockAcquired> {
    this.#callsOf.set(ticket, (this.#callsOf.get(ticket) ?? 0) + 1);
    let leave = false;
    try {
      for (;;) {
        const event = await wait.next();
        // The last word is the store's: another process that shares the file may have made the grant.
        if (event === null) return await this.#store.acquireLock(caller, { ...asked, idempotency_key: undefined, wait_sec: 0 });
        if (event.data['ticket'] === ticket) return granted(event);
      }
    } catch (error) {
      leave = true;
      throw error;
    } finally {
      const others = this.#callsOf.get(ticket)! - 1;
      if (others > 0) this.#callsOf.set(ticket, others);
      else this.#callsOf.delete(ticket);
      if (leave && others === 0) await this.#store.stopWaiting(caller, asked.resource);
    }
  }
}

/** What the store wrote when the ticket got its lease is what the waiting call is told. */
function granted(event: LogEvent): LockAcquired {
  const { resource, lease_id, fence, mode, ttl_sec, expires_at } = event.data as unknown as Extract<LockAcquired, { acquired: true }>;
  return { acquired: true, resource, lease_id, fence, mode, ttl_sec, expires_at, reentrant: false };
}
