/** One thread of a history: some clients with one connection to the bus. Runs the plans that it is sent. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Operation } from '../linearizability.ts';
import { act, type Action, type Told } from './models.ts';
import { openBusAt, type BusAddress } from './open-bus.ts';

/** What the clients of a thread do in one history. */
export interface Plan {
  readonly name: string;
  readonly clients: readonly string[];
  readonly calls: number;
  readonly things: readonly string[];
  readonly actions: readonly Action[];
  readonly seed: number;
}
/** An operation on one of the things. */
export interface Done {
  readonly thing: string;
  readonly operation: Operation<Action, Told>;
}

/** So many answers of a hundred are lost; half of those calls are repeated with the same key. */
const LOST = 10;

/** A small generator of even pseudo-random numbers (mulberry32): a seed gives one plan for ever. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) % sides;
  };
}

const now = (): number => Number(process.hrtime.bigint());
const { store } = await openBusAt(workerData as BusAddress);

async function runClient(client: string, plan: Plan, seed: number): Promise<Done[]> {
  const roll = dice(seed);
  const done: Done[] = [];
  for (let n = 0; n < plan.calls; n += 1) {
    const thing = plan.things[roll(plan.things.length)]!;
    const input = plan.actions[roll(plan.actions.length)]!;
    const key = `${plan.name} ${n}`;
    const call = now();
    let output = await act(store, client, input, thing, key);
    const fate = roll(200);
    if (fate < LOST) {
      done.push({ thing, operation: { client, input, call, answer: null } });
      continue;
    }
    if (fate < 2 * LOST) output = await act(store, client, input, thing, key);
    done.push({ thing, operation: { client, input, call, answer: { at: now(), output } } });
  }
  return done;
}

parentPort!.on('message', (plan: Plan) => {
  void (async () => {
    const histories = await Promise.all(plan.clients.map((client, index) => runClient(client, plan, plan.seed + index)));
    parentPort!.postMessage(histories.flat());
  })();
});
parentPort!.postMessage('ready');
