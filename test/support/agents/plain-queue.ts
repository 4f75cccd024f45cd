import { Agents } from '../../../main/access/agents.ts';
import { createGuard } from '../../../main/access/guard.ts';
import { groupAgents } from '../../../main/agents/group-agents.ts';
import { GroupQueue, type GroupQueueParts } from '../../../main/agents/group-queue.ts';
import { Groups } from '../../../main/agents/groups.ts';
import { RunWatch } from '../../../main/agents/run-watch.ts';
import type { Store } from '../../../main/store/store.ts';
import { TestChats } from './test-chats.ts';

/** What of a queue matters to its user. */
export interface PlainQueueParts extends Pick<GroupQueueParts, 'clock' | 'runner' | 'notices' | 'random'> {
  readonly store: Store;
  /** Hears of every fault. */
  readonly report: (what: string, error: unknown) => void;
}

/** A queue on a real database with groups and chats of its own, where nothing else ever keeps an agent from running. */
export function makePlainQueue({ store, report, ...parts }: PlainQueueParts): { readonly groups: Groups; readonly chats: TestChats; readonly queue: GroupQueue } {
  const agents = new Agents({ store, guard: createGuard(store), assertRole: () => undefined });
  const groups = new Groups({ store, agents: groupAgents({ agents, roles: ['AI'], coordinator: 'Producer' }), assistantName: 'Andy' });
  const chats = new TestChats(store);
  const queue = new GroupQueue({
    ...parts,
    store,
    groups,
    conversations: chats,
    outcomes: { started: () => undefined, ended: () => true },
    judge: { runFailed: () => undefined, runSucceeded: () => undefined },
    watch: new RunWatch(parts.clock, (error) => report('a watcher failed', error)),
    operational: () => true,
    suspendedAgents: () => new Set(),
    assistantName: 'Andy',
    limit: 5,
    times: { idleMs: 1_800_000, taskCloseMs: 10_000, closeGraceMs: 60_000, progressMs: null },
    keep: 1000,
    language: () => 'en',
    report,
  });
  return { groups, chats, queue };
}
