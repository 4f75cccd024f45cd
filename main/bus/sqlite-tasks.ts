import { AppError } from '../base/errors.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Mutations } from './sqlite-mutations.ts';
import { TaskRows, type TaskChange } from './sqlite-task-rows.ts';
import { checkMayEdit, checkStart, checkTransition, findDependencyCycle, noneReady, refuseClaim, standings } from './task-rules.ts';
import type { TellRole } from './tell-role.ts';
import type {
  Caller, ClaimTask, CreateTask, Idempotent, ReassignTask, Task, TaskClaimed, TaskCreated, TaskPage, TaskQuery, TaskStatus, TaskUpdated,
  UpdateTask,
} from './types.ts';

export interface TaskOptions {
  /** A claim ends when its session gave no sign of life for this long; null means never. */
  readonly claimSilenceMs: number | null;
  /** The role that may reassign and reopen what is not its own. */
  readonly coordinator: string;
  readonly tell: TellRole;
}

const DEFAULT_PRIORITY = 3;
/** So many waiting tasks are named when nothing is ready. */
const NAMED_WAITING = 3;
const MINUTE_MS = 60_000;
const UNHELD: TaskChange = { held_by_role: null, held_by_session: null, held_by_person: 0, claimed_at: null };

/** The task board in SQLite (DESIGN §7). Who may do what: task-rules.ts. */
export class SqliteTasks {
  readonly #mutations: Mutations;
  readonly #options: TaskOptions;
  readonly #rows: TaskRows;

  constructor(store: Store, mutations: Mutations, options: TaskOptions) {
    this.#mutations = mutations;
    this.#options = options;
    this.#rows = new TaskRows(store);
  }

