import { expect } from 'vitest';
import { GroupQueue, type GroupQueueParts } from '../../../main/agents/group-queue.ts';
import type { TaskOutcome } from '../../../main/agents/ports.ts';
import { RunRows, type RunRow } from '../../../main/agents/run-rows.ts';
import { RunWatch } from '../../../main/agents/run-watch.ts';
import type { Group } from '../../../main/agents/types.ts';
import { NoticeHistory } from '../../../main/notify/history.ts';
import { Notifications } from '../../../main/notify/notifications.ts';
import { runNotices } from '../../../main/wheelhouse/run-notices.ts';
import { makeGroups } from '../agents-rig.ts';
import { makeTempDir } from '../temp-dir.ts';
import { ScriptedRunner, type ScriptedAgent } from './scripted-runner.ts';
import { TestChats } from './test-chats.ts';
import { until } from '../until.ts';

const TIMES = { idleMs: 1_800_000, taskCloseMs: 10_000, closeGraceMs: 60_000, progressMs: null };

/** The queue on a real database, with agents that are real processes which the test plays, and a clock that it moves. */
export function makeQueue(options: Partial<Pick<GroupQueueParts, 'limit' | 'times' | 'keep'>> = {}) {
  const rig = makeGroups();
  const { store, clock, groups, guard, agents } = rig;
  const dir = makeTempDir();
  const runner = new ScriptedRunner(dir.path);
  const chats = new TestChats(store);
  const outcomes: (TaskOutcome & { readonly scheduleRunId: string })[] = [];
  const startedTasks: string[] = [];
  const judged: string[] = [];
  const troubles: unknown[] = [];
  const notifications = new Notifications(store);
  const notices = new NoticeHistory(store);
  let taskBlamesAgent = true;
  const watch = new RunWatch(clock, (error) => troubles.push(error));
  const rows = new RunRows(store);
  let generation = 0;
  const open = (): GroupQueue => {
    const own = ++generation;
    // A process that died hears nothing any more, neither of the database nor of its agents.
    const alive = (): boolean => own === generation;
    return new GroupQueue({
      store: {
        db: store.db,
        transact: (change) => store.transact(change),
        onCommit: (listener) => store.onCommit((events) => (alive() ? listener(events) : undefined)),
      },
      clock,
      groups,
      runner: {
        start(request, listener) {
          const live = runner.start(request, {
            started: (place) => (alive() ? listener.started(place) : undefined),
            output: (output) => (alive() ? listener.output(output) : undefined),
            printed: (stream, text) => (alive() ? listener.printed(stream, text) : undefined),
          });
          const ended = live.ended.then(async (end) => (alive() ? end : new Promise<never>(() => undefined)));
          return { ...live, ended };
        },
      },
      conversations: chats,
      outcomes: { started: (_tx, scheduleRunId) => void startedTasks.push(scheduleRunId), ended: (_tx, scheduleRunId, outcome) => outcomes.push({ scheduleRunId, ...outcome }) > 0 && taskBlamesAgent },
      notices: runNotices(notifications),
      judge: { runFailed: (id) => void judged.push(`bad ${agents.find(id).name}`), runSucceeded: (id) => void judged.push(`good ${agents.find(id).name}`) },
      watch,
      operational: () => guard.state() === 'NORMAL',
      suspendedAgents: () => new Set(agents.list().flatMap(({ id, status }) => (status === 'suspended' ? [id] : []))),
      assistantName: 'Andy',
      limit: 5,
      times: TIMES,
      keep: 100,
      language: () => 'en',
      random: () => 0,
      report: (_what, error) => void troubles.push(error),
      ...options,
    });
  };
  let queue = open();
  queue.start();
  const group = (name: string): Group => groups.byFolder(name) ?? groups.create({ jid: `${name}@g.us`, name, folder: name });
  const say = (name: string, text: string): void => {
    chats.write(group(name).id, text);
    queue.messagesArrived(group(name).id);
  };
  const task = (name: string, prompt: string, scheduleRunId: string | null = null, contextMode: 'group' | 'isolated' = 'group'): string => {
    const groupId = group(name).id;
    return store.transact((tx) => queue.enqueueTask(tx, { groupId, prompt, contextMode, scheduleRunId }));
  };
  const runs = (name?: string): readonly RunRow[] => rows.list({ groupId: name === undefined ? undefined : group(name).id, limit: 1000 }).toReversed();
  const states = (name?: string): readonly string[] => runs(name).map(({ state }) => state);
  /** The agent of the group's live run, once its process was noticed. */
  const agent = async (name: string): Promise<ScriptedAgent> => {
    await until(() => runs(name).some(({ state }) => state === 'running'));
    return runner.of(group(name).id);
  };
  return {
    ...rig,
    runner,
    chats,
    outcomes,
    startedTasks,
    judged,
    troubles,
    watch,
    rows,
    group,
    say,
    task,
    runs,
    states,
    agent,
    get queue() {
      return queue;
    },
    /** Waits until the group has exactly these runs, oldest first. */
    async reached(name: string, expected: readonly string[]): Promise<void> {
      await expect.poll(() => states(name)).toEqual(expected);
    },
    texts: (name: string) => chats.replies(group(name).id).map(({ text }) => text),
    /** What the schedule says of the next failures of tasks: whether they count for the agent. */
    blameAgentForTasks(blames: boolean): void {
      taskBlamesAgent = blames;
    },
    /** What people are told, oldest first. */
    told: () => notices.list().map(({ type, context }) => ({ type, ...context })).toReversed(),
    /** The queue as after the program died: nobody ended anything, and nobody listens to the old agents. */
    restart(): void {
      queue = open();
      queue.start();
    },
    async close(): Promise<void> {
      await queue.stop();
      runner.close();
      rig.close();
      dir.remove();
    },
  };
}
