import { readFile, stat } from 'node:fs/promises';
import { writeFileAtomic } from '../base/atomic-file.ts';
import { iso, type Clock } from '../base/clock.ts';
import { finishedBots, withIdle } from './activity.ts';

export interface BotActivityParts {
  readonly clock: Clock;
  /** `bot-activity.json` and `task-timers.json`. */
  readonly activityFile: string;
  readonly timersFile: string;
  readonly teamOfBot: ReadonlyMap<string, string>;
  /** The tasks whose completion nobody has acked. */
  readonly openTasks: () => ReadonlySet<string>;
  readonly report: (what: string, error: unknown) => void;
}

/** Somebody else may write the file between our reading and writing; then it is read anew. */
const TRIES = 3;

/** Sets bots idle whose task is done (seed 003 §3.3). What is wrong with the files is reported once and changes nothing else. */
export class BotActivity {
  readonly #parts: BotActivityParts;
  #running: Promise<void> | null = null;
  #again = false;
  #lastTrouble = '';

  constructor(parts: BotActivityParts) {
    this.#parts = parts;
  }

  /** Looks now; a call during a look leads to one more. Never rejects. */
  async check(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        const done = this.#parts.openTasks();
        if (done.size > 0) await this.#setIdle(done);
        this.#lastTrouble = '';
      } catch (error) {
        const { message } = error as Error;
        // A file that is half written is whole at the next look.
        if (message !== this.#lastTrouble) this.#parts.report(`the activity of bots could not be brought up to date (${this.#parts.activityFile}); it is tried again`, error);
        this.#lastTrouble = message;
      }
    }
  }

  async #setIdle(done: ReadonlySet<string>): Promise<void> {
    const { activityFile, timersFile, teamOfBot, clock } = this.#parts;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const before = await stampOf(activityFile);
      const text = await readIfThere(activityFile);
      const timers = await readIfThere(timersFile);
      if (before === null || text === null || timers === null) return;
      const activity: unknown = JSON.parse(text);
      const bots = finishedBots(activity, JSON.parse(timers), teamOfBot, done);
      if (bots.length === 0) return;
      if ((await stampOf(activityFile))?.changed !== before.changed) continue;
      await writeFileAtomic(activityFile, `${JSON.stringify(withIdle(activity, bots, iso(clock.now())), null, indentOf(text))}\n`, { mode: before.mode });
      return;
    }
  }
}

async function stampOf(path: string): Promise<{ readonly changed: string; readonly mode: number } | null> {
  return stat(path, { bigint: true }).then(
    (stats) => ({ changed: `${stats.ino}/${stats.mtimeNs}/${stats.size}`, mode: Number(stats.mode) & 0o777 }),
    goneIsNull,
  );
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf-8').catch(goneIsNull);
}

function goneIsNull(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

/** As it was, so that a person who looks at the difference sees one line. */
function indentOf(text: string): number {
  return /^\{\r?\n( +)/.exec(text)?.[1]?.length ?? 0;
}
