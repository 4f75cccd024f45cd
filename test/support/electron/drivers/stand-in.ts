import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium, missingPart } from '../../setup/parts.ts';
import { fromPageUrl } from '../addresses.ts';
import type { CommandAnswer, CommandName, Commands } from '../control.ts';
import type { HostOptions } from '../host.ts';
import { OPTIONS_VARIABLE } from '../options.ts';
import type { DesktopState, WindowRecord } from '../state.ts';
import type { DesktopApp, DesktopDriver, LaunchOptions } from './driver.ts';
import { appEnvironment, CHECKOUT } from './machine.ts';
import { poll } from './poll.ts';

const RUNNER = resolve(import.meta.dirname, '../run.ts');

/** The built bundles on the stand-in, in a process of their own. */
export const standInDriver: DesktopDriver = {
  name: 'stand-in',
  unavailable: missingPart('chromium'),
  async launch(options) {
    return new StandInDesktop(options);
  },
};

class StandInDesktop implements DesktopApp {
  readonly ended: Promise<number | null>;
  readonly #options: LaunchOptions;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #children: ChildProcess[] = [];
  #lastSeq = 0;
  #output = '';
  #browser: Browser | null = null;

  constructor(options: LaunchOptions) {
    this.#options = options;
    this.#child = this.#fork(options.args ?? []);
    this.ended = exitCode(this.#child);
    this.#child.on('message', (answer: CommandAnswer) => {
      const waiting = this.#waiting.get(answer.seq);
      this.#waiting.delete(answer.seq);
      if (answer.ok) waiting?.resolve(answer.result);
      else waiting?.reject(new Error(answer.error));
    });
    this.#child.on('exit', (code) => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error(`The application ended with code ${code}.\n${this.#output}`));
    });
  }

  async state(): Promise<DesktopState> {
    return this.#command('state', {});
  }

  async page(): Promise<Page> {
    return this.#pageOf((await this.#window()).id);
  }

  async clickTray(): Promise<void> {
    await poll('the tray icon', async () => (await this.state()).tray);
    await this.#command('tray.click', { button: 'left' });
  }

  async clickMenu(id: string): Promise<void> {
    await poll('the tray icon', async () => (await this.state()).tray);
    await this.#command('menu.click', { id });
  }

  async answerDialog(button: string): Promise<void> {
    const dialog = await poll(`a dialog with the button ${button}`, async () => {
      const { dialogs } = await this.state();
      return dialogs.find(({ buttons, response }) => response === null && buttons.includes(button)) ?? null;
    });
    await this.#command('dialog.answer', { id: dialog.id, response: dialog.buttons.indexOf(button) });
  }

  async clickNotice(title: string, button: string | null): Promise<void> {
    const index = await poll(`the notice "${title}"`, async () => {
      const at = (await this.state()).notifications.findIndex((notice) => notice.title === title && (button === null || notice.buttons.includes(button)));
      return at === -1 ? null : at;
    });
    const { buttons } = (await this.state()).notifications[index]!;
    await this.#command('notification.click', { index, button: button === null ? null : buttons.indexOf(button) });
  }

  async closeWindow(): Promise<void> {
    await this.#command('window.close', { id: (await this.#window()).id });
  }

  async crashWindow(): Promise<void> {
    await this.#command('window.crash', { id: (await this.#window()).id });
  }

  async pressInWindow(key: string, control: boolean): Promise<void> {
    await this.#command('window.press', { id: (await this.#window()).id, key, control });
  }

  async openForeignWindow(): Promise<Page> {
    const preload = join(this.#appPath, 'out/preload/index.cjs');
    const { id } = await this.#command('window.foreign', { url: 'wheelhouse://app/index.html', preload });
    return this.#pageOf(id);
  }

  async power(event: 'resume' | 'shutdown'): Promise<void> {
    await this.#command('power.emit', { event });
  }

  async systemTheme(theme: 'light' | 'dark'): Promise<boolean> {
    await this.#command('theme.system', { dark: theme === 'dark' });
    return true;
  }

  async askPermission(permission: string): Promise<boolean> {
    return (await this.#command('permission.ask', { permission, url: 'wheelhouse://app/index.html' })).granted;
  }

  async launchAgain(args: readonly string[] = []): Promise<number | null> {
    return exitCode(this.#fork(args));
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  output(): string {
    return this.#output;
  }

  async dispose(): Promise<void> {
    await this.#browser?.close();
    for (const child of this.#children) child.kill('SIGKILL');
    await this.ended;
  }

  #fork(args: readonly string[]): ChildProcess {
    const standIn: HostOptions = {
      appPath: this.#appPath,
      chromium: { executablePath: findChromium()!, profileDir: `${this.#options.dataDir}-chromium`, headless: true },
      preferredLanguages: this.#options.languages ?? ['en-US'],
      ...(this.#options.packaged !== undefined && { packaged: this.#options.packaged }),
    };
    const child = fork(RUNNER, [this.#appPath, ...args], {
      env: { ...appEnvironment(this.#options), [OPTIONS_VARIABLE]: JSON.stringify(standIn) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    this.#children.push(child);
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    return child;
  }

  get #appPath(): string {
    return this.#options.appPath ?? CHECKOUT;
  }

  async #command<N extends CommandName>(name: N, args: Commands[N]['args']): Promise<Commands[N]['result']> {
    this.#lastSeq += 1;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#lastSeq, answer);
    this.#child.send({ seq: this.#lastSeq, name, args }, (error) => error && answer.reject(error));
    return answer.promise as Promise<Commands[N]['result']>;
  }

  /** The application's own window, which is the first. */
  async #window(): Promise<WindowRecord> {
    return poll('a window', async () => (await this.state()).windows[0] ?? null);
  }

  /** The live page of a window; a page that crashed stays listed for a while, so the name of the target decides. */
  async #pageOf(id: number): Promise<Page> {
    const { debuggerUrl, targetId } = await this.#command('window.page', { id });
    this.#browser ??= await chromium.connectOverCDP(debuggerUrl);
    const context = this.#browser.contexts()[0]!;
    const page = await poll('the page of the window', async () => {
      for (const candidate of context.pages()) if ((await targetOf(candidate)) === targetId) return candidate;
      return null;
    });
    await page.waitForURL((url) => fromPageUrl(url.href).startsWith('wheelhouse://'), { waitUntil: 'load' });
    return page;
  }
}

/** Null for a page that has crashed or was closed meanwhile. */
async function targetOf(page: Page): Promise<string | null> {
  try {
    const session = await page.context().newCDPSession(page);
    const { targetInfo } = await session.send('Target.getTargetInfo');
    await session.detach();
    return targetInfo.targetId;
  } catch {
    return null;
  }
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}
