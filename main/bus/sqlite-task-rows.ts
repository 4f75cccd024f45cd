import { iso } from '../base/clock.ts';
import type { Store } from '../store/store.ts';
import type { Task, TaskQuery, TaskStatus } from './types.ts';

/** What a change may set; every change also raises the version. */
export interface TaskChange {
  readonly title?: string | undefined;
  readonly detail?: string | undefined;
  readonly note?: string | undefined;
  readonly priority?: number | undefined;
  readonly status?: TaskStatus | undefined;
  readonly assignee_role?: string | undefined;
  readonly held_by_role?: string | null;
  readonly held_by_session?: string | null;
  readonly held_by_person?: 0 | 1;
  readonly claimed_at?: number | null;
  readonly released_reason?: string | null;
}

interface TaskRow {
  readonly id: number;
  readonly title: string;
  readonly detail: string;
  readonly status: TaskStatus;
  readonly assignee_role: string;
  readonly created_by: string;
  readonly note: string;
  readonly priority: number;
  readonly version: number;
  readonly held_by_role: string | null;
  readonly held_by_session: string | null;
  readonly held_by_person: 0 | 1;
  readonly claimed_at: number | null;
  readonly released_reason: string | null;
  readonly created_at: number;
  readonly updated_at: number;
  readonly depends_on: string;
  readonly ready: 0 | 1;
}

function view(row: unknown): Task {
  const task = row as TaskRow;
  return {
    id: task.id,
    title: task.title,
    detail: task.detail,
    status: task.status,
    assignee_role: task.assignee_role,
    created_by: task.created_by,
    note: task.note,
    priority: task.priority,
    depends_on: JSON.parse(task.depends_on) as number[],
    ready: task.ready === 1,
    version: task.version,
    held_by: task.held_by_role,
    held_by_session: task.held_by_session,
    claimed_at: task.claimed_at === null ? null : iso(task.claimed_at),
    released_reason: task.released_reason,
    ts: iso(task.created_at),
    updated_at: iso(task.updated_at),
  };
}

const UNFINISHED = `EXISTS (SELECT 1 FROM task_dependencies d JOIN tasks x ON x.id = d.depends_on WHERE d.task_id = t.id AND x.status <> 'done')`;
const SELECT = `
  SELECT t.*, NOT ${UNFINISHED} AS ready,
    (SELECT json_group_array(depends_on ORDER BY depends_on) FROM task_dependencies WHERE task_id = t.id) AS depends_on
  FROM tasks t`;

/** The last sign of life of the session that holds a task; claiming is one too. */
const LAST_SEEN = 'max(t.claimed_at, coalesce((SELECT last_seen_at FROM presence p WHERE p.session_id = t.held_by_session), 0))';
const MAY_GO_SILENT = 't.held_by_session IS NOT NULL AND t.held_by_person = 0';

const prepare = ({ db }: Store) => {
  const list = (...filters: string[]) =>
    db.prepare(`${SELECT} WHERE ${['t.id > @after_id', ...filters].join(' AND ')} ORDER BY t.id LIMIT @limit`);
  const [status, role] = ['t.status = @status', 't.assignee_role = @assignee_role'];
  return {
    insert: db.prepare(
      `INSERT INTO tasks (title, detail, assignee_role, created_by, priority, created_at, updated_at) VALUES (?,?,?,?,?,?,?)`,
    ),
    update: db.prepare(
      `UPDATE tasks SET title = @title, detail = @detail, note = @note, priority = @priority, status = @status,
         assignee_role = @assignee_role, held_by_role = @held_by_role, held_by_session = @held_by_session,
         held_by_person = @held_by_person, claimed_at = @claimed_at, released_reason = @released_reason,
         version = version + 1, updated_at = @now
       WHERE id = @id`,
    ),
    addDependency: db.prepare('INSERT INTO task_dependencies (task_id, depends_on) VALUES (?,?)'),
    dropDependencies: db.prepare('DELETE FROM task_dependencies WHERE task_id = ?'),
    dependencies: db.prepare('SELECT depends_on FROM task_dependencies WHERE task_id = ? ORDER BY depends_on').pluck(),
    raw: db.prepare('SELECT * FROM tasks WHERE id = ?'),
    get: db.prepare(`${SELECT} WHERE t.id = ?`),
    some: db.prepare(`${SELECT} WHERE t.id IN (SELECT value FROM json_each(?)) ORDER BY t.id`),
    list: list(),
    listByStatus: list(status),
    listByRole: list(role),
    listByBoth: list(status, role),
    nextReady: db.prepare(
      `${SELECT} WHERE t.status = 'open' AND t.assignee_role = ? AND NOT ${UNFINISHED} ORDER BY t.priority, t.id LIMIT 1`,
    ),
    notReady: db.prepare(
      `${SELECT} WHERE t.status = 'open' AND t.assignee_role = ? AND ${UNFINISHED} ORDER BY t.priority, t.id LIMIT ?`,
    ),
    countOpen: db.prepare("SELECT count(*) FROM tasks WHERE status = 'open' AND assignee_role = ?").pluck(),
    unfinished: db.prepare(
      `${SELECT} JOIN task_dependencies d ON d.depends_on = t.id WHERE d.task_id = ? AND t.status <> 'done' ORDER BY t.id`,
    ),
    dependents: db.prepare(
      `${SELECT} JOIN task_dependencies d ON d.task_id = t.id WHERE d.depends_on = ? AND t.status NOT IN ('done','cancelled') ORDER BY t.id`,
    ),
    heldBy: db.prepare(`${SELECT} WHERE t.held_by_session = ? ORDER BY t.id`),
    silent: db.prepare(`${SELECT} WHERE ${MAY_GO_SILENT} AND ${LAST_SEEN} <= ? ORDER BY t.id`),
    oldestSign: db.prepare(`SELECT min(${LAST_SEEN}) FROM tasks t WHERE ${MAY_GO_SILENT}`).pluck(),
  };
};

