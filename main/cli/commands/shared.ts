import type { OptionSpec } from '../command.ts';

// Words and options that commands of several topics take.
export const AGENT = { name: 'agent', kind: 'text', about: 'The name or id of the agent.' } as const;
export const ROLE_NEEDED: OptionSpec = { kind: 'text', value: 'ROLE', about: 'The role, for example FE.', required: true };
export const REASON_NEEDED: OptionSpec = { kind: 'text', value: 'TEXT', about: 'Why; it is kept in the log and told to whom it concerns.', required: true };
export const LIMIT: OptionSpec = { kind: 'integer', value: 'N', min: 1, max: 500, about: 'How many at most; 50 when not given.' };
