import type { Task, TaskStatus } from '../../preload/contract.ts';

/** The columns of the board, in the order of a task's life. */
export const COLUMNS = ['open', 'in_progress', 'blocked', 'done', 'cancelled'] as const satisfies readonly TaskStatus[];

export interface BoardFilter {
  readonly role: string;
  readonly query: string;
}

/** Whether a task shows: by its role or holder, and by words in its number, title, detail or note. */
export function matchesFilter(task: Task, { role, query }: BoardFilter): boolean {
  if (role !== '' && task.assignee_role !== role && task.held_by !== role) return false;
  const words = query.trim().toLowerCase();
  return words === '' || [`#${task.id}`, task.title, task.detail, task.note].some((text) => text.toLowerCase().includes(words));
}

const byUrgency = (a: Task, b: Task): number => Number(b.ready) - Number(a.ready) || a.priority - b.priority || a.id - b.id;
const byRecency = (a: Task, b: Task): number => b.updated_at.localeCompare(a.updated_at) || b.id - a.id;

/** The tasks of each column: what can start first on top while work lies ahead, the latest on top once it is over. */
export function columnsOf(tasks: readonly Task[], filter: BoardFilter): Readonly<Record<TaskStatus, readonly Task[]>> {
  const columns: Record<TaskStatus, Task[]> = { open: [], in_progress: [], blocked: [], done: [], cancelled: [] };
  for (const task of tasks) if (matchesFilter(task, filter)) columns[task.status].push(task);
  for (const status of COLUMNS) columns[status].sort(status === 'done' || status === 'cancelled' ? byRecency : byUrgency);
  return columns;
}

/** Finds a task in a list that is in order of id. */
export function taskById(tasks: readonly Task[], id: number): Task | null {
  let low = 0;
  let high = tasks.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const task = tasks[middle];
    if (task === undefined) return null;
    if (task.id === id) return task;
    if (task.id < id) low = middle + 1;
    else high = middle - 1;
  }
  return null;
}

/** Reads `3, #5` as task numbers; null when something else stands there. */
export function readTaskNumbers(text: string): readonly number[] | null {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const numbers = words.map((word) => Number(/^#?(\d{1,15})$/.exec(word)?.[1] ?? Number.NaN));
  return numbers.every((number) => number > 0) ? numbers : null;
}

/** Where the arrow keys lead on the board: up and down within a column, left and right to the card at the same height. Null when nowhere. */
export function neighbour(columns: readonly (readonly Task[])[], activeId: number, key: string): number | null {
  const column = columns.findIndex((tasks) => tasks.some((task) => task.id === activeId));
  const current = columns[column];
  if (current === undefined) return null;
  const row = current.findIndex((task) => task.id === activeId);
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return current[Math.min(row + 1, current.length - 1)]?.id ?? null;
    case 'ArrowUp':
    case 'k':
      return current[Math.max(row - 1, 0)]?.id ?? null;
    case 'Home':
      return current[0]?.id ?? null;
    case 'End':
      return current.at(-1)?.id ?? null;
    case 'ArrowLeft':
    case 'ArrowRight': {
      const step = key === 'ArrowLeft' ? -1 : 1;
      for (let next = column + step; next >= 0 && next < columns.length; next += step) {
        const tasks = columns[next];
        if (tasks !== undefined && tasks.length > 0) return tasks[Math.min(row, tasks.length - 1)]?.id ?? null;
      }
      return null;
    }
    default:
      return null;
  }
}
