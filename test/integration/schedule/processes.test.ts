import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/base/clock.ts';
import type { Store } from '../../../main/store/store.ts';
import { startLineProcess, type LineProcess } from '../../support/line-process.ts';
import { openTestSchedule, TestQueue } from '../../support/schedule-rig.ts';
import { makeTempStore } from '../../support/temp-store.ts';
import { until } from '../../support/until.ts';

const PROGRAM = join(import.meta.dirname, '../../support/schedule-process.ts');

let temp: ReturnType<typeof makeTempStore>;
let store: Store;
let queue: TestQueue;
let running: LineProcess[];
beforeEach(() => {
  temp = makeTempStore(systemClock);
  ({ store } = temp);
  queue = new TestQueue(store);
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map(async (process) => process.kill()));
  temp.close();
});

const start = async (mode: 'run' | 'die-inside' | 'die-after' = 'run'): Promise<LineProcess> => {
  const process = startLineProcess(PROGRAM, [temp.file, mode]);
  if (mode === 'run') running.push(process);
  expect(await process.next()).toEqual({ ready: process.pid });
  return process;
};
/** `count` tasks that are due every second, made up for one by one. */
const schedule = (count: number): void => {
  const { schedule: room } = openTestSchedule({ store, clock: systemClock, queue });
  for (let n = 0; n < count; n += 1) room.create({ group: 'work', prompt: `task ${n}`, kind: 'interval', value: '1000', missed: 'all' });
};
interface Logged {
  readonly id: string;
  readonly task: string;
  readonly due: number;
  readonly slots: number;
  readonly status: string;
  readonly anchor: number;
  readonly result: string | null;
}
const logged = (): readonly Logged[] =>
  store.db
    .prepare('SELECT r.id, r.task_id AS task, r.due_at AS due, r.slots, r.status, r.result, t.anchor_at AS anchor FROM schedule_runs r JOIN scheduled_tasks t ON t.id = r.task_id ORDER BY r.task_id, r.due_at')
    .all() as Logged[];
/** Every due time of every task, from its first to its last, stands in the log exactly once, and what ran was queued exactly once. */
const expectEveryDueTimeOnce = (): void => {
  const runs = logged();
  expect(queue.queued().map(({ scheduleRunId }) => scheduleRunId).sort()).toEqual(runs.filter(({ status }) => status !== 'skipped').map(({ id }) => id).sort());
  for (const task of new Set(runs.map((run) => run.task))) {
    const own = runs.filter((run) => run.task === task);
    expect(own.reduce((sum, { slots }) => sum + slots, 0), `due times of ${task}`).toBe((own.at(-1)!.due - own[0]!.anchor) / 1000);
    expect(new Set(own.map(({ due }) => due)).size).toBe(own.length);
  }
};

it('two processes on one data directory make every due run exactly once', async () => {
  schedule(40);
  const [first, second] = await Promise.all([start(), start()]);

  const ranBy = (pid: number): number => logged().filter(({ result }) => result === String(pid)).length;
  await until(() => ranBy(first.pid) > 40 && ranBy(second.pid) > 40);
  await Promise.all([first.end(), second.end()]);

  expectEveryDueTimeOnce();
});

describe('kill -9', () => {
  it('in the middle of a claim leaves nothing behind: the due time is claimed anew', async () => {
    schedule(1);
    const dead = startLineProcess(PROGRAM, [temp.file, 'die-inside']);
    expect(await dead.next()).toEqual({ ready: dead.pid });
    await dead.ended;
    expect(logged()).toEqual([]);
    expect(queue.queued()).toEqual([]);

    await start();
    await until(() => logged().length > 2);
    expectEveryDueTimeOnce();
  });

  it('between a claim and its run leaves the run in the queue, and nobody claims that due time again', async () => {
    schedule(1);
    const dead = startLineProcess(PROGRAM, [temp.file, 'die-after']);
    expect(await dead.next()).toEqual({ ready: dead.pid });
    await dead.ended;
    const [orphan] = logged();
    expect(orphan).toMatchObject({ status: 'queued' });
    expect(queue.queued().map(({ scheduleRunId }) => scheduleRunId)).toEqual([orphan!.id]);

    await start();
    await until(() => logged().length > 2);
    expect(queue.queued().filter(({ scheduleRunId }) => scheduleRunId === orphan!.id)).toHaveLength(1);
    expectEveryDueTimeOnce();
  });
});
