import type { CommandSpec } from '../command.ts';
import { CLIENTS, LANGUAGES } from '../mcp-setup/choices.ts';

/** Clients that speak MCP. */
export const MCP_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'mcp setup',
    summary: 'Connect a client: Claude Code in a project, or Claude Desktop',
    details:
      'For Claude Code writes .mcp.json and the role block in CLAUDE.md, for Claude Desktop its own configuration file. Writes no secret: the files say where the token is found. Running it again changes nothing more; what it changes is backed up first.',
    args: [],
    options: {
      client: { kind: 'choice', choices: CLIENTS, about: 'Which client.', required: true },
      dir: { kind: 'text', value: 'DIR', about: 'The folder of the project (claude-code); the current one when not given.' },
      agent: { kind: 'text', value: 'NAME', about: 'The agent that works there. For claude-code its role goes into CLAUDE.md; for claude-desktop its token file is used.' },
      role: { kind: 'text', value: 'ROLE', about: 'The role that works there, instead of --agent (claude-code).' },
      lang: { kind: 'choice', choices: LANGUAGES, about: 'The language of the role block (claude-code); that of the machine when not given.' },
      url: { kind: 'text', value: 'URL', about: 'Where the core listens, when it is not this machine’s.' },
      'shared-key': { kind: 'flag', about: 'Use the shared key CO_BUS_KEY instead of a session token; the client then names its role in every call.' },
      'dry-run': { kind: 'flag', about: 'Show what would change and change nothing.' },
      undo: { kind: 'flag', about: 'Take out exactly what was put in.' },
    },
    examples: ['wheelhouse mcp setup --client claude-code --agent fe-1', 'wheelhouse mcp setup --client claude-desktop --dry-run'],
    load: async () => (await import('../mcp-setup/mcp-setup.ts')).mcpSetup,
  },
  {
    name: 'mcp bridge',
    summary: 'Connect a client that only starts programs, such as Claude Desktop',
    details:
      'Carries MCP between standard input and output and the core, keeps the session in its token file renewed, and stays up while the core is down. `wheelhouse mcp setup --client claude-desktop` tells the client to start it.',
    args: [],
    options: {
      agent: { kind: 'text', value: 'NAME', about: 'Use the token file of this agent, mcp-tokens/<agent>; the default file mcp-token when not given.' },
      url: { kind: 'text', value: 'URL', about: 'Where the core listens, instead of WAIAAS_BASE_URL or that of this data directory.' },
    },
    examples: ['wheelhouse mcp bridge --agent desk-1'],
    load: async () => (await import('../mcp-bridge/mcp-bridge.ts')).mcpBridge,
  },
  {
    name: 'mcp refresh-token',
    summary: 'Put a new session in the place of the one in a token file',
    details:
      'The new session has the terms of the old one, which may have expired; then the file is written, then the old session is revoked. A bridge that runs picks the token up by itself. The token is not printed.',
    args: [],
    options: { agent: { kind: 'text', value: 'NAME', about: 'The token file of this agent, mcp-tokens/<agent>; the default file mcp-token when not given.' } },
    examples: ['wheelhouse mcp refresh-token'],
    load: async () => (await import('../mcp-bridge/refresh-token.ts')).refreshToken,
  },
];
