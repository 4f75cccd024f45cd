import type { Clock } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import { AppError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Store, Tx } from '../store/store.ts';
import { askFeed, feedFile, type Offer } from './feed.ts';
import { Told } from './told.ts';
import type { Obstacle, UpdateState } from './types.ts';
import { isNewer } from './version.ts';

/** Brings a newer version onto this machine. Only a desktop has one: it knows how its package is replaced. */
export interface Updater {
  /** Why this installation cannot replace itself; null: it can. */
  readonly obstacle: Obstacle | null;
  /** Downloads exactly this offer and verifies it; nothing is installed. Throws UPDATE_*, DISK_FULL. */
  download(offer: Offer, signal: AbortSignal): Promise<void>;
  /** Hears which version a restart would bring from now on; null: none. */
  offerRestart(version: string | null): void;
  /** Ends the application as the person would, and starts it anew as the version that was offered. */
  restart(): void;
}

export interface UpdatesParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** That runs. */
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Empty: nothing is looked for. */
  readonly feed: string;
  readonly everyHours: number;
  /** Null: without a desktop. */
  readonly updater: Updater | null;
  /** Tells people of a newer version. */
  readonly announce: (tx: Tx, version: string) => void;
}

/** What a person wants to know of updates. */
export interface UpdatesStatus {
  readonly state: UpdateState;
  readonly version: string;
  /** The newer version of the feed. */
  readonly latest: string | null;
  readonly feed: string | null;
  /** When the feed last answered or failed to; wall time in ms. */
  readonly lookedAt: number | null;
  /** Why the last look or download failed. */
  readonly problem: { readonly code: string; readonly message: string } | null;
  readonly obstacle: Obstacle | null;
}

const HOUR_MS = 3_600_000;
/** The start is over by then. */
const AFTER_START_MS = 60_000;
/** After the first failure; twice as long after each further one, up to the usual time. */
const FIRST_RETRY_MS = HOUR_MS / 4;

/** Looks for newer versions, has them downloaded where that is possible, and tells of each of them once. Installs nothing. */
export class Updates {
  readonly #parts: UpdatesParts;
  readonly #timer: DueTimer;
  readonly #told: Told;
  readonly #stopping = new AbortController();
  #looking: Promise<void> | null = null;
  #downloading: Promise<void> | null = null;
  #failures = 0;
  #status: UpdatesStatus;

  constructor(parts: UpdatesParts) {
    const { feed, version, updater } = parts;
    this.#parts = parts;
    this.#told = new Told(parts.store);
    this.#timer = new DueTimer(parts.clock, () => void this.look());
    const off = feed === '';
    this.#status = {
      state: off ? 'off' : 'unknown',
      version,
      latest: null,
      feed: off ? null : feed,
      lookedAt: null,
      problem: null,
      obstacle: updater === null ? 'headless' : updater.obstacle,
    };
  }

  get status(): UpdatesStatus {
    return this.#status;
  }

  start(): void {
    if (this.#parts.feed !== '') this.#timer.arm(this.#parts.clock.now() + AFTER_START_MS);
  }

  /** Gives up what is under way. */
  async stop(): Promise<void> {
    this.#timer.stop();
    this.#stopping.abort();
    await this.#looking;
    await this.#downloading;
  }

  /** Looks now, unless no feed is configured; a download goes on behind it. Never rejects: the status says what failed. */
  async look(): Promise<UpdatesStatus> {
    if (this.#parts.feed !== '') {
      this.#looking ??= this.#look().finally(() => (this.#looking = null));
      await this.#looking;
    }
    return this.#status;
  }

  /** Resolves when nothing is looked for or downloaded. */
  async idle(): Promise<void> {
    await this.#looking;
    await this.#downloading;
  }

  /** Restarts into the version that is ready. Throws CONFLICT when there is none. */
  restart(): void {
    const { updater } = this.#parts;
    if (this.#status.state !== 'ready' || updater === null) throw new AppError('CONFLICT', 'No newer version is ready to be installed. `wheelhouse update check` tells why.');
    updater.restart();
  }

  async #look(): Promise<void> {
    const { feed, platform, arch, clock } = this.#parts;
    try {
      const offer = await askFeed({ feed, file: feedFile(platform, arch), signal: this.#stopping.signal });
      this.#set({ lookedAt: clock.now(), problem: null });
      this.#take(offer);
    } catch (error) {
      this.#failed({ lookedAt: clock.now() }, error);
    }
  }

  #take(offer: Offer): void {
    const { version, updater, log } = this.#parts;
    // What is being downloaded is looked at again when that is over.
    if (this.#downloading !== null) return;
    if (!isNewer(offer.version, version)) {
      if (this.#status.latest !== null) log.info({ withdrawn: this.#status.latest, offered: offer.version }, 'the feed no longer offers the newer version');
      updater?.offerRestart(null);
      this.#settled({ state: 'current', latest: null });
    } else if (updater === null || updater.obstacle !== null) {
      this.#tell(offer.version);
      this.#settled({ state: 'available', latest: offer.version });
    } else if (this.#status.state === 'ready' && this.#status.latest === offer.version) {
      this.#settled({});
    } else {
      updater.offerRestart(null);
      this.#set({ state: 'downloading', latest: offer.version });
      this.#downloading = this.#download(updater, offer).finally(() => (this.#downloading = null));
    }
  }

  async #download(updater: Updater, offer: Offer): Promise<void> {
    const { log } = this.#parts;
    log.info({ version: offer.version }, 'downloading a newer version');
    try {
      await updater.download(offer, this.#stopping.signal);
      log.info({ version: offer.version }, 'a newer version is ready to be installed');
      updater.offerRestart(offer.version);
      this.#tell(offer.version);
      this.#settled({ state: 'ready' });
    } catch (error) {
      this.#failed({ state: 'available' }, error);
    }
  }

  /** Everything went well: the usual time until the next look. */
  #settled(change: Partial<UpdatesStatus>): void {
    this.#failures = 0;
    this.#set(change);
    this.#lookAgainIn(this.#parts.everyHours * HOUR_MS);
  }

  #failed(change: Partial<UpdatesStatus>, error: unknown): void {
    if (this.#stopping.signal.aborted) return;
    const { log, everyHours } = this.#parts;
    const againInMs = Math.min(everyHours * HOUR_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    log.warn({ err: error, againInMs }, 'looking for updates failed');
    const { code, message } = error instanceof AppError ? error : new AppError('INTERNAL', String(error));
    this.#set({ ...change, problem: { code, message } });
    this.#lookAgainIn(againInMs);
  }

  #lookAgainIn(ms: number): void {
    if (!this.#stopping.signal.aborted) this.#timer.arm(this.#parts.clock.now() + ms);
  }

  #tell(version: string): void {
    const { store, announce, log } = this.#parts;
    try {
      store.transact((tx) => {
        if (this.#told.isNews(tx, version)) announce(tx, version);
      });
    } catch (error) {
      log.error({ err: error, version }, 'a newer version could not be told');
    }
  }

  #set(change: Partial<UpdatesStatus>): void {
    this.#status = { ...this.#status, ...change };
  }
}
