import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** What a later instance tells the first one. */
export interface LaterInstance {
  readonly argv: readonly string[];
  readonly workingDirectory: string;
}

export const HOLDER = 'holder.json';

/**
 * The single-instance lock: a folder in the profile whose holder's process id stands in a file. A later instance
 * leaves its command line beside it, which the holder watches for.
 */
export class SingleInstance {
  readonly #dir: string;
  #watcher: FSWatcher | null = null;

  constructor(profileDir: string) {
    this.#dir = join(profileDir, 'stand-in-instance');
  }

  /** True when this process holds the lock now; else the holder has been told. */
  request(onLater: (later: LaterInstance) => void): boolean {
    mkdirSync(this.#dir, { recursive: true });
    if (!this.#take()) {
      this.#tellHolder();
      return false;
    }
    this.#watcher = watch(this.#dir, () => this.#readTold(onLater));
    this.#watcher.unref();
    return true;
  }

  release(): void {
    if (this.#watcher === null) return;
    this.#watcher.close();
    rmSync(join(this.#dir, HOLDER), { force: true });
  }

  #take(): boolean {
    const file = join(this.#dir, HOLDER);
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return true;
    } catch {
      if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
      writeFileSync(file, String(process.pid));
      return true;
    }
  }

  #tellHolder(): void {
    const later: LaterInstance = { argv: process.argv, workingDirectory: process.cwd() };
    const file = join(this.#dir, `later-${process.pid}`);
    writeFileSync(file, JSON.stringify(later));
    renameSync(file, `${file}.json`);
  }

  #readTold(onLater: (later: LaterInstance) => void): void {
    for (const name of readdirSync(this.#dir)) {
      if (!/^later-\d+\.json$/.test(name)) continue;
      const file = join(this.#dir, name);
      const later = JSON.parse(readFileSync(file, 'utf8')) as LaterInstance;
      rmSync(file);
      onLater(later);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
