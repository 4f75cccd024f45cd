import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { liveCompletions } from '../support/completion-life.ts';
import { atEveryStep, inTheWindow, runToStep, type Outcome, type Run } from '../support/every-step.ts';
import { startTelegramApi, type TelegramApi } from '../support/telegram-api.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const PROGRAM = join(import.meta.dirname, '../support/completion-process.ts');
/** Later than every lease of a process that was killed. */
const AHEAD_MS = 120_000;

/** A data directory, and a service that has heard of nothing. */
class Scene {
  readonly #dir = makeTempDir();
  readonly #api: TelegramApi;

  private constructor(api: TelegramApi) {
    this.#api = api;
    for (const folder of ['data', 'events']) mkdirSync(join(this.#dir.path, folder), { mode: 0o700 });
  }

  static async open(): Promise<Scene> {
    return new Scene(await startTelegramApi());
  }

  async close(): Promise<void> {
    await this.#api.close();
    this.#dir.remove();
  }

  drop(): void {
    writeFileSync(join(this.#dir.path, 'events/task-1.done'), 'finished');
  }

  async run(mode: 'done' | 'live', fatal: number): Promise<Run> {
    return runToStep(PROGRAM, [mode, this.#dir.path, this.#api.apiRoot, String(fatal)]);
  }

  /** What the next start does, to the end. */
  async recover(): Promise<void> {
    await liveCompletions(this.#dir.path, this.#api.apiRoot, AHEAD_MS);
  }

  get reported(): boolean {
    return this.#files().length > 0;
  }

  /** How often the person was told. */
  get told(): number {
    return this.#api.messages.length;
  }

  /** Everything is as it should be, whoever was killed on the way. */
  expectWhole(killed: string): void {
    expect(this.#database(), killed).toEqual({ completions: [{ task: 'task-1', times: 1, summary: 'finished', archived: 1 }], notices: ['delivered'], open: 0, reported: 1 });
    expect(this.#files(), killed).toEqual(['archive', 'archive/task-1.done', 'archive/task-1.done.acked', 'archive/task-1.done.notified']);
    const told = this.#api.messages.map(({ text }) => ({ done: text.includes('task-1 done'), repeat: text.includes('may be a repeat') }));
    const [first, ...repeats] = told;
    // Nothing is lost, and nothing is said twice without saying so.
    expect(first, killed).toMatchObject({ done: true });
    expect(repeats, killed).toEqual(repeats.map(() => ({ done: true, repeat: true })));
    expect(repeats.length, killed).toBeLessThanOrEqual(1);
  }

  /** What a killed writer left unfinished has a name that nobody takes for a completion; old ones are swept. */
  #files(): readonly string[] {
    return (readdirSync(join(this.#dir.path, 'events'), { recursive: true }) as string[]).filter((name) => !name.endsWith('.tmp')).toSorted();
  }

  #database() {
    const db = new Database(join(this.#dir.path, 'data/wheelhouse.db'), { readonly: true });
    try {
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      return {
        completions: db.prepare('SELECT task, times, summary, archived_at IS NOT NULL AS archived FROM completions').all(),
        notices: db.prepare("SELECT state FROM notices WHERE type = 'COMPLETION_DONE'").pluck().all(),
        open: db.prepare("SELECT count(*) FROM notice_deliveries WHERE state IN ('pending','leased','retry')").pluck().get(),
        reported: db.prepare("SELECT count(*) FROM events WHERE kind = 'completion' AND action = 'reported'").pluck().get(),
      };
    } finally {
      db.close();
    }
  }
}

/** Kills a layer in front of a step, lets the next start finish, and looks. Returns the steps once there are fewer. */
async function killInFrontOf(mode: 'done' | 'live', fatal: number): Promise<Outcome> {
  const scene = await Scene.open();
  try {
    if (mode === 'live') scene.drop();
    const run = await scene.run(mode, fatal);
    // Killed before there was a file, nobody has reported anything; who called sees it fail, and calls again.
    if (!scene.reported) expect(await scene.run('done', Infinity)).toMatchObject({ killed: false });
    await scene.recover();
    scene.expectWhole(`killed in front of step ${fatal} of ${mode}`);
    return { ...run, repeated: scene.told > 1 };
  } finally {
    await scene.close();
  }
}

describe('kill -9 in front of every step', () => {
  it.each(['live', 'done'] as const)('of the layer "%s": nothing is lost, nothing stays behind, repeats are marked', async (mode) => {
    const { steps, repeated } = await atEveryStep(async (fatal) => killInFrontOf(mode, fatal));
    expect(steps).toContain('transact');
    expect(repeated).not.toEqual([]);
    expect(repeated.filter((run) => !inTheWindow(run))).toEqual([]);
  });
});
