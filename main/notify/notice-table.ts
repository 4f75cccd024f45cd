import type { NoticeType, Severity } from './types.ts';

/**
 * Who is told. `first`: the channels are asked in their order until one takes it. `all`: every channel at once.
 * `escalation`: every channel named in `[notify] escalate_to`, or every channel when none is named.
 */
export type Reach = 'first' | 'all' | 'escalation';

export interface NoticeRow {
  readonly severity: Severity;
  readonly reach: Reach;
  /** For how long the same `dedupeKey` is the same notice; null: for as long as the notice is kept. */
  readonly sameForMs: number | null;
  /** Whether more of them than `[notify] max_per_hour` are kept back. What is never too much is news of every single one. */
  readonly throttled: boolean;
  /** In front of the title; that of the severity when absent. */
  readonly icon?: string;
  /** For ntfy (waiaas.md §7.5). */
  readonly tags: readonly string[];
  /** The page of the window that shows more. */
  readonly page: string;
}

const MINUTES = 60_000;

const row = (severity: Severity, reach: Reach, page: string, tags: readonly string[], more: Partial<NoticeRow> = {}): NoticeRow => ({
  severity,
  reach,
  page,
  tags,
  sameForMs: 5 * MINUTES,
  throttled: false,
  ...more,
});
const ALARM = ['rotating_light', 'octagonal_sign'] as const;

/** One row per type of notice (waiaas.md §7.1, issue 6). */
export const NOTICE_TABLE: Readonly<Record<NoticeType, NoticeRow>> = {
  SESSION_RENEWED: row('info', 'first', 'sessions', ['session'], { throttled: true }),
  SESSION_RENEWAL_REJECTED: row('warning', 'first', 'sessions', ['warning', 'session', 'rejection']),
  SESSION_EXPIRING_SOON: row('warning', 'first', 'sessions', ['warning', 'session', 'expiring']),
  KILL_SWITCH_ACTIVATED: row('critical', 'all', 'kill-switch', ALARM, { sameForMs: null }),
  KILL_SWITCH_RECOVERY_STARTED: row('critical', 'all', 'kill-switch', ALARM, { sameForMs: null }),
  KILL_SWITCH_RECOVERY_READY: row('critical', 'all', 'kill-switch', ALARM, { sameForMs: null }),
  KILL_SWITCH_RECOVERY_CANCELLED: row('critical', 'all', 'kill-switch', ALARM, { sameForMs: null }),
  KILL_SWITCH_RECOVERED: row('critical', 'all', 'kill-switch', ALARM, { sameForMs: null }),
  AUTO_STOP_TRIGGERED: row('critical', 'all', 'sessions', ALARM),
  APPROVAL_REQUESTED: row('warning', 'first', 'messages', ['warning', 'raised_hand'], { sameForMs: null, throttled: true }),
  COMPLETION_DONE: row('info', 'first', 'completions', ['white_check_mark'], { sameForMs: null, icon: '✅' }),
  COMPLETION_ESCALATED: row('warning', 'escalation', 'completions', ['warning', 'hourglass'], { sameForMs: null }),
  RUN_FAILED: row('warning', 'first', 'agents', ['warning', 'robot'], { throttled: true }),
  RUN_DEAD: row('warning', 'first', 'agents', ['warning', 'robot'], { throttled: true, icon: '❌' }),
  SCHEDULE_FAILED: row('warning', 'first', 'schedule', ['warning', 'calendar'], { throttled: true }),
  SCHEDULE_PAUSED: row('warning', 'first', 'schedule', ['warning', 'calendar'], { icon: '⏸️' }),
  CHANNEL_DOWN: row('warning', 'first', 'channels', ['warning', 'electric_plug'], { sameForMs: 30 * MINUTES }),
  NOTICE_CHANNEL_DOWN: row('warning', 'first', 'notifications', ['warning', 'electric_plug'], { sameForMs: 6 * 60 * MINUTES }),
  DISK_LOW: row('critical', 'all', 'overview', ['rotating_light', 'floppy_disk'], { sameForMs: 6 * 60 * MINUTES }),
  UPDATE_READY: row('info', 'first', 'overview', ['package'], { sameForMs: null, icon: '⬆️' }),
  TEST: row('info', 'first', 'notifications', ['test_tube'], { icon: '🔔' }),
};

/** All types, in the order of the table. */
export const NOTICE_TYPES = Object.keys(NOTICE_TABLE) as readonly NoticeType[];
