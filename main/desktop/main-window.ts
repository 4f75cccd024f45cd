import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import type { Log } from '../base/log.ts';
import type { WindowRole } from './call-rules.ts';
import { windowKey, zoomAfter } from './window-keys.ts';
import type { WindowPlace } from './window-bounds.ts';

export interface MainWindowDelegate {
  /** Where and how to open the next window. */
  options(): BrowserWindowConstructorOptions & { readonly place: WindowPlace };
  remember(place: WindowPlace): void;
  /** Whether a closed window could be opened again from the tray. */
  trayPresent(): Promise<boolean>;
  /** The person closed the window and may not know where it went. */
  onClosed(to: 'tray' | 'taskbar'): void;
  /** True when the application is on its way out and windows close for good. */
  quitting(): boolean;
  quit(): void;
  /** The session of the operating system ends (Windows). */
  onSessionEnd(): void;
}

interface MainWindowOptions {
  readonly platform: NodeJS.Platform;
  readonly log: Log;
  readonly url: string;
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly delegate: MainWindowDelegate;
}

/**
 * The one window. Closing it destroys it, which gives a renderer's memory back; the tray opens a new one. Without a
 * tray it minimises instead, because nothing could bring it back.
 */
export class MainWindow {
  readonly #options: MainWindowOptions;
  #window: BrowserWindow | null = null;
  /** Set once the page is painted; a window is not shown before. */
  #ready = false;
  #reloaded = false;
  /** Set from closing until the window is away; asking for it again in between keeps it. */
  #leaving = false;

  constructor(options: MainWindowOptions) {
    this.#options = options;
  }

  /** Opens the window, or brings the open one to the front. Returns its contents. */
  show(): WebContents {
    this.#leaving = false;
    const window = this.#window ?? this.#open();
    if (this.#ready) reveal(window);
    return window.webContents;
  }

  /** What a dialog can be attached to: the window, while the person sees it. */
  get visible(): BrowserWindow | null {
    const window = this.#window;
    return window !== null && window.isVisible() && !window.isMinimized() ? window : null;
  }

  roleOf(webContentsId: number): WindowRole | null {
    return this.#window !== null && this.#window.webContents.id === webContentsId ? 'main' : null;
  }

  setBackgroundColor(color: string): void {
    this.#window?.setBackgroundColor(color);
  }

  #open(): BrowserWindow {
    const { create, delegate, log, platform, url } = this.#options;
    const { place, ...options } = delegate.options();
    const window = create(options);
    this.#window = window;
    this.#ready = false;
    this.#reloaded = false;
    if (place.maximized) window.once('show', () => window.maximize());
    this.#watchClosing(window);
    this.#watchCrashes(window);
    this.#watchKeys(window);
    const onReady = (): void => {
      this.#ready = true;
      reveal(window);
    };
    // On Wayland `ready-to-show` may wait for a frame that a hidden window never draws.
    if (platform === 'linux') window.webContents.once('did-finish-load', onReady);
    else window.once('ready-to-show', onReady);
    window.loadURL(url).catch((error: unknown) => {
      // Closing a window while it loads ends the load as well.
      if (!window.isDestroyed()) log.error({ err: error }, 'the window did not load');
    });
    log.info('window opened');
    return window;
  }

  #watchClosing(window: BrowserWindow): void {
    const { delegate, log } = this.#options;
    window.on('close', (event) => {
      delegate.remember(placeOf(window));
      if (delegate.quitting()) return;
      event.preventDefault();
      void this.#putAway(window);
    });
    window.on('closed', () => {
      if (this.#window === window) this.#window = null;
      log.info('window closed');
    });
    window.on('session-end', () => delegate.onSessionEnd());
  }

  async #putAway(window: BrowserWindow): Promise<void> {
    const { delegate } = this.#options;
    this.#leaving = true;
    const toTray = await delegate.trayPresent();
    if (window.isDestroyed() || !this.#leaving) return;
    this.#leaving = false;
    if (toTray) window.destroy();
    else window.minimize();
    delegate.onClosed(toTray ? 'tray' : 'taskbar');
  }

  /** A page that crashed is loaded again once; one that crashes twice would do so forever. */
  #watchCrashes(window: BrowserWindow): void {
    const { log } = this.#options;
    window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (this.#window !== window || reason === 'clean-exit') return;
      log.error({ reason, exitCode, again: this.#reloaded }, 'the window crashed');
      const again = this.#reloaded;
      this.#reloaded = true;
      // Later: Electron is not done with the crash while it tells of it.
      setImmediate(() => {
        if (window.isDestroyed()) return;
        if (again) window.destroy();
        else window.webContents.reload();
      });
    });
    window.webContents.on('preload-error', (_event, _path, error) => log.error({ err: error }, 'the preload failed'));
    window.on('unresponsive', () => log.warn('the window does not respond'));
    window.on('responsive', () => log.info('the window responds again'));
  }

  #watchKeys(window: BrowserWindow): void {
    const { delegate, platform } = this.#options;
    const { webContents } = window;
    webContents.on('before-input-event', (event, input) => {
      const key = windowKey(input, platform);
      if (key === null) return;
      event.preventDefault();
      if (key === 'close') window.close();
      else if (key === 'quit') delegate.quit();
      else webContents.setZoomLevel(zoomAfter(webContents.getZoomLevel(), key));
    });
  }
}

function reveal(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function placeOf(window: BrowserWindow): WindowPlace {
  return { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
}
