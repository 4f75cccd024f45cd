import { z } from 'zod';
import { iso } from '../base/clock.ts';
import { PROMPT_LENGTH, type ScheduleChanges } from '../schedule/inputs.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { CONTEXT_MODES, MISSED_POLICIES, SCHEDULE_STATUSES, TIMING_KINDS, type ContextMode, type MissedPolicy, type ScheduledTask, type TimingKind } from '../schedule/types.ts';
import type { ScheduledTaskView } from '../../preload/contract.ts';
import type { CallDefinitions } from './calls.ts';
import { integer, oneOf, text } from './input-fields.ts';
import type { ScheduleModel } from './schedule-model.ts';
import { scheduleRunView } from './schedule-views.ts';

export interface ScheduleCallParts {
  readonly schedule: Schedule;
  readonly model: ScheduleModel;
}

type ScheduleCallName = Extract<keyof CallDefinitions, `schedule.${string}`>;

const DEFAULT_PAGE = 50;
const DEFAULT_HOURS = 24;
const DEFAULT_PREVIEW = 5;

const TASK = z.strictObject({ task: text('task', 80) });
const NEW = z.strictObject({
  group: text('group', 200),
  prompt: text('prompt', PROMPT_LENGTH),
  kind: oneOf('kind', TIMING_KINDS),
  value: text('value', 200),
  zone: text('zone', 80).optional(),
  context_mode: oneOf('context_mode', CONTEXT_MODES).optional(),
  missed: oneOf('missed', MISSED_POLICIES).optional(),
});
const EDIT = NEW.omit({ group: true }).partial().extend({ task: text('task', 80), zone: text('zone', 80).nullable().optional() });
const LIST = z.strictObject({ group: text('group', 200).optional(), status: oneOf('status', SCHEDULE_STATUSES).optional() });
const RUNS = z.strictObject({
  task: text('task', 80).optional(),
  group: text('group', 200).optional(),
  before_id: text('before_id', 80).optional(),
  limit: integer('limit', 1, 500).default(DEFAULT_PAGE),
});
const PREVIEW = z.strictObject({ kind: oneOf('kind', TIMING_KINDS), value: text('value', 200), zone: text('zone', 80).optional(), count: integer('count', 1, 50).default(DEFAULT_PREVIEW) });
const UPCOMING = z.strictObject({ hours: integer('hours', 1, 24 * 31).default(DEFAULT_HOURS) });

/** What the person does with scheduled tasks, through windows and the command line (TASK-01). */
export function scheduleCalls({ schedule, model }: ScheduleCallParts): Pick<CallDefinitions, ScheduleCallName> {
  const shown = (task: ScheduledTask): { readonly task: ScheduledTaskView } => ({ task: model.one(task) });
  return {
    'schedule.list': { by: 'cli', args: LIST, run: (query) => ({ zone: model.zone, tasks: model.all(schedule.list(query)) }) },
    'schedule.get': { by: 'cli', args: TASK, run: ({ task }) => shown(schedule.find(task)) },
    'schedule.create': { by: 'window', args: NEW, run: ({ context_mode, ...task }) => shown(schedule.create({ ...task, contextMode: context_mode })) },
    'schedule.edit': { by: 'window', args: EDIT, run: ({ task, ...asked }) => shown(schedule.edit(task, changesIn(asked))) },
    'schedule.pause': { by: 'window', args: TASK, run: ({ task }) => shown(schedule.pause(task)) },
    'schedule.resume': { by: 'window', args: TASK, run: ({ task }) => shown(schedule.resume(task)) },
    'schedule.run': {
      by: 'window',
      args: TASK,
      run: ({ task }) => {
        const run = schedule.runNow(task);
        return { ...shown(schedule.find(run.taskId)), run: scheduleRunView(run) };
      },
    },
    'schedule.cancel': {
      by: 'window',
      args: TASK,
      run: ({ task }) => {
        const before = shown(schedule.find(task));
        schedule.cancel(before.task.id);
        return before;
      },
    },
    'schedule.runs': {
      by: 'window',
      args: RUNS,
      run: ({ task, group, before_id, limit = DEFAULT_PAGE }) => {
        const found = schedule.runs({
          taskId: task === undefined ? undefined : schedule.find(task).id,
          groupId: group === undefined ? undefined : schedule.group(group).id,
          beforeId: before_id,
          limit: limit + 1,
        });
        return { runs: found.slice(0, limit).map(scheduleRunView), has_more: found.length > limit };
      },
    },
    'schedule.preview': {
      by: 'window',
      args: PREVIEW,
      run: ({ count = DEFAULT_PREVIEW, ...timing }) => {
        const { zone, next } = schedule.preview(timing, count);
        return { zone, next: next.map(iso) };
      },
    },
    'schedule.upcoming': { by: 'window', args: UPCOMING, run: async ({ hours = DEFAULT_HOURS }) => model.upcoming(hours) },
  };
}

interface AskedChanges {
  readonly prompt?: string | undefined;
  readonly kind?: TimingKind | undefined;
  readonly value?: string | undefined;
  readonly zone?: string | null | undefined;
  readonly context_mode?: ContextMode | undefined;
  readonly missed?: MissedPolicy | undefined;
}

function changesIn({ context_mode, ...changes }: AskedChanges): ScheduleChanges {
  return { ...changes, contextMode: context_mode };
}
