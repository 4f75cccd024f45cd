import type { LiveEvent, Patch, Snapshot } from '../../preload/contract.ts';

/** A snapshot with a patch applied by the rules of the contract. */
export function applyPatch(before: Snapshot, patch: Patch): Snapshot {
  const merge = <T extends { readonly id: number }>(old: readonly T[], changed: readonly T[] | undefined): readonly T[] => {
    const byId = new Map([...old, ...(changed ?? [])].map((item) => [item.id, item]));
    return [...byId.values()].sort((a, b) => a.id - b.id);
  };
  return {
    ...before,
    ...patch,
    schedule: (patch.schedulePatch?.changed ?? []).reduce((tasks, task) => [...tasks.filter(({ id }) => id !== task.id), task], before.schedule).filter(({ id }) => patch.schedulePatch?.gone.includes(id) !== true),
    tasks: merge(before.tasks, patch.tasks),
    messages: merge(before.messages, patch.messages),
    events: merge(before.events, patch.events),
  };
}

/** What a window would show, kept up by the events of the live feed. */
export class LiveWindow {
  readonly events: LiveEvent[] = [];
  #state: Snapshot | null = null;
  readonly #waiting = new Set<() => void>();

  readonly hear = (event: LiveEvent): void => {
    this.events.push(event);
    if (event.type === 'snapshot') this.#state = applyPatch(event.snapshot, {});
    else if (event.type === 'patch') this.#state = applyPatch(this.state, event.patch);
    for (const look of this.#waiting) look();
  };

  get state(): Snapshot {
    if (this.#state === null) throw new Error('the window has no snapshot yet');
    return this.#state;
  }

  get patches(): readonly Patch[] {
    return this.events.flatMap((event) => (event.type === 'patch' ? [event.patch] : []));
  }

  get snapshots(): number {
    return this.events.filter((event) => event.type === 'snapshot').length;
  }

  /** Resolves as soon as `condition` holds after some event, or holds now. */
  async until(condition: (window: this) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#state === null || !condition(this)) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
