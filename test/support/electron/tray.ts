import { EventEmitter } from 'node:events';
import { backstage, type Host } from './host.ts';
import type { StandInMenu } from './menu.ts';
import type { StandInImage } from './native-image.ts';
import type { Shape } from './shape.ts';
import type { MenuItemRecord, TrayRecord } from './state.ts';
import { eventWith, strict } from './strict.ts';

/** An icon in a tray that nobody sees: what it shows is recorded, and the test clicks it. */
export class StandInTray
  extends EventEmitter
  implements Shape<Electron.Tray, 'setToolTip' | 'setTitle' | 'setIgnoreDoubleClickEvents' | 'isDestroyed' | 'destroy', 'setImage' | 'setContextMenu' | 'popUpContextMenu'>
{
  readonly #host: Host;
  #image: StandInImage;
  #toolTip = '';
  #menu: StandInMenu | null = null;
  /** What the menu was when it was set: hosts on Linux show that, whatever becomes of the menu. */
  #exported: readonly MenuItemRecord[] = [];
  #destroyed = false;

  constructor(host: Host, image: StandInImage) {
    super();
    host.requireReady('Tray');
    this.#host = host;
    this.#image = usable(image);
    host.trays.add(this);
    return strict(this, 'Tray', () => this.#destroyed);
  }

  setImage(image: StandInImage): void {
    this.#image = usable(image);
  }

  setToolTip(toolTip: string): void {
    this.#toolTip = toolTip;
  }

  setTitle(_title: string): void {
    throw new Error('Tray.setTitle is for macOS only; the stand-in is a desktop on Linux');
  }

  setIgnoreDoubleClickEvents(_ignore: boolean): void {
    throw new Error('Tray.setIgnoreDoubleClickEvents is for macOS only; the stand-in is a desktop on Linux');
  }

  setContextMenu(menu: StandInMenu | null): void {
    this.#menu = menu;
    this.#exported = menu?.[backstage].record() ?? [];
  }

  popUpContextMenu(_menu?: StandInMenu): void {
    throw new Error('Tray.popUpContextMenu is not for Linux; the stand-in is a desktop on Linux');
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#host.trays.delete(this);
  }

  get [backstage]() {
    return {
      record: (): TrayRecord => ({ image: this.#image[backstage].file, toolTip: this.#toolTip, menu: this.#exported }),
      click: (button: 'left' | 'right'): void => {
        const event = eventWith('tray click', { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false });
        this.emit(button === 'left' ? 'click' : 'right-click', event, { x: 0, y: 0, width: 24, height: 24 }, { x: 0, y: 0 });
      },
      clickMenu: (id: string): void => {
        if (this.#menu === null) throw new Error('The tray has no menu.');
        this.#menu[backstage].click(id);
      },
    };
  }
}

/** On Linux a tray without a picture fails. */
function usable(image: StandInImage): StandInImage {
  if (image.isEmpty()) throw new Error(`Failed to load image from path '${image[backstage].file}'`);
  return image;
}
