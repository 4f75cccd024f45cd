/**
 * One process of the torture of notices: `list DIR API STEP` raises a critical notice and three that share a message, and
 * tells them; `run DIR API STEP` has a run of a chat fail, and tells that. It is killed in front of STEP; when it comes to
 * its end before, it prints its steps as a JSON list. A fifth argument sets its clock ahead, in ms.
 */
import { join } from 'node:path';
import type { LiveRun, RunEnd } from '../../main/agents/ports.ts';
import { systemClock, type Clock } from '../../main/base/clock.ts';
import { Dispatcher } from '../../main/notify/dispatcher.ts';
import { Notifications } from '../../main/notify/notifications.ts';
import { wordsIn } from '../../main/notify/words/words.ts';
import { openStore } from '../../main/store/open.ts';
import { runNotices } from '../../main/wheelhouse/run-notices.ts';
import { makePlainQueue } from './agents/plain-queue.ts';
import { toTelegram } from './completion-life.ts';
import { killAtStep } from './kill-at-step.ts';
import { sample } from './notice-samples.ts';
import { DEFAULT_RULES } from './notify-rig.ts';

const [mode, dataDir = '', apiRoot = '', fatal = '', aheadMs = '0'] = process.argv.slice(2);
const steps = await killAtStep(Number(fatal));
const fail = (what: string, error: unknown): never => {
  throw new Error(what, { cause: error });
};
const clock: Clock = { ...systemClock, now: () => systemClock.now() + Number(aheadMs) };
const store = openStore({ file: join(dataDir, 'wheelhouse.db'), durability: 'normal', clock, onListenerError: (error) => fail('a listener failed', error) });
const notifications = new Notifications(store);
// The timers of the rooms keep no process alive.
const alive = setInterval(() => undefined, 1000);

if (mode === 'run') await failOnce();
else raise();
const dispatcher = new Dispatcher({
  store,
  clock,
  notifications,
  transports: () => [toTelegram(apiRoot)],
  rules: () => DEFAULT_RULES,
  words: () => wordsIn('en'),
  rejectLinks: { issue: () => null },
  kind: 'core',
  processName: String(process.pid),
  random: () => 0.5,
  upkeep: null,
  report: fail,
});
dispatcher.start();
await dispatcher.drain(clock.now() + 5000);
await dispatcher.stop();
store.close();
clearInterval(alive);
process.stdout.write(`${JSON.stringify(steps())}\n`);

/** In one transaction, as what is told about. Raised again after a death, their keys make them the same. */
function raise(): void {
  store.transact((tx) => {
    notifications.enqueue(tx, { ...sample('KILL_SWITCH_ACTIVATED'), dedupeKey: 'now' });
    for (const task of ['one', 'two', 'three']) notifications.enqueue(tx, { ...sample('COMPLETION_DONE', { task, summary: null, times: 1, team: null }), dedupeKey: task });
  });
}

/** A message to a group whose agent fails the first time and does well from then on; resolves when that failure is written down. */
async function failOnce(): Promise<void> {
  const failed = (): boolean => store.db.prepare("SELECT 1 FROM runs WHERE cause = 'exit_code'").get() !== undefined;
  const start = (): LiveRun => {
    const end: RunEnd = failed()
      ? { status: 'succeeded', cause: 'finished', exitCode: 0, error: null, sessionId: null, logFile: null, unread: [] }
      : { status: 'failed', cause: 'exit_code', exitCode: 1, error: 'The agent ended with code 1.', sessionId: null, logFile: null, unread: [] };
    const ended = Promise.resolve(end);
    const over = async (): Promise<void> => void (await ended);
    return { ended, followUp: over, requestClose: over, stop: over, abort: over };
  };
  const { groups, chats, queue } = makePlainQueue({ store, clock, runner: { start }, notices: runNotices(notifications), random: () => 0, report: fail });
  const group = groups.byFolder('dev') ?? groups.create({ jid: 'tg:-1', name: 'Dev', folder: 'dev' });
  if (chats.next(group.id) === null && !failed()) chats.write(group.id, 'hello');
  const seen = new Promise<void>((resolve) => {
    store.onCommit(() => (failed() ? resolve() : undefined));
    if (failed()) resolve();
  });
  queue.start();
  queue.messagesArrived(group.id);
  await seen;
  await queue.stop();
}
