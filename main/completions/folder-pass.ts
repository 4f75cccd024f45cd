import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import type { Completion } from './completion-rows.ts';
import type { Arrival, Completions } from './completions.ts';
import { readContent, type ReadContent } from './done-content.ts';
import { markerTime, readDone } from './done-file.ts';
import { inGroups, readFolder, type Sight } from './folder-reading.ts';
import { isFileOf, isSameFile, isUnchanged } from './identity.ts';
import { makeMarker, moveToArchive } from './marker-files.ts';
import { doneName, markerName, type Marker } from './names.ts';
import type { RefusedFiles } from './refused-files.ts';
import type { Refusal } from './types.ts';

export interface FolderPassParts {
  readonly completions: Completions;
  readonly refusedFiles: RefusedFiles;
  readonly clock: Clock;
  readonly maxBytes: number;
  /** Fills in a report that the file does not name. */
  readonly reportOf: (task: string) => Promise<string | null>;
}

/** A body that begins like JSON is waited for so long, measured from its last change. */
const UNFINISHED_MS = 2000;
/** Bounds how long other processes wait for the database. */
const INGEST_AT_ONCE = 64;

type Found = Sight & { readonly done: NonNullable<Sight['done']> };

/**
 * One look at a folder that brings database and folder in line. Each step is safe to repeat and to be cut off after: what
 * it did not come to, the next look does.
 */
export class FolderPass {
  readonly #folder: string;
  readonly #parts: FolderPassParts;

  constructor(folder: string, parts: FolderPassParts) {
    this.#folder = folder;
    this.#parts = parts;
  }

