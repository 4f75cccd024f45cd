import { AppError } from '../base/errors.ts';
import type { ImportReport } from '../server/cli-calls.ts';

const IMPORTED_KINDS = ['groups', 'sessions', 'chats', 'messages', 'tasks', 'files'] as const;
export type ImportedKind = (typeof IMPORTED_KINDS)[number];

/** So many files that differ are named. */
const MOST_DIFFERENCES = 50;

/** Counts what an import does. */
export class ImportTally {
  readonly #counts = Object.fromEntries(IMPORTED_KINDS.map((kind) => [kind, { imported: 0, kept: 0, refused: 0 }])) as Record<ImportedKind, { imported: number; kept: number; refused: number }>;
  readonly #problems: string[] = [];
  readonly #folders: ImportReport['folders'][number][] = [];
  #differing = 0;

  imported(kind: ImportedKind): void {
    this.#counts[kind].imported += 1;
  }

  /** It was here before. */
  kept(kind: ImportedKind): void {
    this.#counts[kind].kept += 1;
  }

  problem(what: string): void {
    this.#problems.push(what);
  }

  /** Whether it was new. */
  count(kind: ImportedKind, isNew: boolean): void {
    if (isNew) this.imported(kind);
    else this.kept(kind);
  }

  /** It will not come, for this reason. */
  refuse(kind: ImportedKind, why: string): void {
    this.#counts[kind].refused += 1;
    this.problem(why);
  }

  /** Another file is in the place of one; of many only the first are named. */
  differs(what: string): void {
    this.#differing += 1;
    if (this.#differing <= MOST_DIFFERENCES) this.problem(what);
  }

  /** What a folder of the old installation holds. */
  folder(folder: ImportReport['folders'][number]): void {
    this.#folders.push(folder);
  }

  /**
   * Takes one thing over; `take` returns whether it was new. One that cannot be taken over does not hold up the others. What
   * the machine is to blame for is thrown.
   */
  attempt(kind: ImportedKind, what: string, take: () => boolean): void {
    try {
      this.count(kind, take());
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      this.refuse(kind, `${what}: ${error.message}`);
    }
  }

  report({ dryRun, stopped }: { readonly dryRun: boolean; readonly stopped: boolean }): ImportReport {
    const more = this.#differing - MOST_DIFFERENCES;
    return { dryRun, stopped, ...structuredClone(this.#counts), folders: [...this.#folders], problems: more > 0 ? [...this.#problems, `${more} more files are here already and differ`] : [...this.#problems] };
  }
}
