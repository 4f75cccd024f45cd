import { EventEmitter } from 'node:events';
import { backstage } from './host.ts';
import type { Shape } from './shape.ts';
import type { WindowRecord } from './state.ts';
import { PreventableEvent, strict } from './strict.ts';
import { StandInWebContents, type PageServices } from './web-contents.ts';

/** The options that are understood; an unknown one throws, because ignoring it would hide a difference. */
const OPTIONS = new Set(['x', 'y', 'width', 'height', 'minWidth', 'minHeight', 'title', 'icon', 'show', 'backgroundColor', 'webPreferences']);

/** What an application gets when it says nothing, by Electron's documentation. */
const DEFAULT_SIZE = { width: 800, height: 600 };

/** A window without a frame around it: a Chromium page, and a record of what the window manager would do. */
export class StandInBrowserWindow
  extends EventEmitter
  implements
    Shape<
      Electron.BrowserWindow,
      'id' | 'show' | 'hide' | 'focus' | 'minimize' | 'restore' | 'maximize' | 'close' | 'destroy' | 'isVisible' | 'isFocused' | 'isMinimized' | 'isMaximized' | 'isDestroyed' | 'getBounds' | 'getNormalBounds' | 'setBackgroundColor' | 'loadURL',
      'webContents'
    >
{
  readonly id: number;
  readonly webContents: StandInWebContents;
  readonly #services: PageServices;
  readonly #contents: StandInWebContents;
  readonly #bounds: Electron.Rectangle;
  #visible: boolean;
  #focused = false;
  #minimized = false;
  #maximized = false;
  #destroyed = false;

  constructor(services: PageServices, options: Electron.BrowserWindowConstructorOptions = {}) {
    super();
    const { host } = services;
    host.requireReady('BrowserWindow');
    for (const name of Object.keys(options)) if (!OPTIONS.has(name)) throw new Error(`not in the stand-in: the option ${name} of BrowserWindow`);
    const { preload = null, contextIsolation = true, sandbox = true, nodeIntegration = false } = options.webPreferences ?? {};
    if (!contextIsolation || !sandbox || nodeIntegration) throw new Error('not in the stand-in: windows without isolation and sandbox');
    this.id = host.nextId();
    this.#services = services;
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? DEFAULT_SIZE.width, height: options.height ?? DEFAULT_SIZE.height };
    this.#visible = options.show ?? true;
    this.#contents = new StandInWebContents(services, { preload, size: this.#bounds });
    this.webContents = this.#contents[backstage].face;
    // The first paint follows the first document.
    this.#contents.once('did-finish-load', () => this.emit('ready-to-show'));
    const face = strict(this, 'BrowserWindow', () => this.#destroyed);
    host.windows.add(this);
    return face;
  }

  async loadURL(url: string): Promise<void> {
    return this.#contents.loadURL(url);
  }

  show(): void {
    const wasVisible = this.#visible;
    this.#visible = true;
    if (!wasVisible) this.emit('show');
    this.focus();
  }

  hide(): void {
    this.#visible = false;
    this.emit('hide');
  }

  focus(): void {
    if (!this.#visible) return;
    for (const window of this.#services.host.windows) window[backstage].setFocused(window === this);
  }

  minimize(): void {
    this.#minimized = true;
    this.#focused = false;
    this.emit('minimize');
  }

  restore(): void {
    this.#minimized = false;
    this.emit('restore');
  }

  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }

  isVisible(): boolean {
    return this.#visible;
  }

  isFocused(): boolean {
    return this.#focused;
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  isMaximized(): boolean {
    return this.#maximized;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }

  setBackgroundColor(_backgroundColor: string): void {
    // Chromium paints the page's own background; the colour before it is never seen here.
  }

  close(): void {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#services.host.windows.delete(this);
    void this.#contents[backstage].destroy();
    this.#destroyed = true;
    this.emit('closed');
    this.#services.onWindowGone();
  }

  get [backstage]() {
    return {
      contents: this.#contents,
      focused: this.#focused,
      setFocused: (focused: boolean): void => {
        if (focused === this.#focused) return;
        this.#focused = focused;
        this.emit(focused ? 'focus' : 'blur');
      },
      /** The person moves the window or drags its corner. */
      place: (bounds: Electron.Rectangle): void => {
        Object.assign(this.#bounds, bounds);
        this.#contents[backstage].resize(bounds);
      },
      record: (): WindowRecord => ({
        id: this.id,
        url: this.#contents.getURL(),
        loaded: this.#contents[backstage].loaded,
        visible: this.#visible,
        focused: this.#focused,
        minimized: this.#minimized,
        bounds: this.getBounds(),
      }),
    };
  }
}
