import type { Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { AppError } from '../base/errors.ts';
import { Housekeeping } from './housekeeping.ts';
import { parseBusInput, type BusInput } from './inputs.ts';
import { LockWaiting } from './lock-waiting.ts';
import type { BusPosition, BusStore, Retention } from './store.ts';
import { Team } from './team.ts';
import type {
  Acked, Caller, InboxCounts, InboxPage, LockAcquired, LockChecked, LockForced, LockList, LockReleased, LockRenewed,
  LogEvent, LogPage, LogQueryPage, MarkedRead, Message, MessagePage, Posted, ReadInbox, Task, TaskClaimed, TaskCreated, TaskPage, TaskUpdated,
} from './types.ts';
import { UnderWay } from './under-way.ts';
import { Waits } from './waits.ts';

/** The kill switch as the bus sees it. Throws SYSTEM_LOCKED. */
export interface Guard {
  assertOperational(): void;
}

export interface TeamBusOptions {
  readonly store: BusStore;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly roles: readonly string[];
  /** The role that may reassign tasks and force-release locks, and in which the person acts. */
  readonly coordinator: string;
  readonly maxMessageBytes: number;
  /** For callers that name no time. */
  readonly lockTtlSec: number;
  readonly retention: Retention;
  /** Hears what went wrong in the background; the work is tried again. */
  readonly onError: (what: string, error: unknown) => void;
}

export interface CallOptions {
  /** Aborted when the caller is gone: a waiting call then gives up its place. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The team bus that everybody calls: it validates the input (INPUT_INVALID), asks the kill switch (SYSTEM_LOCKED), knows
 * the roles (ROLE_UNKNOWN) and who may do what (FORBIDDEN), remembers who is alive, and waits where a call may wait.
 * Calls without a caller are looks at shared state: whoever offers them to agents asks the kill switch before.
 */
export class TeamBus {
  readonly #options: TeamBusOptions;
  readonly #store: BusStore;
  readonly #team: Team;
  readonly #underWay = new UnderWay();
  readonly #waits: Waits;
  readonly #lockWaiting: LockWaiting;
  readonly #housekeeping: Housekeeping;
  #unsubscribe: Unsubscribe | null = null;

  constructor(options: TeamBusOptions) {
    this.#options = options;
    const { store, clock, roles, coordinator, retention, onError } = options;
    this.#store = store;
    this.#team = new Team(roles, coordinator);
    this.#waits = new Waits(clock);
    this.#lockWaiting = new LockWaiting(store, this.#waits);
    this.#housekeeping = new Housekeeping({ store, clock, retention, onError });
  }

  start(): void {
    this.#unsubscribe = this.#store.subscribe((events) => {
      this.#waits.deliver(events);
      if (events.some((event) => event.kind === 'lock' || event.kind === 'task')) this.#housekeeping.changed();
    });
    this.#housekeeping.start();
  }

  /** Ends waiting calls with NOT_RUNNING, which a client may retry; the store may be closed afterwards. */
  async stop(): Promise<void> {
    this.#underWay.close(stopping);
    this.#waits.endAll(stopping());
    await this.#underWay.idle();
    this.#unsubscribe?.();
    await this.#housekeeping.stop();
  }

  /** The machine woke up: what ended while it slept ends now. */
  resume(): void {
    this.#housekeeping.sweep();
  }

  /** Hears the log lines of every commit, in order, after it. */
  subscribe(listener: (events: readonly LogEvent[]) => void): Unsubscribe {
    return this.#store.subscribe(listener);
  }

  // --- messages -----------------------------------------------------------------------------------------------------

  /** Throws BODY_TOO_LARGE, MESSAGE_NOT_FOUND (`reply_to`). */
  async postMessage(caller: Caller, input: BusInput<'postMessage'>): Promise<Posted> {
    const message = parseBusInput('postMessage', input);
    return this.#as(caller, () => {
      this.#team.assertRole('to_role', message.to_role);
      this.#assertSize(message.body);
      return this.#store.postMessage(caller, message);
    });
  }

  /** With `wait_sec`, an empty inbox is answered when a message arrives or at the deadline. Throws CURSOR_AHEAD. */
  async readInbox(caller: Caller, input: BusInput<'readInbox'>, { signal }: CallOptions = {}): Promise<InboxPage> {
    const { wait_sec, ...read } = parseBusInput('readInbox', input);
    return this.#as(caller, () =>
      wait_sec === 0 ? this.#store.readInbox(caller, read) : this.#awaitMessages(caller, read, wait_sec * 1000, signal),
    );
  }

  /** Throws MESSAGE_NOT_FOUND also for messages to other roles. */
  async ackMessage(caller: Caller, input: BusInput<'ackMessage'>): Promise<Acked> {
    const ack = parseBusInput('ackMessage', input);
    return this.#as(caller, () => this.#store.ackMessage(caller, ack));
  }

  /** Throws CURSOR_AHEAD. */
  async markRead(caller: Caller, input: BusInput<'markRead'>): Promise<MarkedRead> {
    const mark = parseBusInput('markRead', input);
    return this.#as(caller, () => this.#store.markRead(caller, mark));
  }

  async listMessages(query: BusInput<'listMessages'>): Promise<MessagePage> {
    const asked = parseBusInput('listMessages', query);
    return this.#underWay.run(() => this.#store.listMessages(asked));
  }

  getMessages(ids: readonly number[]): Promise<readonly Message[]> {
    return this.#underWay.run(() => this.#store.getMessages(ids));
  }

  /** One entry per known role, in their order. */
  inboxCounts(): Promise<readonly InboxCounts[]> {
    return this.#underWay.run(() => this.#store.inboxCounts(this.#team.roles));
  }

  // --- tasks --------------------------------------------------------------------------------------------------------

  async createTask(caller: Caller, input: BusInput<'createTask'>): Promise<TaskCreated> {
    const task = parseBusInput('createTask', input);
    return this.#as(caller, () => {
      this.#team.assertRole('assignee_role', task.assignee_role);
      return this.#store.createTask(caller, task);
    });
  }

  async claimTask(caller: Caller, input: BusInput<'claimTask'>): Promise<TaskClaimed> {
    const claim = parseBusInput('claimTask', input);
    return this.#as(caller, () => this.#store.claimTask(caller, claim));
  }

  async claimNextTask(caller: Caller, input: BusInput<'claimNextTask'>): Promise<TaskClaimed> {
    const claim = parseBusInput('claimNextTask', input);
    return this.#as(caller, () => this.#store.claimNextTask(caller, claim));
  }

  /** Throws TASK_NOT_FOUND, FORBIDDEN, TRANSITION_REFUSED, VERSION_CONFLICT, DEPENDENCY_CYCLE. */
  async updateTask(caller: Caller, input: BusInput<'updateTask'>): Promise<TaskUpdated> {
    const update = parseBusInput('updateTask', input);
    return this.#as(caller, () => this.#store.updateTask(caller, update));
  }

  /** For the coordinator and the person. Throws TASK_NOT_FOUND, FORBIDDEN, VERSION_CONFLICT. */
  async reassignTask(caller: Caller, input: BusInput<'reassignTask'>): Promise<TaskUpdated> {
    const change = parseBusInput('reassignTask', input);
    return this.#as(caller, () => {
      this.#team.assertCoordinator(caller, 'reassign a task');
      this.#team.assertRole('assignee_role', change.assignee_role);
      return this.#store.reassignTask(caller, change);
    });
  }

  async listTasks(query: BusInput<'listTasks'>): Promise<TaskPage> {
    const asked = parseBusInput('listTasks', query);
    return this.#underWay.run(() => this.#store.listTasks(asked));
  }

  getTasks(ids: readonly number[]): Promise<readonly Task[]> {
    return this.#underWay.run(() => this.#store.getTasks(ids));
  }

  // --- locks --------------------------------------------------------------------------------------------------------

  /** With `wait_sec`, a taken lock is waited for in the order of asking. Throws DEADLOCK. */
  async acquireLock(caller: Caller, input: BusInput<'acquireLock'>, { signal }: CallOptions = {}): Promise<LockAcquired> {
    const asked = this.#withTtl(parseBusInput('acquireLock', input));
    return this.#as(caller, () =>
      asked.wait_sec === 0 ? this.#store.acquireLock(caller, asked) : this.#lockWaiting.acquire(caller, asked, signal),
    );
  }

  async releaseLock(caller: Caller, input: BusInput<'releaseLock'>): Promise<LockReleased> {
    const release = parseBusInput('releaseLock', input);
    return this.#as(caller, () => this.#store.releaseLock(caller, release));
  }

  async heartbeatLock(caller: Caller, input: BusInput<'heartbeatLock'>): Promise<LockRenewed> {
    const beat = this.#withTtl(parseBusInput('heartbeatLock', input));
    return this.#as(caller, () => this.#store.heartbeatLock(caller, beat));
  }

  /** For the coordinator and the person. Throws LOCK_NOT_HELD, FORBIDDEN. */
  async forceReleaseLock(caller: Caller, input: BusInput<'forceReleaseLock'>): Promise<LockForced> {
    const force = parseBusInput('forceReleaseLock', input);
    return this.#as(caller, () => {
      this.#team.assertCoordinator(caller, 'force-release a lock');
      return this.#store.forceReleaseLock(caller, force);
    });
  }

  async checkLock(caller: Caller, input: BusInput<'checkLock'>): Promise<LockChecked> {
    const check = parseBusInput('checkLock', input);
    return this.#as(caller, () => this.#store.checkLock(caller, check));
  }

  listLocks(): Promise<LockList> {
    return this.#underWay.run(() => this.#store.listLocks());
  }

  // --- log and sessions ---------------------------------------------------------------------------------------------

  /** Throws CURSOR_AHEAD. */
  async readLog(input: BusInput<'readLog'>): Promise<LogPage> {
    const asked = parseBusInput('readLog', input);
    return this.#underWay.run(() => this.#store.readLog(asked));
  }

  async listLog(query: BusInput<'listLog'>): Promise<LogQueryPage> {
    const asked = parseBusInput('listLog', query);
    return this.#underWay.run(() => this.#store.listLog(asked));
  }

  position(): Promise<BusPosition> {
    return this.#underWay.run(() => this.#store.position());
  }

  /** When these sessions gave their last sign of life; those that never did are missing. */
  lastSeen(sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#store.lastSeen(sessionIds);
  }

  /** The kill switch was pulled: calls that wait for a lock or a message end now. */
  freeze(): void {
    this.#waits.endOpen(new AppError('SYSTEM_LOCKED', 'The kill switch was pulled while the call was waiting.'));
  }

  /** A session was revoked or has expired: its claims, leases and waiting calls end, with `reason` kept on them. */
  async endSession(sessionId: string, reason: string): Promise<void> {
    this.#waits.endSession(sessionId, new AppError('SESSION_REVOKED', `The session ended while the call was waiting: ${reason}.`));
    await this.#underWay.run(() => this.#store.endSession(sessionId, reason));
  }

  // ------------------------------------------------------------------------------------------------------------------

  /** Makes a call in the caller's name. */
  #as<T>(caller: Caller, call: () => Promise<T>): Promise<T> {
    return this.#underWay.run(async () => {
      this.#options.guard.assertOperational();
      this.#team.assertRole('role', caller.role);
      await this.#store.touch(caller);
      return call();
    });
  }

  async #awaitMessages(caller: Caller, read: ReadInbox, waitMs: number, signal: AbortSignal | undefined): Promise<InboxPage> {
    const wait = this.#waits.open({
      sessionId: caller.sessionId,
      waitMs,
      matches: ({ kind, action, data }) => kind === 'message' && action === 'posted' && data['to_role'] === caller.role,
      signal,
    });
    try {
      // Also at the deadline the store has the last word: another process that shares it may have posted.
      for (let woken: unknown = true; ; woken = await wait.next()) {
        this.#options.guard.assertOperational();
        signal?.throwIfAborted();
        const page = await this.#store.readInbox(caller, read);
        if (page.messages.length > 0 || woken === null) return page;
      }
    } finally {
      wait.close();
    }
  }

  #assertSize(body: string): void {
    const bytes = Buffer.byteLength(body);
    const { maxMessageBytes } = this.#options;
    if (bytes <= maxMessageBytes) return;
    throw new AppError(
      'BODY_TOO_LARGE',
      `body has ${bytes} bytes, a message may have ${maxMessageBytes}. Put the text in a file and send its path.`,
      { bytes, limit: maxMessageBytes },
    );
  }

  #withTtl<T extends { readonly ttl_sec?: number | undefined }>(input: T): T & { readonly ttl_sec: number } {
    return { ...input, ttl_sec: input.ttl_sec ?? this.#options.lockTtlSec };
  }
}

function stopping(): AppError {
  return new AppError('NOT_RUNNING', 'Wheelhouse is stopping. Repeat the call when it runs again.');
}
