import type { Clock, Timer } from '../base/clock.ts';
import type { LiveFeed } from './live.ts';
import type { LiveSocket } from './routes.ts';

const PING_EVERY_MS = 30_000;
/** What a window may be behind. A snapshot of a large team is about one MiB. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

const CLOSE = { goingAway: 1001, policy: 1008 } as const;

/** The windows in browsers: each gets the live feed; a dead or slow one is dropped and starts anew with a snapshot. */
export class LiveSockets {
  readonly #feed: LiveFeed;
  readonly #clock: Clock;
  readonly #open = new Set<LiveSocket>();

  constructor(feed: LiveFeed, clock: Clock) {
    this.#feed = feed;
    this.#clock = clock;
  }

  add(socket: LiveSocket): void {
    this.#open.add(socket);
    const unsubscribe = this.#feed.subscribe((event) => {
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
      else socket.send(JSON.stringify(event));
    });
    const heartbeat = this.#heartbeat(socket);
    socket.on('message', () => socket.close(CLOSE.policy, 'This connection only listens; calls go to /v1/call.'));
    // An error is followed by close, where everything ends.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      heartbeat.cancel();
      unsubscribe();
      this.#open.delete(socket);
    });
  }

  closeAll(): void {
    for (const socket of this.#open) socket.close(CLOSE.goingAway, 'Wheelhouse is stopping.');
  }

  /** How many windows are connected. */
  get size(): number {
    return this.#open.size;
  }

  #heartbeat(socket: LiveSocket): Timer {
    let alive = true;
    let timer: Timer;
    const beat = (): void => {
      timer = this.#clock.setTimer(PING_EVERY_MS, () => {
        if (!alive) {
          socket.terminate();
          return;
        }
        alive = false;
        socket.ping();
        beat();
      });
    };
    socket.on('pong', () => (alive = true));
    beat();
    return { cancel: () => timer.cancel() };
  }
}
