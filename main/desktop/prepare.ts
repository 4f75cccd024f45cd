import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, Menu, protocol } from 'electron';
import { resolveDataDir } from '../config/data-dir.ts';
import { findDeepLink, parseDeepLink, SCHEME } from './deep-links.ts';
import { applicationMenu } from './menu.ts';
import { OpenRequests } from './open-requests.ts';
import { PRIVILEGED_SCHEME } from './protocol.ts';

/** What was settled before Electron was ready. */
export interface Launch {
  readonly dataDir: string;
  /** Chromium's profile and the window memory. */
  readonly profileDir: string;
  /** Started at login: no window, only the tray. */
  readonly hidden: boolean;
  readonly requests: OpenRequests;
}

const APP_USER_MODEL_ID = 'dev.wheelhouse.Wheelhouse';

/**
 * Everything Electron wants to know before it is ready. Null: another instance runs on this data directory and was
 * asked to show its window; this one is ending. Nothing of the core is touched before that is known.
 */
export function prepare(env: NodeJS.ProcessEnv, argv: readonly string[]): Launch | null {
  const dataDir = resolveDataDir(env);
  const profileDir = join(dataDir, 'desktop');
  useProfile(profileDir);
  if (!app.requestSingleInstanceLock()) {
    app.exit(0);
    return null;
  }
  app.enableSandbox();
  if (process.platform === 'win32') app.setAppUserModelId(APP_USER_MODEL_ID);
  protocol.registerSchemesAsPrivileged([PRIVILEGED_SCHEME]);
  const menu = applicationMenu(process.platform);
  Menu.setApplicationMenu(menu === null ? null : Menu.buildFromTemplate(menu));
  const requests = new OpenRequests();
  takeRequests(requests, argv);
  return { dataDir, profileDir, hidden: argv.includes('--hidden'), requests };
}

/** One instance per data directory: the lock of Electron lies in its profile. */
function useProfile(profileDir: string): void {
  try {
    mkdirSync(profileDir, { recursive: true, mode: 0o700 });
  } catch {
    // The start of the core says what is wrong with the data directory, in a dialog that cannot be shown yet.
    return;
  }
  app.setPath('userData', profileDir);
}

function takeRequests(requests: OpenRequests, argv: readonly string[]): void {
  const openLink = (link: string | null): void => requests.push({ page: link === null ? null : parseDeepLink(link) });
  const firstLink = findDeepLink(argv);
  if (firstLink !== null) openLink(firstLink);
  app.on('second-instance', (_event, laterArgv) => {
    // The system starting us at login a second time is nobody who wants a window.
    if (!laterArgv.includes('--hidden')) openLink(findDeepLink(laterArgv));
  });
  // macOS hands links and clicks on the dock over as events.
  app.on('open-url', (event, link) => {
    event.preventDefault();
    openLink(link);
  });
  app.on('activate', () => requests.push({ page: null }));
  if (app.isPackaged) app.setAsDefaultProtocolClient(SCHEME);
}