  createTask(caller: Caller, input: CreateTask): TaskCreated {
    return this.#mutations.run(caller, 'createTask', input, (tx) => {
      const { title, assignee_role: assigneeRole, detail = '', priority = DEFAULT_PRIORITY, depends_on = [] } = input;
      this.#checkKnown(depends_on);
      const id = this.#rows.insert({ title, detail, assigneeRole, createdBy: caller.role, priority }, tx.now);
      this.#rows.setDependencies(id, depends_on);
      const task = this.#rows.get(id)!;
      log(tx, task, 'created', `${caller.role} created '${title}' → ${assigneeRole}`, caller, { assignee_role: assigneeRole });
      return { task_id: id, task };
    });
  }

  claimTask(caller: Caller, input: ClaimTask): TaskClaimed {
    return this.#mutations.run(caller, 'claimTask', input, (tx): TaskClaimed => {
      this.sweep(tx);
      const task = this.#rows.get(input.task_id);
      if (task === null) {
        return { ok: false, error: 'not_found', hint: `There is no task#${input.task_id}; list_tasks shows what there is.` };
      }
      const refusal = refuseClaim(task, caller, this.#rows.unfinished(task.id));
      if (refusal !== null) return { ok: false, ...refusal };
      return { ok: true, task: task.status === 'in_progress' ? task : this.#claim(tx, task, caller) };
    });
  }

  claimNextTask(caller: Caller, input: Idempotent): TaskClaimed {
    return this.#mutations.run(caller, 'claimNextTask', input, (tx): TaskClaimed => {
      this.sweep(tx);
      const task = this.#rows.nextReady(caller.role);
      if (task !== null) return { ok: true, task: this.#claim(tx, task, caller) };
      const first = this.#rows.notReady(caller.role, NAMED_WAITING).map((one) => ({ task: one, waitsFor: this.#rows.unfinished(one.id) }));
      return { ok: false, ...noneReady(caller.role, this.#rows.countOpen(caller.role), first) };
    });
  }

  updateTask(caller: Caller, input: UpdateTask): TaskUpdated {
    return this.#mutations.run(caller, 'updateTask', input, (tx) => {
      this.sweep(tx);
      const task = this.#current(input);
      checkMayEdit(task, caller, this.#options.coordinator);
      const { status, note, title, detail, priority, depends_on } = input;
      const moves = status !== undefined && status !== task.status;
      if (status === 'in_progress') checkStart(task, caller, this.#options.coordinator, this.#rows.unfinished(task.id));
      else if (moves) checkTransition(task, status, caller, this.#options.coordinator);

      const edits = changed(task, { note, title, detail, priority });
      const rewires = depends_on !== undefined && depends_on.join() !== task.depends_on.join();
      if (!moves && !rewires && Object.keys(edits).length === 0) return { ok: true, task };
      if (rewires) {
        this.#checkDependencies(task.id, depends_on);
        this.#rows.setDependencies(task.id, depends_on);
      }
      const change = { ...edits, ...(moves ? moveTo(task, status, caller, tx.now) : {}) };
      const text = moves ? `${caller.role} set task#${task.id} → ${status}` : `${caller.role} edited task#${task.id}`;
      const after = this.#change(tx, task, change, moves ? 'moved' : 'edited', text, caller);
      if (moves) this.#tellHolder(tx, task, after, caller, `was set to ${status} by ${caller.role}${note === undefined ? '' : `: ${note}`}`);
      return { ok: true, task: after };
    });
  }

  reassignTask(caller: Caller, input: ReassignTask): TaskUpdated {
    return this.#mutations.run(caller, 'reassignTask', input, (tx) => {
      const task = this.#current(input);
      const { assignee_role, reason } = input;
      if (!standings(task, caller, this.#options.coordinator).has('coordinator')) {
        throw new AppError('FORBIDDEN', `Only ${this.#options.coordinator} or the person may reassign task#${task.id}; ask by message.`, {
          task_id: task.id,
        });
      }
      const why = `reassigned to ${assignee_role} by ${caller.role}: ${reason}`;
      const change: TaskChange = { ...UNHELD, assignee_role, status: 'open', released_reason: why };
      const text = `${caller.role} reassigned task#${task.id}: ${task.assignee_role} → ${assignee_role} (${reason})`;
      const after = this.#change(tx, task, change, 'reassigned', text, caller, { reason });
      this.#tellHolder(tx, task, after, caller, `was ${why}`);
      return { ok: true, task: after };
    });
  }

  listTasks(query: TaskQuery): TaskPage {
    const found = this.#rows.list({ ...query, limit: query.limit + 1 });
    return { tasks: found.slice(0, query.limit), has_more: found.length > query.limit };
  }

  getTasks(ids: readonly number[]): readonly Task[] {
    return this.#rows.some(ids);
  }

  /** Ends the session's claims; `reason` is kept on the tasks. */
  endSession(tx: Tx, sessionId: string, reason: string): void {
    for (const task of this.#rows.heldBy(sessionId)) this.#endClaim(tx, task, reason);
  }

  /** Ends the claims of sessions that went silent. */
  sweep(tx: Tx): void {
    const { claimSilenceMs } = this.#options;
    if (claimSilenceMs === null) return;
    const reason = `no sign of life for ${Math.round(claimSilenceMs / MINUTE_MS)} min`;
    for (const task of this.#rows.silentSince(tx.now - claimSilenceMs)) this.#endClaim(tx, task, reason);
  }

  /** When the next claim goes silent, as wall time in ms; null when none is pending. */
  nextDue(): number | null {
    const { claimSilenceMs } = this.#options;
    const oldest = this.#rows.oldestSign();
    return oldest === null || claimSilenceMs === null ? null : oldest + claimSilenceMs;
  }

  #claim(tx: Tx, task: Task, caller: Caller): Task {
    return this.#change(tx, task, moveTo(task, 'in_progress', caller, tx.now), 'claimed', `${caller.role} claimed task#${task.id}`, caller);
  }

  /** A blocked task stays blocked without its holder: what blocks it has not gone with the session. */
  #endClaim(tx: Tx, task: Task, reason: string): void {
    const change: TaskChange = { ...UNHELD, released_reason: reason, ...(task.status === 'in_progress' ? { status: 'open' } : {}) };
    this.#change(tx, task, change, 'released', `task#${task.id} lost its holder ${task.held_by}: ${reason}`, null, { reason });
  }

  /** The task, if it still has the version that the caller knows. */
  #current({ task_id, expected_version }: UpdateTask | ReassignTask): Task {
    const task = this.#rows.get(task_id);
    if (task === null) throw unknownTask(task_id);
    if (expected_version !== undefined && expected_version !== task.version) {
      throw new AppError(
        'VERSION_CONFLICT',
        `task#${task_id} has version ${task.version}, not ${expected_version}: somebody changed it. Read it again and repeat the change on what it is now.`,
        { task_id, expected_version, current_version: task.version },
      );
    }
    return task;
  }

  #checkDependencies(taskId: number, dependsOn: readonly number[]): void {
    this.#checkKnown(dependsOn);
    const cycle = findDependencyCycle(taskId, dependsOn, (id) => this.#rows.dependencies(id));
    if (cycle === null) return;
    const told = cycle.map((id) => `task#${id}`).join(' waits for ');
    throw new AppError('DEPENDENCY_CYCLE', `${told}: none of them could ever start. Leave one of these dependencies out.`, { cycle });
  }

  #checkKnown(ids: readonly number[]): void {
    const known = new Set(this.#rows.some(ids).map((task) => task.id));
    const missing = ids.find((id) => !known.has(id));
    if (missing !== undefined) throw unknownTask(missing);
  }

  /** Writes the change, its line of the log, and one for each task that this makes ready or lets wait again. */
  #change(
    tx: Tx,
    before: Task,
    change: TaskChange,
    action: string,
    text: string,
    caller: Caller | null,
    data: Readonly<Record<string, unknown>> = {},
  ): Task {
    const after = this.#rows.update(before.id, change, tx.now);
    const moved = before.status === after.status ? {} : { from: before.status, to: after.status };
    log(tx, after, action, text, caller, { ...moved, ...data });
    const [wasDone, isDone] = [before.status === 'done', after.status === 'done'];
    if (wasDone === isDone) return after;
    for (const next of this.#rows.dependents(after.id)) {
      if (isDone && next.ready) log(tx, next, 'ready', `task#${next.id} is ready for ${next.assignee_role}`, null);
      if (wasDone && this.#rows.unfinished(next.id).length === 1) {
        log(tx, next, 'waiting', `task#${next.id} waits again for task#${after.id}`, null);
      }
    }
    return after;
  }

  /** A message to the role whose session lost the task through somebody else. */
  #tellHolder(tx: Tx, before: Task, after: Task, caller: Caller, what: string): void {
    if (before.held_by === null || before.held_by_session === caller.sessionId || after.held_by_session !== null) return;
    const body = `task#${before.id} '${before.title}', which you held, ${what}`;
    this.#options.tell(tx, caller, { to_role: before.held_by, body, importance: 'high' });
  }
}

