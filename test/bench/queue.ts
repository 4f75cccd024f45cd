import { join } from 'node:path';
import { systemClock } from '../../main/base/clock.ts';
import type { AgentRunner, RunEnd } from '../../main/agents/ports.ts';
import { openStore } from '../../main/store/open.ts';
import { makePlainQueue } from '../support/agents/plain-queue.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { percentile } from './statistics.ts';

export interface QueueFigures {
  readonly samples: number;
  /** From the message being in the database until the runner is asked, with full durability. */
  readonly start: { readonly p50Ms: number; readonly p99Ms: number };
  /** From the message being in the database until it is handed to the live run. */
  readonly followUp: { readonly p50Ms: number; readonly p99Ms: number };
  readonly groups: number;
  /** Runs per second, from the message to the end, when that many groups are busy at once under the limit of five. */
  readonly runsPerSec: number;
}

const GROUPS = 50;
const ROUNDS = 8;
const fail = (what: string, error: unknown): never => {
  throw new Error(what, { cause: error });
};

/** A runner that costs nothing, so that only the queue is measured. */
class Instant implements AgentRunner {
  asked = (): void => {};
  given = (): void => {};
  /** Whether runs end by themselves as soon as they are asked for. */
  endless = true;

  start(): ReturnType<AgentRunner['start']> {
    this.asked();
    const end: RunEnd = { status: 'succeeded', cause: 'finished', exitCode: 0, error: null, sessionId: null, logFile: null, unread: [] };
    const ending = Promise.withResolvers<RunEnd>();
    if (!this.endless) setImmediate(() => ending.resolve(end));
    const over = async (): Promise<void> => ending.resolve(end);
    return { ended: ending.promise, followUp: async () => this.given(), requestClose: over, stop: over, abort: over };
  }
}

/** What the queue itself costs, on a real database that flushes each commit. */
export async function benchQueue(samples: number): Promise<QueueFigures> {
  const dir = makeTempDir();
  const store = openStore({ file: join(dir.path, 'wheelhouse.db'), durability: 'full', clock: systemClock, onListenerError: (error) => fail('a listener failed', error) });
  const runner = new Instant();
  const { groups, chats, queue } = makePlainQueue({ store, clock: systemClock, runner, notices: { failed: () => undefined }, random: Math.random, report: fail });
  try {
    const ids = Array.from({ length: GROUPS }, (_, n) => groups.create({ jid: `tg:-30${n}`, name: `Group ${n}`, folder: `group-${n}` }).id);
    queue.start();
    const say = (groupId: string): void => {
      chats.write(groupId, 'hello');
      queue.messagesArrived(groupId);
    };
    const starts: number[] = [];
    const followUps: number[] = [];
    for (let n = 0; n < samples; n += 1) {
      const groupId = ids[n % GROUPS]!;
      let began = 0;
      runner.asked = () => starts.push(performance.now() - began);
      chats.write(groupId, 'hello');
      began = performance.now();
      queue.messagesArrived(groupId);
      const given = Promise.withResolvers<void>();
      runner.given = () => {
        followUps.push(performance.now() - began);
        given.resolve();
      };
      chats.write(groupId, 'and more');
      began = performance.now();
      queue.messagesArrived(groupId);
      await given.promise;
      await queue.killAll();
    }
    runner.endless = false;
    let left = GROUPS * ROUNDS;
    const all = Promise.withResolvers<void>();
    runner.asked = () => {
      left -= 1;
      if (left === 0) all.resolve();
    };
    const began = performance.now();
    for (let round = 0; round < ROUNDS; round += 1) {
      const target = GROUPS * (ROUNDS - round - 1);
      for (const groupId of ids) say(groupId);
      while (left > target) await new Promise((resolve) => setImmediate(resolve));
      while (queue.live().length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await all.promise;
    const runsPerSec = (GROUPS * ROUNDS * 1000) / (performance.now() - began);
    return {
      samples,
      start: { p50Ms: percentile(starts, 0.5), p99Ms: percentile(starts, 0.99) },
      followUp: { p50Ms: percentile(followUps, 0.5), p99Ms: percentile(followUps, 0.99) },
      groups: GROUPS,
      runsPerSec,
    };
  } finally {
    await queue.stop();
    store.close();
    dir.remove();
  }
}
