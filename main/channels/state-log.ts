import type { Clock, Timer } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import { CHANNEL_TITLES } from './channel-of.ts';
import type { ChannelName, ChannelState } from './types.ts';

export interface StateLogParts {
  readonly store: Store;
  readonly clock: Clock;
  /**
   * A channel is down for longer than a moment, or for good; `since` is wall ms. False: people know of the outage from
   * elsewhere, and it is asked again while it lasts.
   */
  readonly down: (tx: Tx, channel: ChannelName, reason: string, since: number) => boolean;
  readonly report: (what: string, error: unknown) => void;
}

/** A connection that is back within this time is nobody's business. */
const MOMENT_MS = 120_000;

/**
 * Writes to the activity log how channels stand. A lost connection is told once and not with every try, and people are told
 * when it does not come back by itself.
 */
export class StateLog {
  readonly #parts: StateLogParts;
  readonly #told = new Map<ChannelName, string>();
  readonly #timers = new Map<ChannelName, Timer>();
  #stopped = false;

  constructor(parts: StateLogParts) {
    this.#parts = parts;
  }

  /** Never throws. */
  changed(name: ChannelName, state: ChannelState): void {
    // The console is always there, and what was never turned on is not news either.
    if (this.#stopped || name === 'console' || state.state === 'connecting' || (state.state === 'off' && !this.#told.has(name))) return;
    const line = lineFor(name, state);
    // A new code is a change, because windows have to show it; in the log it stays a secret.
    const told = state.state === 'pairing' ? `${state.qr} ${state.code}` : line;
    if (this.#told.get(name) === told) return;
    this.#told.set(name, told);
    try {
      this.#parts.store.transact((tx) => {
        tx.event({ kind: 'channel', action: state.state, subject: `channel:${name}`, text: line, data: { channel: name, title: CHANNEL_TITLES[name], ...('reason' in state && state.reason !== null && { reason: state.reason }) } });
        if (state.state === 'logged_out' || state.state === 'failed') void this.#parts.down(tx, name, state.reason, tx.now);
      });
    } catch (error) {
      this.#parts.report(`the state of ${name}`, error);
    }
    this.#watch(name, state);
  }

  /** Nothing is told any more: that channels end with the program goes without saying. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #watch(name: ChannelName, state: ChannelState): void {
    if (state.state !== 'waiting') {
      this.#timers.get(name)?.cancel();
      this.#timers.delete(name);
    } else if (!this.#timers.has(name)) {
      this.#lookAgain(name, state.reason, this.#parts.clock.now());
    }
  }

  #lookAgain(name: ChannelName, reason: string, since: number): void {
    this.#timers.set(name, this.#parts.clock.setTimer(MOMENT_MS, () => this.#stillDown(name, reason, since)));
  }

  #stillDown(name: ChannelName, reason: string, since: number): void {
    try {
      if (!this.#parts.store.transact((tx) => this.#parts.down(tx, name, reason, since))) this.#lookAgain(name, reason, since);
    } catch (error) {
      this.#parts.report(`telling that ${name} is down`, error);
    }
  }
}

function lineFor(channel: ChannelName, state: ChannelState): string {
  const name = CHANNEL_TITLES[channel];
  switch (state.state) {
    case 'off':
      return `${name} is off${state.reason === null ? '' : `: ${state.reason}`}`;
    case 'connecting':
      return `${name} connects`;
    case 'pairing':
      return `${name} waits to be paired by a ${state.code === null ? 'QR code' : 'pairing code'}`;
    case 'connected':
      return `${name} is connected${state.as === null ? '' : ` as ${state.as}`}`;
    case 'waiting':
      return `${name} lost its connection and tries again: ${state.reason}`;
    case 'logged_out':
      return `${name} was logged out: ${state.reason}`;
    case 'failed':
      return `${name} cannot be used: ${state.reason}`;
  }
}
