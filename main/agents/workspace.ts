import { chownSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../base/errors.ts';

/** The folders of the data directory that hold what agents work with. */
export interface WorkspaceRoots {
  readonly groups: string;
  readonly mailbox: string;
  readonly agentHomes: string;
}

/** The folders that one group's agent is given, on this machine. */
export interface Workspace {
  /** Its working folder, kept between runs. */
  readonly group: string;
  /** The mailbox; the agent writes only in {@link MAILBOX_FOLDERS} of it. */
  readonly mailbox: string;
  /** Where follow-ups for a live run are put. */
  readonly input: string;
  /** Its home, which keeps its conversations. */
  readonly home: string;
  /** Memory that all groups share. */
  readonly global: string;
}

/** What of the mailbox an agent may write in. The rest of it, such as the snapshots, it only reads. */
export const MAILBOX_FOLDERS = ['messages', 'tasks', 'answers', 'input'] as const;
/** The shared memory is a folder beside those of the groups; no group may have its name. */
const GLOBAL = 'global';

/** Names the folders of a group; touches nothing. */
export function workspaceOf({ groups, mailbox, agentHomes }: WorkspaceRoots, folder: string): Workspace {
  return {
    group: join(groups, folder),
    mailbox: join(mailbox, folder),
    input: join(mailbox, folder, 'input'),
    home: join(agentHomes, folder, '.claude'),
    global: join(groups, GLOBAL),
  };
}

/**
 * Makes what is missing. Folders that the agent shall see are given to `owner` (a user and group id) where that
 * differs from us. Refuses a link in the place of a folder: an agent could lead us anywhere by one. Throws RUN_NOT_STARTED.
 */
export function prepareWorkspace(workspace: Workspace, owner: { readonly uid: number; readonly gid: number } | null): void {
  const shared = [join(workspace.home, '..'), workspace.mailbox, workspace.global];
  const own = [workspace.group, workspace.home, ...MAILBOX_FOLDERS.map((name) => join(workspace.mailbox, name))];
  for (const dir of [...shared, ...own]) makeFolder(dir);
  if (owner === null) return;
  for (const dir of [...own, workspace.mailbox, workspace.global]) {
    const stats = lstatSync(dir);
    if (stats.uid !== owner.uid || stats.gid !== owner.gid) chownSync(dir, owner.uid, owner.gid);
  }
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    if (code === 'ENOSPC') throw new AppError('DISK_FULL', `The disk is full: ${dir} cannot be made. Free some space.`, { dir }, { cause: error });
    throw new AppError('RUN_NOT_STARTED', `The folder ${dir} of the agent cannot be made (${code}). Make its parent writable for you.`, { dir, cause: code }, { cause: error });
  }
  if (!lstatSync(dir).isDirectory()) throw new AppError('RUN_NOT_STARTED', `${dir} is a link or a file where a folder of the agent belongs. Move it away.`, { dir });
}
