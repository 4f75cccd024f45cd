import { iso } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { Store, StoredEvent } from '../store/store.ts';

export interface RunNoticesParts {
  readonly store: Store;
  readonly notifications: Pick<Notifications, 'enqueue'>;
  readonly report: (what: string, error: unknown) => void;
}

/** Tells of runs for chats that failed, from the log line of their end; runs of scheduled tasks are told by the schedule. */
export function tellRunFailures({ store, notifications, report }: RunNoticesParts): Unsubscribe {
  return store.onCommit((events) => {
    const failed = events.filter(({ kind, action, data }) => kind === 'run' && (action === 'failed' || action === 'dead') && data['kind'] === 'messages');
    if (failed.length === 0) return;
    try {
      store.transact((tx) => {
        for (const event of failed) {
          const context = contextOf(event);
          if (event.action === 'dead') notifications.enqueue(tx, { type: 'RUN_DEAD', context, dedupeKey: context.runId });
          else notifications.enqueue(tx, { type: 'RUN_FAILED', context: { ...context, retryAt: retryOf(event, events) }, dedupeKey: context.runId });
        }
      });
    } catch (error) {
      report('a failed run could not be told', error);
    }
  });
}

function contextOf({ subject, text, data }: StoredEvent) {
  const at = text.indexOf(': ');
  return { runId: (subject ?? '').replace('run:', ''), group: String(data['name']), reason: at === -1 ? text : text.slice(at + 2), attempts: Number(data['attempt']) };
}

/** The next attempt is queued in the same transaction. */
function retryOf(failed: StoredEvent, events: readonly StoredEvent[]): string | null {
  const next = events.find(({ kind, action, data }) => kind === 'run' && action === 'queued' && data['group'] === failed.data['group'] && Number(data['attempt']) > Number(failed.data['attempt']));
  return next === undefined ? null : iso(next.ts + Number(next.data['delayMs']));
}
