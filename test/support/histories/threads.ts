import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { isLinearizable, type Model } from '../linearizability.ts';
import type { Action, Told } from './models.ts';
import type { BusAddress } from './open-bus.ts';
import type { Done, Plan } from './thread.ts';

const THREADS = 8;
/** Two clients in each thread ask at the same time, so that their changes share a commit. */
const CLIENTS = 2;

/** Threads with a connection each to one bus, on which they act against each other. */
export class HistoryThreads {
  readonly #threads: readonly Worker[];

  private constructor(threads: readonly Worker[]) {
    this.#threads = threads;
  }

  static async start(address: BusAddress): Promise<HistoryThreads> {
    const { module, options } = address;
    const started: Worker[] = [];
    // The first makes the schema; the others find it.
    for (let n = 0; n < THREADS; n += 1) {
      const thread = new Worker(new URL('thread.ts', import.meta.url), { workerData: { module, options } });
      started.push(thread);
      if (n === 0) await once(thread, 'message');
    }
    await Promise.all(started.slice(1).map((thread) => once(thread, 'message')));
    return new HistoryThreads(started);
  }

  /** Lets all clients act at once and returns what they did, by thing. */
  async record(plan: Omit<Plan, 'clients'>): Promise<ReadonlyMap<string, readonly Done['operation'][]>> {
    const histories = await Promise.all(
      this.#threads.map(async (thread, index) => {
        const clients = Array.from({ length: CLIENTS }, (_, n) => `C${index * CLIENTS + n}`);
        const answer = once(thread, 'message') as Promise<[Done[]]>;
        thread.postMessage({ ...plan, clients, seed: plan.seed * 1000 + index * CLIENTS } satisfies Plan);
        return (await answer)[0];
      }),
    );
    const things = new Map<string, Done['operation'][]>(plan.things.map((thing) => [thing, []]));
    for (const { thing, operation } of histories.flat()) things.get(thing)!.push(operation);
    return things;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

/** The things whose history no order explains. */
export function unexplained<S extends string | object>(histories: ReadonlyMap<string, readonly Done['operation'][]>, model: Model<S, Action, Told>): readonly string[] {
  return [...histories].filter(([, history]) => !isLinearizable(history, model)).map(([thing]) => thing);
}
