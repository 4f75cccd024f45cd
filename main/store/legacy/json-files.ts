import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { LegacyCursor, LegacyData, LegacyGroup, LegacySession } from './types.ts';

/** The state files of the first versions, by what they hold. */
const FILES = { groups: 'registered_groups.json', sessions: 'sessions.json', router: 'router_state.json' } as const;
const MIGRATED = '.migrated';
/** The folder whose group may act for all others. */
const MAIN_FOLDER = 'main';

export interface LegacyFiles {
  readonly data: LegacyData;
  /** The files that were read, with their paths. */
  readonly read: readonly string[];
  /** Whether every file that is there could be read. They belong together: groups that are missing would take their conversations with them. */
  readonly intact: boolean;
}

/** Reads the state files in `dir`; missing ones are nothing, unreadable ones a problem. Null when there is none at all. */
export function readLegacyFiles(dir: string): LegacyFiles | null {
  const problems: string[] = [];
  const read: string[] = [];
  const load = (name: string): Record<string, unknown> => {
    const path = join(dir, name);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push(`${path} cannot be read: ${(error as Error).message}`);
      return {};
    }
    try {
      const value = JSON.parse(text) as unknown;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is no JSON object');
      read.push(path);
      return value as Record<string, unknown>;
    } catch (error) {
      problems.push(`${path} is left as it is: ${(error as Error).message}`);
      return {};
    }
  };
  const [groups, sessions, router] = [load(FILES.groups), load(FILES.sessions), load(FILES.router)];
  if (read.length + problems.length === 0) return null;
  const intact = problems.length === 0;
  return {
    read,
    intact,
    data: {
      groups: Object.entries(groups).flatMap(([jid, entry]) => groupOf(jid, entry, problems)),
      sessions: Object.entries(sessions).flatMap(([folder, sessionId]): LegacySession[] => (typeof sessionId === 'string' && sessionId !== '' ? [{ folder, sessionId }] : [])),
      chats: [],
      messages: () => ({ rows: 0, pieces: [] }),
      cursors: cursorsOf(router['last_agent_timestamp']),
      tasks: [],
      problems,
    },
  };
}

/** Takes the files out of the way once what they hold is in the database, so that it is taken over once. */
export function setAside(paths: readonly string[]): void {
  for (const path of paths) renameSync(path, path + MIGRATED);
}

function groupOf(jid: string, entry: unknown, problems: string[]): LegacyGroup[] {
  const { name, folder, trigger, requiresTrigger, containerConfig } = (entry ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || typeof folder !== 'string' || typeof trigger !== 'string') {
    problems.push(`The group ${jid} has no name, folder or trigger.`);
    return [];
  }
  return [{ jid, name, folder, trigger, requiresTrigger: typeof requiresTrigger === 'boolean' ? requiresTrigger : null, isMain: folder === MAIN_FOLDER, ...containerOf(containerConfig) }];
}

/** The container settings that are known in both worlds. */
export function containerOf(config: unknown): Pick<LegacyGroup, 'timeoutMs' | 'additionalMounts'> {
  const { timeout, additionalMounts } = (typeof config === 'object' && config !== null ? config : {}) as Record<string, unknown>;
  const mounts = Array.isArray(additionalMounts) ? (additionalMounts as unknown[]) : [];
  return {
    timeoutMs: typeof timeout === 'number' ? timeout : null,
    additionalMounts: mounts.flatMap((mount) => {
      const { hostPath, containerPath, readonly } = (mount ?? {}) as Record<string, unknown>;
      if (typeof hostPath !== 'string') return [];
      return [{ hostPath, ...(typeof containerPath === 'string' && { containerPath }), ...(typeof readonly === 'boolean' && { readonly }) }];
    }),
  };
}

/** `last_agent_timestamp`: a time for each chat; as text it stands in the older database. */
export function cursorsOf(value: unknown): readonly LegacyCursor[] {
  let record = value;
  if (typeof value === 'string') {
    try {
      record = JSON.parse(value) as unknown;
    } catch {
      return [];
    }
  }
  if (typeof record !== 'object' || record === null) return [];
  return Object.entries(record).flatMap(([jid, at]) => {
    const ms = typeof at === 'string' ? Date.parse(at) : Number.NaN;
    return Number.isNaN(ms) ? [] : [{ jid, at: ms }];
  });
}
