import type { CommandSpec } from './command.ts';
import { AGENT_COMMANDS } from './commands/agents.ts';
import { CHAT_COMMANDS } from './commands/chats.ts';
import { COMPLETION_COMMANDS } from './commands/completions.ts';
import { GROUP_COMMANDS } from './commands/groups.ts';
import { MACHINE_COMMANDS } from './commands/machine.ts';
import { MCP_COMMANDS } from './commands/mcp.ts';
import { NOTICE_COMMANDS } from './commands/notices.ts';
import { RUNNING_COMMANDS } from './commands/running.ts';
import { SAFETY_COMMANDS } from './commands/safety.ts';
import { SCHEDULE_COMMANDS } from './commands/schedule.ts';
import { SECRET_COMMANDS } from './commands/secrets.ts';
import { TEAM_COMMANDS } from './commands/team.ts';

/** Every command, in the order of the help. Adding one: a row in the file of its topic and a file that it loads. */
export const COMMANDS: readonly CommandSpec[] = [
  ...RUNNING_COMMANDS,
  ...CHAT_COMMANDS,
  ...GROUP_COMMANDS,
  ...AGENT_COMMANDS,
  ...NOTICE_COMMANDS,
  ...SECRET_COMMANDS,
  ...SAFETY_COMMANDS,
  ...TEAM_COMMANDS,
  ...COMPLETION_COMMANDS,
  ...SCHEDULE_COMMANDS,
  ...MACHINE_COMMANDS,
  ...MCP_COMMANDS,
];
