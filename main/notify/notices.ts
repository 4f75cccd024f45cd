import type { NoticeChannel, NoticeType } from './types.ts';

/**
 * What each type of notice tells. Times are ISO 8601; null means no limit, or not known. A context is stored and shown:
 * it never holds a secret. The reject link of a renewal is made when the notice leaves.
 */
export interface NoticeContexts {
  /** Seed 004, waiaas.md §7.6. */
  readonly SESSION_RENEWED: {
    readonly sessionId: string;
    readonly agentName: string;
    /** After this renewal. */
    readonly renewalCount: number;
    readonly maxRenewals: number | null;
    /** As `27d 12h`. */
    readonly remainingAbsoluteLife: string | null;
    /** Whether there is somebody who can say no: the agent's verified owner. */
    readonly rejectButton: boolean;
    /** Until when the owner is asked; only with `rejectButton`. */
    readonly rejectWindowExpiry?: string;
  };
  readonly SESSION_RENEWAL_REJECTED: {
    readonly sessionId: string;
    readonly agentName: string;
    readonly renewalCount: number;
    readonly rejectedAt: string;
  };
  readonly SESSION_EXPIRING_SOON: {
    readonly sessionId: string;
    readonly agentName: string;
    readonly expiresAt: string | null;
    readonly absoluteExpiresAt: string | null;
    readonly remainingRenewals: number | null;
    readonly reason: 'renewals' | 'lifetime' | 'token';
  };
  readonly KILL_SWITCH_ACTIVATED: KillSwitchContext;
  readonly KILL_SWITCH_RECOVERY_STARTED: KillSwitchContext;
  /** Its wait is over. `dedupeKey` tells one recovery from another. */
  readonly KILL_SWITCH_RECOVERY_READY: KillSwitchContext;
  readonly KILL_SWITCH_RECOVERY_CANCELLED: KillSwitchContext;
  readonly KILL_SWITCH_RECOVERED: KillSwitchContext;
  readonly AUTO_STOP_TRIGGERED: {
    readonly agentName: string;
    /** As `3 runs in a row failed`. */
    readonly what: string;
    readonly action: 'warn' | 'suspend_agent' | 'kill_switch';
  };
  /** Something waits for the decision of the person. */
  readonly APPROVAL_REQUESTED: {
    /** Who asks: a role, an agent or a group. */
    readonly from: string;
    /** What is asked, in one sentence or as much of it as there is. */
    readonly what: string;
    /** The page of the window on which it is decided. */
    readonly page: string;
  };
  /** A `.done` file. `dedupeKey` is the id of the completion. */
  readonly COMPLETION_DONE: CompletionContext & {
    readonly summary: string | null;
    /** The path of the report: shown, never opened by itself. */
    readonly report: string | null;
  };
  readonly COMPLETION_ESCALATED: CompletionContext & { readonly waitedMinutes: number };
  /** One attempt failed; `retryAt` when there will be another. */
  readonly RUN_FAILED: RunContext & { readonly retryAt: string | null };
  /** No further attempt will be made. */
  readonly RUN_DEAD: RunContext;
  readonly SCHEDULE_FAILED: ScheduleContext;
  /** The scheduled task was stopped because it failed too often. */
  readonly SCHEDULE_PAUSED: ScheduleContext & { readonly failures: number };
  /** A chat channel, as WhatsApp. `dedupeKey` is its name. */
  readonly CHANNEL_DOWN: { readonly channel: string; readonly reason: string; readonly since: string };
  /** A channel for notices; told on the others. */
  readonly NOTICE_CHANNEL_DOWN: { readonly channel: NoticeChannel; readonly reason: string; readonly failures: number };
  readonly DISK_LOW: { readonly path: string; readonly freeMiB: number };
  readonly UPDATE_READY: { readonly version: string };
  /** "Send a test": goes to this channel only. */
  readonly TEST: { readonly channel: NoticeChannel };
}

interface KillSwitchContext {
  readonly at: string;
  /** One English sentence. */
  readonly text: string;
  /** The steps of the activation that did not work so far. */
  readonly failedSteps: readonly string[];
}

interface CompletionContext {
  readonly completionId: string;
  readonly task: string;
  /** Which completion of the task this is: 1 is the first. */
  readonly times: number;
  readonly team: string | null;
  readonly finishedAt: string;
}

interface RunContext {
  readonly runId: string;
  readonly group: string;
  readonly reason: string;
  /** Attempts so far, this one included. */
  readonly attempts: number;
}

interface ScheduleContext {
  readonly taskId: string;
  /** The beginning of the prompt, or its name. */
  readonly title: string;
  readonly group: string;
  readonly reason: string;
}

/** Something that people should hear. */
export type Notice = {
  [T in NoticeType]: {
    readonly type: T;
    readonly context: NoticeContexts[T];
    /** Two notices of one type with the same key are one, for as long as the row of the type says. */
    readonly dedupeKey?: string;
  };
}[NoticeType];
