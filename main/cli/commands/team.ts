import { TASK_STATUSES } from '../../bus/types.ts';
import type { CommandSpec, OptionSpec } from '../command.ts';
import { LIMIT, REASON_NEEDED, ROLE_NEEDED } from './shared.ts';

const ROLE: OptionSpec = { kind: 'text', value: 'ROLE', about: 'Only this role.' };
const TASK_ID = { name: 'id', kind: 'integer', about: 'The number of the task.' } as const;
const RESOURCE = { name: 'resource', kind: 'text', about: 'The name of the shared thing, or a path pattern as src/**.' } as const;

/** What the team shares: messages, tasks and locks. */
export const TEAM_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'inbox',
    summary: 'Look into the inbox of a role without marking anything read',
    args: [{ name: 'role', kind: 'text', about: 'The role; yours (the coordinator) when not given.', optional: true }],
    options: {
      limit: LIMIT,
      before: { kind: 'integer', value: 'ID', min: 1, max: Number.MAX_SAFE_INTEGER, about: 'Only messages older than this one.' },
    },
    examples: ['wheelhouse inbox', 'wheelhouse inbox BE --limit 5'],
    load: async () => (await import('../inbox.ts')).inbox,
  },
  {
    name: 'task list',
    summary: 'List tasks',
    args: [],
    options: { status: { kind: 'choice', choices: TASK_STATUSES, about: 'Only tasks in this state.' }, role: ROLE, limit: LIMIT },
    examples: ['wheelhouse task list --status open --role BE'],
    load: async () => (await import('../task.ts')).taskList,
  },
  {
    name: 'task create',
    summary: 'Create a task for a role',
    args: [{ name: 'title', kind: 'text', about: 'What is to be done, in one line.' }],
    options: {
      role: ROLE_NEEDED,
      detail: { kind: 'text', value: 'TEXT', about: 'More about it.' },
      priority: { kind: 'integer', value: 'N', min: 1, max: 5, about: '1 (first) to 5 (last); 3 when not given.' },
      'depends-on': { kind: 'integers', value: 'IDS', about: 'Tasks that must be done before, as 3,4.' },
    },
    examples: ['wheelhouse task create "Login form" --role FE --depends-on 12'],
    load: async () => (await import('../task.ts')).taskCreate,
  },
  {
    name: 'task claim',
    summary: 'Claim an open task for the coordinator',
    args: [TASK_ID],
    options: {},
    examples: ['wheelhouse task claim 12'],
    load: async () => (await import('../task.ts')).taskClaim,
  },
  {
    name: 'task update',
    summary: 'Change a task',
    args: [TASK_ID],
    options: {
      status: { kind: 'choice', choices: TASK_STATUSES, about: 'The new state.' },
      note: { kind: 'text', value: 'TEXT', about: 'A remark on how it stands.' },
      title: { kind: 'text', value: 'TEXT', about: 'A new title.' },
      detail: { kind: 'text', value: 'TEXT', about: 'A new description.' },
      priority: { kind: 'integer', value: 'N', min: 1, max: 5, about: '1 (first) to 5 (last).' },
      'expected-version': { kind: 'integer', value: 'N', min: 1, max: Number.MAX_SAFE_INTEGER, about: 'Refuse when somebody changed it since this version.' },
    },
    examples: ['wheelhouse task update 12 --status cancelled --note "not needed"'],
    load: async () => (await import('../task.ts')).taskUpdate,
  },
  {
    name: 'task reassign',
    summary: 'Give a task to another role and open it again',
    args: [TASK_ID],
    options: { role: ROLE_NEEDED, reason: REASON_NEEDED },
    examples: ['wheelhouse task reassign 12 --role BE --reason "FE is away"'],
    load: async () => (await import('../task.ts')).taskReassign,
  },
  {
    name: 'lock list',
    summary: 'List held locks and who waits for them',
    args: [],
    options: {},
    examples: ['wheelhouse lock list'],
    load: async () => (await import('../lock.ts')).lockList,
  },
  {
    name: 'lock acquire',
    summary: 'Take a lock for yourself',
    details: 'Prints the fence. When somebody else holds it, says who and ends with exit code 4.',
    args: [RESOURCE],
    options: {
      ttl: { kind: 'integer', value: 'SECONDS', min: 5, max: 3600, about: 'How long it is held, instead of [bus] lock_ttl_sec.' },
      wait: { kind: 'integer', value: 'SECONDS', min: 0, max: 50, about: 'Wait this long for it; 0 when not given.' },
      shared: { kind: 'flag', about: 'Share it with others who only read.' },
      intent: { kind: 'text', value: 'TEXT', about: 'What for, shown to who waits.' },
    },
    examples: ['wheelhouse lock acquire nginx-conf --ttl 600 --intent "certificate"'],
    load: async () => (await import('../lock.ts')).lockAcquire,
  },
  {
    name: 'lock release',
    summary: 'Give back a lock that you hold',
    args: [RESOURCE],
    options: { fence: { kind: 'integer', value: 'N', min: 1, max: Number.MAX_SAFE_INTEGER, about: 'Only if the lease has this fence.' } },
    examples: ['wheelhouse lock release nginx-conf'],
    load: async () => (await import('../lock.ts')).lockRelease,
  },
  {
    name: 'lock force-release',
    summary: 'Take a lock away from whoever holds it; they are told',
    args: [RESOURCE],
    options: { reason: REASON_NEEDED },
    examples: ['wheelhouse lock force-release compose --reason "session hangs"'],
    load: async () => (await import('../lock.ts')).lockForceRelease,
  },
];
