import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lookAt, type DoneFile } from './done-file.ts';
import { doneName, markerName, MARKERS, readName, type Marker } from './names.ts';
import type { Refusal } from './types.ts';

/** What lies in a folder for one task. */
export interface Sight {
  readonly task: string;
  readonly done: (DoneFile & { readonly kind: 'file' }) | null;
  /** What has the name of a marker, whether it is a file or not. */
  readonly markers: ReadonlySet<Marker>;
}

export interface FolderReading {
  readonly sights: readonly Sight[];
  /** By name. */
  readonly refused: ReadonlyMap<string, Refusal>;
}

/** Files are looked at in groups of this size: enough to keep a slow network folder busy, few enough to leave threads for others. */
const AT_ONCE = 16;

/** Looks at everything in the folder, or only at some names and what belongs to them. Rejects with what the file system says about the folder. */
export async function readFolder(folder: string, names: ReadonlySet<string> | null, maxBytes: number): Promise<FolderReading> {
  const refused = new Map<string, Refusal>();
  const present = new Map<string, Set<string>>();
  for (const name of names ?? (await readdir(folder))) {
    const entry = readName(name);
    if (entry.kind === 'refused') refused.set(name, 'name');
    if (entry.kind !== 'done' && entry.kind !== 'marker') continue;
    const found = present.get(entry.task);
    if (found === undefined) present.set(entry.task, new Set([name]));
    else found.add(name);
  }
  if (names !== null) {
    for (const name of await gone(folder, [...refused.keys()])) refused.delete(name);
  }
  const sights = await inGroups([...present], async ([task, found]) => {
    const done = names !== null || found.has(doneName(task)) ? await look(join(folder, doneName(task)), maxBytes) : null;
    const markers = names === null ? MARKERS.filter((marker) => found.has(markerName(task, marker))) : await markersOf(folder, task);
    if (done?.kind === 'refused') refused.set(doneName(task), done.why);
    return { task, done: done?.kind === 'file' ? done : null, markers: new Set(markers) };
  });
  return { sights, refused };
}

/** Every one of `items` through `work`, some at a time, in their order. */
export async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  return results;
}

/** One file that cannot be looked at must not hide the others. */
async function look(path: string, maxBytes: number): Promise<DoneFile | null> {
  return lookAt(path, maxBytes).catch(() => ({ kind: 'refused', why: 'unreadable' }) as const);
}

async function markersOf(folder: string, task: string): Promise<Marker[]> {
  const times = await Promise.all(MARKERS.map(async (marker) => look(join(folder, markerName(task, marker)), Infinity)));
  return MARKERS.filter((_, index) => times[index] !== null);
}

async function gone(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const looks = await inGroups(names, async (name) => ({ name, found: await look(join(folder, name), 0) }));
  return looks.filter(({ found }) => found === null).map(({ name }) => name);
}
