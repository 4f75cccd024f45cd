import type { CommandSpec } from '../command.ts';
import { AGENT } from './shared.ts';

const OWNER_ADDRESS = { name: 'address', kind: 'text', about: 'The account of the owner, on Ethereum (0x, with its capitals) or Solana.' } as const;

/** The kill switch, and who may undo it: the master password and owners. */
export const SAFETY_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'kill',
    summary: 'Stop everything at once: revoke every session, suspend every agent',
    details: 'The kill switch. Nothing may act until `wheelhouse recover`, which takes the master password and a wait.',
    args: [],
    options: { reason: { kind: 'text', value: 'TEXT', about: 'Why; everybody is told.' } },
    examples: ['wheelhouse kill', 'wheelhouse kill --reason "agents run wild"'],
    load: async () => (await import('../kill-switch.ts')).kill,
  },
  {
    name: 'recover',
    summary: 'Recover from the kill switch: first begin the wait, later end it',
    details: 'Asks for the master password. Run it once to begin, and again when the wait is over. See docs/kill-switch.md.',
    args: [],
    options: {
      owner: { kind: 'text', value: 'ADDRESS', about: 'The owner who signs; needed for the first step when any agent has one.' },
      'without-owner': { kind: 'flag', about: 'Take the long wait instead of a signature; only where no owner has ever signed.' },
    },
    examples: ['wheelhouse recover', 'wheelhouse recover --owner 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    load: async () => (await import('../kill-switch.ts')).recover,
  },
  {
    name: 'cancel-recovery',
    summary: 'Stop a recovery; the kill switch stays on',
    args: [],
    options: {},
    examples: ['wheelhouse cancel-recovery'],
    load: async () => (await import('../kill-switch.ts')).cancelRecovery,
  },
  {
    name: 'master-password set',
    summary: 'Set the first master password',
    details: 'Asks for it; piped in, it is the first line.',
    args: [],
    options: {},
    examples: ['wheelhouse master-password set'],
    load: async () => (await import('../master-password.ts')).masterPasswordSet,
  },
  {
    name: 'master-password change',
    summary: 'Change the master password, with the present one',
    details: 'Asks for both; piped in, they are the first two lines.',
    args: [],
    options: {},
    examples: ['wheelhouse master-password change'],
    load: async () => (await import('../master-password.ts')).masterPasswordChange,
  },
  {
    name: 'master-password reset',
    summary: 'Replace a forgotten master password; every session is revoked, data stays',
    details: 'A recovery under way is cancelled, because whoever resets the password has not waited for it.',
    args: [],
    options: {},
    examples: ['wheelhouse master-password reset'],
    load: async () => (await import('../master-password.ts')).masterPasswordReset,
  },
  {
    name: 'owner list',
    summary: 'List the owners of agents',
    args: [],
    options: {},
    examples: ['wheelhouse owner list'],
    load: async () => (await import('../owner.ts')).ownerList,
  },
  {
    name: 'owner set',
    summary: 'Register the owner of an agent, or replace the one there is',
    details: 'Asks for the master password; a verified owner must sign before another takes their place.',
    args: [AGENT, OWNER_ADDRESS],
    options: {},
    examples: ['wheelhouse owner set fe-1 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    load: async () => (await import('../owner.ts')).ownerSet,
  },
  {
    name: 'owner verify',
    summary: 'Let the owner of an agent sign a text, which locks them in',
    args: [AGENT, OWNER_ADDRESS],
    options: {},
    examples: ['wheelhouse owner verify fe-1 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
    load: async () => (await import('../owner.ts')).ownerVerify,
  },
  {
    name: 'owner remove',
    summary: 'Take the owner of an agent away while they have not signed anything',
    details: 'Asks for the master password.',
    args: [AGENT],
    options: {},
    examples: ['wheelhouse owner remove fe-1'],
    load: async () => (await import('../owner.ts')).ownerRemove,
  },
];
