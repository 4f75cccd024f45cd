import type { Timer } from '../base/clock.ts';
import { DueTimer } from '../base/due-timer.ts';
import { AppError } from '../base/errors.ts';
import { sweepTempFiles } from '../base/temp-files.ts';
import type { Store, StoredEvent } from '../store/store.ts';
import type { Completion } from './completion-rows.ts';
import { doneName } from './names.ts';
import type { FolderState } from './types.ts';
import { WatchedFolder, type WatchedFolderParts } from './watched-folder.ts';

export interface CompletionWatchParts extends Omit<WatchedFolderParts, 'onLook' | 'onState'> {
  readonly store: Store;
  /** Absolute, each once. */
  readonly folders: readonly string[];
  readonly rescanSec: number;
  /** Hears after each look at a folder. */
  readonly onLook: () => void;
  /** Which of these notices were delivered. */
  readonly deliveredAmong: (noticeIds: readonly number[]) => readonly number[];
}

const ARCHIVE_AT_ONCE = 100;
/** What could not be done is not tried sooner. */
const LEAST_PAUSE_MS = 60_000;

/** Keeps database and folders in line: hints from the system, a full look at start, after sleep and regularly, deadlines. */
export class CompletionWatch {
  readonly #parts: CompletionWatchParts;
  readonly #folders: readonly WatchedFolder[];
  readonly #due: DueTimer;
  #rescan: Timer | null = null;
  #stopped = false;
  #working: Promise<void> = Promise.resolve();

  constructor(parts: CompletionWatchParts) {
    this.#parts = parts;
    this.#folders = parts.folders.map((path) => new WatchedFolder(path, { ...parts, onState: (folder, state) => this.#tellState(folder, state) }));
    this.#due = new DueTimer(parts.clock, () => this.#checkDue());
  }

  /** Takes in what waits in the folders, and listens from now on. Returns at once. */
  start(): void {
    for (const folder of this.#folders) {
      void sweepTempFiles(folder.path, this.#parts.clock.now()).catch((error: unknown) => this.#parts.report(`old temporary files in ${folder.path} could not be removed`, error));
      void folder.watch();
    }
    this.#rescanEverything();
  }

  /** After a suspend, in which nothing was heard. */
  resume(): void {
    this.#rescanEverything();
  }

  /** Resolves when a whole look at every folder is over; failures are reported. */
  async rescan(): Promise<void> {
    await Promise.allSettled(this.#folders.map(async (folder) => folder.look(null)));
  }

  /** Takes the file of a task in now. Rejects with why it could not, SYSTEM_LOCKED among that; NOT_FOUND for a folder that is not watched. */
  async look(path: string, task: string): Promise<void> {
    const folder = this.#folders.find((each) => each.path === path);
    if (folder === undefined) throw new AppError('NOT_FOUND', `${path} is not a watched folder; [completions] folders names them.`, { folder: path });
    await folder.look(task);
  }

  /** Brings the markers of one task up to date. What fails is reported, and repeated with the next look. */
  async mark({ folder: path, task }: Pick<Completion, 'folder' | 'task'>): Promise<void> {
    await this.#folders.find((each) => each.path === path)?.look(task).catch(() => undefined);
  }

  states(): readonly { readonly path: string; readonly state: FolderState }[] {
    return this.#folders.map(({ path, state }) => ({ path, state }));
  }

  /** To be called with the log lines of every commit. */
  heard(events: readonly StoredEvent[]): void {
    if (this.#stopped) return;
    if (events.some(({ kind }) => kind === 'kill_switch')) this.#rescanEverything();
    this.#takeDelivered(events.filter(({ kind, action }) => kind === 'notification' && action !== 'raised').flatMap(({ data }) => idsIn(data)));
    const own = events.filter(({ kind }) => kind === 'completion');
    if (own.length === 0) return;
    // Markers follow what was committed.
    const marked = own.filter(({ action }) => action === 'notified' || action === 'acked' || action === 'escalated');
    for (const folder of this.#folders) {
      const names = marked.filter(({ data }) => data['folder'] === folder.path).map(({ data }) => doneName(String(data['task'])));
      if (names.length > 0) folder.hint(names);
    }
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#rescan?.cancel();
    this.#due.stop();
    await Promise.all(this.#folders.map(async (folder) => folder.stop()));
    await this.#working;
  }

  #rescanEverything(): void {
    if (this.#stopped) return;
    this.#rescan?.cancel();
    for (const folder of this.#folders) folder.hint(null);
    // A command without the running core may have delivered or acked something meanwhile.
    this.#takeDelivered(this.#parts.completions.untoldNotices());
    this.#checkDue();
    // The next one is armed when this one is over, so that looks that take long never pile up.
    void this.#working.then(() => this.#rescanLater());
  }

  #rescanLater(): void {
    const { clock, rescanSec } = this.#parts;
    if (this.#stopped) return;
    this.#rescan?.cancel();
    this.#rescan = clock.setTimer(rescanSec * 1000, () => this.#rescanEverything());
  }

  #takeDelivered(noticeIds: readonly number[]): void {
    const { completions, deliveredAmong, report } = this.#parts;
    if (noticeIds.length === 0) return;
    try {
      completions.delivered(deliveredAmong(noticeIds));
    } catch (error) {
      report('what was delivered could not be noted', error);
    }
  }

  #checkDue(): void {
    this.#working = this.#working.then(async () => this.#doDue()).catch((error: unknown) => this.#parts.report('completions could not be escalated or archived', error));
  }

  async #doDue(): Promise<void> {
    const { completions } = this.#parts;
    if (this.#stopped) return;
    let failed = false;
    try {
      completions.escalateDue();
      for (const completion of completions.toArchive(ARCHIVE_AT_ONCE)) {
        if (!(await this.#archive(completion))) failed = true;
      }
    } finally {
      this.#arm(failed ? LEAST_PAUSE_MS : 0);
    }
  }

  async #archive(completion: Completion): Promise<boolean> {
    const folder = this.#folders.find(({ path }) => path === completion.folder);
    try {
      // Of a folder that is not watched any more nothing is touched.
      if (folder === undefined) this.#parts.completions.archived(completion.id, true);
      else await folder.archive(completion);
    } catch (error) {
      this.#parts.report(`the files of completion ${completion.id} (${completion.task}) could not be archived`, error);
    }
    return this.#parts.completions.get(completion.id).archivedAt !== null;
  }

  #arm(pauseMs = 0): void {
    const { completions, guard, clock } = this.#parts;
    if (this.#stopped) return;
    const next = guard.state() === 'NORMAL' ? completions.nextDue() : null;
    this.#due.arm(next === null ? null : Math.max(next, clock.now() + pauseMs));
  }

  #tellState(folder: string, state: FolderState): void {
    const text = { watched: `${folder} is watched again`, missing: `${folder} is not there; completions in it wait`, unreadable: `${folder} cannot be read; completions in it wait` }[state];
    this.#parts.store.transact((tx) => tx.event({ kind: 'completion', action: `folder_${state}`, text, data: { folder, state } }));
  }
}

function idsIn(data: StoredEvent['data']): readonly number[] {
  const ids = data['ids'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : [];
}
