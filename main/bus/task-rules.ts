import { AppError } from '../base/errors.ts';
import type { Caller, ClaimRefusal, Task, TaskStatus } from './types.ts';

/** How a caller stands to a task. */
export type Standing =
  /** The session that claimed it. */
  | 'holder'
  /** A session of the assignee's role, while no session holds the task. */
  | 'assignee'
  /** The role that created it. */
  | 'creator'
  /** The coordinating role, or the person. */
  | 'coordinator';

/**
 * Who may move a task from one status to another; what is missing is refused. Going to `in_progress` is claiming and
 * follows {@link refuseClaim}. A held task belongs to its session: others of the same role wait until the claim ends,
 * its creator may cancel it. `done` and `cancelled` are final, except that the creator or the coordinator opens again.
 */
const TRANSITIONS: Readonly<Record<TaskStatus, Partial<Record<TaskStatus, readonly Standing[]>>>> = {
  open: {
    in_progress: ['assignee'],
    blocked: ['assignee', 'creator', 'coordinator'],
    done: ['assignee', 'coordinator'],
    cancelled: ['creator', 'coordinator'],
  },
  in_progress: {
    open: ['holder', 'coordinator'],
    blocked: ['holder', 'coordinator'],
    done: ['holder', 'coordinator'],
    cancelled: ['creator', 'coordinator'],
  },
  blocked: {
    open: ['holder', 'assignee', 'coordinator'],
    in_progress: ['holder', 'assignee'],
    done: ['holder', 'assignee', 'coordinator'],
    cancelled: ['creator', 'coordinator'],
  },
  done: { open: ['creator', 'coordinator'] },
  cancelled: { open: ['creator', 'coordinator'] },
};

export function standings(task: Task, caller: Caller, coordinator: string): ReadonlySet<Standing> {
  const found = new Set<Standing>();
  if (task.held_by_session === caller.sessionId) found.add('holder');
  if (task.held_by_session === null && task.assignee_role === caller.role) found.add('assignee');
  if (task.created_by === caller.role) found.add('creator');
  if (caller.person || caller.role === coordinator) found.add('coordinator');
  return found;
}

/** Throws FORBIDDEN unless the caller is of the assignee's or creator's role, or coordinates. */
export function checkMayEdit(task: Task, caller: Caller, coordinator: string): void {
  if (task.assignee_role === caller.role || standings(task, caller, coordinator).size > 0) return;
  throw new AppError(
    'FORBIDDEN',
    `task#${task.id} belongs to ${task.assignee_role} and was created by ${task.created_by}; ${caller.role} may not change it. Send them a message instead.`,
    { task_id: task.id, assignee_role: task.assignee_role, created_by: task.created_by },
  );
}

/** Throws TRANSITION_REFUSED when no one may do this, FORBIDDEN when the caller may not. */
export function checkTransition(task: Task, to: TaskStatus, caller: Caller, coordinator: string): void {
  const allowed = TRANSITIONS[task.status][to];
  const details = { task_id: task.id, from: task.status, to };
  if (allowed === undefined) {
    const ways = Object.keys(TRANSITIONS[task.status]).join(', ');
    throw new AppError('TRANSITION_REFUSED', `task#${task.id} is ${task.status} and cannot become ${to}; from there it can become ${ways}.`, details);
  }
  const standing = standings(task, caller, coordinator);
  if (allowed.some((one) => standing.has(one))) return;
  const cure =
    task.held_by_session !== null && task.assignee_role === caller.role
      ? `It is held by another session of ${task.held_by}. Let that session finish, or ask ${coordinator} to reassign it`
      : `Ask ${coordinator}`;
  throw new AppError(
    'FORBIDDEN',
    `task#${task.id} is ${task.status}; only its ${allowed.join(' or ')} may set it to ${to}. ${cure}.`,
    { ...details, allowed, held_by: task.held_by },
  );
}

export interface Refusal {
  readonly error: ClaimRefusal;
  readonly held_by?: string;
  readonly hint: string;
}

/**
 * Why the caller cannot claim the task, null when it can. Being its holder already is no refusal.
 * `waitsFor` are its dependencies that are not done.
 */
