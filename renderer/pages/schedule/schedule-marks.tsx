import type { ScheduledTaskView, ScheduleRunStatus } from '../../../preload/contract.ts';
import { StatusPill, type Tone } from '../../components/marks.tsx';
import { useLanguage } from '../../services.tsx';

const RUN_TONES: Record<ScheduleRunStatus, Tone> = { queued: 'info', running: 'info', succeeded: 'ok', failed: 'danger', aborted: 'idle', skipped: 'warn' };

/** How a run went. */
export function RunPill({ status }: { readonly status: ScheduleRunStatus }) {
  const { t } = useLanguage();
  return <StatusPill tone={RUN_TONES[status]}>{t(`schedule.runStates.${status}`)}</StatusPill>;
}

const TASK_TONES: Record<ScheduledTaskView['status'], Tone> = { active: 'ok', paused: 'idle', completed: 'idle' };

/** Where a task stands: what stopped it is worth a warning, what a person stopped is not. */
export function TaskPill({ task }: { readonly task: ScheduledTaskView }) {
  const { t } = useLanguage();
  const troubled = task.pausedBy === 'failures' || task.pausedBy === 'broken';
  const tone = troubled ? 'danger' : task.pausedBy === 'kill_switch' ? 'warn' : TASK_TONES[task.status];
  return <StatusPill tone={tone}>{task.pausedBy === null ? t(`schedule.states.${task.status}`) : t(`schedule.pausedBy.${task.pausedBy}`)}</StatusPill>;
}

/** The beginning of a prompt, on one line. */
export function titleOf({ prompt }: Pick<ScheduledTaskView, 'prompt'>): string {
  return prompt.replaceAll(/\s+/g, ' ').trim();
}
