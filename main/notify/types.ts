/** The words of the room, in the form in which windows see them. Times are ISO 8601. */

export type Severity = 'info' | 'warning' | 'critical';

/** Where notices can go, in the order in which they are asked unless `[notify] priority` says otherwise. */
export type NoticeChannel = 'telegram' | 'discord' | 'ntfy' | 'desktop';

/** Every type of notice; its row in `notice-table.ts` says how it is treated. */
export type NoticeType =
  | 'SESSION_RENEWED'
  | 'SESSION_RENEWAL_REJECTED'
  | 'SESSION_EXPIRING_SOON'
  | 'KILL_SWITCH_ACTIVATED'
  | 'KILL_SWITCH_RECOVERY_STARTED'
  | 'KILL_SWITCH_RECOVERY_READY'
  | 'KILL_SWITCH_RECOVERY_CANCELLED'
  | 'KILL_SWITCH_RECOVERED'
  | 'AUTO_STOP_TRIGGERED'
  | 'APPROVAL_REQUESTED'
  | 'COMPLETION_DONE'
  | 'COMPLETION_ESCALATED'
  | 'RUN_FAILED'
  | 'RUN_DEAD'
  | 'SCHEDULE_FAILED'
  | 'SCHEDULE_PAUSED'
  | 'CHANNEL_DOWN'
  | 'NOTICE_CHANNEL_DOWN'
  | 'DISK_LOW'
  | 'UPDATE_READY'
  | 'TEST';

/**
 * Where a notice stands. `new`: not looked at yet. `waiting`: on its way, or held back until the quiet hours end.
 * `delivered`: a channel has taken it. `suppressed`: nobody was told, on purpose. `failed`: no channel would take it.
 */
export type NoticeState = 'new' | 'waiting' | 'delivered' | 'suppressed' | 'failed';

/** Where a notice stands on one channel. `dropped`: another channel took it first. */
export type DeliveryState = 'pending' | 'leased' | 'sent' | 'retry' | 'dead' | 'dropped';

/** What a person can do from a notice itself. */
export type NoticeAction = 'keep' | 'reject' | 'ack';
