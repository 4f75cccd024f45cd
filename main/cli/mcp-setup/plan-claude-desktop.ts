import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/schema.ts';
import type { CommandContext } from '../command.ts';
import { UsageError } from '../input.ts';
import { baseAddress } from '../mcp-bridge/core-address.ts';
import { tokenFileOf } from '../mcp-bridge/token-file-of.ts';
import { roleFor } from './agent-role.ts';
import { bridgeEntry, desktopConfigFile, MSIX_FOLDER, MSIX_NAME, packagesFolder } from './claude-desktop.ts';
import { endpoint } from './endpoint.ts';
import type { KeptFiles } from './kept-files.ts';
import { isPristineJson, withoutServer, withServer } from './mcp-servers.ts';
import type { Plan } from './plan.ts';
import { shellWord } from './shell-word.ts';

/** The entry of the bridge in `claude_desktop_config.json`. */
export async function planClaudeDesktop(context: CommandContext, config: Config, kept: KeptFiles): Promise<Plan> {
  const { io, input, dataDir } = context;
  refuseForeignOptions(context);
  const file = configFile(context);
  const base = dirname(file);
  const before = kept.read(file);
  if (input.flag('undo')) {
    const after = before === null ? null : withoutServer(before, kept.original(file, isPristineJson), file);
    return { base, changes: [{ file, before, after }], role: null, next: '' };
  }
  const agent = input.text('agent');
  const url = input.text('url');
  const role = await roleFor(context, config, agent, undefined);
  const baseUrl = url === undefined ? null : baseAddress(endpoint(url, config));
  const entry = bridgeEntry({ program: io.program, dataDir, agent: agent ?? null, baseUrl });
  return { base, changes: [{ file, before, after: withServer(before, entry, file) }], role, next: nextSteps(context, agent, existsSync(base)) };
}

function refuseForeignOptions({ input }: CommandContext): void {
  const given = ['dir', 'role', 'lang', 'shared-key'].filter((name) => (name === 'shared-key' ? input.flag(name) : name === 'lang' ? input.choice(name, ['en', 'ko']) : input.text(name)));
  if (given.length > 0) throw new UsageError(`Only for claude-code: --${given.join(', --')}. Claude Desktop has no project folder, and its role is that of its agent.`);
}

function configFile({ io }: CommandContext): string {
  const home = (io.platform === 'win32' ? io.env['USERPROFILE'] : io.env['HOME']) || homedir();
  return desktopConfigFile({ platform: io.platform, env: io.env, home, packages: io.platform === 'win32' ? packages(packagesFolder(io.env, home)) : [] });
}

function packages(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => MSIX_NAME.test(name) && existsSync(join(folder, name, MSIX_FOLDER)));
}

function nextSteps({ dataDir }: CommandContext, agent: string | undefined, isInstalled: boolean): string {
  const file = tokenFileOf(dataDir, agent);
  const create = agent === undefined ? 'wheelhouse session create --agent <agent> --default' : `wheelhouse session create --agent ${shellWord(agent)}`;
  return [
    '',
    ...(isInstalled ? [] : ['Claude Desktop has not been started here yet; it will find the entry when it is.']),
    ...(existsSync(file) ? [] : [`Make its token:      ${create}`]),
    'Quit Claude Desktop completely and open it again: it reads the file only when it starts.',
  ].join('\n');
}
