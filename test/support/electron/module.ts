/** What `import … from 'electron'` gives the application. A name that is not here fails when the bundle is linked. */
import { EventEmitter } from 'node:events';
import { StandInApp } from './app.ts';
import { StandInBrowserWindow } from './browser-window.ts';
import { commandTable } from './command-table.ts';
import { serveCommands } from './control.ts';
import { StandInDialog } from './dialog.ts';
import { backstage, Host } from './host.ts';
import { StandInIpcMain } from './ipc-main.ts';
import { menuStatics } from './menu.ts';
import { nativeImageStatics, type StandInImage } from './native-image.ts';
import { StandInNativeTheme } from './native-theme.ts';
import { netModule } from './net.ts';
import { readOptions } from './options.ts';
import { StandInProtocol } from './protocol.ts';
import { StandInScreen } from './screen.ts';
import { StandInSession } from './session.ts';
import { clipboardModule, shellModule, StandInNotification } from './small-modules.ts';
import { strict } from './strict.ts';
import { StandInTray } from './tray.ts';
import type { PageServices } from './web-contents.ts';

const host = new Host(readOptions(process.env));
const theApp = new StandInApp(host);
const theProtocol = new StandInProtocol(host);
const theIpcMain = new StandInIpcMain();
const theTheme = new StandInNativeTheme(host);
const theSession = new StandInSession();
const theDialog = new StandInDialog(host);
const thePowerMonitor = new EventEmitter();
const services: PageServices = {
  host,
  ipcMain: theIpcMain,
  protocol: theProtocol,
  session: strict(theSession, 'session'),
  nativeTheme: theTheme,
  announce: (contents) => theApp.emit('web-contents-created', {}, contents),
  onWindowGone: () => theApp[backstage].onWindowGone(),
};

export const app = strict(theApp, 'app');
export const protocol = strict(theProtocol, 'protocol');
export const ipcMain = strict(theIpcMain, 'ipcMain');
export const nativeTheme = strict(theTheme, 'nativeTheme');
export const dialog = strict(theDialog, 'dialog');
export const powerMonitor = strict(thePowerMonitor, 'powerMonitor');
export const screen = strict(new StandInScreen(host), 'screen');
export const session = strict({ defaultSession: services.session, fromPartition: () => strict(new StandInSession(), 'session') }, 'session');
export const net = strict(netModule(), 'net');
/** Of Squirrel, which Linux does not have: only what the updater says to it. */
export const autoUpdater = strict(new EventEmitter(), 'autoUpdater');
export const shell = strict(shellModule(host), 'shell');
export const clipboard = strict(clipboardModule(host), 'clipboard');
export const nativeImage = strict(nativeImageStatics(host.options.appPath), 'nativeImage');
export const Menu = strict(menuStatics(host), 'Menu');

export class BrowserWindow extends StandInBrowserWindow {
  constructor(options?: Electron.BrowserWindowConstructorOptions) {
    super(services, options);
  }
}

export class Tray extends StandInTray {
  constructor(image: StandInImage) {
    super(host, image);
  }
}

export class Notification extends StandInNotification {
  constructor(options?: Electron.NotificationConstructorOptions) {
    super(host, options);
  }
}

serveCommands(commandTable({ host, services, app: theApp, dialog: theDialog, powerMonitor: thePowerMonitor, session: theSession, nativeTheme: theTheme }), process);

/** For run.ts alone: the entry module has been evaluated. */
export const standInBecomeReady = (): void => theApp[backstage].becomeReady();
