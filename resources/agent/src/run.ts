import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveBeforeCompaction } from './archive.ts';
import { spawnClaude } from './claude-process.ts';
import { converse } from './conversation.ts';
import { Inbox } from './inbox.ts';
import { firstPrompt, instructions } from './instructions.ts';
import { MailboxClient } from './mailbox.ts';
import { MessageStream } from './message-stream.ts';
import { memoryKills } from './memory-limit.ts';
import type { AgentOutput } from './output.ts';
import { readAgentInput, type AgentInput } from './run-input.ts';
import type { QueryOptions, Sdk } from './sdk.ts';
import { deliverSecrets, unsetSecrets } from './secrets.ts';
import { TEAM_TOOLS } from './team-tools.ts';
import { createTools } from './tools.ts';
import { extraFolders, workspaceOf, type Workspace } from './workspace.ts';

/** Tools of Claude Code that need a person at a terminal, or that would end with the container. */
const USELESS_HERE = ['AskUserQuestion', 'EnterPlanMode', 'ExitPlanMode', 'CronCreate', 'CronDelete', 'CronList', 'ScheduleWakeup', 'RemoteTrigger', 'PushNotification'];
/** The version of the tools' words, for Claude Code's list of servers. */
const TOOLS_VERSION = '1';

export interface RunParts {
  readonly sdk: Sdk;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: string;
  readonly emit: (output: AgentOutput) => void;
  readonly warn: (message: string) => void;
  /** Hears what the agent does, step by step. */
  readonly show: (step: string) => void;
  readonly now: () => Date;
}

/** One run of the agent: from what came on stdin to the end of the conversation. Resolves with the exit code. */
export async function run({ sdk, env, stdin, emit, warn, show, now }: RunParts): Promise<number> {
  const workspace = workspaceOf(env);
  let input: AgentInput;
  try {
    input = readAgentInput(stdin);
  } catch (error) {
    emit({ status: 'error', result: null, error: `The agent cannot read its input: ${(error as Error).message}.` });
    return 1;
  }
  const messages = new MessageStream();
  messages.push(firstPrompt(input));
  const inbox = new Inbox(workspace.ipc, { text: (text) => messages.push(text), close: () => messages.end() }, warn);
  inbox.start();
  try {
    const options = queryOptions({ sdk, env, input, workspace, warn, now });
    const killsBefore = memoryKills();
    return (await converse({ sdk, messages, options, emit, warn, show, now, outOfMemory: () => memoryKills() > killsBefore })) ? 0 : 1;
  } finally {
    inbox.stop();
  }
}

interface OptionParts extends Pick<RunParts, 'sdk' | 'env' | 'warn' | 'now'> {
  readonly input: AgentInput;
  readonly workspace: Workspace;
}

function queryOptions({ sdk, env, input, workspace, warn, now }: OptionParts): QueryOptions {
  const secrets = deliverSecrets(input.secrets);
  const tools = createTools(sdk, new MailboxClient(workspace.ipc), input, TEAM_TOOLS);
  const archive = archiveBeforeCompaction(workspace.group, input.assistantName, now, warn);
  return {
    cwd: workspace.group,
    additionalDirectories: extraFolders(workspace),
    ...(input.sessionId !== null && { resume: input.sessionId }),
    systemPrompt: { type: 'preset', preset: 'claude_code', append: instructions(input, input.isMain ? null : globalMemory(workspace)) },
    // The container is what holds the agent back; there is nobody to ask.
    permissionMode: 'bypassPermissions',
    allowDangerouslySkipPermissions: true,
    disallowedTools: USELESS_HERE,
    includePartialMessages: true,
    settingSources: ['user', 'project'],
    mcpServers: {
      wheelhouse: sdk.createSdkMcpServer({ name: 'wheelhouse', version: TOOLS_VERSION, tools: tools.wheelhouse, alwaysLoad: true }),
      team: sdk.createSdkMcpServer({ name: 'team', version: TOOLS_VERSION, tools: tools.team }),
    },
    env: { ...env, ...(workspace.home !== null && { CLAUDE_CONFIG_DIR: workspace.home }), ...secrets.env },
    hooks: {
      PreToolUse: [{ matcher: 'Bash', hooks: [unsetSecrets(secrets.names)], onFailure: 'block' }],
      PreCompact: [{ hooks: [archive] }],
    },
    spawnClaudeCodeProcess: (options) => spawnClaude(options, secrets.descriptors, (text) => warn(text.trimEnd())),
  };
}

/** What all groups share; null when there is none. */
function globalMemory({ global }: Workspace): string | null {
  try {
    return readFileSync(join(global, 'CLAUDE.md'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
