import type { ScheduledTask, ScheduleGroup } from './types.ts';

/** The group in whose name an agent asks: that of its mailbox, never what a request says. */
export type Caller = Pick<ScheduleGroup, 'id' | 'isMain'>;

/** Whether the agent of a group may schedule something for another (IPC-02). */
export function maySchedule(caller: Caller, targetGroupId: string): boolean {
  return caller.isMain || caller.id === targetGroupId;
}

/** Whether the agent of a group may see, pause, resume or cancel a task (IPC-02, SNAP-01). */
export function mayHandle(caller: Caller, task: Pick<ScheduledTask, 'groupId'>): boolean {
  return caller.isMain || caller.id === task.groupId;
}
