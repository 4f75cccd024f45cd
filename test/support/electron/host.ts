import type { Page } from '@playwright/test';
import type { EventEmitter } from 'node:events';
import { Chromium, type ChromiumOptions } from './chromium.ts';
import type { StandInBrowserWindow } from './browser-window.ts';
import type { StandInMenu } from './menu.ts';
import type { DialogRecord, NotificationRecord } from './state.ts';
import type { StandInTray } from './tray.ts';
import type { StandInWebContents } from './web-contents.ts';

export interface HostOptions {
  /** The folder with the application's package.json. */
  readonly appPath: string;
  readonly chromium: ChromiumOptions;
  readonly preferredLanguages: readonly string[];
  /** Where the files of the builder are, as if the application were installed; absent: it runs from a checkout. */
  readonly packaged?: { readonly resourcesPath: string };
}

/** A dialog that was shown; the test answers it. */
export interface ShownDialog {
  record: DialogRecord;
  readonly answer: (response: number) => void;
}

/** The members of a stand-in object that are for the stand-in itself: a symbol keeps them from the application. */
export const backstage = Symbol('backstage');

/** The desktop that the stand-in's objects live on: everything that is open, and what was recorded. */
export class Host {
  readonly options: HostOptions;
  readonly chromium: Chromium;
  readonly windows = new Set<StandInBrowserWindow>();
  readonly contents = new Set<StandInWebContents>();
  readonly trays = new Set<StandInTray>();
  readonly dialogs: ShownDialog[] = [];
  readonly notifications: { readonly record: NotificationRecord; readonly notification: EventEmitter }[] = [];
  readonly openedPaths: string[] = [];
  applicationMenu: StandInMenu | null = null;
  clipboard = '';
  ready = false;
  #lastId = 0;

  constructor(options: HostOptions) {
    this.options = options;
    this.chromium = new Chromium(options.chromium, (popup) => void this.#refereePopup(popup));
  }

  /** Numbers for windows, contents and dialogs: unique over all of them, so that no test mixes them up. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Electron's objects may only be made once the application is ready. */
  requireReady(what: string): void {
    if (!this.ready) throw new Error(`Cannot create ${what} before app is ready`);
  }

  /** A page opened another page: its opener's handler decides. Links with `noopener` are attributed to the focused window. */
  async #refereePopup(popup: Page): Promise<void> {
    const opener = await popup.opener();
    const focused = [...this.windows].find((window) => window[backstage].focused);
    const contents = [...this.contents].find((candidate) => candidate[backstage].page === opener) ?? focused?.webContents;
    const answer = contents?.[backstage].askToOpen(popup.url()) ?? 'deny';
    if (answer !== 'deny') throw new Error('not in the stand-in: windows opened by pages');
    await popup.close();
  }
}
