import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { spawnCli, type CliProcess } from '../support/cli-process.ts';
import { makeCliRig, type CliRig } from '../support/cli-rig.ts';
import { until } from '../support/until.ts';

const AGENT = join(import.meta.dirname, '../support/agents/counting-agent.sh');
const ROUNDS = 4;
const TASKS = 6;

let rig: CliRig;
let core: CliProcess | null = null;
let counted: string;
beforeEach(() => {
  rig = makeCliRig();
  counted = join(rig.dataDir, 'counted');
  Object.assign(rig.env, {
    WAIAAS_AGENTS_RUNNER: 'process',
    WAIAAS_AGENTS_ALLOW_PROCESS_RUNNER: 'true',
    WAIAAS_AGENTS_PROCESS_COMMAND: JSON.stringify(['sh', AGENT, counted]),
    WAIAAS_SECURITY_AUTO_STOP_FAILURES: 'unlimited',
    WAIAAS_SCHEDULE_AUTO_PAUSE_FAILURES: 'unlimited',
  });
});
afterEach(async () => {
  core?.kill('SIGKILL');
  await core?.ended;
  await rig.close();
});

const start = async (): Promise<void> => {
  core = spawnCli(['serve'], rig.env as Record<string, string>);
  await core.prints(/runs on/);
};

interface Logged {
  readonly task: string;
  readonly due: number;
  readonly slots: number;
  readonly status: string;
  readonly anchor: number;
  /** How the queue ended it; null: it was passed over. */
  readonly state: string | null;
  readonly queued: number;
}
function logged(): readonly Logged[] {
  const db = new Database(join(rig.dataDir, 'data', 'wheelhouse.db'), { readonly: true });
  try {
    return db
      .prepare(
        `SELECT substr(t.prompt, 8) AS task, r.due_at AS due, r.slots, r.status, t.anchor_at AS anchor, q.state,
           (SELECT count(*) FROM runs WHERE schedule_run_id = r.id) AS queued
         FROM schedule_runs r JOIN scheduled_tasks t ON t.id = r.task_id LEFT JOIN runs q ON q.schedule_run_id = r.id ORDER BY t.id, r.due_at`,
      )
      .all() as Logged[];
  } finally {
    db.close();
  }
}

it('kill -9 of the whole core, again and again: every due time is dealt with once, and none is run a second time', async () => {
  writeFileSync(counted, '');
  await start();
  for (let n = 0; n < TASKS; n += 1) {
    await rig.json('group', 'add', `console:g${n}`, '--name', `g${n}`);
    await rig.json('schedule', 'add', `count: task-${n}`, '--group', `g${n}`, '--every', '1000', '--missed', 'all');
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = logged().length;
    // At another moment of its work each time: claiming, queued, at work, ending.
    await until(() => logged().length >= before + TASKS + round);
    core!.kill('SIGKILL');
    await core!.ended;
    await start();
  }
  for (const { id } of (await rig.json<{ tasks: readonly { readonly id: string }[] }>('schedule', 'list')).tasks) await rig.json('schedule', 'pause', id);
  await until(() => logged().every(({ status }) => status !== 'queued' && status !== 'running'));

  const runs = logged();
  const lines = readFileSync(counted, 'utf8').split('\n');
  for (let n = 0; n < TASKS; n += 1) {
    const own = runs.filter(({ task }) => task === `task-${n}`);
    const made = own.filter(({ status }) => status !== 'skipped');
    expect(made.every(({ queued }) => queued === 1), `task-${n}: one run in the queue for each entry`).toBe(true);
    expect(new Set(own.map(({ due }) => due)).size).toBe(own.length);
    expect(own.reduce((sum, { slots }) => sum + slots, 0), `task-${n}: no due time is left out`).toBe((own.at(-1)!.due - own[0]!.anchor) / 1000);
    // Killed in the middle counts as made: it may have been counted or not, but it is not made again.
    const times = lines.filter((line) => line === `task-${n}`).length;
    const succeeded = made.filter(({ status }) => status === 'succeeded').length;
    expect(times, `task-${n}: how often it was done`).toBeGreaterThanOrEqual(succeeded);
    expect(times, `task-${n}: how often it was done`).toBeLessThanOrEqual(made.length);
  }
  expect(runs.some(({ status }) => status === 'succeeded')).toBe(true);
});