function moveTo(task: Task, status: TaskStatus, caller: Caller, now: number): TaskChange {
  switch (status) {
    case 'in_progress':
      if (task.held_by_session !== null) return { status };
      return {
        status,
        held_by_role: caller.role,
        held_by_session: caller.sessionId,
        held_by_person: caller.person ? 1 : 0,
        claimed_at: now,
        released_reason: null,
      };
    case 'blocked':
      return { status };
    case 'open':
      return { ...UNHELD, status, ...(task.held_by === null ? {} : { released_reason: `given back by ${caller.role}` }) };
    case 'done':
    case 'cancelled':
      return { ...UNHELD, status, released_reason: null };
  }
}

/** What of `given` differs from the task. */
function changed(task: Task, given: Pick<UpdateTask, 'note' | 'title' | 'detail' | 'priority'>): TaskChange {
  return Object.fromEntries(Object.entries(given).filter(([key, value]) => value !== undefined && value !== task[key as keyof typeof given]));
}

function log(tx: Tx, task: Task, action: string, text: string, caller: Caller | null, data: Readonly<Record<string, unknown>> = {}): void {
  tx.event({
    kind: 'task',
    action,
    text,
    role: caller?.role ?? task.assignee_role,
    sessionId: caller?.sessionId ?? null,
    subject: `task:${task.id}`,
    data: { ids: [task.id], version: task.version, ...data },
  });
}

function unknownTask(id: number): AppError {
  return new AppError('TASK_NOT_FOUND', `There is no task#${id}; list_tasks shows what there is.`, { task_id: id });
}
