import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
import type { LegacyData, LegacyGroup, LegacyTask } from '../store/legacy/types.ts';
import type { Store, Tx } from '../store/store.ts';
import { ImportTally } from './import-tally.ts';

export interface LegacyImportParts {
  readonly store: Store;
  readonly guard: Guard;
  readonly groups: Groups;
  readonly channels: Pick<Channels, 'chats' | 'messages'>;
  readonly adoptTask: (tx: Tx, task: AdoptedTask) => boolean;
}

const NOTHING: LegacyData = { groups: [], sessions: [], chats: [], messages: () => [], cursors: [], tasks: [], problems: [] };

/** Undoes a dry run; nobody but this file sees it. */
class DryRun extends Error {}

/**
 * Takes over what an older installation of nanoclaw knows (DATA-01). Everything goes through the rooms that own it, in one
 * commit; what is here already stays as it is, so that a second time changes nothing.
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
    const report = this.#run(found.map(({ data, intact }) => (intact ? data : { ...NOTHING, problems: data.problems })), false);
    for (const { read } of found.filter(({ intact }) => intact)) setAside(read);
    return report;
  }

  /** {@link files}, with what came of it in the log. */
  atStart(dirs: readonly string[], log: Log): void {
    const report = this.files(dirs);
    if (report === null) return;
    const { problems, ...counts } = report;
    log.info(counts, 'The state files of an older nanoclaw were taken over');
    for (const problem of problems) log.warn(`Not taken over from nanoclaw: ${problem}`);
  }

  /** Takes over a whole installation, or with `dryRun` says what that would do. `dir` is left as it is. Throws NOT_FOUND, INPUT_INVALID, SYSTEM_LOCKED. */
  installation(dir: string, dryRun: boolean): ImportReport {
    this.#parts.guard.assertOperational();
    const file = [join(dir, 'store', 'messages.db'), join(dir, 'messages.db')].find((path) => existsSync(path));
    const files = [join(dir, 'data'), dir].flatMap((folder) => readLegacyFiles(folder) ?? []);
    if (file === undefined && files.length === 0) {
      throw new AppError('NOT_FOUND', `There is no nanoclaw in ${dir}: it has neither store/messages.db nor the state files in data/. Give the folder that holds both.`, { dir });
    }
    const database = file === undefined ? null : new LegacyDatabase(file);
    try {
      return this.#run([...(database === null ? [] : [database.read()]), ...files.map(({ data }) => data)], dryRun);
    } finally {
      database?.close();
    }
  }

  #run(sources: readonly LegacyData[], dryRun: boolean): ImportReport {
    const tally = new ImportTally();
    try {
      this.#parts.store.batch(() => {
        for (const source of sources) this.#take(source, tally);
        if (dryRun) throw new DryRun();
        this.#note(tally.report(false));
      });
    } catch (error) {
      if (!(error instanceof DryRun)) throw error;
    }
    return tally.report(dryRun);
  }

  #take(source: LegacyData, tally: ImportTally): void {
    const { groups, channels } = this.#parts;
    for (const problem of source.problems) tally.problem(problem);
    for (const group of source.groups) tally.attempt('groups', `group ${group.name} (${group.jid})`, () => this.#group(group));
    for (const { folder, sessionId } of source.sessions) tally.attempt('sessions', `conversation of ${folder}`, () => this.#session(folder, sessionId));
    for (const { jid, name, isGroup, lastMessageAt } of source.chats) {
      tally.attempt('chats', `chat ${jid}`, () => {
        if (channels.chats.get(jid) !== null) return false;
        this.#parts.store.transact((tx) => channels.chats.seen(tx, { jid, name, isGroup }, lastMessageAt));
        return true;
      });
    }
    // What was said in chats that no group serves is nobody's business here either.
    for (const group of groups.list()) this.#parts.store.transact((tx) => this.#messages(tx, group, source, tally));
    for (const task of source.tasks) tally.attempt('tasks', `scheduled task ${task.id} (${task.prompt.slice(0, 40)})`, () => this.#task(task));
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

  /** Nothing that was said before the import wakes an agent, except what the old one had not read yet. */
  #messages(tx: Tx, group: Group, source: LegacyData, tally: ImportTally): void {
    const { chats, messages } = this.#parts.channels;
    const readUpTo = source.cursors.find(({ jid }) => jid === group.jid)?.at ?? Number.POSITIVE_INFINITY;
    const before = messages.cursor(group.id);
    let cursor = before;
    for (const { id: networkId, jid, sender, senderName, content, sentAt, fromBot } of source.messages(group.jid)) {
      if (chats.get(jid) === null) chats.seen(tx, { jid, name: group.name, isGroup: null }, sentAt);
      const id = messages.add({ jid, networkId, sender, senderName, content, sentAt, kind: fromBot ? 'reply' : 'message', fromBot, addressed: false, ready: true, runId: null });
      if (id === null) {
        tally.kept('messages');
        continue;
      }
      tally.imported('messages');
      if (sentAt <= readUpTo) cursor = id;
    }
    // A group that has read something here goes on from there.
    if (before === 0 && cursor > 0) messages.setCursor(tx, group.id, cursor);
  }

  #note({ groups, sessions, chats, messages, tasks }: ImportReport): void {
    const sum = groups.imported + sessions.imported + chats.imported + messages.imported + tasks.imported;
    if (sum === 0) return;
    this.#parts.store.transact((tx) =>
      tx.event({
        kind: 'system',
        action: 'imported',
        text: `Taken over from nanoclaw: ${groups.imported} groups, ${sessions.imported} conversations, ${chats.imported} chats, ${messages.imported} messages, ${tasks.imported} scheduled tasks`,
        data: { groups: groups.imported, sessions: sessions.imported, chats: chats.imported, messages: messages.imported, tasks: tasks.imported },
      }),
    );
  }
}
