import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type * as RealElectron from 'electron';
import type { DesktopState } from '../state.ts';
import type { DesktopApp, DesktopDriver, LaunchOptions } from './driver.ts';
import { appEnvironment, CHECKOUT } from './machine.ts';
import { poll } from './poll.ts';

const RECORDER = join(import.meta.dirname, 'recorder.cjs');
const PERMISSION_NAMES: Readonly<Record<string, string>> = { media: 'camera', 'clipboard-sanitized-write': 'clipboard-write' };

/** What recorder.cjs leaves in the main process. */
declare global {
  // oxlint-disable-next-line no-var
  var desktopRecorder: {
    state(): Promise<DesktopState>;
    clickTray(): void;
    clickMenu(id: string): void;
    clickNotice(click: { readonly index: number; readonly button: number | null }): void;
    answerDialog(answer: { readonly id: number; readonly response: number }): void;
  };
}

/** The built bundles on Electron itself, through Playwright. Runs where the binary has been fetched and there is a display. */
export const realElectronDriver: DesktopDriver = {
  name: 'real Electron',
  unavailable: reasonItCannotRun(),
  async launch(options) {
    const app = await _electron.launch({ args: commandLine(options), env: { ...appEnvironment(options), LANGUAGE: languageOf(options) } });
    return new RealDesktop(app, options);
  },
};

function reasonItCannotRun(): string | null {
  if (!existsSync(join(CHECKOUT, 'node_modules/electron/dist'))) return 'the Electron binary is not installed (npm start fetches it)';
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY ? 'there is no display' : null;
}

function commandLine({ appPath = CHECKOUT, args = [] }: LaunchOptions): string[] {
  // Chromium refuses to run its sandbox as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return ['-r', RECORDER, ...sandbox, appPath, ...args];
}

function languageOf({ languages = ['en-US'] }: LaunchOptions): string {
  return languages.map((language) => language.replace('-', '_')).join(':');
}

class RealDesktop implements DesktopApp {
  readonly ended: Promise<number | null>;
  readonly #app: ElectronApplication;
  readonly #options: LaunchOptions;
  #output = '';

  constructor(app: ElectronApplication, options: LaunchOptions) {
    this.#app = app;
    this.#options = options;
    const child = app.process();
    this.ended = once(child, 'exit').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
  }

  async state(): Promise<DesktopState> {
    return this.#app.evaluate(async () => globalThis.desktopRecorder.state());
  }

  async page(): Promise<Page> {
    return this.#pageWhere((url) => url.startsWith('wheelhouse://app/') && !url.endsWith('#foreign'));
  }

  async clickTray(): Promise<void> {
    await this.#tray();
    await this.#app.evaluate(() => globalThis.desktopRecorder.clickTray());
  }

  async clickMenu(id: string): Promise<void> {
    await this.#tray();
    await this.#app.evaluate((_electron, item) => globalThis.desktopRecorder.clickMenu(item), id);
  }

  async answerDialog(button: string): Promise<void> {
    const dialog = await poll(`a dialog with the button ${button}`, async () => {
      const { dialogs } = await this.state();
      return dialogs.find(({ buttons, response }) => response === null && buttons.includes(button)) ?? null;
    });
    const answer = { id: dialog.id, response: dialog.buttons.indexOf(button) };
    await this.#app.evaluate((_electron, given) => globalThis.desktopRecorder.answerDialog(given), answer);
  }

  async clickNotice(title: string, button: string | null): Promise<void> {
    const index = await poll(`the notice "${title}"`, async () => {
      const at = (await this.state()).notifications.findIndex((notice) => notice.title === title && (button === null || notice.buttons.includes(button)));
      return at === -1 ? null : at;
    });
    const { buttons } = (await this.state()).notifications[index]!;
    await this.#app.evaluate((_electron, given) => globalThis.desktopRecorder.clickNotice(given), { index, button: button === null ? null : buttons.indexOf(button) });
  }

  async closeWindow(): Promise<void> {
    await this.#app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  }

  async crashWindow(): Promise<void> {
    await this.#app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer());
  }

  async pressInWindow(key: string, control: boolean): Promise<void> {
    await (await this.page()).keyboard.press(control ? `Control+${key}` : key);
  }

  async openForeignWindow(): Promise<Page> {
    await this.#app.evaluate(async ({ BrowserWindow }, preload) => {
      await new BrowserWindow({ webPreferences: { preload } }).loadURL('wheelhouse://app/index.html#foreign');
    }, join(this.#options.appPath ?? CHECKOUT, 'out/preload/index.cjs'));
    return this.#pageWhere((url) => url.endsWith('#foreign'));
  }

  async power(event: 'resume' | 'shutdown'): Promise<void> {
    await this.#app.evaluate(({ powerMonitor }: typeof RealElectron, name) => void powerMonitor.emit(name, { preventDefault: () => undefined }), event);
  }

  async systemTheme(): Promise<boolean> {
    return false;
  }

  async askPermission(permission: string): Promise<boolean> {
    const name = PERMISSION_NAMES[permission] ?? permission;
    return (await this.page()).evaluate(`navigator.permissions.query({ name: ${JSON.stringify(name)} }).then(({ state }) => state === 'granted')`);
  }

  async launchAgain(args: readonly string[] = []): Promise<number | null> {
    const executable = createRequire(import.meta.url)('electron') as unknown as string;
    const child = spawn(executable, commandLine({ ...this.#options, args }), { env: appEnvironment(this.#options), stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  signal(signal: NodeJS.Signals): void {
    this.#app.process().kill(signal);
  }

  output(): string {
    return this.#output;
  }

  async dispose(): Promise<void> {
    this.#app.process().kill('SIGKILL');
    await this.ended;
  }

  async #tray(): Promise<void> {
    await poll('the tray icon', async () => (await this.state()).tray);
  }

  async #pageWhere(matches: (url: string) => boolean): Promise<Page> {
    const page = await poll('a page', () => this.#app.windows().find((candidate) => matches(candidate.url())) ?? null);
    await page.waitForLoadState('load');
    return page;
  }
}
