import { mkdir } from 'node:fs/promises';
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
/** Lines of the log after which a snapshot may be out of date. */
const KINDS: ReadonlySet<string> = new Set(['group', 'schedule', 'chat', 'channel']);
/** The agent may run under another user of its container; others of this machine do not reach the folder. */
const MODE = 0o644;

/** The text of `current_tasks.json`, as nanoclaw's agents read it (SNAP-01). */
export function tasksText(tasks: readonly ScheduledTaskSummary[]): string {
  const shown = tasks.map(({ id, groupFolder, prompt, schedule_type, schedule_value, status, next_run }) => ({ id, groupFolder, prompt, schedule_type, schedule_value, status, next_run }));
  return `${JSON.stringify(shown, null, 2)}\n`;
}

/** The text of `available_groups.json` (SNAP-02). Groups other than the main one see none, but the file is there. */
export function groupsText(group: Pick<Group, 'isMain'>, chats: readonly ListedChat[], syncedAt: number | null): string {
  return `${JSON.stringify({ groups: group.isMain ? chats : [], lastSync: syncedAt === null ? null : iso(syncedAt) }, null, 2)}\n`;
}

/** What agents can read without asking, in `data/ipc/<folder>/`: rewritten after each change, whole or not at all. */
export class Snapshots {
  readonly #parts: SnapshotsParts;
  /** What was written last, by path: what did not change is not written again. */
  readonly #written = new Map<string, string>();
  #timer: Timer | null = null;
  #writing: Promise<void> = Promise.resolve();
  #unsubscribe: Unsubscribe | null = null;

  constructor(parts: SnapshotsParts) {
    this.#parts = parts;
  }

  /** Writes all of them, then follows the changes. */
  async start(): Promise<void> {
    this.#unsubscribe = this.#parts.store.onCommit((events) => {
      if (events.some(({ kind }) => KINDS.has(kind))) this.#soon();
    });
    await this.write();
  }

  /** Resolves when everything that was committed before is written. What cannot be written is reported. */
  async write(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    this.#writing = this.#writing.then(async () => this.#writeAll());
    await this.#writing;
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#timer?.cancel();
    await this.#writing;
  }

  #soon(): void {
    this.#timer ??= this.#parts.clock.setTimer(GATHER_MS, () => void this.write());
  }

  async #writeAll(): Promise<void> {
    const { groups, schedule, chats } = this.#parts;
    const all = groups.list();
    const listed = listChats(chats, all);
    for (const group of all) {
      try {
        await this.#put(group.folder, 'current_tasks.json', tasksText(schedule.list(group)));
        await this.#put(group.folder, 'available_groups.json', groupsText(group, listed, chats.syncedAt()));
      } catch (error) {
        this.#parts.report(`the snapshots for ${group.folder} could not be written`, error);
      }
    }
  }

  async #put(folder: string, name: string, text: string): Promise<void> {
    const dir = join(this.#parts.dir, folder);
    const path = join(dir, name);
    if (this.#written.get(path) === text) return;
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const held = await HeldFolder.open(dir);
    try {
      await held.put(name, text, MODE);
      this.#written.set(path, text);
    } finally {
      await held.close();
    }
  }
}
