import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { app, BrowserWindow, clipboard, dialog, ipcMain, Menu, nativeImage, nativeTheme, Notification, powerMonitor, screen, shell, Tray } from 'electron';
import type { CallName, Locale } from '../../preload/contract.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Wheelhouse } from '../wheelhouse.ts';
import type { AppFiles } from './app-files.ts';
import type { AppUpdater } from './app-updater.ts';
import { callQuestion, quitQuestion, type Question } from './confirmations.ts';
import { isPage } from './deep-links.ts';
import type { ElectronNotices } from './electron-notices.ts';
import { nextFacts, workRuns, type ShellFacts } from './facts.ts';
import { Ipc } from './ipc.ts';
import { MainWindow } from './main-window.ts';
import type { OpenRequest } from './open-requests.ts';
import { watchPower } from './power.ts';
import type { Launch } from './prepare.ts';
import { INDEX_URL } from './protocol.ts';
import { Quit } from './quit.ts';
import { ShellMemory } from './shell-memory.ts';
import { localeFor, textsIn, type Texts } from './texts.ts';
import { trayHostPresent } from './tray-host.ts';
import { trayIconFile } from './tray-icons.ts';
import { trayModel, type TrayAction } from './tray-model.ts';
import { TrayIcon } from './tray.ts';
import { placeOnDisplays } from './window-bounds.ts';
import { backgroundColor, windowOptions } from './window-options.ts';

