import type { AckWatch } from '../bus/ack-watch.ts';
import { cut, inUnits } from '../notify/fit.ts';
import type { Notifications } from '../notify/notifications.ts';

export interface BusNoticesParts {
  readonly notifications: Pick<Notifications, 'enqueue' | 'settle'>;
  /** The role in which the person acts. */
  readonly coordinator: string;
}

/** As much of a question as is kept of it; the message has the whole. */
const LONGEST_CHARS = 1000;

/**
 * Tells the person of messages to their role that want an acknowledgement, until they have it. What the person writes
 * themselves waits for nobody.
 */
export function busNotices({ notifications, coordinator }: BusNoticesParts): AckWatch {
  return {
    asked(tx, { id, from, to_role, body }) {
      if (to_role !== coordinator || from.person) return;
      const what = cut(body, LONGEST_CHARS, inUnits);
      notifications.enqueue(tx, { type: 'APPROVAL_REQUESTED', context: { from: from.role, what, page: 'messages' }, dedupeKey: keyOf(id) });
    },
    acked: (tx, messageId) => notifications.settle(tx, { type: 'APPROVAL_REQUESTED', dedupeKey: keyOf(messageId) }),
  };
}

const keyOf = (messageId: number): string => `message:${messageId}`;
