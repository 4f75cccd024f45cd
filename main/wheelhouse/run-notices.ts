import type { RunNotices } from '../agents/ports.ts';
import { iso } from '../base/clock.ts';
import type { Notifications } from '../notify/notifications.ts';

/** Tells people of runs for chats that went wrong. Those of scheduled tasks are told by the schedule. */
export function runNotices(notifications: Pick<Notifications, 'enqueue'>): RunNotices {
  return {
    failed(tx, { dead, retryAt, ...context }) {
      const dedupeKey = context.runId;
      if (dead) notifications.enqueue(tx, { type: 'RUN_DEAD', context, dedupeKey });
      else notifications.enqueue(tx, { type: 'RUN_FAILED', context: { ...context, retryAt: retryAt === null ? null : iso(retryAt) }, dedupeKey });
    },
  };
}
