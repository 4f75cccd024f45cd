import type { Agents } from '../access/agents.ts';
import type { AutoStop } from '../access/auto-stop.ts';
import type { StopStep } from '../access/follow-ups.ts';
import type { Guard } from '../access/guard.ts';
import type { CancelStep } from '../access/kill-switch.ts';
import type { ChatLanguage } from '../agents/chat-texts.ts';
import { GroupQueue } from '../agents/group-queue.ts';
import type { Groups } from '../agents/groups.ts';
import type { AgentRunner, Conversations, RunNotices, TaskOutcomes } from '../agents/ports.ts';
import { RunRows } from '../agents/run-rows.ts';
import { RunWatch } from '../agents/run-watch.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/schema.ts';
import type { TaskRuns } from '../schedule/ports.ts';
import type { Store } from '../store/store.ts';

export interface AgentsRoomOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly agents: Agents;
  readonly autoStop: () => Pick<AutoStop, 'runFailed' | 'runSucceeded'>;
  readonly groups: Groups;
  readonly runner: AgentRunner;
  readonly conversations: Conversations;
  /** Hears how runs of scheduled tasks went. */
  readonly outcomes: TaskOutcomes;
  /** Tells people of runs that went wrong. */
  readonly notices: RunNotices;
  readonly config: Config['agents'];
  /** In which Wheelhouse itself speaks in chats. */
  readonly language: () => ChatLanguage;
  readonly report: (what: string, error: unknown) => void;
}

/** Who works for the chats. Nothing runs before `queue.start()`. */
export interface AgentsRoom {
  readonly groups: Groups;
  readonly queue: GroupQueue;
  readonly runs: RunRows;
  readonly watch: RunWatch;
  /** For the schedule: its runs go the way of all runs (SCHED-01). */
  readonly taskRuns: TaskRuns;
  readonly cancelStep: CancelStep;
  readonly stopStep: StopStep;
}

/** An agent that did a scheduled task is kept this long for a second text (nanoclaw reference §1.3). */
const TASK_CLOSE_MS = 10_000;
/** After `_close` an agent may finish its turn for this long. */
const CLOSE_GRACE_MS = 60_000;

/** Puts the queue and what belongs to it together. */
export function openAgents(options: AgentsRoomOptions): AgentsRoom {
  const { store, clock, guard, agents, groups, config, report } = options;
  const watch = new RunWatch(clock, (error) => report('what a run prints could not be shown', error));
  const runs = new RunRows(store);
  const queue = new GroupQueue({
    store,
    clock,
    groups,
    runner: options.runner,
    conversations: options.conversations,
    outcomes: options.outcomes,
    notices: options.notices,
    judge: { runFailed: (agentId) => options.autoStop().runFailed(agentId), runSucceeded: (agentId) => options.autoStop().runSucceeded(agentId) },
    watch,
    operational: () => guard.state() === 'NORMAL',
    suspendedAgents: () => new Set(agents.list().flatMap(({ id, status }) => (status === 'suspended' ? [id] : []))),
    assistantName: config.assistant_name,
    limit: config.max_concurrent,
    times: {
      idleMs: config.idle_timeout_sec * 1000,
      taskCloseMs: TASK_CLOSE_MS,
      closeGraceMs: CLOSE_GRACE_MS,
      progressMs: config.progress_after_sec === null ? null : config.progress_after_sec * 1000,
    },
    keep: config.runs_kept,
    language: options.language,
    random: Math.random,
    report,
  });
  return {
    groups,
    queue,
    runs,
    watch,
    taskRuns: {
      enqueue: (tx, request) => void queue.enqueueTask(tx, request),
      withdraw: (tx, scheduleRunId) => queue.withdrawTask(tx, scheduleRunId),
    },
    cancelStep: { name: 'runs_cancelled', run: (tx) => queue.cancelWaiting(tx, 'kill_switch') },
    stopStep: { name: 'live runs', run: async () => queue.killAll() },
  };
}
