import type { EventEmitter } from 'node:events';
import type { StandInApp } from './app.ts';
import { StandInBrowserWindow } from './browser-window.ts';
import type { CommandTable } from './control.ts';
import type { StandInDialog } from './dialog.ts';
import { backstage, type Host } from './host.ts';
import type { StandInNativeTheme } from './native-theme.ts';
import type { StandInSession } from './session.ts';
import type { DesktopState } from './state.ts';
import { eventWith } from './strict.ts';
import type { StandInTray } from './tray.ts';
import type { PageServices } from './web-contents.ts';

interface Parts {
  readonly host: Host;
  readonly services: PageServices;
  readonly app: StandInApp;
  readonly dialog: StandInDialog;
  readonly powerMonitor: EventEmitter;
  readonly session: StandInSession;
  readonly nativeTheme: StandInNativeTheme;
}

/** What each command of a test does to the desktop. */
export function commandTable({ host, services, app, dialog, powerMonitor, session, nativeTheme }: Parts): CommandTable {
  const window = (id: number): StandInBrowserWindow => {
    const found = [...host.windows].find((candidate) => candidate.id === id);
    if (found === undefined) throw new Error(`There is no window ${id}.`);
    return found;
  };
  const tray = (): StandInTray => {
    const [first] = host.trays;
    if (first === undefined) throw new Error('There is no tray icon.');
    return first;
  };
  return {
    state: () => desktopState(host, nativeTheme),
    'tray.click': ({ button }) => done(tray()[backstage].click(button)),
    'menu.click': ({ id }) => done(tray()[backstage].clickMenu(id)),
    'dialog.answer': ({ id, response }) => done(dialog[backstage].answer(id, response)),
    'notification.click': ({ index, button }) => {
      const { notification } = host.notifications[index]!;
      if (button === null) notification.emit('click', eventWith('click', {}));
      else notification.emit('action', eventWith('action', { actionIndex: button }), button);
      return null;
    },
    'window.page': async ({ id }) => ({
      targetId: await window(id)[backstage].contents[backstage].targetId(),
      debuggerUrl: await host.chromium.debuggerUrl(),
    }),
    'window.close': ({ id }) => done(window(id).close()),
    'window.crash': async ({ id }) => done(await window(id)[backstage].contents[backstage].crash()),
    'window.press': ({ id, key, control }) => done(window(id)[backstage].contents[backstage].press(key, control)),
    'window.foreign': async ({ url, preload }) => {
      const foreign = new StandInBrowserWindow(services, { webPreferences: { preload } });
      await foreign.loadURL(url);
      return { id: foreign.id };
    },
    'power.emit': ({ event }) => done(powerMonitor.emit(event, eventWith(event, {}))),
    'theme.system': ({ dark }) => done(nativeTheme[backstage].setSystem(dark)),
    'permission.ask': async ({ permission, url }) => ({ granted: await session[backstage].ask(permission, url) }),
    'url.open': ({ url }) => done(app.emit('open-url', eventWith('open-url', {}), url)),
  };
}

function done(_result: unknown): null {
  return null;
}

function desktopState(host: Host, nativeTheme: StandInNativeTheme): DesktopState {
  const [tray] = host.trays;
  return {
    tray: tray?.[backstage].record() ?? null,
    windows: [...host.windows].map((window) => window[backstage].record()),
    dialogs: host.dialogs.map(({ record }) => record),
    notifications: host.notifications.map(({ record }) => record),
    clipboard: host.clipboard,
    openedPaths: host.openedPaths,
    themeSource: nativeTheme.themeSource,
  };
}
