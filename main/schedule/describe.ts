import type { ScheduledTask, ScheduleGroup } from './types.ts';

const TITLE_LENGTH = 60;

/** What people call a task: the beginning of its prompt, on one line. */
export function titleOf({ prompt }: Pick<ScheduledTask, 'prompt'>): string {
  const line = prompt.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return line.length <= TITLE_LENGTH ? line : `${line.slice(0, TITLE_LENGTH - 1)}…`;
}

/** The subject and data of every event about a task, so that whoever shows tasks knows which one changed. */
export function about(task: ScheduledTask, group: ScheduleGroup | null, action: string, data: Readonly<Record<string, unknown>> = {}) {
  return { kind: 'schedule', action, subject: `schedule:${task.id}`, data: { task: task.id, title: titleOf(task), group: nameOf(task, group), ...data } };
}

/** The name of a task's group, or what is left of it. */
export function nameOf(task: Pick<ScheduledTask, 'groupId'>, group: ScheduleGroup | null): string {
  return group?.name ?? task.groupId;
}
