import type { Guard } from '../access/guard.ts';
import { iso, type Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Notifications } from '../notify/notifications.ts';
import { StatementCache } from '../store/statement-cache.ts';
import type { Store, Tx } from '../store/store.ts';
import { CompletionRows, type Completion, type CompletionQuery } from './completion-rows.ts';
import type { DoneContent } from './done-content.ts';
import { isFileOf, type FileIdentity } from './identity.ts';

/** A `.done` file that is taken in. */
export interface Arrival {
  /** Absolute. */
  readonly folder: string;
  readonly task: string;
  readonly identity: FileIdentity;
  /** Its last change, wall time in ms. */
  readonly finishedAt: number;
  readonly content: DoneContent;
  /** Another tool has told people already: its marker is newer than the file. */
  readonly toldElsewhere: boolean;
}

export interface CompletionsPolicy {
  /** Without an ack for so long, a completion is escalated. Null: never. */
  readonly escalateAfterSec: number | null;
  /** So long after the ack its files go to the archive. Null: never. */
  readonly archiveAfterSec: number | null;
}

export interface CompletionsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly notices: Pick<Notifications, 'enqueue' | 'settle'>;
  readonly policy: CompletionsPolicy;
}

/** At most so many escalations share a transaction (DESIGN §5: no long ones). */
const ESCALATE_AT_ONCE = 100;
const MINUTE_MS = 60_000;

/**
 * The life of completions (seed 003): pending -> notified -> acked -> archived, escalated once without an ack. The database
 * is the truth about what has happened; marker files follow it. Every change commits with its line in the log and with
 * the notice it causes, so that neither layer can lose or double one.
 */
export class Completions {
  readonly rows: CompletionRows;
  readonly #parts: CompletionsParts;
  readonly #statements: StatementCache;

  constructor(parts: CompletionsParts) {
    this.#parts = parts;
    this.#statements = new StatementCache(parts.store.db);
    this.rows = new CompletionRows(parts.store);
  }

  /** Newest first. */
  list(query: CompletionQuery = {}): readonly Completion[] {
    return this.rows.list(query);
  }

  /** Throws COMPLETION_NOT_FOUND. */
  get(id: number): Completion {
    const found = this.rows.get(id);
    if (found === null) throw new AppError('COMPLETION_NOT_FOUND', `There is no completion ${id}. \`wheelhouse completion list --all\` shows those that there are.`, { completion_id: id });
    return found;
  }

  /**
   * Takes in what lies in a folder. The same file a second time changes nothing; a new file of a task that has a live
   * completion is a new one and takes its place. Throws SYSTEM_LOCKED, and nothing of this call has happened then.
   */
  ingest(arrivals: readonly Arrival[]): void {
    const { store, guard } = this.#parts;
    store.batch(() => {
      for (const arrival of arrivals) {
        store.transact((tx) => {
          guard.assertOperational();
          this.#ingest(tx, arrival);
        });
      }
    });
  }

  /** The file of a live completion was written to since: what it says now counts. */
  rewritten(id: number, identity: FileIdentity, { summary, report, team }: DoneContent): void {
    const { store } = this.#parts;
    store.transact((tx) => {
      const { changes } = this.#statements
        .get('UPDATE completions SET summary = ?, report = ?, team = ?, file_modified = ?, file_size = ? WHERE id = ? AND archived_at IS NULL')
        .run(summary, report, team, identity.modified, identity.size, id);
      if (changes > 0) this.#event(tx, this.get(id), 'rewritten', 'was written to after it was taken in');
    });
  }

  /** Notices were delivered; which completions they told of is looked up. Returns those of which somebody has heard only now. */
  delivered(noticeIds: readonly number[]): readonly Completion[] {
    const { store } = this.#parts;
    const told = this.#statements
      .get(
        `SELECT DISTINCT c.id FROM completion_notices n JOIN completions c ON c.id = n.completion_id
         WHERE n.notice_id IN (SELECT value FROM json_each(?)) AND c.notified_at IS NULL`,
      )
      .pluck()
      .all(JSON.stringify(noticeIds)) as number[];
    if (told.length === 0) return [];
    store.transact((tx) => {
      for (const id of told) {
        const { changes } = this.#statements.get('UPDATE completions SET notified_at = ? WHERE id = ? AND notified_at IS NULL').run(tx.now, id);
        if (changes > 0) this.#event(tx, this.get(id), 'notified', 'was told');
      }
    });
    return told.map((id) => this.get(id));
  }

