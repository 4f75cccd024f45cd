import { EventEmitter } from 'node:events';
import { backstage } from './host.ts';
import type { MainMessage, PreloadMessage } from './isolated-world.ts';
import type { Shape } from './shape.ts';
import { strict } from './strict.ts';
import { fromWire, toWire } from './wire.ts';

type Handler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown;

/** Messages from preloads, with Electron's own words for what goes wrong. */
export class StandInIpcMain extends EventEmitter implements Shape<Electron.IpcMain, 'handle' | 'removeHandler'> {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, listener: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.#handlers.set(channel, listener);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** Delivers a message as sent by `frame` of `sender`. */
  get [backstage]() {
    return {
      deliver: async (message: Exclude<PreloadMessage, { kind: 'preload-error' }>, from: { readonly sender: object; readonly senderFrame: object }): Promise<MainMessage | null> => {
        const event = strict({ ...from, processId: 1, frameId: 1, type: 'frame' }, 'ipc event') as unknown as Electron.IpcMainInvokeEvent;
        if (message.kind === 'send') {
          this.emit(message.channel, event, ...fromWire(message.args));
          return null;
        }
        const { id, channel } = message;
        try {
          const handler = this.#handlers.get(channel);
          if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
          const [result] = toWire([await handler(event, ...fromWire(message.args))]);
          return { kind: 'answer', id, ok: true, result };
        } catch (error) {
          return { kind: 'answer', id, ok: false, error: `Error invoking remote method '${channel}': ${String(error)}` };
        }
      },
    };
  }
}
