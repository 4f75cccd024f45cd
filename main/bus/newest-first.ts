/** How many ids one step looks at: a few milliseconds, also where a filter lets almost nothing through. */
const STRETCH = 5000;

/** Lets other work run between the steps of a long one. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

export interface Stretch {
  /** The rows looked at have `from <= id < before`. */
  readonly from: number;
  readonly before: number;
  readonly limit: number;
}

/**
 * Finds up to `limit` rows, newest first, by looking at one stretch of ids after another from `before` down to `oldest`:
 * a search that finds nothing in a long history must not hold up everybody else.
 */
export async function newestFirst<T>(
  range: { readonly before: number; readonly oldest: number; readonly limit: number },
  read: (stretch: Stretch) => readonly T[],
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let { before } = range; before > range.oldest && found.length < range.limit; before -= STRETCH) {
    if (before < range.before) await breathe();
    found.push(...read({ from: before - STRETCH, before, limit: range.limit - found.length }));
  }
  return found;
}
