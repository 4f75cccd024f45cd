import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { atEveryStep, inTheWindow, runToStep, type Outcome } from '../support/every-step.ts';
import { startTelegramApi, type TelegramApi } from '../support/telegram-api.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const PROGRAM = join(import.meta.dirname, '../support/notice-process.ts');
/** Later than every lease of a process that was killed, and than every retry. */
const AHEAD_MS = '120000';
const REPEAT = 'may be a repeat';

/** What must be true when all is over, whoever was killed on the way. */
interface Story {
  /** The notices that there must be, in the order of their types. */
  readonly notices: readonly string[];
  /** What the person must have read, once each. */
  readonly told: readonly string[];
}

const STORIES = {
  list: { notices: ['COMPLETION_DONE', 'COMPLETION_DONE', 'COMPLETION_DONE', 'KILL_SWITCH_ACTIVATED'], told: ['Everything was stopped', 'one done', 'two done', 'three done'] },
  run: { notices: ['RUN_FAILED'], told: ['The agent ended with code 1.'] },
} as const satisfies Record<string, Story>;

/** Kills it in front of a step, lets the next start finish, and looks. */
async function killInFrontOf(mode: keyof typeof STORIES, fatal: number): Promise<Outcome> {
  const dir = makeTempDir();
  const api = await startTelegramApi();
  try {
    const run = await runToStep(PROGRAM, [mode, dir.path, api.apiRoot, String(fatal)]);
    expect(await runToStep(PROGRAM, [mode, dir.path, api.apiRoot, 'Infinity', AHEAD_MS])).toMatchObject({ killed: false });
    const killed = `killed in front of step ${fatal} of ${mode}`;
    expect(storedIn(dir.path), killed).toEqual({ notices: STORIES[mode].notices, undelivered: 0, open: 0 });
    return { ...run, repeated: expectToldOnce(api, STORIES[mode].told, killed) };
  } finally {
    await api.close();
    dir.remove();
  }
}

function storedIn(dir: string) {
  const db = new Database(join(dir, 'wheelhouse.db'), { readonly: true });
  try {
    return {
      notices: db.prepare('SELECT type FROM notices ORDER BY type').pluck().all(),
      undelivered: db.prepare("SELECT count(*) FROM notices WHERE state != 'delivered'").pluck().get(),
      open: db.prepare("SELECT count(*) FROM notice_deliveries WHERE state IN ('pending','leased','retry')").pluck().get(),
    };
  } finally {
    db.close();
  }
}

/**
 * Nothing is lost, and nothing is said twice without saying so; what was under way may say so even when it arrives for the
 * first time. Returns whether anything was said twice.
 */
function expectToldOnce({ messages }: TelegramApi, expected: readonly string[], killed: string): boolean {
  const tellings = expected.map((what) => messages.filter(({ text }) => text.includes(what)));
  for (const [n, telling] of tellings.entries()) {
    const unmarked = telling.filter(({ text }) => !text.includes(REPEAT));
    expect([1, 2], `${expected[n]}, ${killed}`).toContain(telling.length);
    expect(unmarked.length, `${expected[n]}, ${killed}`).toBeLessThanOrEqual(1);
    if (telling.length === 2) expect(unmarked, `${expected[n]}, ${killed}`).toEqual([telling[0]]);
  }
  return tellings.some((telling) => telling.length > 1);
}

test('kill -9 in front of every step of the dispatcher: every notice is told, and repeats are marked and only where nobody can know', async () => {
  const { steps, repeated } = await atEveryStep(async (fatal) => killInFrontOf('list', fatal));
  expect(steps.filter((step) => step === 'request')).toHaveLength(2);
  expect(repeated).not.toEqual([]);
  expect(repeated.filter((run) => !inTheWindow(run))).toEqual([]);
});

test('kill -9 in front of every step from a message to the news that its run failed: the failure is told exactly once', async () => {
  const { steps, repeated } = await atEveryStep(async (fatal) => killInFrontOf('run', fatal));
  expect(steps).toContain('transact');
  expect(repeated.filter((run) => !inTheWindow(run))).toEqual([]);
});
