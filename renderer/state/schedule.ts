import type { ScheduledTaskView, SchedulePatch, TimingKind } from '../../preload/contract.ts';

export const SCHEDULE_FILTERS = ['current', 'active', 'paused', 'completed', 'all'] as const;
export type ScheduleFilter = (typeof SCHEDULE_FILTERS)[number];

/** The filter in the address; anything unknown shows what is not completed. */
export const readScheduleFilter = (word: string | undefined): ScheduleFilter => SCHEDULE_FILTERS.find((filter) => filter === word) ?? 'current';

/** What runs next first, then the rest, newest first; as the core lists them. */
export function inRunOrder(tasks: readonly ScheduledTaskView[]): readonly ScheduledTaskView[] {
  const rank = ({ nextRun }: ScheduledTaskView): string => nextRun ?? '~';
  return tasks.toSorted((a, b) => (rank(a) === rank(b) ? (a.id < b.id ? 1 : -1) : rank(a) < rank(b) ? -1 : 1));
}

/** The list after a patch. */
export function applySchedulePatch(tasks: readonly ScheduledTaskView[], { changed, gone }: SchedulePatch): readonly ScheduledTaskView[] {
  const byId = new Map([...tasks, ...changed].map((task) => [task.id, task]));
  for (const id of gone) byId.delete(id);
  return inRunOrder([...byId.values()]);
}

export function filterTasks(tasks: readonly ScheduledTaskView[], filter: ScheduleFilter, group: string): readonly ScheduledTaskView[] {
  return tasks.filter((task) => (group === '' || task.groupId === group) && (filter === 'all' || (filter === 'current' ? task.status !== 'completed' : task.status === filter)));
}

export const UNITS = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Unit = keyof typeof UNITS;

/** An interval in the largest unit that fits it without a rest. */
export function intervalOf(value: string): { readonly n: number; readonly unit: Unit } {
  const ms = Number(value);
  const unit = (['day', 'hour', 'minute'] as const).find((candidate) => ms % UNITS[candidate] === 0) ?? 'second';
  return { n: ms / UNITS[unit], unit };
}

/** What the form of a task holds. */
export interface TimingDraft {
  readonly kind: TimingKind;
  readonly cron: string;
  readonly every: string;
  readonly unit: Unit;
  readonly at: string;
}

/** What the core calls the value of a draft; null while it is not filled in. */
export function draftValue({ kind, cron, every, unit, at }: TimingDraft): string | null {
  switch (kind) {
    case 'cron':
      return cron.trim() === '' ? null : cron.trim();
    case 'interval':
      return Number(every) > 0 ? String(Math.round(Number(every) * UNITS[unit])) : null;
    case 'once':
      return at === '' ? null : at;
  }
}

/** The draft of a task that exists, or of a new one. */
export function draftOf(task: Pick<ScheduledTaskView, 'kind' | 'value'> | null): TimingDraft {
  const { n, unit } = intervalOf(task?.kind === 'interval' ? task.value : '3600000');
  return {
    kind: task?.kind ?? 'cron',
    cron: task?.kind === 'cron' ? task.value : '0 9 * * 1-5',
    every: String(n),
    unit,
    at: task?.kind === 'once' ? task.value.replace(' ', 'T').slice(0, 16) : '',
  };
}

/** Where a moment lies between two others, from 0 to 1; outside it is cut off. */
export function placeBetween(at: number, from: number, until: number): number {
  return Math.min(1, Math.max(0, (at - from) / (until - from)));
}
