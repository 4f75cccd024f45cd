import type { NoticeChannel } from './types.ts';

/** The settings that decide about notices; read anew for each decision, because some change while running. */
export interface NotifyRules {
  readonly priority: readonly NoticeChannel[];
  readonly escalateTo: readonly NoticeChannel[];
  /** As `22:00-07:00`; empty: none. */
  readonly quietHours: string;
  /** Null: no limit. */
  readonly maxPerHour: number | null;
  readonly maxPerMinute: number;
  readonly retryMs: number;
}
