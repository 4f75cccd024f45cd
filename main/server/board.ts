import type { Task } from '../bus/types.ts';

/** Counts over the tasks that are neither done nor cancelled, kept up by what changed. */
export class Board {
  readonly #unfinished = new Map<number, Task>();

  constructor(tasks: readonly Task[]) {
    this.apply(tasks);
  }

  /** Takes tasks as they are now. */
  apply(tasks: readonly Task[]): void {
    for (const task of tasks) {
      if (task.status === 'done' || task.status === 'cancelled') this.#unfinished.delete(task.id);
      else this.#unfinished.set(task.id, task);
    }
  }

  unfinishedOf(role: string): number {
    return this.#count((task) => task.assignee_role === role);
  }

  /** How many tasks somebody is working on. */
  get claimed(): number {
    return this.#count((task) => task.held_by !== null);
  }

  get size(): number {
    return this.#unfinished.size;
  }

  #count(counts: (task: Task) => boolean): number {
    let sum = 0;
    for (const task of this.#unfinished.values()) if (counts(task)) sum += 1;
    return sum;
  }
}
