import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Guard } from '../access/guard.ts';
import type { Groups } from '../agents/groups.ts';
import type { Group } from '../agents/types.ts';
import { AppError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import type { Channels } from '../channels/channels.ts';
import type { AdoptedTask } from '../schedule/adopt.ts';
import { SCHEDULE_STATUSES, TIMING_KINDS } from '../schedule/types.ts';
import type { ImportReport } from '../server/cli-calls.ts';
import { LegacyDatabase } from '../store/legacy/database.ts';
import { readLegacyFiles, setAside } from '../store/legacy/json-files.ts';
import type { LegacyData, LegacyGroup, LegacyMessage, LegacyTask } from '../store/legacy/types.ts';
import type { Store, Tx } from '../store/store.ts';
import type { ImportOptions } from './import-job.ts';
import { ImportTally } from './import-tally.ts';
import { copyFolders, type FolderMove } from './legacy-folders.ts';

export interface LegacyImportParts {
  readonly store: Store;
  readonly guard: Guard;
  readonly groups: Groups;
  readonly channels: Pick<Channels, 'chats' | 'messages'>;
  readonly adoptTask: (tx: Tx, task: AdoptedTask) => boolean;
  /** Where the folders of groups and the homes of their agents are. */
  readonly roots: { readonly groups: string; readonly agentHomes: string };
}

const NOTHING: LegacyData = { groups: [], sessions: [], chats: [], messages: () => ({ rows: 0, pieces: [] }), cursors: [], tasks: [], problems: [] };

/** So many things are taken over in one commit. */
const AT_ONCE = 200;

/** Undoes a dry run; nobody but this file sees it. */
class DryRun extends Error {}

/**
 * Takes over what an older installation of nanoclaw knows (DATA-01). Everything goes through the rooms that own it; what is here
 * already stays as it is, so that a second time changes nothing, and goes on where a first one was interrupted.
 */
export class LegacyImport {
  readonly #parts: LegacyImportParts;

  constructor(parts: LegacyImportParts) {
    this.#parts = parts;
  }

  /**
   * Takes over the state files in the data directory and sets them aside. Null when there are
   * none, and while the kill switch is on. Files are renamed after
   * the commit: a crash in between means one more import that changes nothing.
   */
  files(dirs: readonly string[]): ImportReport | null {
    const found = dirs.flatMap((dir) => readLegacyFiles(dir) ?? []);
    if (found.length === 0 || this.#parts.guard.state() !== 'NORMAL') return null;
    const tally = new ImportTally();
    this.#parts.store.batch(() => {
      for (const step of found.flatMap(({ data, intact }) => this.#steps(intact ? data : { ...NOTHING, problems: data.problems }, tally))) step();
      this.#note(tally);
    });
    for (const { read } of found.filter(({ intact }) => intact)) setAside(read);
    return tally.report({ dryRun: false, stopped: false });
  }

  /** {@link files}, with what came of it in the log. */
  atStart(dirs: readonly string[], log: Log): void {
    const report = this.files(dirs);
    if (report === null) return;
    const { problems, ...counts } = report;
    log.info(counts, 'The state files of an older nanoclaw were taken over');
    for (const problem of problems) log.warn(`Not taken over from nanoclaw: ${problem}`);
  }

  /**
   * Takes over a whole installation, or with `dryRun` says what that would do. `dir` is left as it is. Nothing waits for long
   * meanwhile: the work is done in small commits, and what comes in between has its turn. Rejects with NOT_FOUND,
   * INPUT_INVALID, DISK_FULL, and with SYSTEM_LOCKED also when the kill switch is pulled in the middle.
   */
  async installation(dir: string, options: ImportOptions): Promise<ImportReport> {
    this.#parts.guard.assertOperational();
    const file = [join(dir, 'store', 'messages.db'), join(dir, 'messages.db')].find((path) => existsSync(path));
    const files = [join(dir, 'data'), dir].flatMap((folder) => readLegacyFiles(folder) ?? []);
    if (file === undefined && files.length === 0) {
      throw new AppError('NOT_FOUND', `There is no nanoclaw in ${dir}: it has neither store/messages.db nor the state files in data/. Give the folder that holds both.`, { dir });
    }
    const database = file === undefined ? null : new LegacyDatabase(file);
    const tally = new ImportTally();
    try {
      const sources = [...(database === null ? [] : [database.read()]), ...files.map(({ data }) => data)];
      const groups = await this.#all(sources, tally, options);
      for (const source of sources) for (const group of groups) await this.#messages(group, source, tally, options);
      const folders = new Set(sources.flatMap((source) => source.groups.map(({ folder }) => folder)));
      await copyFolders(this.#moves(dir, groups.map(({ folder }) => folder).filter((folder) => folders.has(folder))), tally, options);
    } finally {
      database?.close();
      // Also of what was done before something went wrong.
      if (!options.dryRun) this.#note(tally);
    }
    return tally.report({ dryRun: options.dryRun, stopped: options.signal.aborted });
  }

  /** Everything but messages and files. Returns the groups that are there then, or would be. */
  async #all(sources: readonly LegacyData[], tally: ImportTally, { dryRun, signal }: ImportOptions): Promise<readonly Group[]> {
    const { store, groups, guard } = this.#parts;
    const steps = sources.flatMap((source) => this.#steps(source, tally));
    let found = groups.list();
    if (dryRun) {
      try {
        store.batch(() => {
          for (const step of steps) step();
          found = groups.list();
          throw new DryRun();
        });
      } catch (error) {
        if (!(error instanceof DryRun)) throw error;
      }
      return found;
    }
    for (let at = 0; at < steps.length && !signal.aborted; at += AT_ONCE) {
      guard.assertOperational();
      store.batch(() => {
        for (const step of steps.slice(at, at + AT_ONCE)) step();
      });
      await nextTurn();
    }
    return groups.list();
  }

  /** What is to be taken over of a source, one by one and in this order, but for messages. */
  #steps(source: LegacyData, tally: ImportTally): readonly (() => void)[] {
    const { channels, store } = this.#parts;
    return [
      ...source.problems.map((problem) => () => tally.problem(problem)),
      ...source.groups.map((group) => () => tally.attempt('groups', `group ${group.name} (${group.jid})`, () => this.#group(group))),
      ...source.sessions.map(({ folder, sessionId }) => () => tally.attempt('sessions', `conversation of ${folder}`, () => this.#session(folder, sessionId))),
      ...source.chats.map(({ jid, name, isGroup, lastMessageAt }) => () =>
        tally.attempt('chats', `chat ${jid}`, () => {
          if (channels.chats.get(jid) !== null) return false;
          store.transact((tx) => channels.chats.seen(tx, { jid, name, isGroup }, lastMessageAt));
          return true;
        }),
      ),
      ...source.tasks.map((task) => () => tally.attempt('tasks', `scheduled task ${task.id} (${task.prompt.slice(0, 40)})`, () => this.#task(task))),
    ];
  }

  /** The folders of groups, what they share, and the conversations of their agents. */
  #moves(dir: string, folders: readonly string[]): readonly FolderMove[] {
    const { groups, agentHomes } = this.#parts.roots;
    const conversations = ['.claude', 'projects'];
    return [
      { name: 'groups/global', from: join(dir, 'groups', 'global'), to: join(groups, 'global') },
      ...folders.flatMap((folder) => [
        { name: `groups/${folder}`, from: join(dir, 'groups', folder), to: join(groups, folder) },
        { name: `conversations of ${folder}`, from: join(dir, 'data', 'sessions', folder, ...conversations), to: join(agentHomes, folder, ...conversations) },
      ]),
    ];
  }

  #session(folder: string, sessionId: string): boolean {
    const group = this.#groupOf(folder);
    if (group.sessionId !== null) return false;
    this.#parts.store.transact((tx) => this.#parts.groups.setSession(tx, group.id, sessionId));
    return true;
  }

  #task({ groupFolder, contextMode, ...task }: LegacyTask): boolean {
    const groupId = this.#groupOf(groupFolder).id;
    const kind = TIMING_KINDS.find((known) => known === task.kind);
    if (kind === undefined) throw new AppError('INPUT_INVALID', `'${task.kind}' is no way to schedule`);
    const status = SCHEDULE_STATUSES.find((known) => known === task.status) ?? 'paused';
    return this.#parts.store.transact((tx) => this.#parts.adoptTask(tx, { ...task, kind, status, groupId, contextMode: contextMode === 'group' ? 'group' : 'isolated' }));
  }

  #groupOf(folder: string): Group {
    const group = this.#parts.groups.byFolder(folder);
    if (group === null) throw new AppError('GROUP_NOT_FOUND', `there is no group with the folder '${folder}'`);
    return group;
  }

  #group({ jid, name, folder, trigger, requiresTrigger, isMain, timeoutMs, additionalMounts }: LegacyGroup): boolean {
    const { groups } = this.#parts;
    if (groups.byJid(jid) !== null) return false;
    groups.create({ jid, name: name.trim(), folder, trigger: trigger.trim(), isMain, ...(requiresTrigger !== null && { requiresTrigger }), container: { additionalMounts, timeoutMs } });
    return true;
  }

  /** What was said in chats that no group serves is nobody's business here either. What the old agent had read wakes no agent here. */
  async #messages(group: Group, source: LegacyData, tally: ImportTally, { dryRun, signal, tell }: ImportOptions): Promise<void> {
    const { store, guard, channels } = this.#parts;
    const readUpTo = source.cursors.find(({ jid }) => jid === group.jid)?.at ?? Number.POSITIVE_INFINITY;
    const { rows, pieces } = source.messages(group.jid);
    let done = 0;
    for (const piece of pieces) {
      if (signal.aborted) return;
      if (dryRun) for (const { jid, id } of piece) tally.count('messages', channels.messages.idOf(jid, id) === null);
      else {
        guard.assertOperational();
        store.transact((tx) => this.#write(tx, group, piece, readUpTo, tally));
      }
      done += piece.length;
      tell({ doing: 'messages', what: group.name, done, total: rows });
      await nextTurn();
    }
  }

  #write(tx: Tx, group: Group, piece: readonly LegacyMessage[], readUpTo: number, tally: ImportTally): void {
    const { chats, messages } = this.#parts.channels;
    for (const { id: networkId, jid, sender, senderName, content, sentAt, fromBot } of piece) {
      if (chats.get(jid) === null) chats.seen(tx, { jid, name: group.name, isGroup: null }, sentAt);
      const added = messages.add({ jid, networkId, sender, senderName, content, sentAt, kind: fromBot ? 'reply' : 'message', fromBot, addressed: false, ready: true, runId: null, past: sentAt <= readUpTo });
      tally.count('messages', added !== null);
    }
  }

  #note(tally: ImportTally): void {
    const { groups, sessions, chats, messages, tasks, files } = tally.report({ dryRun: false, stopped: false });
    const counts = { groups: groups.imported, sessions: sessions.imported, chats: chats.imported, messages: messages.imported, tasks: tasks.imported, files: files.imported };
    if (Object.values(counts).every((count) => count === 0)) return;
    this.#parts.store.transact((tx) =>
      tx.event({
        kind: 'system',
        action: 'imported',
        text: `Taken over from nanoclaw: ${counts.groups} groups, ${counts.sessions} conversations, ${counts.chats} chats, ${counts.messages} messages, ${counts.tasks} scheduled tasks, ${counts.files} files`,
        data: counts,
      }),
    );
  }
}
