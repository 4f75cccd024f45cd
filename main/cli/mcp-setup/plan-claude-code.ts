import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { dataPaths } from '../../config/data-dir.ts';
import type { Config } from '../../config/schema.ts';
import type { CommandContext } from '../command.ts';
import { UsageError } from '../input.ts';
import { roleFor } from './agent-role.ts';
import { LANGUAGES } from './choices.ts';
import { serverEntry, withoutRoleBlock, withRoleBlock } from './claude-code.ts';
import { endpoint } from './endpoint.ts';
import type { KeptFiles } from './kept-files.ts';
import { isPristineJson, SERVER_NAME, withoutServer, withServer } from './mcp-servers.ts';
import type { Change, Plan } from './plan.ts';
import { roleBlock } from './role-block.ts';
import { shellWord } from './shell-word.ts';
import { hasBlock } from './text-block.ts';

const TOKEN_VARIABLE = 'WHEELHOUSE_TOKEN';
const KEY_VARIABLE = 'CO_BUS_KEY';

/** `.mcp.json` and the role block in `CLAUDE.md` of a project. */
export async function planClaudeCode(context: CommandContext, config: Config, kept: KeptFiles): Promise<Plan> {
  const { io, input } = context;
  const base = projectFolder(resolve(io.cwd, input.text('dir') ?? '.'));
  if (input.flag('undo')) return { base, changes: undo(base, kept), role: null, next: '' };
  const agent = input.text('agent');
  const role = await roleFor(context, config, agent, input.text('role'));
  return { base, changes: setup(context, base, kept, config, role), role, next: nextSteps(context, agent, role) };
}

function setup({ io, input }: CommandContext, dir: string, kept: KeptFiles, config: Config, role: string | null): Change[] {
  const sharedKey = input.flag('shared-key');
  const variable = sharedKey ? KEY_VARIABLE : TOKEN_VARIABLE;
  const mcpFile = join(dir, '.mcp.json');
  const mcp = kept.read(mcpFile);
  const changes: Change[] = [{ file: mcpFile, before: mcp, after: withServer(mcp, serverEntry(endpoint(input.text('url'), config), variable), mcpFile) }];
  if (role !== null) {
    const guide = join(dir, 'CLAUDE.md');
    const text = kept.read(guide);
    const { roles, resources } = config.bus;
    const block = roleBlock(input.choice('lang', LANGUAGES) ?? machineLanguage(io.env), {
      role,
      otherRoles: roles.filter((other) => other !== role),
      resources,
      namesRole: sharedKey,
      variable,
    });
    changes.push({ file: guide, before: text, after: withRoleBlock(text, block, guide) });
  }
  return changes;
}

function undo(dir: string, kept: KeptFiles): Change[] {
  const mcpFile = join(dir, '.mcp.json');
  const guide = join(dir, 'CLAUDE.md');
  const mcp = kept.read(mcpFile);
  const text = kept.read(guide);
  return [
    { file: mcpFile, before: mcp, after: mcp === null ? null : withoutServer(mcp, kept.original(mcpFile, isPristineJson), mcpFile) },
    { file: guide, before: text, after: text === null ? null : withoutRoleBlock(text, kept.original(guide, (old) => !hasBlock(old)), guide) },
  ];
}

function projectFolder(dir: string): string {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) throw new UsageError(`--dir is the folder of a project; ${dir} is ${stats === undefined ? 'not there' : 'no folder'}.`);
  return dir;
}

function machineLanguage(env: NodeJS.ProcessEnv): 'en' | 'ko' {
  return /^ko\b|^ko_/.test(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '') ? 'ko' : 'en';
}

/** What the person does next; the token itself never appears. */
function nextSteps({ io, input, dataDir }: CommandContext, agent: string | undefined, role: string | null): string {
  if (input.flag('shared-key')) return `\nStart Claude Code with ${KEY_VARIABLE} in its environment: the same value that Wheelhouse was started with.`;
  const name = agent ?? '<agent>';
  const file = join(dataPaths(dataDir).tokens, name);
  const load = io.platform === 'win32' ? `$env:${TOKEN_VARIABLE} = (Get-Content -Raw "${file}").Trim()` : `export ${TOKEN_VARIABLE}="$(cat ${isAbsolute(file) ? shellWord(file) : file})"`;
  return [
    '',
    ...(agent === undefined ? [`Add an agent:        wheelhouse agent add <agent> --role ${role ?? '<ROLE>'}`] : []),
    `Make its token:      wheelhouse session create --agent ${shellWord(name)}`,
    `Before you start Claude Code here:`,
    `  ${load}`,
    `Then look whether it connects:  claude mcp get ${SERVER_NAME}`,
  ].join('\n');
}
