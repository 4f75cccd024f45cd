/** One finding of `wheelhouse doctor`. */
export interface Diagnosis {
  /** Stable, for programs: `database.integrity`. */
  readonly id: string;
  readonly ok: boolean;
  /** `error`: Wheelhouse cannot work or data is at risk. `warning`: worth knowing. `info`: as it should be. */
  readonly severity: 'info' | 'warning' | 'error';
  /** Names the thing and what was found. */
  readonly message: string;
  /** What to do; null when nothing is. */
  readonly cure: string | null;
}

/** A finding, with what `--fix` may do about it: only what loses nothing. The function says what it did. */
export interface Finding extends Diagnosis {
  readonly fix: (() => string) | null;
}

/** As it should be. */
export function fine(id: string, message: string): Finding {
  return { id, ok: true, severity: 'info', message, cure: null, fix: null };
}

/** Worth knowing; `fix` is what `--fix` does about it. */
export function warning(id: string, message: string, cure: string, fix: (() => string) | null = null): Finding {
  return { id, ok: false, severity: 'warning', message, cure, fix };
}

/** Wheelhouse cannot work, or data is at risk. */
export function problem(id: string, message: string, cure: string, fix: (() => string) | null = null): Finding {
  return { id, ok: false, severity: 'error', message, cure, fix };
}
