import type { Store, Tx } from '../store/store.ts';
import { CHANNEL_TITLES } from './channel-of.ts';
import type { ChannelName } from './types.ts';

/** What the person decided about each channel, and how far it was read. */
export class ChannelSettings {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  enabled(name: ChannelName): boolean {
    return this.#read(name, 'enabled') === 1;
  }

  paused(name: ChannelName): boolean {
    return this.#read(name, 'paused') === 1;
  }

  position(name: ChannelName): number {
    return this.#read(name, 'position');
  }

  /** Returns whether that changed anything. */
  enable(tx: Tx, name: ChannelName, enabled: boolean): boolean {
    if (this.enabled(name) === enabled) return false;
    this.#write(name, 'enabled', Number(enabled));
    tx.event({ kind: 'channel', action: enabled ? 'enabled' : 'disabled', subject: `channel:${name}`, text: `${CHANNEL_TITLES[name]} was turned ${enabled ? 'on' : 'off'}`, data: { channel: name, title: CHANNEL_TITLES[name] } });
    return true;
  }

  /** Returns whether that changed anything. */
  pause(tx: Tx, name: ChannelName, paused: boolean): boolean {
    if (this.paused(name) === paused) return false;
    this.#write(name, 'paused', Number(paused));
    tx.event({ kind: 'channel', action: paused ? 'paused' : 'resumed', subject: `channel:${name}`, text: `${CHANNEL_TITLES[name]} was ${paused ? 'paused' : 'resumed'}`, data: { channel: name, title: CHANNEL_TITLES[name] } });
    return true;
  }

  setPosition(name: ChannelName, position: number): void {
    this.#write(name, 'position', position);
  }

  #read(name: ChannelName, column: 'enabled' | 'paused' | 'position'): number {
    return (this.#store.db.prepare(`SELECT ${column} FROM channels WHERE name = ?`).pluck().get(name) as number | undefined) ?? 0;
  }

  #write(name: ChannelName, column: 'enabled' | 'paused' | 'position', value: number): void {
    this.#store.db.prepare(`INSERT INTO channels (name, ${column}) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET ${column} = @value`).run({ name, value });
  }
}
