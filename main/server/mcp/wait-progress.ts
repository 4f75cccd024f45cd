import type { ServerContext } from '@modelcontextprotocol/server';
import type { Clock, Timer } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';

/** Far below the 60 s after which clients give up on a silent call. */
const EVERY_MS = 10_000;

export interface WaitProgress {
  readonly ctx: ServerContext;
  readonly clock: Clock;
  readonly log: Log;
  /** How long the call may wait, in seconds, as the client sent it. */
  readonly waitSec: unknown;
}

/**
 * Runs a call that may wait, until the client cancels it or is gone. A client that asked for progress hears at once and
 * every ten seconds that the call still waits.
 */
export async function waitWithProgress<T>({ ctx, clock, log, waitSec }: WaitProgress, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, _meta, notify } = ctx.mcpReq;
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined || typeof waitSec !== 'number' || waitSec <= 0) return call(signal);

  const began = clock.monotonic();
  let timer: Timer | null = null;
  const report = (): void => {
    // The exchange is over, and its server may be answering somebody else.
    if (signal.aborted) return;
    const progress = Math.round((clock.monotonic() - began) / 1000);
    timer = clock.setTimer(EVERY_MS, report);
    notify({ method: 'notifications/progress', params: { progressToken, progress, total: waitSec, message: 'waiting' } }).catch((error: unknown) => {
      log.debug({ err: error }, 'The progress of a waiting call could not be sent.');
    });
  };
  report();
  try {
    return await call(signal);
  } finally {
    (timer as Timer | null)?.cancel();
  }
}
