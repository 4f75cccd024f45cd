import { resolve } from 'node:path';
import type { ImportProgress, ImportReport } from '../server/cli-calls.ts';
import type { CommandContext } from './command.ts';
import type { Core } from './core.ts';
import { EXIT } from './exit-codes.ts';
import { oneLine, table } from './text.ts';

const NAMES = { groups: 'groups', sessions: 'conversations', chats: 'chats', messages: 'messages', tasks: 'scheduled tasks', files: 'files' } as const;

/** `wheelhouse import nanoclaw`. Exit code 1 when it was stopped before its end. */
export async function importNanoclaw({ core, input, output, io }: CommandContext): Promise<number> {
  const opened = await core('offline');
  await opened.call('import.begin', { dir: resolve(io.cwd, input.argText('dir')), apply: input.flag('apply') });
  const stopListening = io.onStop(() => {
    output.note('Stops after the step it is at …');
    // Whether that worked shows in the answer of the one that waits.
    opened.call('import.stop', {}).catch(() => undefined);
  });
  try {
    const report = await theEnd(opened, (progress) => output.note(lineOf(progress)));
    output.result(report, wordsFor(report));
    return report.stopped ? EXIT.failure : EXIT.ok;
  } finally {
    stopListening();
  }
}

/** Asks until it ended; tells how far it is whenever that changed since the last question. */
async function theEnd(core: Core, tell: (progress: ImportProgress) => void): Promise<ImportReport> {
  let told = '';
  for (;;) {
    const { report, progress } = await core.call('import.wait', {});
    if (report !== null) return report;
    const line = JSON.stringify(progress);
    if (progress !== null && line !== told) tell(progress);
    told = line;
  }
}

function lineOf({ doing, what, done, total }: ImportProgress): string {
  return `${doing} of ${oneLine(what)}: ${done} of ${total}`;
}

function wordsFor(report: ImportReport): string {
  const { folders, problems } = report;
  const sizes = folders.length === 0 ? '' : table([['FOLDER', 'FILES', 'SIZE'], ...folders.map(({ folder, files, bytes }) => [folder, String(files), `${(bytes / 1e6).toFixed(2)} MB`])]);
  return [summaryOf(report), sizes, ...problems.map((problem) => `- ${oneLine(problem)}`), nextStep(report)].filter((line) => line !== '').join('\n');
}

function summaryOf(report: ImportReport): string {
  const rows = (Object.keys(NAMES) as (keyof typeof NAMES)[]).map((kind) => {
    const { imported, kept, refused } = report[kind];
    return [NAMES[kind], String(imported), String(kept), String(refused)];
  });
  return table([['', report.dryRun ? 'WOULD COME' : 'CAME', 'HERE BEFORE', 'REFUSED'], ...rows]);
}

function nextStep({ dryRun, stopped }: ImportReport): string {
  if (stopped) return 'Stopped before the end. The same command goes on from there.';
  return dryRun ? 'Nothing was changed. To take it over: the same command with --apply' : '';
}
