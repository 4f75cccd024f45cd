import { resolve } from 'node:path';
import type { ImportReport } from '../server/cli-calls.ts';
import type { CommandContext } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { oneLine, table } from './text.ts';

const NAMES = { groups: 'groups', sessions: 'conversations', chats: 'chats', messages: 'messages', tasks: 'scheduled tasks' } as const;

/** `wheelhouse import nanoclaw`. */
export async function importNanoclaw({ core, input, output, io }: CommandContext): Promise<number> {
  const apply = input.flag('apply');
  const report = await (await core('offline')).call('import.nanoclaw', { dir: resolve(io.cwd, input.argText('dir')), apply });
  output.result(report, [summaryOf(report), ...report.problems.map((problem) => `- ${oneLine(problem)}`), nextStep(report)].filter((line) => line !== '').join('\n'));
  return EXIT.ok;
}

function summaryOf(report: ImportReport): string {
  const rows = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((kind) => {
    const { imported, kept, refused } = report[kind];
    return [NAMES[kind], String(imported), String(kept), String(refused)];
  });
  return table([['', report.dryRun ? 'WOULD COME' : 'CAME', 'HERE BEFORE', 'REFUSED'], ...rows]);
}

function nextStep({ dryRun }: ImportReport): string {
  if (dryRun) return 'Nothing was changed. To take it over: the same command with --apply';
  return 'The folders of the groups are not copied: copy what you need from groups/<folder> to the groups folder of the data directory.';
}
