import type { Clock } from '../../base/clock.ts';
import { DueTimer } from '../../base/due-timer.ts';

/** Ends one stream; told when the right to hear it has ended. */
type Cut = () => void;

/**
 * The event streams that are open, by who opened them. A token is checked when a request arrives, and a stream outlives
 * that check, so it is cut when the token expires or the session is ended.
 */
export class OpenStreams {
  readonly #clock: Clock;
  readonly #byPrincipal = new Map<string, Set<Cut>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The same response, ended early when `expiresAt` (wall time in ms) passes or {@link cut} is called. `onEnd` runs once
   * when it is over, for whatever reason.
   */
  guard(response: Response, principal: string, expiresAt: number | null, onEnd: () => void): Response {
    if (response.body === null) return response;
    const source = response.body.getReader();
    let release = null as (() => void) | null;
    /** True only the first time, so that the stream is closed once. */
    const finish = (): boolean => {
      if (release === null) return false;
      release();
      release = null;
      onEnd();
      return true;
    };
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        release = this.#track(principal, expiresAt, () => {
          if (!finish()) return;
          void source.cancel();
          controller.close();
        });
      },
      pull: async (controller) => {
        const { done, value } = await source.read();
        if (release === null) return;
        if (!done) controller.enqueue(value);
        else if (finish()) controller.close();
      },
      cancel: async (reason) => {
        finish();
        await source.cancel(reason);
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  }

  /** Ends every stream that `principal` has open. */
  cut(principal: string): void {
    for (const end of [...(this.#byPrincipal.get(principal) ?? [])]) end();
  }

  /** How many streams are open. */
  get size(): number {
    let sum = 0;
    for (const cuts of this.#byPrincipal.values()) sum += cuts.size;
    return sum;
  }

  #track(principal: string, expiresAt: number | null, end: Cut): () => void {
    const cuts = this.#byPrincipal.get(principal) ?? new Set<Cut>();
    this.#byPrincipal.set(principal, cuts.add(end));
    const expiry = new DueTimer(this.#clock, end);
    expiry.arm(expiresAt);
    return () => {
      expiry.stop();
      cuts.delete(end);
      if (cuts.size === 0) this.#byPrincipal.delete(principal);
    };
  }
}
