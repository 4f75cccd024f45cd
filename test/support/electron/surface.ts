/** Checked by the compiler only: the stand-in offers nothing that Electron does not have. */
import type * as RealElectron from 'electron';
import type { StandInApp } from './app.ts';
import type { StandInBrowserWindow } from './browser-window.ts';
import type { StandInDialog } from './dialog.ts';
import type { StandInIpcMain } from './ipc-main.ts';
import type { StandInMenu } from './menu.ts';
import type * as StandIn from './module.ts';
import type { StandInImage } from './native-image.ts';
import type { StandInNativeTheme } from './native-theme.ts';
import type { StandInClientRequest } from './net.ts';
import type { StandInProtocol } from './protocol.ts';
import type { StandInScreen } from './screen.ts';
import type { StandInSession } from './session.ts';
import type { NoInventions } from './shape.ts';
import type { StandInNotification } from './small-modules.ts';
import type { StandInTray } from './tray.ts';
import type { StandInWebContents } from './web-contents.ts';

/** A line that does not compile names the invented members in its error. */
export interface Surface {
  readonly exports: Holds<NoInventions<Omit<typeof StandIn, 'standInBecomeReady'>, typeof RealElectron>>;
  readonly app: Holds<NoInventions<StandInApp, Electron.App>>;
  readonly browserWindow: Holds<NoInventions<StandInBrowserWindow, Electron.BrowserWindow>>;
  readonly dialog: Holds<NoInventions<StandInDialog, Electron.Dialog>>;
  readonly ipcMain: Holds<NoInventions<StandInIpcMain, Electron.IpcMain>>;
  readonly menu: Holds<NoInventions<StandInMenu, Electron.Menu>>;
  readonly nativeImage: Holds<NoInventions<StandInImage, Electron.NativeImage>>;
  readonly nativeTheme: Holds<NoInventions<StandInNativeTheme, Electron.NativeTheme>>;
  readonly notification: Holds<NoInventions<StandInNotification, Electron.Notification>>;
  readonly protocol: Holds<NoInventions<StandInProtocol, Electron.Protocol>>;
  readonly clientRequest: Holds<NoInventions<StandInClientRequest, Electron.ClientRequest>>;
  readonly screen: Holds<NoInventions<StandInScreen, Electron.Screen>>;
  readonly session: Holds<NoInventions<StandInSession, Electron.Session>>;
  readonly tray: Holds<NoInventions<StandInTray, Electron.Tray>>;
  readonly webContents: Holds<NoInventions<StandInWebContents, Electron.WebContents>>;
}

type Holds<Check extends true> = Check;

/** Every event that the stand-in raises; never called. Overloads of `on` leave no other way to ask whether it exists. */
export function eventsExist(
  app: Electron.App,
  window: Electron.BrowserWindow,
  contents: Electron.WebContents,
  tray: Electron.Tray,
  power: Electron.PowerMonitor,
  theme: Electron.NativeTheme,
  request: Electron.ClientRequest,
  message: Electron.IncomingMessage,
): void {
  app.on('will-finish-launching', () => undefined);
  app.on('ready', () => undefined);
  app.on('before-quit', (event) => event.preventDefault());
  app.on('will-quit', (event) => event.preventDefault());
  app.on('quit', (_event, exitCode: number) => exitCode);
  app.on('window-all-closed', () => undefined);
  app.on('second-instance', (_event, argv: string[], workingDirectory: string) => [argv, workingDirectory]);
  app.on('open-url', (_event, url: string) => url);
  app.on('web-contents-created', (_event, created: Electron.WebContents) => created);
  window.on('close', (event) => event.preventDefault());
  window.on('closed', () => undefined);
  window.on('ready-to-show', () => undefined);
  window.on('show', () => undefined);
  window.on('hide', () => undefined);
  window.on('focus', () => undefined);
  window.on('blur', () => undefined);
  window.on('minimize', () => undefined);
  window.on('restore', () => undefined);
  window.on('maximize', () => undefined);
  contents.on('dom-ready', () => undefined);
  contents.on('did-finish-load', () => undefined);
  contents.on('did-fail-load', (_event, code: number, description: string, url: string, isMainFrame: boolean) => [code, description, url, isMainFrame]);
  contents.on('will-navigate', (details) => [details.url, details.isMainFrame, details.frame]);
  contents.on('will-frame-navigate', (details) => [details.url, details.isMainFrame, details.frame]);
  contents.on('render-process-gone', (_event, { reason, exitCode }) => [reason, exitCode]);
  contents.on('preload-error', (_event, path: string, error: Error) => [path, error]);
  contents.on('before-input-event', (_event, { type, key, control }) => [type, key, control]);
  contents.on('destroyed', () => undefined);
  tray.on('click', (_event, bounds, position) => [bounds, position]);
  tray.on('right-click', (_event, bounds) => [bounds]);
  power.on('suspend', () => undefined);
  power.on('resume', () => undefined);
  power.on('shutdown', () => undefined);
  theme.on('updated', () => undefined);
  request.on('response', (answer) => answer);
  request.on('redirect', (status: number, method: string, url: string) => [status, method, url]);
  request.on('abort', () => undefined);
  request.on('error', (error: Error) => error);
  message.on('aborted', () => undefined);
}
