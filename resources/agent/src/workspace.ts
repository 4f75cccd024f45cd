import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folders that an agent sees. In the image they lie below `/workspace`; a runner without containers names its own. */
export interface Workspace {
  /** Its own working folder, kept between runs. */
  readonly group: string;
  /** The mailbox to and from Wheelhouse. */
  readonly ipc: string;
  /** Memory that all groups share; absent for the main group. */
  readonly global: string;
  /** Where Claude Code keeps its conversations; null: in its usual place. */
  readonly home: string | null;
  /** Holds the additional folders that the owner allowed, one below the other. */
  readonly extra: string;
}

export function workspaceOf(env: NodeJS.ProcessEnv): Workspace {
  const place = (name: string, fallback: string): string => env[`WHEELHOUSE_AGENT_${name}`] || join('/workspace', fallback);
  return {
    group: place('GROUP', 'group'),
    ipc: place('IPC', 'ipc'),
    global: place('GLOBAL', 'global'),
    extra: place('EXTRA', 'extra'),
    home: env['WHEELHOUSE_AGENT_HOME'] || null,
  };
}

/** The additional folders, by full path. */
export function extraFolders({ extra }: Workspace): string[] {
  try {
    return readdirSync(extra, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(extra, entry.name)] : []));
  } catch (error) {
    // Without additional mounts there is no such folder.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
