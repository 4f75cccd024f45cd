import { statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { nearest } from '../../base/nearest.ts';
import { dataPaths } from '../../config/data-dir.ts';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/schema.ts';
import type { CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../input.ts';
import { LANGUAGES } from './choices.ts';
import { isPristineJson, SERVER_NAME, serverEntry, withoutRoleBlock, withoutServer, withRoleBlock, withServer } from './claude-code.ts';
import { KeptFiles } from './kept-files.ts';
import { roleBlock } from './role-block.ts';
import { hasBlock } from './text-block.ts';
import { unifiedDiff } from './unified-diff.ts';

/** One file as it is and as it will be; null stands for no file. */
interface Change {
  readonly file: string;
  readonly before: string | null;
  readonly after: string | null;
}

const TOKEN_VARIABLE = 'WHEELHOUSE_TOKEN';
const KEY_VARIABLE = 'CO_BUS_KEY';

/** `wheelhouse mcp setup`: connects a client to the bus, or undoes it. Nothing is written before every file is understood. */
export async function mcpSetup(context: CommandContext): Promise<number> {
  const { io, input, output, dataDir } = context;
  const dir = projectFolder(resolve(io.cwd, input.text('dir') ?? '.'));
  const kept = new KeptFiles(join(dataPaths(dataDir).backups, 'clients'), Date.now);
  const config = loadConfig({ dataDir, env: io.env });
  const agent = input.text('agent');
  const role = input.flag('undo') ? null : await roleFor(context, config, agent);
  const changes = (input.flag('undo') ? undo(dir, kept) : setup(context, dir, kept, config, role)).filter(({ before, after }) => before !== after);
  const diff = changes.map(({ file, before, after }) => unifiedDiff(file.slice(dir.length + 1), before, after)).join('\n');
  if (input.flag('dry-run')) {
    output.result({ dryRun: true, changes: changes.map(({ file }) => file), diff }, diff || 'Nothing would change.');
    return EXIT.ok;
  }
  const written = [];
  for (const { file, after } of changes) written.push({ file, deleted: after === null, backup: await kept.write(file, after) });
  const lines = written.map(({ file, deleted, backup }) => `${deleted ? 'Deleted' : 'Wrote'} ${file}${backup === null ? '' : ` (before: ${backup})`}`);
  output.result({ dryRun: false, changes: written, role }, lines.join('\n') || 'Everything is in place already; nothing was changed.');
  if (!input.flag('undo') && !output.json) output.note(nextSteps(context, agent, role));
  return EXIT.ok;
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

/** The role that goes into CLAUDE.md; null: none was asked for. Throws AGENT_NOT_FOUND, ROLE_UNKNOWN. */
async function roleFor({ input, core }: CommandContext, config: Config, agent: string | undefined): Promise<string | null> {
  const role = input.text('role');
  if (agent !== undefined && role !== undefined) throw new UsageError('--agent and --role exclude each other: an agent has its role already.');
  if (agent !== undefined) {
    const { agents } = await (await core('offline')).call('agents.list', {});
    const found = agents.find(({ name, id }) => name.toLowerCase() === agent.toLowerCase() || id === agent);
    if (found !== undefined) return found.role;
    const guess = nearest(agent, agents.map(({ name }) => name));
    const hint = guess === null ? `Add it with: wheelhouse agent add ${shellWord(agent)} --role <ROLE>` : `Did you mean '${guess}'?`;
    throw new AppError('AGENT_NOT_FOUND', `There is no agent '${agent}'. ${hint}`, { agent });
  }
  if (role === undefined || config.bus.roles.includes(role)) return role ?? null;
  const guess = nearest(role, config.bus.roles);
  throw new AppError('ROLE_UNKNOWN', `There is no role '${role}'. ${guess === null ? `Roles: ${config.bus.roles.join(', ')}.` : `Did you mean ${guess}?`}`, { role });
}

function endpoint(url: string | undefined, config: Config): string {
  if (url === undefined) {
    const { host, port } = config.server;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}/mcp`;
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) throw new UsageError(`--url is an http or https address; it is "${url}".`);
  if (parsed.username !== '' || parsed.password !== '') throw new UsageError('--url must not hold a password: the file it goes into is shared.');
  return parsed.pathname === '/' ? new URL('/mcp', parsed).href : parsed.href;
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

function shellWord(word: string): string {
  return /^[\p{L}\p{N}@%+=:,./~<>_-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
