/**
 * One process of the schedule tests: the schedule room on the database FILE, with the durable queue of the tests; every run
 * that it claims ends at once. MODE `run` goes on until stdin closes. `die-inside` ends by SIGKILL in the middle of the first
 * claim, `die-after` right after its commit, before the run was made.
 */
import { systemClock } from '../../main/base/clock.ts';
import type { TaskRuns } from '../../main/schedule/ports.ts';
import { openStore } from '../../main/store/open.ts';
import { openTestSchedule, TestQueue } from './schedule-rig.ts';

const [file = '', mode = 'run'] = process.argv.slice(2);
const answer = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const store = openStore({ file, durability: 'normal', clock: systemClock, onListenerError: (error) => answer({ error: String(error) }) });
const queue = new TestQueue(store);
const claimed: string[] = [];
const runs: TaskRuns = {
  enqueue(tx, request) {
    queue.enqueue(tx, request);
    if (mode === 'die-inside') die();
    claimed.push(request.scheduleRunId);
  },
  withdraw: (tx, id) => queue.withdraw(tx, id),
};
const { scheduler, outcomes } = openTestSchedule({ store, clock: systemClock, queue: runs, report: (what, error) => answer({ error: `${what}: ${String(error)}` }) });
const finish = (id: string): boolean =>
  store.transact((tx) => outcomes.ended(tx, id, { status: 'succeeded', result: String(process.pid), error: null, durationMs: 0 }));
store.onCommit((events) => {
  if (!events.some(({ action }) => action === 'due')) return;
  if (mode === 'die-after') die();
  for (const id of claimed.splice(0)) finish(id);
});
// What another process left in the queue is made now; what has ended already is not ended again.
for (const { scheduleRunId } of queue.queued()) finish(scheduleRunId);
// A timer of the schedule does not keep a process alive; stdin does.
process.stdin.on('end', () => {
  void scheduler.stop().finally(() => {
    store.close();
    answer({ stopped: true });
  });
});
process.stdin.resume();
scheduler.start();
answer({ ready: process.pid });
