import { StatementCache } from '../store/statement-cache.ts';
import type { Store } from '../store/store.ts';
import type { FileIdentity } from './identity.ts';
import type { CompletionState } from './types.ts';

/** One completion. Times are wall time in ms; null means not yet. */
export interface Completion {
  readonly id: number;
  /** Absolute. */
  readonly folder: string;
  readonly task: string;
  /** Which completion of the task this is: 1 is the first. */
  readonly times: number;
  readonly team: string | null;
  readonly summary: string | null;
  readonly report: string | null;
  readonly state: CompletionState;
  /** When its file was last changed. */
  readonly finishedAt: number;
  readonly seenAt: number;
  readonly notifiedAt: number | null;
  readonly escalatedAt: number | null;
  readonly ackedAt: number | null;
  /** `person`, or `file` when another tool made the marker. */
  readonly ackedBy: string | null;
  readonly archivedAt: number | null;
  /** The later completion of the task that took its place. */
  readonly supersededBy: number | null;
  readonly identity: FileIdentity;
}

/** `current`: not in the archive; `open`: nobody has reacted yet. */
export const COMPLETION_FILTERS = ['all', 'current', 'open', 'pending', 'notified', 'escalated', 'acked', 'archived'] as const;
export type CompletionFilter = (typeof COMPLETION_FILTERS)[number];

export interface CompletionQuery {
  readonly which?: CompletionFilter | undefined;
  readonly team?: string | undefined;
  readonly task?: string | undefined;
  /** Only completions with a smaller id. */
  readonly beforeId?: number | undefined;
  readonly limit?: number | undefined;
}

interface Row extends Omit<Completion, 'state' | 'identity'> {
  readonly inode: string;
  readonly born: string;
  readonly modified: string;
  readonly size: number;
}

const SELECT = `
  SELECT id, folder, task, times, team, summary, report, finished_at AS finishedAt, seen_at AS seenAt, notified_at AS notifiedAt,
         escalated_at AS escalatedAt, acked_at AS ackedAt, acked_by AS ackedBy, archived_at AS archivedAt, superseded_by AS supersededBy,
         file_inode AS inode, file_born AS born, file_modified AS modified, file_size AS size
  FROM completions`;
const LIVE = 'archived_at IS NULL';
const UNACKED = `${LIVE} AND acked_at IS NULL`;
const WHICH: Readonly<Record<CompletionFilter, string>> = {
  all: '1',
  current: LIVE,
  open: UNACKED,
  pending: `${UNACKED} AND notified_at IS NULL`,
  notified: `${UNACKED} AND notified_at IS NOT NULL`,
  escalated: `${UNACKED} AND escalated_at IS NOT NULL`,
  acked: `${LIVE} AND acked_at IS NOT NULL`,
  archived: 'archived_at IS NOT NULL',
};
const DEFAULT_PAGE = 100;

/** Reads completions. */
export class CompletionRows {
  readonly #statements: StatementCache;

  constructor(store: Store) {
    this.#statements = new StatementCache(store.db);
  }

  get(id: number): Completion | null {
    return this.#one('id = ?', id);
  }

  many(ids: readonly number[]): readonly Completion[] {
    return this.#all(`${SELECT} WHERE id IN (SELECT value FROM json_each(?))`, JSON.stringify(ids));
  }

  /** The one whose file lies in the folder now, as far as is known. */
  live(folder: string, task: string): Completion | null {
    return this.#one(`folder = ? AND task = ? AND ${LIVE}`, folder, task);
  }

  /** Every live one of a folder, by task. */
  liveIn(folder: string): ReadonlyMap<string, Completion> {
    return new Map(this.#all(`${SELECT} WHERE folder = ? AND ${LIVE}`, folder).map((completion) => [completion.task, completion]));
  }

  /** The last archived one of the task when its file was not there at that time; it may come back. */
  away(folder: string, task: string): Completion | null {
    return this.#one('id = (SELECT MAX(id) FROM completions WHERE folder = ? AND task = ?) AND file_away = 1', folder, task);
  }

  /** Newest first. */
  list({ which = 'all', team, task, beforeId, limit = DEFAULT_PAGE }: CompletionQuery): readonly Completion[] {
    const where = `${WHICH[which]} AND (@team IS NULL OR team = @team) AND (@task IS NULL OR task = @task) AND (@beforeId IS NULL OR id < @beforeId)`;
    return this.#all(`${SELECT} WHERE ${where} ORDER BY id DESC LIMIT @limit`, { team: team ?? null, task: task ?? null, beforeId: beforeId ?? null, limit });
  }

  /** Without an ack and seen before `seenBefore` (ms), not escalated yet, oldest first. */
  toEscalate(seenBefore: number, limit: number): readonly Completion[] {
    return this.#all(`${SELECT} WHERE ${UNACKED} AND escalated_at IS NULL AND seen_at <= ? ORDER BY seen_at LIMIT ?`, seenBefore, limit);
  }

  /** Acked before `ackedBefore` (ms), oldest first. */
  toArchive(ackedBefore: number, limit: number): readonly Completion[] {
    return this.#all(`${SELECT} WHERE ${LIVE} AND acked_at <= ? ORDER BY acked_at LIMIT ?`, ackedBefore, limit);
  }

  /** When the longest unescalated one was seen, and the longest acked one acked; null when there is none. */
  oldest(): { readonly unescalated: number | null; readonly acked: number | null } {
    return this.#statements
      .get(
        `SELECT (SELECT MIN(seen_at) FROM completions WHERE ${UNACKED} AND escalated_at IS NULL) AS unescalated,
                (SELECT MIN(acked_at) FROM completions WHERE ${LIVE} AND acked_at IS NOT NULL) AS acked`,
      )
      .get() as { unescalated: number | null; acked: number | null };
  }

  /** The tasks that are done and about which nobody has reacted. */
  openTasks(): ReadonlySet<string> {
    return new Set(this.#statements.get(`SELECT task FROM completions WHERE ${UNACKED}`).pluck().all() as string[]);
  }

  /** How many escalated ones wait for an ack. */
  countEscalated(): number {
    return this.#statements.get(`SELECT COUNT(*) FROM completions WHERE ${WHICH.escalated}`).pluck().get() as number;
  }

  #one(where: string, ...args: readonly unknown[]): Completion | null {
    return this.#all(`${SELECT} WHERE ${where}`, ...args)[0] ?? null;
  }

  #all(sql: string, ...args: readonly unknown[]): readonly Completion[] {
    return (this.#statements.get(sql).all(...args) as Row[]).map(({ inode, born, modified, size, ...row }) => ({
      ...row,
      state: stateOf(row),
      identity: { inode, born, modified, size },
    }));
  }
}

function stateOf({ archivedAt, ackedAt, notifiedAt }: Pick<Row, 'archivedAt' | 'ackedAt' | 'notifiedAt'>): CompletionState {
  if (archivedAt !== null) return 'archived';
  if (ackedAt !== null) return 'acked';
  return notifiedAt === null ? 'pending' : 'notified';
}
