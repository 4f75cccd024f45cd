import type { CompletionView, LogEvent, Message, Patch, Snapshot, Task } from '../../preload/contract.ts';
import { applySchedulePatch } from './schedule.ts';

/** How much a window keeps of what only grows; older entries come by calls. */
export const BOUNDS = { events: 2_000, messages: 2_000, closedTasks: 1_000, completions: 2_000 } as const;

interface Numbered {
  readonly id: number;
}

/** Inserts or replaces by id; both lists and the result are in order of id. */
function mergeById<T extends Numbered>(list: readonly T[], changed: readonly T[]): readonly T[] {
  if (changed.length === 0) return list;
  const inOrder = [...changed].sort((a, b) => a.id - b.id);
  const first = inOrder[0];
  const last = list.at(-1);
  if (first === undefined) return list;
  if (last === undefined || first.id > last.id) return [...list, ...inOrder];
  const byId = new Map(list.map((entry) => [entry.id, entry]));
  for (const entry of inOrder) byId.set(entry.id, entry);
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/**
 * Adds to a list that is the unbroken newest end of a longer one. A change to an entry older than the list is left
 * out: it would make a hole, and paging back starts at the oldest entry.
 */
function mergeNewest<T extends Numbered>(list: readonly T[], changed: readonly T[], bound: number): readonly T[] {
  const oldest = list[0]?.id ?? 0;
  const merged = mergeById(list, changed.filter((entry) => entry.id >= oldest));
  return merged.length > bound ? merged.slice(merged.length - bound) : merged;
}

const isClosed = (task: Task): boolean => task.status === 'done' || task.status === 'cancelled';

/** Never goes back to an older version: the answer of a call and the patch of the same change may cross. */
function mergeTasks(tasks: readonly Task[], changed: readonly Task[]): readonly Task[] {
  const known = new Map(tasks.map((task) => [task.id, task]));
  const merged = mergeById(tasks, changed.filter((task) => (known.get(task.id)?.version ?? 0) <= task.version));
  const closed = merged.filter(isClosed);
  if (closed.length <= BOUNDS.closedTasks) return merged;
  const surplus = new Set(
    closed.sort((a, b) => a.updated_at.localeCompare(b.updated_at)).slice(0, closed.length - BOUNDS.closedTasks),
  );
  return merged.filter((task) => !surplus.has(task));
}

/** The snapshot after a patch. Parts that the patch does not name keep their identity, so that views of them rest. */
export function applyPatch(snapshot: Snapshot, patch: Patch): Snapshot {
  const { tasks, messages, completions, events, schedulePatch, ...whole } = patch;
  return {
    ...snapshot,
    ...whole,
    ...(schedulePatch && { schedule: applySchedulePatch(snapshot.schedule, schedulePatch) }),
    ...(tasks && { tasks: mergeTasks(snapshot.tasks, tasks) }),
    ...(messages && { messages: mergeNewest<Message>(snapshot.messages, messages, BOUNDS.messages) }),
    ...(completions && { completions: mergeNewest<CompletionView>(snapshot.completions, completions, BOUNDS.completions) }),
    ...(events && { events: mergeNewest<LogEvent>(snapshot.events, events, BOUNDS.events) }),
  };
}
