import { join } from 'node:path';
import { createExclusive } from '../base/exclusive-file.ts';
import { AppError } from '../base/errors.ts';
import { writeContent, type DoneContent } from './done-content.ts';
import { moveToArchive } from './marker-files.ts';
import { doneName, isTaskName, markerName, MARKERS, printable, TASK_RULE } from './names.ts';

export interface ReportDoneParts {
  /** Absolute. */
  readonly folder: string;
  readonly task: string;
  readonly content: DoneContent;
  /** Has the file of the task taken in that lies there already; resolves with whether it was. */
  readonly takeIn: () => Promise<boolean>;
}

/** Others may report the same task at the same moment. */
const TRIES = 5;

/**
 * The immediate path of seed 003: makes the `.done` file of a task, exclusively and whole. An earlier one is taken in first
 * and then goes to the archive, so that neither completion is lost. Throws INPUT_INVALID, NOT_FOUND, CONFLICT, DISK_FULL,
 * DATA_DIR_UNUSABLE, and what `takeIn` throws.
 */
export async function reportDone({ folder, task, content, takeIn }: ReportDoneParts): Promise<void> {
  if (!isTaskName(task)) throw new AppError('INPUT_INVALID', `"${printable(task)}" cannot be the name of a task: it must have ${TASK_RULE}.`, { task });
  const file = join(folder, doneName(task));
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await onDisk(folder, async () => createExclusive(file, writeContent(content)))) return;
    if (!(await takeIn())) throw new AppError('CONFLICT', `${file} is there already and is not taken for a completion. \`wheelhouse completion list\` says why; remove it first.`, { file });
    await onDisk(folder, async () => moveToArchive(folder, [doneName(task), ...MARKERS.map((marker) => markerName(task, marker))]));
  }
  throw new AppError('CONFLICT', `${file} is made again by somebody else each time. Is a script running in a loop?`, { file });
}

async function onDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('DISK_FULL', `There is no space left for a file in ${folder} (${code}). Free some, then report again.`, { folder }, { cause: error });
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new AppError('NOT_FOUND', `The folder ${folder} does not exist. Make it, or name another in [completions] folders.`, { folder }, { cause: error });
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') throw new AppError('DATA_DIR_UNUSABLE', `${folder} cannot be written (${code}). Make it writable for you.`, { folder, cause: code }, { cause: error });
    throw error;
  }
}
