import type { CommandSpec, OptionSpec } from '../command.ts';
import { LIMIT } from './shared.ts';

const GROUP = { name: 'group', kind: 'text', about: 'The folder, name, chat address or id of the group.' } as const;
const RUN_ID = { name: 'run', kind: 'text', about: 'The id of the run, or enough of its end to tell it apart.' } as const;
const GROUP_SETTINGS: Readonly<Record<string, OptionSpec>> = {
  trigger: { kind: 'text', value: 'WORD', about: 'What a message begins with to wake the agent.' },
  'every-message': { kind: 'flag', about: 'Every message wakes the agent.' },
  'only-trigger': { kind: 'flag', about: 'Only messages with the trigger wake it.' },
  network: { kind: 'choice', choices: ['none', 'restricted', 'full'], about: 'How far its network reaches.' },
  'timeout-sec': { kind: 'integer', value: 'N', min: 10, max: 86_400, about: 'After how many seconds without an answer a run is stopped.' },
  'memory-mb': { kind: 'integer', value: 'N', min: 64, max: 1_048_576, about: 'The memory of its container, in MiB.' },
};

/** The groups that agents serve, and their runs. */
export const GROUP_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'group list',
    summary: 'List the chats that agents serve',
    args: [],
    options: {},
    examples: ['wheelhouse group list'],
    load: async () => (await import('../group.ts')).groupList,
  },
  {
    name: 'group add',
    summary: 'Let an agent serve a chat, in a folder of its own',
    args: [{ name: 'chat', kind: 'text', about: 'The address of the chat, as console:home, tg:-100123 or 123@g.us.' }],
    options: {
      name: { kind: 'text', value: 'NAME', about: 'What to call the group.' },
      folder: { kind: 'text', value: 'FOLDER', about: 'The name of its folder; made from the name when not given.' },
      role: { kind: 'text', value: 'ROLE', about: 'Its role on the team bus.' },
      main: { kind: 'flag', about: 'Make it the main group, which may act for the others.' },
      ...GROUP_SETTINGS,
    },
    examples: ['wheelhouse group add console:home --name Home --main', 'wheelhouse group add 120363000000000001@g.us --name Family --network restricted'],
    load: async () => (await import('../group.ts')).groupAdd,
  },
  {
    name: 'group edit',
    summary: 'Change what wakes the agent of a group and what its container may do',
    args: [GROUP],
    options: { name: { kind: 'text', value: 'NAME', about: 'What to call the group.' }, ...GROUP_SETTINGS },
    examples: ['wheelhouse group edit family --trigger @Andy --memory-mb 1024'],
    load: async () => (await import('../group.ts')).groupEdit,
  },
  {
    name: 'group remove',
    summary: 'Forget a group with its queue and history',
    details: 'Its folder stays on disk.',
    args: [GROUP],
    options: {},
    examples: ['wheelhouse group remove family'],
    load: async () => (await import('../group.ts')).groupRemove,
  },
  {
    name: 'group pause',
    summary: 'Let what arrives for a group wait until it is resumed',
    args: [GROUP],
    options: {},
    examples: ['wheelhouse group pause family'],
    load: async () => (await import('../group.ts')).groupPause,
  },
  {
    name: 'group resume',
    summary: 'Let a paused group go on',
    args: [GROUP],
    options: {},
    examples: ['wheelhouse group resume family'],
    load: async () => (await import('../group.ts')).groupResume,
  },
  {
    name: 'run list',
    summary: 'List what waits, what runs and what ran',
    args: [],
    options: { group: { kind: 'text', value: 'GROUP', about: 'Only of this group.' }, limit: LIMIT },
    examples: ['wheelhouse run list --group family'],
    load: async () => (await import('../runs.ts')).runList,
  },
  {
    name: 'run log',
    summary: 'Show the log of a run that has ended',
    args: [RUN_ID],
    options: {},
    examples: ['wheelhouse run log 3f9c01ab'],
    load: async () => (await import('../runs.ts')).runLog,
  },
  {
    name: 'run abort',
    summary: 'Stop a run, even inside a tool call, or take it out of the queue',
    args: [RUN_ID],
    options: {},
    examples: ['wheelhouse run abort 3f9c01ab'],
    load: async () => (await import('../runs.ts')).runAbort,
  },
];
