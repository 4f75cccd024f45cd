import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { faultyModule } from '../support/histories/faulty-bus.ts';
import { taskCaller } from '../support/histories/models.ts';
import { openBusAt } from '../support/histories/open-bus.ts';
import type { Race } from '../support/histories/racer.ts';
import { makeSqliteAddress } from '../support/histories/sqlite-bus.ts';

const RACERS = 64;
type Rounds = Race['rounds'];

/** Makes `count` tasks and lets 64 threads with a connection each race; `won` has what each of them got in each round. */
async function race(count: number, rounds: (ids: readonly number[]) => Rounds, fault?: string) {
  const { remove, module, options } = makeSqliteAddress();
  onTestFinished(remove);
  const { store, close } = await openBusAt({ module, options });
  onTestFinished(close);
  const ids: number[] = [];
  for (let n = 0; n < count; n += 1) ids.push((await store.createTask(taskCaller('maker'), { title: `race ${n}`, assignee_role: 'FE' })).task_id);

  const address = fault === undefined ? { module, options } : { module: faultyModule, options: { ...options, fault } };
  const barrier = new SharedArrayBuffer(8);
  const racers = Array.from({ length: RACERS }, (_, racer) => {
    const workerData: Race = { address, racers: RACERS, racer, rounds: rounds(ids), barrier };
    return new Worker(new URL('../support/histories/racer.ts', import.meta.url), { workerData });
  });
  try {
    const won = await Promise.all(racers.map(async (racer) => ((await once(racer, 'message')) as [Rounds])[0]));
    return { ids, won, tasks: (await store.listTasks({ limit: count })).tasks };
  } finally {
    await Promise.all(racers.map((racer) => racer.terminate()));
  }
}

function winners(won: readonly Rounds[], round: number): readonly number[] {
  return won.flatMap((results, racer) => (results[round] === null ? [] : [racer]));
}

test('of 64 that claim one task exactly one gets it, 200 times', async () => {
  const { ids, won, tasks } = await race(200, (all) => all);
  for (const [round, id] of ids.entries()) {
    expect(winners(won, round), `round ${round}`).toHaveLength(1);
    expect(tasks[round]).toMatchObject({ id, status: 'in_progress', held_by_session: `session of racer ${winners(won, round)[0]}`, version: 2 });
  }
});

test('64 that ask for the next task never get the same one and leave none', async () => {
  const { ids, won } = await race(150, () => [null, null, null]);
  expect(won.flat().filter((id) => id !== null).sort((a, b) => a - b)).toEqual(ids);
});

test('the race shows a claim that checks first and sets then', async () => {
  const { ids, won } = await race(10, (all) => all, 'tasks: check, then set');
  expect(ids.some((_, round) => winners(won, round).length > 1)).toBe(true);
});