interface ShellOptions {
  readonly core: Wheelhouse;
  readonly notices: ElectronNotices;
  readonly updater: AppUpdater;
  readonly launch: Launch;
  readonly files: AppFiles;
  readonly logsDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** A question to the session bus is answered at once or not at all. */
const BUS_TIMEOUT_MS = 2000;
/** How often the countdown in the tray moves. */
const COUNTDOWN_MS = 10_000;

/** Tray, window, dialogs and the way out around a running core: wires the parts, decides nothing. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #memory: ShellMemory;
  readonly #window: MainWindow;
  readonly #ipc: Ipc;
  readonly #quit: Quit;
  readonly #tray: TrayIcon;
  #facts: ShellFacts | null = null;
  #trayTimer: Timer | null = null;

  constructor(options: ShellOptions) {
    const { core, clock, log } = options;
    this.#options = options;
    this.#memory = new ShellMemory(join(options.launch.profileDir, 'shell.json'), log);
    this.#window = this.#createWindow();
    this.#ipc = new Ipc({
      ipcMain,
      core,
      log,
      delegate: {
        roleOf: (id) => this.#window.roleOf(id),
        confirm: async (name, args) => this.#confirm(name, args),
      },
    });
    this.#quit = new Quit({
      app,
      clock,
      log,
      delegate: { mayQuit: async () => this.#mayQuit(), stop: async () => this.#stop(), tellFailure: async (error) => this.#tellFailedUpdate(error) },
    });
    this.#tray = this.#createTray();
  }

  /** Follows the core, serves the system's events and shows the window unless the start was a quiet one. */
  open(): void {
    const { core, notices, updater, launch, log } = this.#options;
    updater.serveWith({ offered: () => this.#showTray(), restart: () => this.#restart() });
    notices.openWith((page) => this.#show({ page: isPage(page) ? page : null }));
    core.live.subscribe((event) => {
      const facts = nextFacts(this.#facts, event);
      if (facts !== this.#facts) this.#follow(facts);
    });
    watchPower(powerMonitor, core, log);
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      // Asks the system for the moment that an orderly end takes.
      event?.preventDefault();
      this.#quit.now('the system shuts down');
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => this.#quit.now(signal));
    // With a listener, Electron goes on without windows.
    app.on('window-all-closed', () => log.debug('no window is open'));
    nativeTheme.on('updated', () => this.#followTheme());
    const displaysChanged = (): void => this.#tray.refresh();
    screen.on('display-added', displaysChanged);
    screen.on('display-removed', displaysChanged);
    screen.on('display-metrics-changed', displaysChanged);
    const served = launch.requests.serveWith((request) => this.#show(request));
    if (!served) void this.#showAtStart();
  }

  async #showAtStart(): Promise<void> {
    // Without a tray a hidden start would be one that nobody can see or end.
    if (!this.#options.launch.hidden || !(await this.#trayPresent())) this.#show({ page: null });
  }

  #show({ page }: OpenRequest): void {
    const contents = this.#window.show();
    if (page !== null) this.#ipc.navigate(contents, page);
  }

  #follow(facts: ShellFacts | null): void {
    this.#facts = facts;
    const theme = facts?.settings.theme ?? 'system';
    if (nativeTheme.themeSource !== theme) nativeTheme.themeSource = theme;
    this.#showTray();
  }

  /** While a recovery counts down, again and again; not every second, because that would close an open menu on Linux. */
  #showTray(): void {
    this.#trayTimer?.cancel();
    this.#trayTimer = this.#facts?.status.killSwitch === 'RECOVERING' ? this.#options.clock.setTimer(COUNTDOWN_MS, () => this.#showTray()) : null;
    this.#tray.show(this.#trayModel());
  }

  #followTheme(): void {
    this.#window.setBackgroundColor(backgroundColor(nativeTheme.shouldUseDarkColors));
    this.#tray.refresh();
  }

  get #locale(): Locale {
    return localeFor(this.#facts?.settings.language ?? 'system', app.getPreferredSystemLanguages());
  }

  get #texts(): Texts {
    return textsIn(this.#locale);
  }

  #trayModel(): ReturnType<typeof trayModel> {
    return trayModel(this.#facts, this.#texts, this.#locale, this.#options.clock.now(), this.#options.updater.restartTo);
  }

  #createTray(): TrayIcon {
    const { clock, log, files } = this.#options;
    return new TrayIcon(
      {
        platform: process.platform,
        clock,
        log,
        createTray: (image) => new Tray(image),
        buildMenu: (template) => Menu.buildFromTemplate(template),
        image: (query) => nativeImage.createFromPath(join(files.trayIcons, trayIconFile(query))),
        // Elsewhere than on Windows no icon depends on it.
        darkTaskbar: () => process.platform !== 'win32' || nativeTheme.shouldUseDarkColorsForSystemIntegratedUI,
        scale: () => Math.max(...screen.getAllDisplays().map((display) => display.scaleFactor)),
        onAction: (action) => this.#act(action),
      },
      this.#trayModel(),
    );
  }

  #act(action: TrayAction): void {
    const { core, logsDir, log } = this.#options;
    switch (action.do) {
      case 'open':
        return this.#show({ page: action.page });
      case 'copy-mcp-address':
        return void clipboard.writeText(core.info.mcpUrl);
      case 'open-logs':
        return void shell.openPath(logsDir).then((failure) => failure !== '' && log.warn({ failure }, 'the logs folder did not open'));
      case 'restart-to-update':
        return this.#restart();
      case 'quit':
        return app.quit();
    }
  }

  #createWindow(): MainWindow {
    const { files, log } = this.#options;
    return new MainWindow({
      platform: process.platform,
      log,
      url: INDEX_URL,
      create: (options) => new BrowserWindow(options),
      delegate: {
        options: () => {
          const { workArea } = screen.getPrimaryDisplay();
          const place = placeOnDisplays(this.#memory.windowPlace, [workArea, ...screen.getAllDisplays().map((display) => display.workArea)]);
          const dark = nativeTheme.shouldUseDarkColors;
          return { ...windowOptions({ title: this.#texts('name'), place, dark, preload: files.preload, icon: files.icon }), place };
        },
        remember: (place) => this.#memory.rememberWindow(place),
        trayPresent: async () => this.#trayPresent(),
        onClosed: (to) => this.#tellWhereTheWindowWent(to),
        quitting: () => this.#quit.decided,
        quit: () => app.quit(),
        onSessionEnd: () => this.#quit.now('the session ends'),
      },
    });
  }

  async #trayPresent(): Promise<boolean> {
    const run = promisify(execFile);
    return trayHostPresent(
      process.platform,
      async (program, args) => (await run(program, args, { timeout: BUS_TIMEOUT_MS })).stdout,
      this.#options.log,
    );
  }

  #tellWhereTheWindowWent(to: 'tray' | 'taskbar'): void {
    const texts = this.#texts;
    if (!this.#memory.firstTime(to === 'tray' ? 'still-running' : 'no-tray') || !Notification.isSupported()) return;
    const text =
      to === 'tray'
        ? { title: texts('stillRunningTitle'), body: texts('stillRunningBody') }
        : { title: texts('noTrayTitle'), body: texts('noTrayBody') };
    new Notification(text).show();
  }

  async #confirm(name: CallName, args: unknown): Promise<boolean> {
    return this.#ask(callQuestion(name, args, this.#facts, this.#texts));
  }

  async #mayQuit(): Promise<boolean> {
    return this.#facts === null || !workRuns(this.#facts) || this.#ask(quitQuestion(this.#facts, this.#texts));
  }

  async #ask({ box, yes }: Question): Promise<boolean> {
    const window = this.#window.visible;
    const { response } = await (window === null ? dialog.showMessageBox(box) : dialog.showMessageBox(window, box));
    return response === yes;
  }

  #restart(): void {
    this.#quit.endWith(async (onFailure) => {
      // The new version must not take this one for another that runs.
      app.releaseSingleInstanceLock();
      await this.#options.updater.install(onFailure);
    });
  }

  async #tellFailedUpdate(error: unknown): Promise<void> {
    this.#options.log.error({ err: error }, 'the update could not be installed');
    const texts = this.#texts;
    await dialog.showMessageBox({ type: 'error', title: texts('name'), message: texts('updateFailedTitle'), detail: texts('updateFailedDetail', { reason: String(error) }), buttons: [texts('quit')] });
  }

  async #stop(): Promise<void> {
    this.#ipc.dispose();
    this.#trayTimer?.cancel();
    this.#tray.dispose();
    await this.#options.core.stop();
  }
}
