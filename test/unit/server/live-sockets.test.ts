import { EventEmitter } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import type { LiveFeed } from '../../../main/server/live.ts';
import { LiveSockets } from '../../../main/server/live-sockets.ts';
import type { LiveEvent } from '../../../preload/contract.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const EVENT: LiveEvent = { type: 'navigate', page: 'board' };

/** A socket whose other side does not read. */
class StuckSocket extends EventEmitter {
  bufferedAmount = 0;
  sent = 0;
  terminated = false;

  send(text: string): void {
    this.sent += 1;
    this.bufferedAmount += text.length;
  }
  ping(): void {}
  close(): void {}
  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
}

let listeners: Set<(event: LiveEvent) => void>;
let sockets: LiveSockets;
let clock: FakeClock;
beforeEach(() => {
  listeners = new Set();
  clock = new FakeClock();
  const feed = {
    subscribe(listener: (event: LiveEvent) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  sockets = new LiveSockets(feed as unknown as LiveFeed, clock);
});

test('a window that does not read is dropped before it costs more than 8 MiB', () => {
  const socket = new StuckSocket();
  sockets.add(socket);
  for (const tell of listeners) tell(EVENT);
  expect(socket.sent).toBe(1);
  socket.bufferedAmount = 8 * 1024 * 1024;
  for (const tell of listeners) tell(EVENT);
  expect(socket.sent).toBe(2);
  for (const tell of listeners) tell(EVENT);
  expect(socket).toMatchObject({ sent: 2, terminated: true });
});

test('a window that went away leaves no listener and no timer', () => {
  const socket = new StuckSocket();
  sockets.add(socket);
  expect(clock.timers).toBe(1);
  socket.emit('error', new Error('reset'));
  socket.emit('close');
  expect(listeners.size).toBe(0);
  expect(clock.timers).toBe(0);
  expect(sockets.size).toBe(0);
});
