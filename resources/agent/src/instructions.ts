import type { AgentInput } from './run-input.ts';

/** Before a prompt that no person in the chat wrote. */
const SCHEDULED = '[This is a scheduled task. It was not just written by somebody in the chat; what you answer is sent there.]';

/** What the agent is told first. */
export function firstPrompt({ prompt, isScheduledTask }: AgentInput): string {
  return isScheduledTask ? `${SCHEDULED}\n\n${prompt}` : prompt;
}

/** What the agent is told about where it is, after Claude Code's own instructions. `globalMemory` is null for the main group. */
export function instructions({ assistantName, isMain, chatJid }: AgentInput, globalMemory: string | null): string {
  const parts = [
    `You are ${assistantName}. You serve the chat ${chatJid} and run inside Wheelhouse, without a terminal or a person at it.`,
    'Your last text of a turn is sent to the chat. What you put between <internal> and </internal> is not: use it for notes to yourself.',
    'mcp__wheelhouse__send_message sends something at once, while you still work. After you sent everything that way, end with <internal>done</internal>.',
    'The other mcp__wheelhouse__ tools schedule tasks and connect you with the team: its messages, board and locks. Each tells you what really happened; when one refuses, say so instead of claiming success.',
    'Your working folder is kept between conversations; earlier conversations lie in conversations/. Write what you must remember to CLAUDE.md.',
  ];
  if (isMain) parts.push('This is the main group: you may act for the other groups and register new ones. /workspace/ipc/available_groups.json lists the chats.');
  if (globalMemory !== null && globalMemory.trim() !== '') parts.push(`What all groups share:\n\n${globalMemory}`);
  return parts.join('\n\n');
}