  /**
   * Looks at everything, or at some names. Returns the tasks whose files are still being written, to be looked at again
   * soon. Rejects with what the file system says about the folder, DISK_FULL and the like, and SYSTEM_LOCKED.
   */
  async run(names: ReadonlySet<string> | null): Promise<readonly string[]> {
    const { completions, refusedFiles, maxBytes } = this.#parts;
    const reading = await readFolder(this.#folder, names, maxBytes);
    const refused = new Map<string, Refusal>(reading.refused);
    const live = names === null ? completions.rows.liveIn(this.#folder) : null;
    const knownOf = (task: string): Completion | null => (live === null ? completions.rows.live(this.#folder, task) : (live.get(task) ?? null));

    const unfinished: string[] = [];
    const found = reading.sights.filter((sight): sight is Found => sight.done !== null);
    const arrivals = await inGroups(found, async (sight) => this.#arrivalOf(sight, knownOf(sight.task), refused, unfinished));
    await this.#ingest(arrivals.filter((arrival) => arrival !== null));
    refusedFiles.update(this.#folder, refused, names);
    const settled = names === null ? completions.rows.liveIn(this.#folder) : null;
    const troubles = await inGroups(found, async (sight) =>
      this.#settle(sight, settled === null ? completions.rows.live(this.#folder, sight.task) : settled.get(sight.task)).catch((error: unknown) => ({ error })),
    );
    const [trouble] = troubles.filter((each) => each !== undefined);
    if (trouble !== undefined) throw trouble.error;
    return unfinished;
  }

  /** Moves the files of an acked completion into the archive. */
  async archive({ id, task, identity, ackedAt }: Completion): Promise<void> {
    const { completions, maxBytes } = this.#parts;
    const { sights } = await readFolder(this.#folder, new Set([doneName(task)]), maxBytes);
    const [sight] = sights;
    // A later file of the task is none of its business; a look at it gives it its own completion.
    if (sight?.done && !isFileOf({ identity, ackedAt }, sight.done.identity)) return;
    if (sight) await moveToArchive(this.#folder, namesOf(sight));
    completions.archived(id, !sight?.done);
  }

  async #arrivalOf(sight: Found, live: Completion | null, refused: Map<string, Refusal>, unfinished: string[]): Promise<Arrival | null> {
    const { task, done } = sight;
    const known = live !== null && isFileOf(live, done.identity);
    if (known && isUnchanged(live.identity, done.identity)) return null;
    const content = await this.#read(sight, refused);
    if (content === null) return null;
    if (content.unfinished && Math.abs(this.#parts.clock.now() - done.modifiedMs) < UNFINISHED_MS) {
      unfinished.push(task);
      return null;
    }
    const { completions } = this.#parts;
    if (known) {
      completions.rewritten(live.id, done.identity, content);
      return null;
    }
    const away = live === null ? completions.rows.away(this.#folder, task) : null;
    if (away !== null && isSameFile(away.identity, done.identity)) {
      await moveToArchive(this.#folder, namesOf(sight));
      return null;
    }
    const fresh = await this.#freshMarkers(sight, live);
    return {
      folder: this.#folder,
      task,
      identity: done.identity,
      finishedAt: done.modifiedMs,
      content: { summary: content.summary, team: content.team, report: content.report ?? (await this.#parts.reportOf(task)) },
      toldElsewhere: fresh.has('notified'),
    };
  }

  async #read({ task, done }: Found, refused: Map<string, Refusal>): Promise<ReadContent | null> {
    try {
      const bytes = await readDone(join(this.#folder, doneName(task)), done.identity, this.#parts.maxBytes);
      return bytes === null ? null : readContent(bytes);
    } catch {
      // Shown with its reason, and tried again at every look.
      refused.set(doneName(task), 'unreadable');
      return null;
    }
  }

  /**
   * The markers that belong to a new file. Those of an earlier completion of the task would silence this one, so they go
   * to the archive before it is taken in: what is older than the file, and what the earlier one had from us, because that
   * may have been made at the moment at which its file was replaced.
   */
  async #freshMarkers({ task, done, markers }: Found, earlier: Completion | null): Promise<ReadonlySet<Marker>> {
    const fresh = new Set<Marker>();
    const ours = new Set(earlier === null ? [] : markersOwed(earlier));
    const stale: string[] = [];
    for (const marker of markers) {
      const made = await markerTime(join(this.#folder, markerName(task, marker)));
      if (made === null) continue;
      if (!ours.has(marker) && made >= done.changedNs) fresh.add(marker);
      else stale.push(markerName(task, marker));
    }
    if (stale.length > 0) await moveToArchive(this.#folder, stale);
    return fresh;
  }

  async #ingest(arrivals: readonly Arrival[]): Promise<void> {
    for (let at = 0; at < arrivals.length; at += INGEST_AT_ONCE) {
      if (at > 0) await breathe();
      this.#parts.completions.ingest(arrivals.slice(at, at + INGEST_AT_ONCE));
    }
  }

  /** Takes over what other tools marked, and makes the markers that are missing. */
  async #settle({ task, done, markers }: Found, known: Completion | null | undefined): Promise<void> {
    if (known === null || known === undefined || !isFileOf(known, done.identity)) return;
    const ackedElsewhere = known.ackedAt === null && markers.has('acked') && (await markerTime(join(this.#folder, markerName(task, 'acked')))) !== null;
    for (const marker of markersOwed(ackedElsewhere ? this.#parts.completions.ack(known.id, 'file') : known)) {
      if (!markers.has(marker)) await makeMarker(this.#folder, task, marker);
    }
  }
}

/** The markers that a completion has on disk when everything went well. */
function markersOwed({ notifiedAt, ackedAt, escalatedAt }: Completion): readonly Marker[] {
  return [...(notifiedAt === null ? [] : ['notified' as const]), ...(ackedAt === null ? [] : ['acked' as const]), ...(escalatedAt === null ? [] : ['escalated' as const])];
}

/** Every file of the task, its `.done` first: while that lies there its markers are made anew, so a move that was cut off would leave some of them twice. */
function namesOf({ task, markers, done }: Sight): readonly string[] {
  return [...(done === null ? [] : [doneName(task)]), ...[...markers].map((marker) => markerName(task, marker))];
}