export function refuseClaim(task: Task, caller: Caller, waitsFor: readonly Task[]): Refusal | null {
  const name = `task#${task.id}`;
  if (task.status === 'in_progress') {
    if (task.held_by_session === caller.sessionId) return null;
    const whose = task.held_by === caller.role ? 'another session of your role' : task.held_by;
    return { error: 'held', held_by: task.held_by!, hint: `${name} is held by ${whose}. Call claim_next_task for another one.` };
  }
  if (task.assignee_role !== caller.role) {
    return {
      error: 'other_role',
      hint: `${name} is assigned to ${task.assignee_role}, not to ${caller.role}. Whoever coordinates may reassign it.`,
    };
  }
  if (task.status !== 'open') {
    const cure =
      task.status === 'blocked'
        ? 'Set it to in_progress with update_task when what blocks it is gone.'
        : `It has to be opened again first, by ${task.created_by} or whoever coordinates.`;
    return { error: 'not_open', hint: `${name} is ${task.status}. ${cure}` };
  }
  if (waitsFor.length > 0) return { error: 'dependencies', hint: `${name} waits for ${waitsFor.map(stateOf).join(', ')}.` };
  return null;
}

/**
 * The rules of a claim for an update to `in_progress`, which may also resume what is blocked. Throws FORBIDDEN or
 * TRANSITION_REFUSED.
 */
export function checkStart(task: Task, caller: Caller, coordinator: string, waitsFor: readonly Task[]): void {
  if (task.status === 'blocked') checkTransition(task, 'in_progress', caller, coordinator);
  const refusal = refuseClaim(task.status === 'blocked' ? { ...task, status: 'open' } : task, caller, waitsFor);
  if (refusal === null) return;
  const code = refusal.error === 'other_role' ? 'FORBIDDEN' : 'TRANSITION_REFUSED';
  throw new AppError(code, `task#${task.id} cannot be started: ${refusal.hint}`, { task_id: task.id, from: task.status, to: 'in_progress' });
}

export interface WaitingTask {
  readonly task: Task;
  readonly waitsFor: readonly Task[];
}

/** Why nothing is ready for the role: how many of its open tasks wait, and for what the first of them do. */
export function noneReady(role: string, count: number, first: readonly WaitingTask[]): Refusal {
  if (count === 0) return { error: 'none_ready', hint: `There is no open task for ${role}.` };
  const shown = first.map(({ task, waitsFor }) => `task#${task.id} waits for ${waitsFor.map(stateOf).join(', ')}`).join('; ');
  const more = count > first.length ? `; and ${count - first.length} more` : '';
  return { error: 'none_ready', hint: `No open task for ${role} is ready, ${count} ${count === 1 ? 'waits' : 'wait'}: ${shown}${more}.` };
}

function stateOf(task: Task): string {
  if (task.held_by !== null) return `task#${task.id} (${task.status}, held by ${task.held_by})`;
  if (task.status === 'cancelled') return `task#${task.id} (cancelled: take it out of depends_on)`;
  return `task#${task.id} (${task.status}, for ${task.assignee_role})`;
}

/** The circle of tasks that `taskId` would close by depending on `dependsOn`; null when there is none. */
export function findDependencyCycle(
  taskId: number,
  dependsOn: readonly number[],
  dependenciesOf: (id: number) => readonly number[],
): readonly number[] | null {
  const cameFrom = new Map<number, number>();
  const queue: number[] = [];
  const reach = (ids: readonly number[], from: number): boolean => {
    for (const id of ids) {
      if (cameFrom.has(id)) continue;
      cameFrom.set(id, from);
      if (id === taskId) return true;
      queue.push(id);
    }
    return false;
  };
  let closed = reach(dependsOn, taskId);
  for (let next = 0; !closed && next < queue.length; next += 1) closed = reach(dependenciesOf(queue[next]!), queue[next]!);
  if (!closed) return null;
  const cycle = [taskId];
  do cycle.unshift(cameFrom.get(cycle[0]!)!);
  while (cycle[0] !== taskId);
  return cycle;
}
