/** One thread of a claim race: waits for all others before each round, then claims. */
import { parentPort, workerData } from 'node:worker_threads';
import { openBusAt, type BusAddress } from './open-bus.ts';
import { taskCaller } from './models.ts';

export interface Race {
  readonly address: BusAddress;
  readonly racers: number;
  readonly racer: number;
  /** The task of each round; null claims the next one. */
  readonly rounds: readonly (number | null)[];
  /** Two numbers: how many arrived at the barrier, and the round that is open. */
  readonly barrier: SharedArrayBuffer;
}

const { address, racers, racer, rounds, barrier } = workerData as Race;
const gate = new Int32Array(barrier);
const { store, close } = await openBusAt(address);
const won: (number | null)[] = [];

for (const [round, task] of rounds.entries()) {
  if (Atomics.add(gate, 0, 1) === racers * (round + 1) - 1) {
    Atomics.store(gate, 1, round + 1);
    Atomics.notify(gate, 1);
  } else {
    while (Atomics.load(gate, 1) <= round) Atomics.wait(gate, 1, round);
  }
  const caller = taskCaller(`racer ${racer}`);
  const answer = await (task === null ? store.claimNextTask(caller, {}) : store.claimTask(caller, { task_id: task }));
  won.push(answer.ok ? answer.task.id : null);
}
await close();
parentPort!.postMessage(won);
