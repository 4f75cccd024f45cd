import type { Clock, Timer } from '../base/clock.ts';
import type { Channel } from './channel.ts';

/** Networks forget that somebody types after some seconds, so it is told again while the work goes on. */
export class Typing {
  readonly #clock: Clock;
  readonly #channelOf: (jid: string) => Channel | null;
  readonly #report: (what: string, error: unknown) => void;
  readonly #timers = new Map<string, Timer>();

  constructor(parts: { readonly clock: Clock; readonly channelOf: (jid: string) => Channel | null; readonly report: (what: string, error: unknown) => void }) {
    this.#clock = parts.clock;
    this.#channelOf = parts.channelOf;
    this.#report = parts.report;
  }

  /** Never throws. */
  set(jid: string, on: boolean): void {
    const was = this.#timers.get(jid);
    if (on === (was !== undefined)) return;
    was?.cancel();
    this.#timers.delete(jid);
    const channel = this.#channelOf(jid);
    if (channel === null) return;
    if (on) this.#keepOn(channel, jid);
    else this.#tell(channel, jid, false);
  }

  /** The chats in which an agent works. */
  active(): readonly string[] {
    return [...this.#timers.keys()];
  }

  /** The chat has another address: whoever types there goes on typing here. */
  moved(from: string, to: string): void {
    if (!this.#timers.has(from)) return;
    this.set(from, false);
    this.set(to, true);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #keepOn(channel: Channel, jid: string): void {
    this.#tell(channel, jid, true);
    this.#timers.set(jid, this.#clock.setTimer(channel.typingLastsMs, () => this.#keepOn(channel, jid)));
  }

  #tell(channel: Channel, jid: string, on: boolean): void {
    if (channel.state().state !== 'connected') return;
    channel.typing(jid, on).catch((error: unknown) => this.#report(`showing that somebody types in ${jid}`, error));
  }
}
