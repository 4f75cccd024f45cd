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
}

const MINUTES = 60_000;

const row = (severity: Severity, reach: Reach, more: Partial<NoticeRow> = {}): NoticeRow => ({ severity, reach, sameForMs: 5 * MINUTES, throttled: false, ...more });

/** One row per type of notice (waiaas.md §7.1, issue 6). */
export const NOTICE_TABLE: Readonly<Record<NoticeType, NoticeRow>> = {
  SESSION_RENEWED: row('info', 'first', { throttled: true }),
  SESSION_RENEWAL_REJECTED: row('warning', 'first'),
  SESSION_EXPIRING_SOON: row('warning', 'first'),
  KILL_SWITCH_ACTIVATED: row('critical', 'all', { sameForMs: null }),
  KILL_SWITCH_RECOVERY_STARTED: row('critical', 'all', { sameForMs: null }),
  KILL_SWITCH_RECOVERY_CANCELLED: row('critical', 'all', { sameForMs: null }),
  KILL_SWITCH_RECOVERED: row('critical', 'all', { sameForMs: null }),
  AUTO_STOP_TRIGGERED: row('critical', 'all'),
  APPROVAL_REQUESTED: row('warning', 'first', { sameForMs: null }),
  COMPLETION_DONE: row('info', 'first', { sameForMs: null }),
  COMPLETION_ESCALATED: row('warning', 'escalation', { sameForMs: null }),
  RUN_FAILED: row('warning', 'first', { throttled: true }),
  RUN_DEAD: row('warning', 'first', { throttled: true }),
  SCHEDULE_FAILED: row('warning', 'first', { throttled: true }),
  SCHEDULE_PAUSED: row('warning', 'first'),
  CHANNEL_DOWN: row('warning', 'first', { sameForMs: 30 * MINUTES }),
  NOTICE_CHANNEL_DOWN: row('warning', 'first', { sameForMs: 6 * 60 * MINUTES }),
  DISK_LOW: row('critical', 'all', { sameForMs: 6 * 60 * MINUTES }),
  UPDATE_READY: row('info', 'first', { sameForMs: null }),
  TEST: row('info', 'first'),
};

/** All types, in the order of the table. */
export const NOTICE_TYPES = Object.keys(NOTICE_TABLE) as readonly NoticeType[];
