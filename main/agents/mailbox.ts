import { join } from 'node:path';
import type { FSWatcher } from 'chokidar';
import type { Clock, Timer } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { Store } from '../store/store.ts';
import { GroupMailbox } from './group-mailbox.ts';
import type { Groups } from './groups.ts';
import { MailboxActions, type ActionParts } from './mailbox-actions.ts';
import { Claims } from './mailbox-claims.ts';
import { BOXES } from './mailbox-types.ts';
import { SetAside } from './set-aside.ts';
import type { Group } from './types.ts';

export interface MailboxParts extends Omit<ActionParts, 'groups'> {
  readonly store: Store;
  readonly clock: Clock;
  readonly groups: Groups;
  /** `data/ipc`. */
  readonly dir: string;
  /** How many requests one group may make in a minute. */
  readonly perMinute: number;
  /** The largest request, in bytes. */
  readonly maxBytes: number;
  /** How long a file that is no whole document may still be being written, in ms. */
  readonly settleMs: number;
  readonly asked: (group: Group) => void;
  readonly report: (what: string, error: unknown) => void;
}

/** Events of the file system are hints; the folder is the truth. This often it is looked at without one. */
const RESCAN_MS = 10_000;
/** A folder is watched a moment after it was asked for; what comes in between gives no hint. */
const WATCHED_AFTER_MS = 500;
/** Below `data/ipc`; no group can be called so. */
const CLAIMED = '.claimed';
const ERRORS = 'errors';

/**
 * What contained agents ask for (DESIGN §8): files in `data/ipc/<folder>/{messages,tasks}`. Who asks is told by the folder
 * alone. Every request gets an answer in `answers/` after it was carried out or refused, never before.
 */
export class Mailbox {
  readonly #parts: MailboxParts;
  readonly #actions: MailboxActions;
  readonly #errors: SetAside;
  /** By folder: the part of the path that a hint of the file system names. */
  readonly #groups = new Map<string, { readonly id: string; readonly mailbox: GroupMailbox }>();
  #watcher: FSWatcher | null = null;
  #timer: Timer | null = null;
  #unsubscribe: Unsubscribe | null = null;
  #matching: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: MailboxParts) {
    this.#parts = parts;
    this.#actions = new MailboxActions(parts);
    this.#errors = new SetAside(join(parts.dir, ERRORS), parts.clock);
  }

  /** Opens the mailbox of every group and settles what a crash left behind, then begins to listen. */
  async start(): Promise<void> {
    await this.#errors.prepare();
    this.#unsubscribe = this.#parts.store.onCommit((events) => {
      if (events.some(({ kind, action }) => kind === 'group' && (action === 'created' || action === 'removed'))) void this.#match();
    });
    await this.#match();
    this.#rescanLater();
  }

  /** Looks into every mailbox now, as after the machine slept. */
  async rescan(): Promise<void> {
    await Promise.all([...this.#groups.values()].map(async ({ mailbox }) => mailbox.check()));
  }

  /** What is under way is finished; what is not taken yet is found by the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#timer?.cancel();
    await this.#matching;
    await Promise.all([this.#watcher?.close(), ...[...this.#groups.values()].map(async ({ mailbox }) => mailbox.stop())]);
    this.#groups.clear();
  }

  /** Loaded with the first group: who has none pays nothing. */
  async #watch(): Promise<FSWatcher> {
    const { watch } = await import('chokidar');
    const watcher = watch([], { ignoreInitial: true, followSymlinks: false, depth: 0 });
    watcher.on('all', (_, path) => this.#hint(path));
    watcher.on('error', (error) => this.#parts.report('the mailboxes cannot be watched; they are looked at every 10 s', error));
    return watcher;
  }

  #hint(path: string): void {
    const [folder] = path.slice(this.#parts.dir.length + 1).split(/[/\\]/, 1);
    if (folder !== undefined) this.#groups.get(folder)?.mailbox.poke();
  }

  #rescanLater(): void {
    this.#timer = this.#parts.clock.setTimer(RESCAN_MS, () => {
      void this.rescan().finally(() => {
        if (!this.#stopped) this.#rescanLater();
      });
    });
  }

  /** Opens the mailboxes of new groups, closes those of groups that are gone; one match at a time. */
  #match(): Promise<void> {
    this.#matching = this.#matching.then(async () => this.#matchNow()).catch((error: unknown) => this.#parts.report('the mailboxes could not be matched with the groups', error));
    return this.#matching;
  }

  async #matchNow(): Promise<void> {
    if (this.#stopped) return;
    const groups = new Map(this.#parts.groups.list().map((group) => [group.folder, group]));
    for (const [folder, { id, mailbox }] of this.#groups) {
      if (groups.get(folder)?.id === id) continue;
      this.#groups.delete(folder);
      this.#watcher?.unwatch(this.#boxes(folder));
      await mailbox.stop();
    }
    for (const [folder, { id }] of groups) {
      if (this.#groups.has(folder)) continue;
      const mailbox = this.#open(folder, id);
      try {
        await mailbox.prepare();
      } catch (error) {
        // One broken folder must not keep the others shut; the next match tries again.
        this.#parts.report(`the mailbox of ${folder} cannot be opened`, error);
        continue;
      }
      this.#groups.set(folder, { id, mailbox });
      this.#watcher ??= await this.#watch();
      this.#watcher.add(this.#boxes(folder));
      mailbox.poke();
      this.#parts.clock.setTimer(WATCHED_AFTER_MS, () => mailbox.poke());
    }
  }

  #open(folder: string, id: string): GroupMailbox {
    const { dir, store, clock, groups, perMinute, maxBytes, settleMs, asked, report } = this.#parts;
    return new GroupMailbox({
      group: () => {
        const group = groups.byFolder(folder);
        return group?.id === id ? group : null;
      },
      folder,
      dir: join(dir, folder),
      claims: new Claims(join(dir, CLAIMED, folder), clock),
      errors: this.#errors,
      actions: this.#actions,
      store,
      clock,
      perMinute,
      maxBytes,
      settleMs,
      asked,
      report,
    });
  }

  #boxes(folder: string): string[] {
    return BOXES.map((box) => join(this.#parts.dir, folder, box));
  }
}
