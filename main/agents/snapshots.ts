import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { iso, type Clock, type Timer } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { Store } from '../store/store.ts';
import type { Groups } from './groups.ts';
import { listChats, type ChatDirectory, type ListedChat } from './mailbox-chats.ts';
import { HeldFolder } from './mailbox-folder.ts';
import type { ScheduledTaskSummary, ScheduleRequests } from './ports.ts';
import type { Group } from './types.ts';

export interface SnapshotsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly groups: Pick<Groups, 'list'>;
  readonly schedule: Pick<ScheduleRequests, 'list'>;
  readonly chats: Pick<ChatDirectory, 'list' | 'syncedAt'>;
  /** `data/ipc`. */
  readonly dir: string;
  readonly report: (what: string, error: unknown) => void;
}

/** Changes of this long are written together. */
const GATHER_MS = 100;
/** Chats change with every message, and agents look at their list now and then. */
const GATHER_CHATS_MS = 2000;
/** How long after a line of the log a snapshot may be out of date. */
const GATHERED: ReadonlyMap<string, number> = new Map([['group', GATHER_MS], ['schedule', GATHER_MS], ['channel', GATHER_MS], ['chat', GATHER_CHATS_MS]]);
/** The agent may run under another user of its container; others of this machine do not reach the folder. */
const MODE = 0o644;

/** The text of `current_tasks.json`, as nanoclaw's agents read it (SNAP-01). */
function tasksText(tasks: readonly ScheduledTaskSummary[]): string {
  const shown = tasks.map(({ id, groupFolder, prompt, schedule_type, schedule_value, status, next_run }) => ({ id, groupFolder, prompt, schedule_type, schedule_value, status, next_run }));
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** The text of `available_groups.json` (SNAP-02). Groups other than the main one see none, but the file is there. */
function groupsText(group: Pick<Group, 'isMain'>, chats: readonly ListedChat[], syncedAt: number | null): string {
  return `${JSON.stringify({ groups: group.isMain ? chats : [], lastSync: syncedAt === null ? null : iso(syncedAt) }, null, 2)}\n`;
}

/** What agents can read without asking, in `data/ipc/<folder>/`: rewritten after each change, whole or not at all. */
export class Snapshots {
  readonly #parts: SnapshotsParts;
  /** What was written last, by path: what did not change is not written again. */
  readonly #written = new Map<string, string>();
  #timer: Timer | null = null;
  #dueAt = 0;
  #unsubscribe: Unsubscribe | null = null;

  constructor(parts: SnapshotsParts) {
    this.#parts = parts;
  }

  /** Writes all of them, then follows the changes. */
  start(): void {
    this.#unsubscribe = this.#parts.store.onCommit((events) => {
      const waits = events.flatMap(({ kind }) => GATHERED.get(kind) ?? []);
      if (waits.length > 0) this.#writeWithin(Math.min(...waits));
    });
    this.write();
  }

  /** Everything that was committed before is written. What cannot be written is reported. */
  write(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#writeAll();
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#timer?.cancel();
  }

  #writeWithin(ms: number): void {
    const dueAt = this.#parts.clock.monotonic() + ms;
    if (this.#timer !== null && dueAt >= this.#dueAt) return;
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = this.#parts.clock.setTimer(ms, () => this.write());
  }

  #writeAll(): void {
    const { groups, schedule, chats } = this.#parts;
    const all = groups.list();
    const listed = listChats(chats, all);
    for (const group of all) {
      try {
        this.#put(group.folder, 'current_tasks.json', tasksText(schedule.list(group)));
        this.#put(group.folder, 'available_groups.json', groupsText(group, listed, chats.syncedAt()));
      } catch (error) {
        this.#parts.report(`the snapshots for ${group.folder} could not be written`, error);
      }
    }
  }

  #put(folder: string, name: string, text: string): void {
    const dir = join(this.#parts.dir, folder);
    const path = join(dir, name);
    if (this.#written.get(path) === text) return;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const held = HeldFolder.open(dir);
    try {
      held.put(name, text, MODE);
      this.#written.set(path, text);
    } finally {
      held.close();
    }
  }
}
