import type { Notifications } from '../notify/notifications.ts';
import type { Tx } from '../store/store.ts';
import { about, nameOf, titleOf } from './describe.ts';
import type { ScheduleGroups } from './ports.ts';
import type { TaskRows } from './task-rows.ts';
import type { ScheduledTask } from './types.ts';

export interface HaltParts {
  readonly rows: TaskRows;
  readonly groups: ScheduleGroups;
  readonly notifications: Pick<Notifications, 'enqueue'>;
}

export const GROUP_GONE = 'Its group is gone.';

/** Pauses a task that cannot run as it stands, and tells about it; it would fail for ever otherwise (fault 9). */
export function halt(tx: Tx, { rows, groups, notifications }: HaltParts, task: ScheduledTask, why: string): void {
  const group = groups.byId(task.groupId);
  const name = nameOf(task, group);
  rows.stand(task.id, { status: 'paused', pausedBy: 'broken', pauseReason: why, nextRun: null }, tx.now);
  tx.event({ ...about(task, group, 'auto_paused', { why }), text: `Scheduled task was paused: ${titleOf(task)} (${name}). ${why}` });
  notifications.enqueue(tx, { type: 'SCHEDULE_PAUSED', context: { taskId: task.id, title: titleOf(task), group: name, reason: why, failures: task.failures }, dedupeKey: task.id });
}