  /** The notices of completions that nobody was told of yet, as far as is known. */
  untoldNotices(): readonly number[] {
    return this.#statements
      .get('SELECT n.notice_id FROM completion_notices n JOIN completions c ON c.id = n.completion_id WHERE c.notified_at IS NULL AND c.archived_at IS NULL')
      .pluck()
      .all() as number[];
  }

  /** Somebody has seen it. A second time changes nothing. Throws SYSTEM_LOCKED, COMPLETION_NOT_FOUND; CONFLICT once another took its place. */
  ack(id: number, by: 'person' | 'file'): Completion {
    const { store, guard, notices } = this.#parts;
    store.transact((tx) => {
      guard.assertOperational();
      const completion = this.get(id);
      if (completion.ackedAt !== null) return;
      if (completion.archivedAt !== null) {
        throw new AppError('CONFLICT', `Completion ${id} of ${completion.task} cannot be acked: completion ${completion.supersededBy ?? '?'} took its place.`, { completion_id: id, superseded_by: completion.supersededBy });
      }
      this.#statements.get('UPDATE completions SET acked_at = ?, acked_by = ? WHERE id = ?').run(tx.now, by, id);
      this.#event(tx, this.get(id), 'acked', by === 'file' ? 'was acked by a file' : 'was acked', { by });
      notices.settle(tx, { ids: this.noticesOf(id) });
    });
    return this.get(id);
  }

  /** Tells people again. Throws SYSTEM_LOCKED, COMPLETION_NOT_FOUND; CONFLICT when somebody has reacted already. */
  resend(id: number): Completion {
    const { store, guard } = this.#parts;
    store.transact((tx) => {
      guard.assertOperational();
      const completion = this.get(id);
      if (completion.state !== 'pending' && completion.state !== 'notified') {
        throw new AppError('CONFLICT', `Completion ${id} of ${completion.task} is ${completion.state}: there is nobody to be told again.`, { completion_id: id, state: completion.state });
      }
      this.#tell(tx, completion, 'again');
      this.#event(tx, completion, 'resent', 'is told again');
    });
    return this.get(id);
  }

  /** Escalates what nobody has acked in time, once each. Does nothing while the kill switch is on. */
  escalateDue(): void {
    const { store, guard, clock, policy } = this.#parts;
    if (policy.escalateAfterSec === null || guard.state() !== 'NORMAL') return;
    for (;;) {
      const due = this.rows.toEscalate(clock.now() - policy.escalateAfterSec * 1000, ESCALATE_AT_ONCE);
      if (due.length === 0) return;
      store.transact((tx) => {
        for (const completion of due) {
          const { changes } = this.#statements.get('UPDATE completions SET escalated_at = ? WHERE id = ? AND escalated_at IS NULL AND acked_at IS NULL').run(tx.now, completion.id);
          if (changes === 0) continue;
          this.#tell(tx, completion, 'escalation');
          this.#event(tx, completion, 'escalated', 'was not acked in time');
        }
      });
    }
  }

  /** What is to go to the archive now: at most `limit`, the longest acked first. None while the kill switch is on. */
  toArchive(limit: number): readonly Completion[] {
    const { clock, guard, policy } = this.#parts;
    if (policy.archiveAfterSec === null || guard.state() !== 'NORMAL') return [];
    return this.rows.toArchive(clock.now() - policy.archiveAfterSec * 1000, limit);
  }

  /** Its files are in the archive; `away`: its `.done` was not there to be moved. */
  archived(id: number, away: boolean): void {
    const { store } = this.#parts;
    store.transact((tx) => {
      const { changes } = this.#statements.get('UPDATE completions SET archived_at = ?, file_away = ? WHERE id = ? AND archived_at IS NULL').run(tx.now, away ? 1 : 0, id);
      if (changes > 0) this.#event(tx, this.get(id), 'archived', 'went to the archive');
    });
  }

