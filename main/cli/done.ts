import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import { completionFolders } from '../completions/folders.ts';
import { reportDone } from '../completions/report-done.ts';
import { prepareDataDir } from '../config/data-dir.ts';
import { loadConfig } from '../config/load.ts';
import type { CompletionView } from '../../preload/contract.ts';
import type { CommandContext } from './command.ts';
import type { Core } from './core.ts';
import { EXIT } from './exit-codes.ts';

const ADDRESS = /^https?:\/\//;
/** How long a command without a core waits for its notice to leave; the next start sends what is left. */
const DELIVER_MS = 15_000;

/** `wheelhouse done`: the immediate path of seed 003. The file is the report; what fails after it was made loses nothing. */
export async function done({ io, core, input, output, dataDir }: CommandContext): Promise<number> {
  const task = input.argText('task');
  const folder = completionFolders(dataDir, homedir(), loadConfig({ dataDir, env: io.env }).completions.folders)[0]!;
  prepareDataDir(dataDir, (text) => output.note(text));
  const report = reportOf(input.text('report'), io.cwd);
  if (report !== null && !ADDRESS.test(report) && !existsSync(report)) output.note(`There is no ${report} (yet); it is named in the report all the same.`);

  const opened = once(async () => core('offline'));
  const content = { report, team: input.text('team') ?? null, summary: input.text('summary') ?? null };
  await reportDone({ folder, task, content, takeIn: async () => (await takeIn(await opened(), folder, task)) !== null });

  const taken = await afterwards(opened, folder, task);
  const said = taken === null ? `${task} is reported as done.` : `${task} is reported as done, completion ${taken.completion.id}: ${HOW[taken.delivery]}.`;
  output.result({ task, folder, completion: taken?.completion ?? null }, said);
  if (taken === null) output.note('The core could not take it in now (the kill switch is on, or it just ended); it will as soon as it can.');
  return EXIT.ok;
}

const HOW = { queued: 'the notification is on its way', delivered: 'notified', left: 'the notification leaves when Wheelhouse runs' } as const;

async function takeIn(core: Core, folder: string, task: string): Promise<CompletionView | null> {
  return (await core.call('completions.look', { folder, task })).completion;
}

/** Has the new file taken in and delivered at once. Null when that has to wait; the watcher is the other path. */
async function afterwards(opened: () => Promise<Core>, folder: string, task: string): Promise<{ readonly completion: CompletionView; readonly delivery: keyof typeof HOW } | null> {
  try {
    const core = await opened();
    const completion = await takeIn(core, folder, task);
    if (completion === null) return null;
    if (core.running) return { completion, delivery: 'queued' };
    await core.deliver(DELIVER_MS);
    const { completion: now } = await core.call('completions.get', { completion_id: completion.id });
    return { completion: now, delivery: now.notifiedAt === null ? 'left' : 'delivered' };
  } catch (error) {
    if (error instanceof AppError && (error.code === 'SYSTEM_LOCKED' || error.code === 'NOT_RUNNING')) return null;
    throw error;
  }
}

function reportOf(given: string | undefined, cwd: string): string | null {
  if (given === undefined) return null;
  return ADDRESS.test(given) ? given : resolve(cwd, given);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return async () => (made ??= make());
}
