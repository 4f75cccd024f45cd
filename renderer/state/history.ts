/** A list that is read backwards: its newest end is live, older pages are fetched. Newest first. */
export interface History<T> {
  readonly items: readonly T[];
  /** The newest id taken from the live end, whether it matched or not. */
  readonly seenId: number;
  /** Where the next older page starts; undefined means at the newest entry. */
  readonly beforeId: number | undefined;
  readonly hasMore: boolean;
}

interface Numbered {
  readonly id: number;
}

/** Starts from the live end (oldest first, unbroken), of which only what matches is shown. */
export function startHistory<T extends Numbered>(live: readonly T[], matches: (entry: T) => boolean): History<T> {
  return {
    items: live.filter(matches).reverse(),
    seenId: live.at(-1)?.id ?? 0,
    beforeId: live[0]?.id,
    hasMore: true,
  };
}

/**
 * Follows the live end: new entries come first, changed ones are replaced in place, and one that matches only since it
 * changed takes its place among the others. When the live end no longer touches what was seen (a long time offline), the
 * history starts over rather than showing a list with a hole.
 */
export function followHistory<T extends Numbered>(
  history: History<T>,
  live: readonly T[],
  matches: (entry: T) => boolean,
): History<T> {
  const newest = live.at(-1);
  const oldest = live[0];
  if (newest === undefined || oldest === undefined) return history;
  if (newest.id < history.seenId || (oldest.id > history.seenId + 1 && history.seenId > 0)) return startHistory(live, matches);
  const items = joinLive(replaceChanged(history.items, live), live, oldest.id, matches);
  if (items === history.items && newest.id === history.seenId) return history;
  return { ...history, items, seenId: newest.id, beforeId: history.beforeId ?? oldest.id };
}

/** Puts what matches of the live end among the items, of which only those from `oldestId` on can be in it. */
function joinLive<T extends Numbered>(items: readonly T[], live: readonly T[], oldestId: number, matches: (entry: T) => boolean): readonly T[] {
  const older = items.findIndex(({ id }) => id < oldestId);
  const newer = older === -1 ? items : items.slice(0, older);
  // A fetched page may know an entry before the live end does.
  const known = new Set(newer.map(({ id }) => id));
  const joining = live.filter((entry) => !known.has(entry.id) && matches(entry));
  if (joining.length === 0) return items;
  return [...[...newer, ...joining].sort((a, b) => b.id - a.id), ...items.slice(newer.length)];
}

/**
 * Appends what matches of an older page; what arrived live in the meantime is not repeated. The core filters by less
 * than a view may show, so that a page can hold entries of others.
 */
export function extendHistory<T extends Numbered>(
  history: History<T>,
  page: readonly T[],
  hasMore: boolean,
  matches: (entry: T) => boolean,
): History<T> {
  const last = page.at(-1);
  const end = history.items.at(-1)?.id ?? Number.POSITIVE_INFINITY;
  return {
    ...history,
    items: [...history.items, ...page.filter((entry) => entry.id < end && matches(entry))],
    beforeId: last?.id ?? history.beforeId,
    hasMore: hasMore && last !== undefined,
  };
}

function replaceChanged<T extends Numbered>(items: readonly T[], live: readonly T[]): readonly T[] {
  const first = live[0];
  if (first === undefined) return items;
  const byId = new Map(live.map((entry) => [entry.id, entry]));
  let result: T[] | null = null;
  for (let i = 0; i < items.length; i += 1) {
    const item = items[i];
    if (item === undefined || item.id < first.id) break;
    const now = byId.get(item.id);
    if (now !== undefined && now !== item) {
      result ??= [...items];
      result[i] = now;
    }
  }
  return result ?? items;
}
