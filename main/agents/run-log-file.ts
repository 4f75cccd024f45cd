import { open } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';

/** The end of a run log. */
export interface RunLogText {
  readonly text: string;
  /** Of the whole file. */
  readonly bytes: number;
  /** Whether more stands before it. */
  readonly truncated: boolean;
}

/** Reads the last `maxBytes` of a run log. Throws NOT_FOUND when the file is gone, as old ones are. */
export async function readRunLog(file: string, maxBytes: number): Promise<RunLogText> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new AppError('NOT_FOUND', `The log ${file} cannot be read (${code}). Only the newest logs of a group are kept.`, { file, cause: code }, { cause: error });
  }
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - maxBytes);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    // What was cut in the middle of a line is left out.
    return { text: from === 0 ? text : text.slice(text.indexOf('\n') + 1), bytes: size, truncated: from > 0 };
  } finally {
    await handle.close();
  }
}