  /** When {@link escalateDue} or {@link toArchive} will have something to do; null: never, as it stands. */
  nextDue(): number | null {
    const { escalateAfterSec, archiveAfterSec } = this.#parts.policy;
    const { unescalated, acked } = this.rows.oldest();
    const moments = [
      ...(unescalated !== null && escalateAfterSec !== null ? [unescalated + escalateAfterSec * 1000] : []),
      ...(acked !== null && archiveAfterSec !== null ? [acked + archiveAfterSec * 1000] : []),
    ];
    return moments.length === 0 ? null : Math.min(...moments);
  }

  /** When it is escalated unless somebody acks it; null: it will not be, or was already. */
  escalatesAt({ state, seenAt, escalatedAt }: Completion): number | null {
    const { escalateAfterSec } = this.#parts.policy;
    if (escalateAfterSec === null || escalatedAt !== null || (state !== 'pending' && state !== 'notified')) return null;
    return seenAt + escalateAfterSec * 1000;
  }

  /** The notices that told of it, oldest first. */
  noticesOf(id: number): readonly number[] {
    return this.#statements.get('SELECT notice_id FROM completion_notices WHERE completion_id = ? ORDER BY notice_id').pluck().all(id) as number[];
  }

  #ingest(tx: Tx, { folder, task, identity, finishedAt, content, toldElsewhere }: Arrival): void {
    const live = this.rows.live(folder, task);
    if (live !== null && isFileOf(live, identity)) return;
    if (live !== null) this.#statements.get('UPDATE completions SET archived_at = ? WHERE id = ?').run(tx.now, live.id);
    const before = this.#statements.get('SELECT MAX(times) FROM completions WHERE folder = ? AND task = ?').pluck().get(folder, task) as number | null;
    const times = (before ?? 0) + 1;
    const { lastInsertRowid } = this.#statements
      .get(
        `INSERT INTO completions (folder, task, times, team, summary, report, file_inode, file_born, file_modified, file_size, finished_at, seen_at, notified_at)
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`,
      )
      .run(folder, task, times, content.team, content.summary, content.report, identity.inode, identity.born, identity.modified, identity.size, finishedAt, tx.now, toldElsewhere ? tx.now : null);
    const completion = this.get(Number(lastInsertRowid));
    if (live !== null) {
      this.#statements.get('UPDATE completions SET superseded_by = ? WHERE id = ?').run(completion.id, live.id);
      this.#event(tx, this.get(live.id), 'superseded', `gave its place to completion ${completion.id}`, { by: completion.id });
    }
    this.#event(tx, completion, 'reported', times === 1 ? 'is done' : `is done for the ${ordinal(times)} time`, { times });
    if (!toldElsewhere) this.#tell(tx, completion, 'done');
  }

  /** Puts a notice into the outbox, in the transaction of what it tells about. */
  #tell(tx: Tx, completion: Completion, kind: 'done' | 'again' | 'escalation'): void {
    const { notices } = this.#parts;
    const { id, task, times, team, finishedAt, seenAt, summary, report } = completion;
    const common = { completionId: String(id), task, times, team, finishedAt: iso(finishedAt) };
    const nth = this.#statements.get('SELECT COUNT(*) FROM completion_notices WHERE completion_id = ?').pluck().get(id) as number;
    const noticeId =
      kind === 'escalation'
        ? notices.enqueue(tx, { type: 'COMPLETION_ESCALATED', context: { ...common, waitedMinutes: Math.floor((tx.now - seenAt) / MINUTE_MS) }, dedupeKey: String(id) })
        : notices.enqueue(tx, { type: 'COMPLETION_DONE', context: { ...common, summary, report }, dedupeKey: kind === 'done' ? String(id) : `${id}/${nth}` });
    this.#statements.get('INSERT INTO completion_notices (notice_id, completion_id, kind) VALUES (?,?,?)').run(noticeId, id, kind);
  }

  #event(tx: Tx, { id, folder, task, team }: Completion, action: string, what: string, more: Readonly<Record<string, unknown>> = {}): void {
    tx.event({ kind: 'completion', action, subject: `completion:${id}`, text: `Task ${task}${team === null ? '' : ` of ${team}`} ${what}`, data: { ids: [id], folder, task, team, ...more } });
  }
}

function ordinal(n: number): string {
  const tail = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${tail}`;
}
