import { AppError } from '../base/errors.ts';

/** Names that mean something else below `groups/` or `data/ipc/`. */
const RESERVED = new Set(['global', 'errors']);
/** Windows opens a device under these names in every folder. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/i;
const FOLDER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** The name of the privileged group in nanoclaw; nobody else may look like it. */
const MAIN = 'main';

/**
 * Checks the name of a group's folder: one plain path part, so that no name leads out of `groups/` (reference §5 fault 10).
 * Throws INPUT_INVALID.
 */
export function assertGroupFolder(folder: string, isMain: boolean): void {
  const refuse = (why: string): never => {
    throw new AppError('INPUT_INVALID', `The folder '${folder.slice(0, 80)}' cannot be used: ${why}`, { field: 'folder' });
  };
  if (!FOLDER.test(folder)) refuse('it must be 1 to 64 letters, digits, - or _, and begin with a letter or digit.');
  if (RESERVED.has(folder.toLowerCase())) refuse('the name is reserved. Choose another one.');
  if (DEVICE.test(folder)) refuse('Windows keeps this name for a device. Choose another one.');
  if (folder.toLowerCase() === MAIN && !isMain) refuse('only the main group may have it. Choose another one.');
}

/** A folder name made from what people call the chat; `taken` are those in use. Never throws. */
export function suggestGroupFolder(name: string, taken: ReadonlySet<string>): string {
  const plain = name.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 50);
  const used = new Set([...taken].map((folder) => folder.toLowerCase()));
  const free = (candidate: string): boolean => !used.has(candidate) && !RESERVED.has(candidate) && !DEVICE.test(candidate) && candidate !== MAIN;
  const base = plain === '' ? 'group' : plain;
  if (free(base)) return base;
  for (let n = 2; ; n++) if (free(`${base}-${n}`)) return `${base}-${n}`;
}
