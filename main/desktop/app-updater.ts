import type { AppUpdater as Library, CancellationToken } from 'electron-updater';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Offer } from '../updates/feed.ts';
import type { Obstacle } from '../updates/types.ts';
import type { Updater } from '../updates/updates.ts';

/** What this uses of electron-updater. */
export interface UpdaterLibrary {
  readonly autoUpdater: Library;
  readonly CancellationToken: new () => CancellationToken;
}

export interface AppUpdaterOptions {
  readonly feed: string;
  readonly obstacle: Obstacle | null;
  readonly clock: Clock;
  readonly log: Log;
  /** Loads the library, which no start needs. */
  readonly load: () => Promise<UpdaterLibrary>;
}

/** What hears of the updater: the tray and the way out. */
export interface UpdateDelegate {
  /** The version that a restart would bring changed. */
  offered(): void;
  restart(): void;
}

/** A connection that brings nothing for this long is dead; the library would wait for it for ever. */
const SILENCE_MS = 600_000;

/** One for all installations: the library would make a lasting number for each and send it with every request. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Downloads and installs with electron-updater, which knows how the packages of each system are replaced and checks their
 * SHA-512 and, on Windows and macOS, their signature. It installs nothing unless told to.
 */
export class AppUpdater implements Updater {
  readonly obstacle: Obstacle | null;
  readonly #options: AppUpdaterOptions;
  #library: Promise<UpdaterLibrary> | null = null;
  #delegate: UpdateDelegate | null = null;
  #restartTo: string | null = null;

  constructor(options: AppUpdaterOptions) {
    this.#options = options;
    this.obstacle = options.obstacle;
  }

  /** From now on `delegate` hears; it asks for {@link restartTo} itself. */
  serveWith(delegate: UpdateDelegate): void {
    this.#delegate = delegate;
  }

  /** The version that a restart would bring; null: none. */
  get restartTo(): string | null {
    return this.#restartTo;
  }

  async download(offer: Offer, signal: AbortSignal): Promise<void> {
    const { autoUpdater, CancellationToken } = await this.#open();
    const token = new CancellationToken();
    const end = Promise.withResolvers<never>();
    const givenUp = (): void => end.reject(new Error('the download was given up'));
    signal.addEventListener('abort', givenUp);
    const dead = (): void => end.reject(new Error(`nothing arrived for ${SILENCE_MS / 1000} s`));
    let silence = this.#options.clock.setTimer(SILENCE_MS, dead);
    const alive = (): void => {
      silence.cancel();
      silence = this.#options.clock.setTimer(SILENCE_MS, dead);
    };
    const work = async (): Promise<void> => {
      const found = await autoUpdater.checkForUpdates();
      if (!found?.isUpdateAvailable || !sameOffer(offer, found.updateInfo)) {
        throw new AppError('UPDATE_FEED_INVALID', `The feed of updates at ${this.#options.feed} says something else than a moment ago. It is asked again later.`);
      }
      await autoUpdater.downloadUpdate(token);
    };
    try {
      autoUpdater.on('download-progress', alive);
      // The library may take long to hear that it is cancelled; nobody waits for that.
      await Promise.race([work(), end.promise]);
    } catch (error) {
      token.cancel();
      throw downloadError(error, offer.version);
    } finally {
      silence.cancel();
      autoUpdater.off('download-progress', alive);
      signal.removeEventListener('abort', givenUp);
    }
  }

  offerRestart(version: string | null): void {
    if (version === this.#restartTo) return;
    this.#restartTo = version;
    this.#delegate?.offered();
  }

  restart(): void {
    // Whoever asks gets an answer before the way out begins.
    setImmediate(() => this.#delegate?.restart());
  }

  /**
   * Installs what was downloaded and ends the application, which starts anew; everything of ours must have stopped before.
   * `onFailure` hears when that fails, at once or later: then the old version is still there.
   */
  async install(onFailure: (error: unknown) => void): Promise<void> {
    const { autoUpdater } = await this.#open();
    autoUpdater.once('error', onFailure);
    autoUpdater.quitAndInstall(false, true);
  }

  async #open(): Promise<UpdaterLibrary> {
    this.#library ??= this.#options.load();
    const library = await this.#library;
    const { autoUpdater } = library;
    const { feed, log } = this.#options;
    autoUpdater.logger = { debug: (text: string) => log.debug(text), info: (text: string) => log.debug(text), warn: (text: unknown) => log.debug(String(text)), error: (text: unknown) => log.debug(String(text)) };
    autoUpdater.autoDownload = false;
    autoUpdater.autoInstallOnAppQuit = false;
    autoUpdater.disableWebInstaller = true;
    // Always the whole file, of which the checksum is known.
    autoUpdater.disableDifferentialDownload = true;
    autoUpdater.requestHeaders = { 'x-user-staging-id': NO_ID };
    autoUpdater.setFeedURL({ provider: 'generic', url: feed });
    return library;
  }
}

/** Whether the library found what the core has looked at, and that over a line that nobody can change. */
function sameOffer(offer: Offer, found: { readonly version: string; readonly files: readonly { readonly sha512: string }[] }): boolean {
  return found.version === offer.version && found.files.length === offer.sha512.length && found.files.every(({ sha512 }, index) => sha512 === offer.sha512[index]);
}

/** A failed download in our words. */
export function downloadError(error: unknown, version: string): AppError {
  if (error instanceof AppError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_CHECKSUM_MISMATCH') {
    return new AppError('UPDATE_CHECKSUM', `What was downloaded for version ${version} does not have the checksum that the feed names, so it was thrown away. It is tried again later; when that helps nothing, whoever publishes the feed has to mend it.`, { version }, { cause: error });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('DISK_FULL', `There is no space left to download version ${version} (${code}). Free some; it is tried again later.`, { version }, { cause: error });
  const [why] = (message ?? String(error)).split('\n');
  return new AppError('UPDATE_DOWNLOAD_FAILED', `Version ${version} could not be downloaded: ${why}. It is tried again later.`, { version }, { cause: error });
}
