import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultyModule, PLANTED } from '../support/histories/faulty-bus.ts';
import { claimModel, lockModel, taskCaller, type Action } from '../support/histories/models.ts';
import { openBusAt, type BusAddress } from '../support/histories/open-bus.ts';
import { makeSqliteAddress } from '../support/histories/sqlite-bus.ts';
import { HistoryThreads, unexplained } from '../support/histories/threads.ts';

const SEEDS = 20;
const CALLS = 40;

/** One round on three fresh things with this seed; the things that no order of the calls explains. */
async function round(threads: HistoryThreads, address: BusAddress, kind: 'locks' | 'tasks', seed: number): Promise<readonly string[]> {
  const name = `${kind} ${seed}`;
  if (kind === 'locks') {
    const actions: readonly Action[] = ['acquire', 'acquire', 'acquire', 'release', 'release', 'renew'];
    const things = [`compose-${seed}`, `nas-deploy-${seed}`, `path:src-${seed}/**`];
    return unexplained(await threads.record({ name, things, actions, calls: CALLS, seed }), lockModel);
  }
  const { store, close } = await openBusAt(address);
  const things: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    things.push(String((await store.createTask(taskCaller('maker'), { title: name, assignee_role: 'FE' })).task_id));
  }
  await close();
  return unexplained(await threads.record({ name, things, actions: ['claim', 'claim', 'give back'], calls: CALLS, seed }), claimModel);
}

describe('16 clients in 8 threads on one database, some answers lost, some calls repeated', () => {
  const address = makeSqliteAddress();
  let threads: HistoryThreads;
  beforeAll(async () => {
    threads = await HistoryThreads.start(address);
  });
  afterAll(async () => {
    await threads.close();
    address.remove();
  });

  it.each(['locks', 'tasks'] as const)('see %s as if one after the other had used them', async (kind) => {
    for (let seed = 1; seed <= SEEDS; seed += 1) expect(await round(threads, address, kind, seed), `seed ${seed}`).toEqual([]);
  });
});

describe('the same histories', () => {
  it.each(PLANTED)('show the planted mistake "%s"', async (fault) => {
    const place = makeSqliteAddress();
    const address = { module: faultyModule, options: { ...place.options, fault } };
    const threads = await HistoryThreads.start(address);
    try {
      let shown = 0;
      for (let seed = 1; seed <= SEEDS && shown === 0; seed += 1) {
        shown = (await round(threads, address, fault.startsWith('locks') ? 'locks' : 'tasks', seed)).length;
      }
      expect(shown).toBeGreaterThan(0);
    } finally {
      await threads.close();
      place.remove();
    }
  });
});
