import type { CommandSpec } from '../command.ts';

const NAME = { name: 'name', kind: 'text', about: 'The name of the secret, as secret list shows it, for example ANU_BOT_TOKEN.' } as const;

/** Tokens and keys that Wheelhouse keeps. */
export const SECRET_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'secret set',
    summary: 'Keep a token or key in the secret store',
    details:
      'Asks for the value at the terminal without showing it, or reads one line of standard input; never give it on the command line, where others can see it. The store is the file .env of the data directory, which only you can read. The environment goes before it.',
    args: [NAME],
    surplus: 'A secret is never given on the command line, where every program of this machine can see it and the shell keeps it: leave the value out, type it when asked, or send it as a line of standard input. When this was the real one, make a new one where it came from.',
    options: {},
    examples: ['wheelhouse secret set ANU_BOT_TOKEN', 'wheelhouse secret set NTFY_TOKEN < token.txt'],
    load: async () => (await import('../secret.ts')).secretSet,
  },
  {
    name: 'secret list',
    summary: 'List the secrets that Wheelhouse uses, whether they are set and from where; never their values',
    args: [],
    options: {},
    examples: ['wheelhouse secret list', 'wheelhouse secret list --json'],
    load: async () => (await import('../secret.ts')).secretList,
  },
  {
    name: 'secret remove',
    summary: 'Take a secret out of the secret store',
    details: 'What the environment holds under that name stays.',
    args: [NAME],
    options: {},
    examples: ['wheelhouse secret remove ANU_BOT_TOKEN'],
    load: async () => (await import('../secret.ts')).secretRemove,
  },
];
