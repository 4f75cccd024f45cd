import type { CommandSpec } from '../command.ts';
import { LIMIT } from './shared.ts';

const COMPLETION_ID = { name: 'id', kind: 'integer', about: 'The number of the completion, as in the list.' } as const;

/** What was reported as done. */
export const COMPLETION_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'done',
    summary: 'Report a task as done; people are notified at once',
    details:
      'Makes <task>.done in the first of the watched folders. Works without a running core, too. An earlier completion of the task goes to the archive. See docs/completions.md.',
    args: [{ name: 'task', kind: 'text', about: 'The name of the task, for example task-897.1.' }],
    options: {
      report: { kind: 'text', value: 'FILE', about: 'The path or address of a report; it is shown, and never opened by itself.' },
      team: { kind: 'text', value: 'TEAM', about: 'Whose task it was.' },
      summary: { kind: 'text', value: 'TEXT', about: 'What was achieved, in a sentence.' },
    },
    examples: ['wheelhouse done task-897.1 --team dev1 --report reports/task-897.1.md'],
    load: async () => (await import('../done.ts')).done,
  },
  {
    name: 'completion list',
    summary: 'List what was reported as done, and the files that were refused',
    args: [],
    options: {
      open: { kind: 'flag', about: 'Only what nobody has acknowledged.' },
      all: { kind: 'flag', about: 'Also what is in the archive.' },
      team: { kind: 'text', value: 'TEAM', about: 'Only of this team.' },
      task: { kind: 'text', value: 'TASK', about: 'Only of this task.' },
      limit: LIMIT,
    },
    examples: ['wheelhouse completion list --open'],
    load: async () => (await import('../completion.ts')).completionList,
  },
  {
    name: 'completion show',
    summary: 'Show one completion, with what was told about it and when',
    args: [COMPLETION_ID],
    options: {},
    examples: ['wheelhouse completion show 12'],
    load: async () => (await import('../completion.ts')).completionShow,
  },
  {
    name: 'completion report',
    summary: 'Print the text of the report that a completion names',
    details: 'Prints the first 256 KiB of a text file, and says so when there is more. Links are not followed, and nothing is run.',
    args: [COMPLETION_ID],
    options: {},
    examples: ['wheelhouse completion report 12'],
    load: async () => (await import('../completion.ts')).completionReport,
  },
  {
    name: 'completion ack',
    summary: 'Acknowledge a completion, which stops its escalation',
    args: [COMPLETION_ID],
    options: {},
    examples: ['wheelhouse completion ack 12'],
    load: async () => (await import('../completion.ts')).completionAck,
  },
  {
    name: 'completion resend',
    summary: 'Notify people of a completion again',
    args: [COMPLETION_ID],
    options: {},
    examples: ['wheelhouse completion resend 12'],
    load: async () => (await import('../completion.ts')).completionResend,
  },
];
