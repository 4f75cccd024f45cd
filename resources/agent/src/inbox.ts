import { mkdirSync, readdirSync, readFileSync, rmSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** What makes the agent end when its turn is over (seed 002, QUEUE-03). */
const CLOSE_FILE = '_close';
/** Events of the file system do not reach every container; looking costs one listing of a folder. */
const LOOK_EVERY_MS = 1000;

export interface InboxListener {
  /** A follow-up; it counts as taken, its file is gone. */
  text(text: string): void;
  /** Heard once. */
  close(): void;
}

/** The folder `input/`, in which Wheelhouse puts follow-ups for the live run (QUEUE-02). */
export class Inbox {
  readonly #folder: string;
  readonly #listener: InboxListener;
  readonly #warn: (message: string) => void;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(ipc: string, listener: InboxListener, warn: (message: string) => void) {
    this.#folder = join(ipc, 'input');
    this.#listener = listener;
    this.#warn = warn;
  }

  /** Begins to listen; what lies there already is heard at once. Wheelhouse empties the folder before a run, so it belongs to this one. */
  start(): void {
    mkdirSync(this.#folder, { recursive: true });
    this.#watcher = watch(this.#folder, () => this.look());
    // The looks below go on without it.
    this.#watcher.on('error', (error) => this.#warn(`The inbox cannot be watched: ${error.message}`));
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.look();
  }

  stop(): void {
    this.#watcher?.close();
    this.#watcher = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Takes what is there, in the order of the names. */
  look(): void {
    if (this.#timer === null) return;
    const names = readdirSync(this.#folder).sort();
    for (const name of names.filter((name) => name.endsWith('.json'))) this.#take(name);
    if (!names.includes(CLOSE_FILE)) return;
    rmSync(join(this.#folder, CLOSE_FILE), { force: true });
    this.stop();
    this.#listener.close();
  }

  #take(name: string): void {
    const file = join(this.#folder, name);
    let text: unknown = null;
    try {
      text = (JSON.parse(readFileSync(file, 'utf8')) as { text?: unknown }).text;
    } catch (error) {
      this.#warn(`The follow-up ${name} cannot be read: ${(error as Error).message}`);
    }
    rmSync(file, { force: true });
    if (typeof text === 'string' && text !== '') this.#listener.text(text);
  }
}
