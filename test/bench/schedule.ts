import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../main/base/clock.ts';
import { openStore } from '../../main/store/open.ts';
import type { TaskRuns } from '../../main/schedule/ports.ts';
import type { TimingKind } from '../../main/schedule/types.ts';
import { openTestSchedule, TestQueue } from '../support/schedule-rig.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { percentile } from './statistics.ts';

export interface ScheduleFigures {
  readonly tasks: number;
  /** From the due time to the commit that claims it and queues its run. */
  readonly spread: Lateness;
  /** The same when all are due in the same moment. */
  readonly together: Lateness;
  /** Of one processor, while a thousand tasks wait. */
  readonly idleCpuPercent: number;
}

interface Lateness {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

const TASKS = 1000;
const MINUTE = 60_000;
/** Second by second, so that 50 are due at the same time. */
const SPREAD_SEC = 20;

/** A thousand tasks on a database with full durability, claimed at their times. */
export async function benchSchedule(idleMs: number): Promise<ScheduleFigures> {
  const atOnce = (from: number, n: number): [TimingKind, string] => ['once', `${new Date(from + (n % SPREAD_SEC) * 1000).toISOString().slice(0, 19)}Z`];
  const spread = await measure(Date.now() + 15_000, atOnce);
  // All are due at the next full minute, which must not come while they are still being made.
  const left = MINUTE - (Date.now() % MINUTE);
  if (left < 20_000) await pause(left);
  const together = await measure(Date.now(), () => ['cron', '* * * * *']);
  return { tasks: TASKS, spread: spread.lateness, together: together.lateness, idleCpuPercent: await measureIdle(idleMs) };
}

async function measure(from: number, timing: (from: number, n: number) => [TimingKind, string]): Promise<{ readonly lateness: Lateness }> {
  const rig = openRig();
  try {
    rig.add(TASKS, (n) => timing(from, n));
    rig.scheduler.start();
    const until = Date.now() + 2 * MINUTE;
    while (rig.late.length < TASKS && Date.now() < until) await pause(100);
    if (rig.late.length < TASKS) throw new Error(`Only ${rig.late.length} of ${TASKS} tasks ran.`);
    const late = rig.late.slice(0, TASKS);
    return { lateness: { p50Ms: percentile(late, 0.5), p99Ms: percentile(late, 0.99), mostMs: Math.max(...late) } };
  } finally {
    await rig.close();
  }
}

async function measureIdle(forMs: number): Promise<number> {
  const rig = openRig();
  try {
    rig.add(TASKS, () => ['interval', '86400000']);
    rig.scheduler.start();
    await pause(1000);
    const before = process.cpuUsage();
    await pause(forMs);
    const { user, system } = process.cpuUsage(before);
    return ((user + system) / 1000 / forMs) * 100;
  } finally {
    await rig.close();
  }
}

function openRig() {
  const dir = makeTempDir('wheelhouse-bench-');
  const store = openStore({
    file: join(dir.path, 'wheelhouse.db'),
    durability: 'full',
    clock: systemClock,
    onListenerError: (error) => {
      throw error;
    },
  });
  const queue = new TestQueue(store);
  const claimed: string[] = [];
  const runs: TaskRuns = {
    enqueue(tx, request) {
      queue.enqueue(tx, request);
      claimed.push(request.scheduleRunId);
    },
    withdraw: (tx, id) => queue.withdraw(tx, id),
  };
  const { schedule, scheduler } = openTestSchedule({ store, clock: systemClock, queue: runs });
  const late: number[] = [];
  const dueAt = store.db.prepare('SELECT due_at FROM schedule_runs WHERE id = ?').pluck();
  store.onCommit((events) => {
    if (!events.some(({ action }) => action === 'due')) return;
    const now = Date.now();
    for (const id of claimed.splice(0)) late.push(now - (dueAt.get(id) as number));
  });
  return {
    scheduler,
    late,
    add(count: number, timing: (n: number) => [TimingKind, string]): void {
      store.batch(() => {
        for (let n = 0; n < count; n += 1) {
          const [kind, value] = timing(n);
          schedule.create({ group: 'work', prompt: `task ${n}`, kind, value });
        }
      });
    },
    async close() {
      await scheduler.stop();
      store.close();
      dir.remove();
    },
  };
}
