import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import type { Clock, Timer } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { TrayIconQuery } from './tray-icons.ts';
import type { TrayAction, TrayEntry, TrayModel } from './tray-model.ts';

/** Icons that are set faster than this are lost by some trays. */
const RENDER_INTERVAL_MS = 200;

export interface TrayIconOptions {
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly log: Log;
  readonly createTray: (image: NativeImage) => Tray;
  readonly buildMenu: (template: MenuItemConstructorOptions[]) => Menu;
  readonly image: (query: TrayIconQuery) => NativeImage;
  /** Asked at every render: the person may change both while we run. */
  readonly darkTaskbar: () => boolean;
  readonly scale: () => number;
  readonly onAction: (action: TrayAction) => void;
}

/** The icon in the tray. What it shows is derived from one model; showing the same model again does nothing. */
export class TrayIcon {
  readonly #options: TrayIconOptions;
  readonly #tray: Tray;
  #model: TrayModel;
  #shown = '';
  #logged: Pick<TrayModel, 'state' | 'count'> | null = null;
  #menu: Menu | null = null;
  #timer: Timer | null = null;
  #renderedAt = -Infinity;

  constructor(options: TrayIconOptions, model: TrayModel) {
    this.#options = options;
    this.#model = model;
    this.#tray = options.createTray(options.image(this.#iconQuery()));
    this.#installClicks();
    this.#render();
  }

  show(model: TrayModel): void {
    this.#model = model;
    this.refresh();
  }

  /** Looks again at what the model does not hold: the colour of the taskbar and the displays. */
  refresh(): void {
    if (this.#timer !== null) return;
    const { clock } = this.#options;
    const waitMs = this.#renderedAt + RENDER_INTERVAL_MS - clock.monotonic();
    if (waitMs <= 0) return this.#render();
    this.#timer = clock.setTimer(waitMs, () => {
      this.#timer = null;
      this.#render();
    });
  }

  dispose(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (!this.#tray.isDestroyed()) this.#tray.destroy();
  }

  /** macOS opens the menu that is set; Windows would do so on a left click too, so there it is only set for the right one. */
  #installClicks(): void {
    const open = (): void => this.#options.onAction({ do: 'open', page: null });
    switch (this.#options.platform) {
      case 'darwin':
        // Without this a click waits for a second one.
        this.#tray.setIgnoreDoubleClickEvents(true);
        return;
      case 'win32':
        this.#tray.on('click', open);
        this.#tray.on('right-click', () => this.#tray.popUpContextMenu(this.#menu ?? undefined));
        return;
      default:
        // Only some hosts report clicks; the menu has the same verb.
        this.#tray.on('click', open);
    }
  }

  #render(): void {
    const { platform, image, buildMenu } = this.#options;
    const query = this.#iconQuery();
    const looks = JSON.stringify([this.#model, query]);
    if (looks === this.#shown) return;
    this.#renderedAt = this.#options.clock.monotonic();
    this.#shown = looks;
    this.#tray.setImage(image(query));
    this.#tray.setToolTip(this.#model.tooltip);
    if (platform === 'darwin') this.#tray.setTitle(this.#model.count > 0 ? String(this.#model.count) : '');
    this.#menu = buildMenu(this.#model.menu.map((entry) => this.#menuItem(entry)));
    // Hosts on Linux show what was exported with the menu, so a changed menu has to be set as a whole.
    if (platform !== 'win32') this.#tray.setContextMenu(this.#menu);
    this.#logTransition();
  }

  #logTransition(): void {
    const { state, count } = this.#model;
    if (this.#logged?.state === state && this.#logged.count === count) return;
    this.#logged = { state, count };
    this.#options.log.info(this.#logged, 'tray shows');
  }

  #iconQuery(): TrayIconQuery {
    const { platform, darkTaskbar, scale } = this.#options;
    const { state, count } = this.#model;
    return { platform, state, count, darkTaskbar: darkTaskbar(), scale: scale() };
  }

  #menuItem(entry: TrayEntry): MenuItemConstructorOptions {
    if (entry.kind === 'separator') return { type: 'separator' };
    // A single ampersand would underline the next letter instead of being shown.
    const label = entry.label.replaceAll('&', '&&');
    if (entry.kind === 'note') return { id: entry.id, label, enabled: false };
    return { id: entry.id, label, click: () => this.#options.onAction(entry.action) };
  }
}
