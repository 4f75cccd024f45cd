import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HookAnswer, HookInput } from './sdk.ts';
import { archiveOf, readTranscript } from './transcript.ts';

/** Hook before Claude Code shortens a conversation: what was said so far is kept in `conversations/` of the group. */
export function archiveBeforeCompaction(groupFolder: string, assistantName: string, now: () => Date, warn: (message: string) => void): (input: HookInput) => Promise<HookAnswer> {
  return async ({ transcript_path: path }) => {
    try {
      const said = readTranscript(readFileSync(path, 'utf8'));
      if (said.length === 0) return {};
      const { name, text } = archiveOf(said, assistantName, now());
      const folder = join(groupFolder, 'conversations');
      mkdirSync(folder, { recursive: true });
      // A later compaction of the same conversation holds everything of the earlier one, which stays until all of it is there.
      const part = join(folder, `.${name}.part`);
      writeFileSync(part, text);
      renameSync(part, join(folder, name));
    } catch (error) {
      // The conversation goes on without its archive.
      warn(`The conversation could not be archived: ${(error as Error).message}`);
    }
    return {};
  };
}
