import { app, dialog, Notification, protocol, session, shell } from 'electron';
import { systemClock } from '../base/clock.ts';
import { createLog, type Log } from '../base/log.ts';
import { dataPaths } from '../config/data-dir.ts';
import { loadConfig } from '../config/load.ts';
import { SecretStore } from '../config/secret-store.ts';
import type { StartWheelhouse } from '../wheelhouse.ts';
import { appFiles } from './app-files.ts';
import { AppUpdater } from './app-updater.ts';
import { ElectronNotices } from './electron-notices.ts';
import { lockDownPages, lockDownSession } from './lock-down.ts';
import type { Launch } from './prepare.ts';
import { serveWindows } from './protocol.ts';
import { Shell } from './shell.ts';
import { endWithFailure } from './start-failure.ts';
import { localeFor } from './texts.ts';
import { updateObstacle } from './update-obstacle.ts';

/** Starts the core and shows it in the tray; a start that fails ends in a dialog and code 1. Electron must be ready. */
export async function start(startCore: StartWheelhouse, launch: Launch): Promise<void> {
  const { dataDir } = launch;
  const logsDir = dataPaths(dataDir).logs;
  try {
    const config = loadConfig({ dataDir, env: process.env });
    const secrets = new SecretStore({ dataDir, env: process.env, agentNames: config.agents.credentials, clock: systemClock, warn: (line) => log.warn(line) });
    const { level, max_size_mb: maxSizeMb, max_files: maxFiles } = config.log;
    const log = createLog({ level, dir: logsDir, maxSizeMb, maxFiles, hide: (line) => secrets.hide(line) });
    const shellLog = log.child({ room: 'desktop' });
    logProcessFaults(shellLog);
    const files = appFiles(app.getAppPath());
    lockDownPages(app, shellLog);
    lockDownSession(session.defaultSession);
    serveWindows(protocol, files.windows);
    const notices = new ElectronNotices({ supported: () => Notification.isSupported(), create: (options) => new Notification(options), log: shellLog });
    const updater = new AppUpdater({
      feed: config.updates.feed,
      obstacle: updateObstacle({ packaged: app.isPackaged, platform: process.platform, env: process.env, executable: process.execPath, resourcesDir: process.resourcesPath }),
      clock: systemClock,
      log: shellLog,
      load: async () => (await import('electron-updater')).default,
    });
    const core = await startCore({
      dataDir,
      config,
      secrets,
      clock: systemClock,
      log,
      mode: 'desktop',
      version: app.getVersion(),
      rendererDir: files.windows,
      platform: process.platform,
      env: process.env,
      desktopNotices: notices,
      updater,
    });
    try {
      new Shell({ core, notices, updater, launch, files, logsDir, clock: systemClock, log: shellLog }).open();
    } catch (error) {
      await core.stop();
      throw error;
    }
  } catch (error) {
    await endWithFailure(error, { app, dialog, shell, logsDir, locale: localeFor('system', app.getPreferredSystemLanguages()) });
  }
}

/** Electron shows uncaught errors in a dialog; the log keeps them. A rejection that nobody handles is as loud. */
function logProcessFaults(log: Log): void {
  process.on('uncaughtExceptionMonitor', (error) => log.error({ err: error }, 'uncaught error'));
  process.on('unhandledRejection', (reason) => {
    throw reason;
  });
  app.on('child-process-gone', (_event, { type, reason, exitCode }) => log.warn({ type, reason, exitCode }, 'a helper process is gone'));
}
