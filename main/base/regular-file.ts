import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file for reading, never through a link that took its place, and not waiting for a writer if it is a FIFO by now.
 * Windows has neither flag. Whether it is a regular file, the handle says. Rejects with the file system's error, ELOOP for a link.
 */
export async function openUnfollowed(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
}
