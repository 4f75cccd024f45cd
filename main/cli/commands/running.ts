import type { CommandSpec } from '../command.ts';

/** Starting the core and looking at it. */
export const RUNNING_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'serve',
    summary: 'Run the core without a tray until it is stopped',
    details: 'Prints where it listens once it is healthy. Ctrl-C or SIGTERM stops it gracefully.',
    args: [],
    options: {
      ui: { kind: 'flag', about: 'Also print a one-time link that opens the windows in a browser.' },
      'env-file': { kind: 'text', value: 'FILE', about: 'Also take variables from this file, as a service does; the environment itself goes before.' },
      port: { kind: 'integer', value: 'PORT', min: 0, max: 65_535, about: 'Listen on this port instead of [server] port; 0 takes any free one.' },
      conformance: { kind: 'flag', about: 'Serve the fixtures of the MCP conformance suite, without authentication. For tests only.' },
    },
    examples: ['wheelhouse serve --ui'],
    load: async () => (await import('../serve.ts')).serve,
  },
  {
    name: 'ui',
    summary: 'Print a new one-time link to the windows of the running core',
    args: [],
    options: {},
    examples: ['wheelhouse ui'],
    load: async () => (await import('../status.ts')).ui,
  },
  {
    name: 'status',
    summary: 'Show whether the core runs and what the team is doing',
    details: 'Ends with exit code 0 only when everything works.',
    args: [],
    options: {},
    examples: ['wheelhouse status', 'wheelhouse status --json'],
    load: async () => (await import('../status.ts')).status,
  },
  {
    name: 'demo',
    summary: 'Watch four scripted agents build a small release in a temporary directory',
    details: 'Touches nothing of yours: the core, its data and its port are made for the demo and removed at its end.',
    args: [],
    options: {
      fast: { kind: 'flag', about: 'Without pauses for the eye.' },
      keep: { kind: 'flag', about: 'Stay open at the end until Ctrl-C.' },
    },
    examples: ['wheelhouse demo --keep'],
    load: async () => (await import('../demo/demo.ts')).demo,
  },
];
