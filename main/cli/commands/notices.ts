import { NOTICE_CHANNELS } from '../../notify/channels.ts';
import type { CommandSpec } from '../command.ts';
import { LIMIT } from './shared.ts';

/** What people are told. */
export const NOTICE_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'notify test',
    summary: 'Send a test by the channels that carry notices',
    details: 'Ends with exit code 0 only when every channel that was tried has taken it. Works without a running core too.',
    args: [],
    options: {
      channel: { kind: 'choice', choices: NOTICE_CHANNELS, about: 'Only this channel; all that are set up when not given.' },
    },
    examples: ['wheelhouse notify test', 'wheelhouse notify test --channel telegram'],
    load: async () => (await import('../notify.ts')).notifyTest,
  },
  {
    name: 'notify channels',
    summary: 'Show the channels for notices, and how each has done so far',
    args: [],
    options: {},
    examples: ['wheelhouse notify channels'],
    load: async () => (await import('../notify.ts')).notifyChannels,
  },
  {
    name: 'notify list',
    summary: 'List what people were told, and of what they were not',
    args: [],
    options: {
      missed: { kind: 'flag', about: 'Only what nobody was told and you have not looked at yet.' },
      limit: LIMIT,
    },
    examples: ['wheelhouse notify list --missed'],
    load: async () => (await import('../notify.ts')).notifyList,
  },
  {
    name: 'notify resend',
    summary: 'Tell a notice again',
    args: [{ name: 'id', kind: 'integer', about: 'The number of the notice, as in the list.' }],
    options: {},
    examples: ['wheelhouse notify resend 12'],
    load: async () => (await import('../notify.ts')).notifyResend,
  },
];
