import { AppError } from '../base/errors.ts';
import { nextRun } from './next-run.ts';
import { parseTiming } from './timing.ts';
import type { ContextMode, MissedPolicy, ScheduledTask, TimingKind } from './types.ts';

/** A task as it is asked for. */
export interface NewScheduledTask {
  /** Id, chat address, folder or name. */
  readonly group: string;
  readonly prompt: string;
  readonly kind: TimingKind;
  readonly value: string;
  /** Absent: that of the settings, now and when they change. */
  readonly zone?: string | undefined;
  /** Absent: `isolated`. */
  readonly contextMode?: ContextMode | undefined;
  /** Absent: as the settings say. */
  readonly missed?: MissedPolicy | undefined;
}

/** What is to be changed; what is absent stays. `zone` null: that of the settings. */
export interface ScheduleChanges {
  readonly prompt?: string | undefined;
  readonly kind?: TimingKind | undefined;
  readonly value?: string | undefined;
  readonly zone?: string | null | undefined;
  readonly contextMode?: ContextMode | undefined;
  readonly missed?: MissedPolicy | undefined;
}

/** Longer ones do not belong into a schedule but into a file of the group. */
export const PROMPT_LENGTH = 20_000;

/** Throws INPUT_INVALID. */
export function checkPrompt(prompt: string): string {
  const text = prompt.trim();
  if (text.length >= 1 && text.length <= PROMPT_LENGTH) return text;
  throw new AppError('INPUT_INVALID', `The prompt has 1 to ${PROMPT_LENGTH} characters; it has ${text.length}.`, { field: 'prompt' });
}

/** The first due time of a task after `after`. Throws INPUT_INVALID, also when there is none. */
export function firstRun(task: Pick<ScheduledTask, 'kind' | 'value' | 'zone' | 'anchorAt'>, after: number): number {
  const next = nextRun(parseTiming(task, task.anchorAt), after);
  if (next !== null) return next;
  throw new AppError('INPUT_INVALID', `${task.value} (${task.zone}) is in the past. Give a time that is still to come.`, { field: 'value' });
}
