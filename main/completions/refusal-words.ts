import type { Refusal } from './types.ts';

/** Why a file in a watched folder is not taken for a completion, for logs and the command line. */
export const REFUSAL_WORDS: Readonly<Record<Refusal, string>> = {
  name: 'its name breaks the rule',
  symlink: 'it is a symbolic link',
  directory: 'it is a folder',
  special: 'it is no regular file',
  size: 'it is larger than allowed',
  unreadable: 'it cannot be read',
};
