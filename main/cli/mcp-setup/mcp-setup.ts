import { mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { dataPaths } from '../../config/data-dir.ts';
import { loadConfig } from '../../config/load.ts';
import type { CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { CLIENTS } from './choices.ts';
import { KeptFiles } from './kept-files.ts';
import { planClaudeCode } from './plan-claude-code.ts';
import { planClaudeDesktop } from './plan-claude-desktop.ts';
import { unifiedDiff } from './unified-diff.ts';

/** `wheelhouse mcp setup`: connects a client to the bus, or undoes it. Nothing is written before every file is understood. */
export async function mcpSetup(context: CommandContext): Promise<number> {
  const { io, input, output, dataDir } = context;
  const kept = new KeptFiles(join(dataPaths(dataDir).backups, 'clients'), Date.now);
  const config = loadConfig({ dataDir, env: io.env });
  const plan = input.choice('client', CLIENTS) === 'claude-desktop' ? planClaudeDesktop : planClaudeCode;
  const { base, changes: all, role, next } = await plan(context, config, kept);
  const changes = all.filter(({ before, after }) => before !== after);
  const diff = changes.map(({ file, before, after }) => unifiedDiff(relative(base, file), before, after)).join('\n');
  if (input.flag('dry-run')) {
    output.result({ dryRun: true, changes: changes.map(({ file }) => file), diff }, diff || 'Nothing would change.');
    return EXIT.ok;
  }
  const written = [];
  for (const { file, after } of changes) {
    mkdirSync(dirname(file), { recursive: true });
    written.push({ file, deleted: after === null, backup: await kept.write(file, after) });
  }
  const lines = written.map(({ file, deleted, backup }) => `${deleted ? 'Deleted' : 'Wrote'} ${file}${backup === null ? '' : ` (before: ${backup})`}`);
  output.result({ dryRun: false, changes: written, role }, lines.join('\n') || 'Everything is in place already; nothing was changed.');
  if (!input.flag('undo') && !output.json) output.note(next);
  return EXIT.ok;
}
