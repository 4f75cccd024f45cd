import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Config } from '../config/schema.ts';
import type { Notifications } from '../notify/notifications.ts';
import type { Store } from '../store/store.ts';
import { Updates, type Updater } from '../updates/updates.ts';

export interface UpdatesRoomOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly platform: NodeJS.Platform;
  readonly config: Config['updates'];
  /** Null: nothing here can replace this installation. */
  readonly updater: Updater | null;
  readonly notifications: Pick<Notifications, 'enqueue'>;
}

/** The updates room; it looks for nothing before `start`. */
export function openUpdates({ config, notifications, log, ...parts }: UpdatesRoomOptions): Updates {
  return new Updates({
    ...parts,
    log: log.child({ room: 'updates' }),
    arch: process.arch,
    feed: config.feed,
    everyHours: config.check_hours,
    announce: (tx, version) => notifications.enqueue(tx, { type: 'UPDATE_READY', context: { version }, dedupeKey: version }),
  });
}
