import { EventEmitter } from 'node:events';
import type { Host } from './host.ts';
import type { Shape } from './shape.ts';

/** Electron's modules that only carry something out of the application: recorded. */

export function shellModule(host: Host): Shape<Electron.Shell, 'openPath'> {
  return {
    openPath: async (path) => {
      host.openedPaths.push(path);
      return '';
    },
  };
}

export function clipboardModule(host: Host): Shape<Electron.Clipboard, 'writeText'> {
  return {
    writeText: async (text) => {
      host.clipboard = text;
    },
  };
}

/** A notification is shown at once and stays. */
export class StandInNotification extends EventEmitter implements Shape<Electron.Notification, 'show' | 'title' | 'body' | 'actions'> {
  readonly title: string;
  readonly body: string;
  readonly actions: Electron.NotificationAction[];
  readonly #host: Host;

  constructor(host: Host, options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.#host = host;
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.actions = options.actions ?? [];
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    const record = { title: this.title, body: this.body, buttons: this.actions.map(({ text }) => text ?? '') };
    this.#host.notifications.push({ record, notification: this });
    this.emit('show');
  }
}
