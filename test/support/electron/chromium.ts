import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';

/** Where Chromium writes the port and path of its debugger. */
const DEBUGGER_FILE = 'DevToolsActivePort';

export interface ChromiumOptions {
  readonly executablePath: string;
  /** A folder for Chromium's profile. */
  readonly profileDir: string;
  readonly headless: boolean;
}

/** The one Chromium behind all windows: started with the first window, ended with the process. */
export class Chromium {
  readonly #options: ChromiumOptions;
  readonly #onPopup: (popup: Page) => void;
  #context: Promise<BrowserContext> | null = null;
  #opening = 0;

  /** `onPopup` hears of pages that a page opened. */
  constructor(options: ChromiumOptions, onPopup: (popup: Page) => void) {
    this.#options = options;
    this.#onPopup = onPopup;
  }

  async newPage(): Promise<Page> {
    this.#context ??= this.#start();
    const context = await this.#context;
    this.#opening += 1;
    try {
      return await context.newPage();
    } finally {
      this.#opening -= 1;
    }
  }

  /** `ws://…` of the debugger, once there is a page. */
  async debuggerUrl(): Promise<string> {
    await this.#context;
    const [port, path] = readFileSync(join(this.#options.profileDir, DEBUGGER_FILE), 'utf8').split('\n');
    return `ws://127.0.0.1:${port}${path}`;
  }

  async close(): Promise<void> {
    await (await this.#context)?.close();
  }

  async #start(): Promise<BrowserContext> {
    const { executablePath, headless, profileDir } = this.#options;
    // Loaded with the first window: most starts in tests have none, and it is large.
    const { chromium } = await import('@playwright/test');
    // The first, blank page stays: Chromium ends with its last page, a tray application does not.
    const context = await chromium.launchPersistentContext(profileDir, {
      executablePath,
      headless,
      viewport: null,
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--remote-debugging-port=0'],
      // Signals are the application's to handle.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    context.on('page', (page) => {
      if (this.#opening === 0) this.#onPopup(page);
    });
    return context;
  }
}
