import { CONTEXT_MODES, MISSED_POLICIES, SCHEDULE_STATUSES } from '../../schedule/types.ts';
import type { CommandSpec, OptionSpec } from '../command.ts';
import { LIMIT } from './shared.ts';

const SCHEDULED_TASK = { name: 'task', kind: 'text', about: 'The id of the scheduled task, or enough of its end to tell it apart.' } as const;
const TIMING = {
  cron: { kind: 'text', value: 'LINE', about: 'By the calendar: minute, hour, day, month, weekday, as "0 9 * * 1-5".' },
  every: { kind: 'text', value: 'TIME', about: 'Every so often: 90s, 15m, 2h, 1d, or milliseconds.' },
  at: { kind: 'text', value: 'TIME', about: 'Once, as 2026-11-20T09:00 in the time zone.' },
} as const satisfies Readonly<Record<string, OptionSpec>>;
const ZONE: OptionSpec = { kind: 'text', value: 'ZONE', about: 'The time zone, as Asia/Seoul, instead of [schedule] time_zone.' };
const TASK_CHOICES = {
  context: { kind: 'choice', choices: CONTEXT_MODES, about: 'Go on with the conversation of the group, or begin a new one each time.' },
  missed: { kind: 'choice', choices: MISSED_POLICIES, about: 'What becomes of runs that were missed.' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/** What runs at a time. */
export const SCHEDULE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'schedule list',
    summary: 'List the scheduled tasks, what runs next first',
    args: [],
    options: {
      group: { kind: 'text', value: 'GROUP', about: 'Only those of this group: its name, folder, chat address or id.' },
      status: { kind: 'choice', choices: SCHEDULE_STATUSES, about: 'Only those in this state.' },
    },
    examples: ['wheelhouse schedule list', 'wheelhouse schedule list --group family'],
    load: async () => (await import('../schedule.ts')).scheduleList,
  },
  {
    name: 'schedule show',
    summary: 'Show one scheduled task with its next runs',
    args: [SCHEDULED_TASK],
    options: {},
    examples: ['wheelhouse schedule show 4f1c22d0'],
    load: async () => (await import('../schedule.ts')).scheduleShow,
  },
  {
    name: 'schedule add',
    summary: 'Have the agent of a group do something at a time',
    details: 'Its answer goes to the chat of the group.',
    args: [{ name: 'prompt', kind: 'text', about: 'What the agent is to do.' }],
    options: { group: { kind: 'text', value: 'GROUP', about: 'The group: its name, folder, chat address or id.', required: true }, ...TIMING, zone: ZONE, ...TASK_CHOICES },
    examples: ['wheelhouse schedule add "Sum up the news" --group family --cron "0 9 * * 1-5"', 'wheelhouse schedule add "Look at the mail" --group main --every 2h'],
    load: async () => (await import('../schedule.ts')).scheduleAdd,
  },
  {
    name: 'schedule edit',
    summary: 'Change a scheduled task; a new time counts at once',
    args: [SCHEDULED_TASK],
    options: {
      prompt: { kind: 'text', value: 'TEXT', about: 'What the agent is to do.' },
      ...TIMING,
      zone: { kind: 'text', value: 'ZONE', about: 'The time zone, as Asia/Seoul; "settings" goes along with [schedule] time_zone.' },
      ...TASK_CHOICES,
    },
    examples: ['wheelhouse schedule edit 4f1c22d0 --cron "30 8 * * 1-5"'],
    load: async () => (await import('../schedule.ts')).scheduleEdit,
  },
  {
    name: 'schedule run',
    summary: 'Run a scheduled task now, whatever its times',
    args: [SCHEDULED_TASK],
    options: {},
    examples: ['wheelhouse schedule run 4f1c22d0'],
    load: async () => (await import('../schedule.ts')).scheduleRun,
  },
  {
    name: 'schedule pause',
    summary: 'Stop a scheduled task until it is resumed',
    args: [SCHEDULED_TASK],
    options: {},
    examples: ['wheelhouse schedule pause 4f1c22d0'],
    load: async () => (await import('../schedule.ts')).schedulePause,
  },
  {
    name: 'schedule resume',
    summary: 'Go on with a paused task at its next time',
    args: [SCHEDULED_TASK],
    options: {},
    examples: ['wheelhouse schedule resume 4f1c22d0'],
    load: async () => (await import('../schedule.ts')).scheduleResume,
  },
  {
    name: 'schedule cancel',
    summary: 'Forget a scheduled task and its run log',
    args: [SCHEDULED_TASK],
    options: {},
    examples: ['wheelhouse schedule cancel 4f1c22d0'],
    load: async () => (await import('../schedule.ts')).scheduleCancel,
  },
  {
    name: 'schedule log',
    summary: 'Show how scheduled tasks ran, newest first',
    args: [{ ...SCHEDULED_TASK, optional: true }],
    options: { group: { kind: 'text', value: 'GROUP', about: 'Only those of this group.' }, limit: LIMIT },
    examples: ['wheelhouse schedule log', 'wheelhouse schedule log 4f1c22d0 --limit 10'],
    load: async () => (await import('../schedule.ts')).scheduleLog,
  },
];
