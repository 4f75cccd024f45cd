import { EventEmitter } from 'node:events';
import type { Host } from './host.ts';
import type { Shape } from './shape.ts';
import { strict } from './strict.ts';

/** One display with a panel at the bottom. */
const DISPLAY = {
  id: 1,
  scaleFactor: 1,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1040 },
} satisfies Partial<Electron.Display>;

export class StandInScreen extends EventEmitter implements Shape<Electron.Screen, never, 'getPrimaryDisplay' | 'getAllDisplays'> {
  readonly #host: Host;

  constructor(host: Host) {
    super();
    this.#host = host;
  }

  getPrimaryDisplay(): typeof DISPLAY {
    if (!this.#host.ready) throw new Error("The 'screen' module can't be used before the app 'ready' event");
    return strict(DISPLAY, 'display');
  }

  getAllDisplays(): (typeof DISPLAY)[] {
    return [this.getPrimaryDisplay()];
  }
}
