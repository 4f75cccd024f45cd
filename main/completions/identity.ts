/** What tells one file from another that has the same name. Nanoseconds since 1970, as text. */
export interface FileIdentity {
  readonly inode: string;
  /** '0' where the file system does not keep it. */
  readonly born: string;
  readonly modified: string;
  readonly size: number;
}

/** Where no birth is kept, a change this soon after the first is somebody finishing the file. */
const STILL_WRITING_NS = 10_000_000_000n;

/**
 * Whether two looks at a name saw the same file. A second completion of a task is a new file with an old name, and inode
 * numbers are given again at once, so the birth decides; a file system without it has only the last change. What kept its
 * size and its last change is the same file whatever number it got, because some network folders number anew at each mount.
 */
export function isSameFile(known: FileIdentity, found: FileIdentity): boolean {
  if (isUnchanged(known, found)) return true;
  if (known.inode !== found.inode || known.born !== found.born) return false;
  if (known.born !== '0') return true;
  const laterNs = BigInt(found.modified) - BigInt(known.modified);
  return laterNs >= 0n && laterNs <= STILL_WRITING_NS;
}

/**
 * Whether a file is the one of a completion that is known. An acked one that is written to again was reported again by
 * somebody who does not make new files.
 */
export function isFileOf({ identity, ackedAt }: { readonly identity: FileIdentity; readonly ackedAt: number | null }, found: FileIdentity): boolean {
  if (!isSameFile(identity, found)) return false;
  return ackedAt === null || isUnchanged(identity, found);
}

/** Whether nobody has written to it between two looks. */
export function isUnchanged(known: FileIdentity, found: FileIdentity): boolean {
  return known.modified === found.modified && known.size === found.size;
}
