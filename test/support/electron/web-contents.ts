import { EventEmitter } from 'node:events';
import type { Page, Route } from '@playwright/test';
import { fromPageUrl, originOf, toPageUrl } from './addresses.ts';
import { backstage, type Host } from './host.ts';
import { IsolatedWorld, type PreloadMessage, type MainMessage } from './isolated-world.ts';
import type { StandInIpcMain } from './ipc-main.ts';
import type { StandInNativeTheme } from './native-theme.ts';
import type { StandInProtocol } from './protocol.ts';
import type { StandInSession } from './session.ts';
import type { Shape } from './shape.ts';
import { eventWith, strict } from './strict.ts';
import { toWire } from './wire.ts';

/** What pages need of the rest of the stand-in. */
export interface PageServices {
  readonly host: Host;
  readonly ipcMain: StandInIpcMain;
  readonly protocol: StandInProtocol;
  readonly session: StandInSession;
  readonly nativeTheme: StandInNativeTheme;
  /** Tells the application of new contents. */
  readonly announce: (contents: StandInWebContents) => void;
  /** Tells the application that a window is gone. */
  readonly onWindowGone: () => void;
}

interface PagePreferences {
  readonly preload: string | null;
  readonly size: { readonly width: number; readonly height: number };
}

type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

/** Playwright's signal that a process is gone has no code; this is what a crash has on Linux. */
const CRASHED = { reason: 'crashed', exitCode: 5 } as const;