/** The tables of the task board. Everything that writes must stand inside a transaction. */
export class TaskRows {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(store: Store) {
    this.#sql = prepare(store);
  }

  insert(task: { title: string; detail: string; assigneeRole: string; createdBy: string; priority: number }, now: number): number {
    const { title, detail, assigneeRole, createdBy, priority } = task;
    return Number(this.#sql.insert.run(title, detail, assigneeRole, createdBy, priority, now, now).lastInsertRowid);
  }
  update(id: number, change: TaskChange, now: number): Task {
    const set = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    this.#sql.update.run({ ...(this.#sql.raw.get(id) as object), ...set, now });
    return this.get(id)!;
  }
  setDependencies(id: number, dependsOn: readonly number[]): void {
    this.#sql.dropDependencies.run(id);
    for (const other of dependsOn) this.#sql.addDependency.run(id, other);
  }
  dependencies(id: number): readonly number[] {
    return this.#sql.dependencies.all(id) as number[];
  }

  get(id: number): Task | null {
    const row = this.#sql.get.get(id);
    return row === undefined ? null : view(row);
  }
  some(ids: readonly number[]): readonly Task[] {
    return this.#sql.some.all(JSON.stringify(ids)).map(view);
  }
  /** In order of id. */
  list({ status, assignee_role, after_id = 0, limit }: TaskQuery): readonly Task[] {
    const { list, listByStatus, listByRole, listByBoth } = this.#sql;
    const [plain, byStatus] = assignee_role === undefined ? [list, listByStatus] : [listByRole, listByBoth];
    const filters = { ...(status === undefined ? {} : { status }), ...(assignee_role === undefined ? {} : { assignee_role }) };
    return (status === undefined ? plain : byStatus).all({ ...filters, after_id, limit }).map(view);
  }

  /** The open task of the role to do first: by priority, then age; dependencies done. */
  nextReady(role: string): Task | null {
    const row = this.#sql.nextReady.get(role);
    return row === undefined ? null : view(row);
  }
  /** Open tasks of the role with unfinished dependencies, in the order they would be done. */
  notReady(role: string, limit: number): readonly Task[] {
    return this.#sql.notReady.all(role, limit).map(view);
  }
  countOpen(role: string): number {
    return this.#sql.countOpen.get(role) as number;
  }
  /** The task's dependencies that are not done. */
  unfinished(id: number): readonly Task[] {
    return this.#sql.unfinished.all(id).map(view);
  }
  /** The tasks that depend on it and are neither done nor cancelled. */
  dependents(id: number): readonly Task[] {
    return this.#sql.dependents.all(id).map(view);
  }
  heldBy(session: string): readonly Task[] {
    return this.#sql.heldBy.all(session).map(view);
  }
  /** Held tasks whose session gave its last sign of life at `lastSeenAt` or before. */
  silentSince(lastSeenAt: number): readonly Task[] {
    return this.#sql.silent.all(lastSeenAt).map(view);
  }
  /** The earliest last sign of life among the sessions that hold tasks; null when none does. */
  oldestSign(): number | null {
    return this.#sql.oldestSign.get() as number | null;
  }
}
