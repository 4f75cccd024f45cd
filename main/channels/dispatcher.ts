import type { Guard } from '../access/guard.ts';
import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import type { Store } from '../store/store.ts';
import { backoffMs } from './backoff.ts';
import { type Channel, SendError } from './channel.ts';
import type { OutboundQueue } from './outbound-queue.ts';
import { SendPace } from './send-rates.ts';
import type { ChannelName, OutboundItem } from './types.ts';

export interface DispatcherParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly queue: OutboundQueue;
  readonly channels: readonly Channel[];
  readonly paused: (channel: ChannelName) => boolean;
  readonly isGroup: (jid: string) => boolean;
  readonly guard: Guard;
  readonly report: (what: string, error: unknown) => void;
}

const RETRY = { firstMs: 1000, mostMs: 300_000 };
/** A message that could not be sent for this long, connected, is told as failed. */
const GIVE_UP_MS = 24 * 3_600_000;
/** How many chats of one channel are sent to at once. */
const AT_ONCE = 8;

/** One channel, and to which of its chats something is on its way. */
interface Lane {
  readonly channel: Channel;
  readonly pace: SendPace;
  readonly busy: Map<string, Promise<void>>;
}

/**
 * Sends what is in the outbound queue: in each chat one after the other, chats side by side, as fast as the network allows.
 * It costs nothing while there is nothing to send.
 */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #lanes: readonly Lane[];
  readonly #timer: DueTimer;
  #stopped = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#lanes = parts.channels.map((channel) => ({ channel, pace: new SendPace(channel.rates, parts.isGroup), busy: new Map() }));
    this.#timer = new DueTimer(parts.clock, () => this.wake());
  }

  /** Something is to be sent, or may be sent again. Never throws. */
  wake(): void {
    if (this.#stopped) return;
    try {
      const due = this.#lanes.map((lane) => this.#serve(lane)).filter((at) => at !== null);
      this.#timer.arm(due.length === 0 ? null : Math.min(...due));
    } catch (error) {
      this.#parts.report('sending what waits', error);
    }
  }

  /** Begins nothing more; resolves when what is on its way has been settled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer.stop();
    await Promise.all(this.#lanes.flatMap(({ busy }) => [...busy.values()]));
  }

  /** Begins what can be; returns when the next waiting item of the channel is due (wall ms). */
  #serve(lane: Lane): number | null {
    const { channel, pace, busy } = lane;
    const { clock, queue, guard, paused } = this.#parts;
    if (channel.state().state !== 'connected' || paused(channel.name) || guard.state() !== 'NORMAL') return null;
    let due: number | null = null;
    for (const item of queue.heads(channel.name)) {
      if (busy.has(item.jid)) continue;
      const waitMs = Math.max(item.nextAt - clock.now(), pace.waitMs(item.jid, clock.monotonic()));
      if (waitMs > 0) due = Math.min(due ?? Infinity, clock.now() + waitMs);
      else if (busy.size < AT_ONCE && queue.begin(item.id)) {
        pace.took(item.jid, clock.monotonic());
        const sending = this.#send(channel, { ...item, attempts: item.attempts + 1 }).finally(() => {
          busy.delete(item.jid);
          this.wake();
        });
        busy.set(item.jid, sending);
      }
    }
    return due;
  }

  async #send(channel: Channel, item: OutboundItem): Promise<void> {
    const { store, queue, report } = this.#parts;
    try {
      await channel.send(item.jid, { text: item.text, sendKey: item.sendKey, maybeSent: item.maybeSent });
      store.transact((tx) => queue.sent(tx, item));
    } catch (error) {
      try {
        this.#failed(item, error);
      } catch (second) {
        report('a failed send could not be taken down', second);
      }
    }
  }

  #failed(item: OutboundItem, error: unknown): void {
    const { store, clock, queue, random, guard, report } = this.#parts;
    const known = error instanceof SendError ? error : null;
    if (known === null) report(`sending to ${item.jid}`, error);
    const reason = known?.message ?? 'something went wrong inside Wheelhouse; see the log';
    const locked = guard.state() !== 'NORMAL';
    if (known?.outcome === 'refused' || locked || clock.now() - item.createdAt > GIVE_UP_MS) {
      store.transact((tx) => queue.failed(tx, item, locked ? 'the kill switch is on' : reason));
      return;
    }
    const waitMs = Math.max(known?.retryAfterMs ?? 0, backoffMs(item.attempts, RETRY, random));
    queue.postpone(item.id, { nextAt: clock.now() + waitMs, error: reason, maybeSent: known?.maybeSent ?? true });
  }
}
