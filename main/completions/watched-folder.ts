import { AppError } from '../base/errors.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Guard } from '../access/guard.ts';
import type { Completion } from './completion-rows.ts';
import type { ListenToFolder } from './folder-events.ts';
import { FolderPass, type FolderPassParts } from './folder-pass.ts';
import { FolderQueue, type Asked } from './folder-queue.ts';
import { doneName } from './names.ts';
import type { FolderState } from './types.ts';

export interface WatchedFolderParts extends FolderPassParts {
  readonly guard: Guard;
  readonly clock: Clock;
  readonly listen: ListenToFolder;
  /** Hears after each look, and when the folder came or went. */
  readonly onLook: () => void;
  readonly onState: (folder: string, state: FolderState) => void;
  readonly report: (what: string, error: unknown) => void;
}

/** When a file that is still being written is looked at again. */
const AGAIN_MS = 500;

/** One folder: events of the system are hints, a look at the folder is the truth (bus.md §5.2). */
export class WatchedFolder {
  readonly path: string;
  readonly #parts: WatchedFolderParts;
  readonly #pass: FolderPass;
  readonly #queue: FolderQueue;
  #endListening: (() => Promise<void>) | null = null;
  #stopped = false;
  #again: Timer | null = null;
  #state: FolderState = 'watched';
  #lastTrouble = '';

  constructor(path: string, parts: WatchedFolderParts) {
    this.path = path;
    this.#parts = parts;
    this.#pass = new FolderPass(path, parts);
    this.#queue = new FolderQueue(async (asked) => this.#look(asked));
  }

  get state(): FolderState {
    return this.#state;
  }

  /** Begins to hear of changes. A folder that is not there yet is waited for. */
  async watch(): Promise<void> {
    const unheard = (error: unknown): void => this.#parts.report(`${this.path} cannot be watched; it is looked at regularly all the same`, error);
    try {
      const end = await this.#parts.listen(this.path, { changed: (names) => this.hint(names), failed: unheard });
      if (this.#stopped) await end();
      else this.#endListening = end;
    } catch (error) {
      unheard(error);
    }
  }

  /** Something may have changed. Failures are reported. */
  hint(names: readonly string[] | null): void {
    void this.#queue.ask(names).catch(() => undefined);
  }

  /** Looks now; resolves when it has. Rejects with why it could not. */
  async look(task: string | null): Promise<void> {
    return this.#queue.ask(task === null ? null : [doneName(task)]);
  }

  /** Moves the files of an acked completion into the archive. Waits for the folder when it is away. */
  async archive(completion: Completion): Promise<void> {
    if (this.#state === 'watched') await this.#queue.run(async () => this.#pass.archive(completion));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#again?.cancel();
    await this.#endListening?.();
    await this.#queue.stop();
  }

  async #look(asked: Asked): Promise<void> {
    this.#parts.guard.assertOperational();
    try {
      const unfinished = await this.#pass.run(asked);
      this.#lastTrouble = '';
      if (asked === null) this.#setState('watched');
      if (unfinished.length > 0) this.#lookAgain(unfinished);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'SYSTEM_LOCKED')) this.#trouble(error as NodeJS.ErrnoException, asked);
      throw error;
    } finally {
      this.#parts.onLook();
    }
  }

  #trouble(error: NodeJS.ErrnoException, asked: Asked): void {
    const folder = asked === null && error.path === this.path;
    if (folder) this.#setState(error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'missing' : 'unreadable');
    // The same trouble every 30 seconds says nothing new.
    if (error.message === this.#lastTrouble) return;
    this.#lastTrouble = error.message;
    this.#parts.report(`a look at ${this.path} failed; it is repeated`, error);
  }

  #setState(state: FolderState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#parts.onState(this.path, state);
  }

  #lookAgain(tasks: readonly string[]): void {
    this.#again?.cancel();
    this.#again = this.#parts.clock.setTimer(AGAIN_MS, () => this.hint(tasks.map(doneName)));
  }
}
