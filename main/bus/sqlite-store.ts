import type { Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { CommitGroup } from '../store/commit-group.ts';
import type { Store, Tx } from '../store/store.ts';
import type { AckWatch } from './ack-watch.ts';
import { breathe } from './newest-first.ts';
import { SqliteLocks } from './sqlite-locks.ts';
import { SqliteLog, toLogEvent } from './sqlite-log.ts';
import { MessageWriter } from './sqlite-message-writer.ts';
import { SqliteMessages } from './sqlite-messages.ts';
import { Mutations } from './sqlite-mutations.ts';
import { SearchIndex } from './sqlite-search-index.ts';
import { SqliteTasks } from './sqlite-tasks.ts';
import { SqliteUpkeep } from './sqlite-upkeep.ts';
import type { BusPosition, BusStore, Pruned, Retention } from './store.ts';
import type { TellRole } from './tell-role.ts';
import type {
  Acked, AckMessage, AcquireLock, Caller, CheckLock, ClaimTask, CreateTask, ForceReleaseLock, HeartbeatLock, Idempotent, InboxCounts,
  InboxPage, LockAcquired, LockChecked, LockForced, LockList, LockReleased, LockRenewed, LogEvent, LogPage, LogQuery, LogQueryPage,
  MarkedRead, MarkRead, Message, MessagePage, MessageQuery, Posted, PostMessage, ReadInbox, ReadLog, ReassignTask, ReleaseLock, Task,
  TaskClaimed, TaskCreated, TaskPage, TaskQuery, TaskUpdated, UpdateTask,
} from './types.ts';

export interface SqliteBusSettings {
  readonly clock: Clock;
  /** Decides whether locked paths differ by case. */
  readonly platform: NodeJS.Platform;
  /** A claim ends when its session gave no sign of life for this long; null means never. */
  readonly claimSilenceMs: number | null;
  /** The role that may reassign and reopen what is not its own. */
  readonly coordinator: string;
  /** Hears of messages that want an acknowledgement; nobody does when it is absent. */
  readonly acks?: AckWatch;
}

/** The bus in one SQLite file: the default store. Changes that are asked for at the same time share one commit. */
export class SqliteBusStore implements BusStore {
  readonly #store: Store;
  readonly #group: CommitGroup;
  readonly #messages: SqliteMessages;
  readonly #tasks: SqliteTasks;
  readonly #locks: SqliteLocks;
  readonly #log: SqliteLog;
  readonly #upkeep: SqliteUpkeep;

  constructor(store: Store, settings: SqliteBusSettings) {
    const { clock, platform, claimSilenceMs, coordinator, acks } = settings;
    const mutations = new Mutations(store);
    const index = new SearchIndex(store);
    const writer = new MessageWriter(store, index, acks);
    const tell: TellRole = (tx, from, notice) => void writer.write(tx, from, notice);
    this.#store = store;
    this.#group = new CommitGroup(store);
    this.#messages = new SqliteMessages(store, mutations, writer, index, acks);
    this.#tasks = new SqliteTasks(store, mutations, { claimSilenceMs, coordinator, tell });
    this.#locks = new SqliteLocks(store, mutations, { clock, platform, tell });
    this.#log = new SqliteLog(store);
    this.#upkeep = new SqliteUpkeep(store, clock);
  }

  postMessage(caller: Caller, input: PostMessage): Promise<Posted> {
    return this.#group.run(() => this.#messages.postMessage(caller, input));
  }
  readInbox(caller: Caller, input: ReadInbox): Promise<InboxPage> {
    return this.#group.run(() => this.#messages.readInbox(caller, input));
  }
  ackMessage(caller: Caller, input: AckMessage): Promise<Acked> {
    return this.#group.run(() => this.#messages.ackMessage(caller, input));
  }
  async markRead(caller: Caller, input: MarkRead): Promise<MarkedRead> {
    while (this.#messages.markSomeRead(caller, input)) await breathe();
    return { unread: this.#messages.unread(caller.role) };
  }
  listMessages(query: MessageQuery): Promise<MessagePage> {
    return this.#messages.listMessages(query);
  }
  async getMessages(ids: readonly number[]): Promise<readonly Message[]> {
    return this.#messages.getMessages(ids);
  }
  async inboxCounts(roles: readonly string[]): Promise<readonly InboxCounts[]> {
    return this.#messages.inboxCounts(roles);
  }

  createTask(caller: Caller, input: CreateTask): Promise<TaskCreated> {
    return this.#group.run(() => this.#tasks.createTask(caller, input));
  }
  claimTask(caller: Caller, input: ClaimTask): Promise<TaskClaimed> {
    return this.#group.run(() => this.#tasks.claimTask(caller, input));
  }
  claimNextTask(caller: Caller, input: Idempotent): Promise<TaskClaimed> {
    return this.#group.run(() => this.#tasks.claimNextTask(caller, input));
  }
  updateTask(caller: Caller, input: UpdateTask): Promise<TaskUpdated> {
    return this.#group.run(() => this.#tasks.updateTask(caller, input));
  }
  reassignTask(caller: Caller, input: ReassignTask): Promise<TaskUpdated> {
    return this.#group.run(() => this.#tasks.reassignTask(caller, input));
  }
  async listTasks(query: TaskQuery): Promise<TaskPage> {
    return this.#tasks.listTasks(query);
  }
  async getTasks(ids: readonly number[]): Promise<readonly Task[]> {
    return this.#tasks.getTasks(ids);
  }

  /** Ends every wait for a lock, as part of a larger transaction; returns how many. */
  cancelWaiting(tx: Tx): number {
    return this.#locks.cancelWaiting(tx);
  }
  acquireLock(caller: Caller, input: AcquireLock): Promise<LockAcquired> {
    return this.#group.run(() => this.#locks.acquireLock(caller, input));
  }
  stopWaiting(caller: Caller, resource: string): Promise<void> {
    return this.#group.run(() => this.#locks.stopWaiting(caller, resource));
  }
  releaseLock(caller: Caller, input: ReleaseLock): Promise<LockReleased> {
    return this.#group.run(() => this.#locks.releaseLock(caller, input));
  }
  heartbeatLock(caller: Caller, input: HeartbeatLock): Promise<LockRenewed> {
    return this.#group.run(() => this.#locks.heartbeatLock(caller, input));
  }
  forceReleaseLock(caller: Caller, input: ForceReleaseLock): Promise<LockForced> {
    return this.#group.run(() => this.#locks.forceReleaseLock(caller, input));
  }
  async checkLock(caller: Caller, input: CheckLock): Promise<LockChecked> {
    return this.#locks.checkLock(caller, input);
  }
  async listLocks(): Promise<LockList> {
    return this.#locks.listLocks();
  }

  async readLog(input: ReadLog): Promise<LogPage> {
    return this.#log.readLog(input);
  }
  listLog(query: LogQuery): Promise<LogQueryPage> {
    return this.#log.listLog(query);
  }
  async position(): Promise<BusPosition> {
    return { message_id: this.#messages.newestId(), event_id: this.#log.newestId() };
  }

  async lastSeen(sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#upkeep.lastSeen(sessionIds);
  }
  async touch(caller: Caller): Promise<void> {
    this.#upkeep.touch(caller);
  }
  /** Waits its turn behind the calls that the session made before, so that none of them takes effect after its end. */
  endSession(sessionId: string, reason: string): Promise<void> {
    return this.#group.run(() =>
      this.#store.transact((tx) => {
        this.#tasks.endSession(tx, sessionId, reason);
        this.#locks.endSession(tx, sessionId, reason);
      }),
    );
  }
  async sweep(): Promise<void> {
    this.#store.transact((tx) => {
      this.#tasks.sweep(tx);
      this.#locks.sweep(tx);
    });
  }
  async nextDue(): Promise<number | null> {
    const dues = [this.#tasks.nextDue(), this.#locks.nextDue()].filter((due) => due !== null);
    return dues.length === 0 ? null : Math.min(...dues);
  }
  async prune(retention: Retention): Promise<Pruned> {
    return this.#upkeep.prune(retention);
  }

  subscribe(listener: (events: readonly LogEvent[]) => void): Unsubscribe {
    return this.#store.onCommit((events) => listener(events.map(toLogEvent)));
  }
}
