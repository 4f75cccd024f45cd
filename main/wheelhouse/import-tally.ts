import { AppError } from '../base/errors.ts';
import type { ImportReport } from '../server/cli-calls.ts';

export const IMPORTED_KINDS = ['groups', 'sessions', 'chats', 'messages', 'tasks'] as const;
export type ImportedKind = (typeof IMPORTED_KINDS)[number];

/** Counts what an import does. */
export class ImportTally {
  readonly #counts = Object.fromEntries(IMPORTED_KINDS.map((kind) => [kind, { imported: 0, kept: 0, refused: 0 }])) as Record<ImportedKind, { imported: number; kept: number; refused: number }>;
  readonly #problems: string[] = [];

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

  /**
   * Takes one thing over; `take` returns whether it was new. One that cannot be taken over does not hold up the others. What
   * the machine is to blame for is thrown.
   */
  attempt(kind: ImportedKind, what: string, take: () => boolean): void {
    try {
      if (take()) this.imported(kind);
      else this.kept(kind);
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      this.#counts[kind].refused += 1;
      this.problem(`${what}: ${error.message}`);
    }
  }

  report(dryRun: boolean): ImportReport {
    return { dryRun, ...structuredClone(this.#counts), problems: [...this.#problems] };
  }
}