/** A page in the real Chromium with its preload in a real isolated world. */
export class StandInWebContents
  extends EventEmitter
  implements Shape<Electron.WebContents, 'id' | 'loadURL' | 'reload' | 'getURL' | 'send' | 'isDestroyed' | 'setWindowOpenHandler' | 'getZoomLevel' | 'setZoomLevel', 'mainFrame' | 'session'>
{
  readonly id: number;
  readonly session: StandInSession;
  readonly #services: PageServices;
  readonly #preferences: PagePreferences;
  readonly #face: StandInWebContents;
  #opening: Promise<Page> | null = null;
  #page: Page | null = null;
  #world: IsolatedWorld | null = null;
  #queue: Promise<void> = Promise.resolve();
  #openHandler: OpenHandler | null = null;
  /** Navigations that the application itself asked for, which nobody may prevent. */
  #expected: string | null = null;
  #lastUrl = '';
  #zoomLevel = 0;
  #loaded = false;
  #destroyed = false;

  constructor(services: PageServices, preferences: PagePreferences) {
    super();
    this.id = services.host.nextId();
    this.session = services.session;
    this.#services = services;
    this.#preferences = preferences;
    this.#face = strict(this, 'webContents', () => this.#destroyed);
    services.host.contents.add(this);
    services.announce(this.#face);
  }

  get mainFrame(): object {
    return strict({ url: this.getURL(), origin: originOf(this.getURL()), parent: null, top: null, processId: 1, routingId: 1, detached: false }, 'frame');
  }

  async loadURL(url: string): Promise<void> {
    this.#lastUrl = url;
    return this.#enqueue(async () => {
      const page = await this.#openPage();
      this.#expected = withoutHash(toPageUrl(url));
      try {
        await page.goto(toPageUrl(url));
      } catch (error) {
        this.emit('did-fail-load', eventWith('did-fail-load', {}), -2, String(error), url, true);
        throw error;
      }
    });
  }

  reload(): void {
    const url = this.#page === null ? this.#lastUrl : this.getURL();
    void this.loadURL(url);
  }

  getURL(): string {
    return this.#page === null ? this.#lastUrl : fromPageUrl(this.#page.url());
  }

  send(channel: string, ...args: unknown[]): void {
    this.#world?.send(channel, toWire(args));
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  getZoomLevel(): number {
    return this.#zoomLevel;
  }

  setZoomLevel(level: number): void {
    this.#zoomLevel = level;
    void this.#enqueue(async () => void (await this.#page?.evaluate(`document.documentElement.style.zoom = ${1.2 ** level}`)));
  }

  get [backstage]() {
    return {
      face: this.#face,
      page: this.#page,
      loaded: this.#loaded,
      askToOpen: (url: string): string => {
        if (this.#openHandler === null) return 'allow';
        return this.#openHandler(strict({ url, frameName: '', disposition: 'foreground-tab', features: '', referrer: { url: '', policy: 'default' } }, 'window.open details')).action;
      },
      resize: (size: { width: number; height: number }) => void this.#enqueue(async () => this.#page?.setViewportSize(size)),
      applyTheme: () => void this.#enqueue(async () => this.#page?.emulateMedia({ colorScheme: this.#services.nativeTheme[backstage].colorScheme })),
      press: (key: string, control: boolean): boolean => {
        const event = eventWith('before-input-event', {});
        this.emit('before-input-event', event, { type: 'keyDown', key, code: key, control, shift: false, alt: false, meta: false, isAutoRepeat: false, isComposing: false, location: 0, modifiers: [] });
        return event.defaultPrevented;
      },
      targetId: async (): Promise<string> => {
        const page = await this.#openPage();
        const session = await page.context().newCDPSession(page);
        return (await session.send('Target.getTargetInfo')).targetInfo.targetId;
      },
      crash: async (): Promise<void> => {
        const page = await this.#openPage();
        const gone = page.waitForEvent('crash');
        // The answer to a navigation to the crash page never comes.
        page.goto('chrome://crash').catch(() => undefined);
        await gone;
      },
      destroy: async (): Promise<void> => {
        if (this.#destroyed) return;
        this.#destroyed = true;
        this.#services.host.contents.delete(this);
        const page = this.#page;
        this.#page = null;
        this.emit('destroyed');
        await page?.close();
      },
    };
  }

  /** One thing after the other: the application calls without waiting, Chromium answers later. */
  async #enqueue(work: () => Promise<void | undefined>): Promise<void> {
    const before = this.#queue;
    const done = (async () => {
      await before;
      if (!this.#destroyed) await work();
    })();
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #openPage(): Promise<Page> {
    return (this.#opening ??= this.#makePage());
  }

  async #makePage(): Promise<Page> {
    const page = await this.#services.host.chromium.newPage();
    await page.setViewportSize(this.#preferences.size);
    await page.emulateMedia({ colorScheme: this.#services.nativeTheme[backstage].colorScheme });
    if (this.#preferences.preload !== null) {
      this.#world = await IsolatedWorld.install(page, this.#preferences.preload, (message, reply) => void this.#receive(message, reply));
    }
    await page.route('**/*', async (route) => this.#route(route));
    this.#follow(page);
    this.#page = page;
    return page;
  }

  #follow(page: Page): void {
    const current = (event: string, tell: () => void): void => void page.on(event as 'load', () => this.#page === page && tell());
    current('domcontentloaded', () => this.emit('dom-ready', eventWith('dom-ready', {})));
    current('load', () => {
      this.#loaded = true;
      this.emit('did-finish-load', eventWith('did-finish-load', {}));
    });
    current('crash', () => {
      this.#loaded = false;
      this.#opening = null;
      this.#page = null;
      this.#world = null;
      this.emit('render-process-gone', eventWith('render-process-gone', {}), CRASHED);
      void page.close();
    });
  }

  async #route(route: Route): Promise<void> {
    const request = route.request();
    if (request.isNavigationRequest() && request.frame() === this.#page?.mainFrame()) {
      if (request.url() === this.#expected) this.#expected = null;
      else if (!this.#mayNavigate(fromPageUrl(request.url()))) return route.abort('aborted');
    }
    return this.#services.protocol[backstage].serve(route);
  }

  #mayNavigate(url: string): boolean {
    for (const name of ['will-frame-navigate', 'will-navigate']) {
      const event = eventWith(name, { url, isMainFrame: true, isSameDocument: false, frame: this.mainFrame, initiator: this.mainFrame });
      this.emit(name, event);
      if (event.defaultPrevented) return false;
    }
    return true;
  }

  async #receive(message: PreloadMessage, reply: (message: MainMessage) => void): Promise<void> {
    if (message.kind === 'preload-error') {
      this.emit('preload-error', eventWith('preload-error', {}), this.#preferences.preload, new Error(message.message));
      return;
    }
    const answer = await this.#services.ipcMain[backstage].deliver(message, { sender: this.#face, senderFrame: this.mainFrame });
    if (answer !== null) reply(answer);
  }
}

/** A request never carries the part of an address that stays in the page. */
function withoutHash(url: string): string {
  return url.replace(/#.*$/, '');
}
