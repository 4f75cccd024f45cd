import type { Caller } from '../../bus/types.ts';
import type { TeamBus } from '../../bus/bus.ts';
import type { WhoAmI } from './tool-outputs.ts';

/** What the tools know of the team. */
export interface Team {
  readonly bus: TeamBus;
  readonly roles: readonly string[];
  /** The role that may reassign tasks and force-release locks. */
  readonly coordinator: string;
  /** The resources that the team agreed to lock before changing them. */
  readonly resources: readonly string[];
}

/** One call of one tool. */
export interface ToolRun extends Team {
  /** Who calls. Throws ROLE_MISMATCH, ROLE_UNKNOWN, or INPUT_INVALID when the role is missing. */
  readonly caller: () => Caller;
  /** For a call that may wait: ends it when the client is gone and tells the client that it is still waiting. */
  readonly waiting: <T>(call: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** How many open tasks of one status `whoami` shows. */
const SHOWN_TASKS = 20;

/** Looks only: nothing is marked delivered or read by it. */
export async function whoAmI(run: ToolRun): Promise<WhoAmI> {
  const { bus, roles, coordinator, resources } = run;
  const { role, sessionId, agentName, verified } = run.caller();
  const ofStatus = (status: 'open' | 'in_progress' | 'blocked') => bus.listTasks({ status, assignee_role: role, limit: SHOWN_TASKS });
  const [counts, { locks }, ...pages] = await Promise.all([
    bus.inboxCounts(),
    bus.listLocks(),
    ofStatus('in_progress'),
    ofStatus('blocked'),
    ofStatus('open'),
  ]);
  return {
    role,
    session_id: sessionId,
    agent_name: agentName,
    verified,
    coordinator,
    roles,
    lockable_resources: resources,
    unread: counts.find((count) => count.role === role)?.unread ?? 0,
    open_tasks: pages.flatMap((page) => page.tasks),
    locks: locks.filter((lease) => lease.session_id === sessionId),
  };
}
