import { createGuard } from '../../main/access/guard.ts';
import type { Clock } from '../../main/base/clock.ts';
import { AppError } from '../../main/base/errors.ts';
import { defaultConfig, type Config } from '../../main/config/schema.ts';
import { Notifications } from '../../main/notify/notifications.ts';
import type { ScheduleGroups, TaskRunEnd, TaskRunRequest, TaskRuns } from '../../main/schedule/ports.ts';
import type { ScheduleGroup } from '../../main/schedule/types.ts';
import type { Store } from '../../main/store/store.ts';
import { openSchedule, type ScheduleRoom } from '../../main/wheelhouse/schedule.ts';
import { FakeClock } from './fake-clock.ts';
import { makeTempStore } from './temp-store.ts';

/** A durable queue in the database of the test: what is enqueued commits or is undone with the caller's transaction. */
export class TestQueue implements TaskRuns {
  readonly #store: Store;
  /** What `enqueue` throws, by the prompt that it is given. */
  readonly refusals = new Map<string, Error>();

  constructor(store: Store) {
    this.#store = store;
    store.db.exec('CREATE TABLE IF NOT EXISTS test_queue (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, group_id TEXT, prompt TEXT, context_mode TEXT, at INTEGER)');
  }

  enqueue: TaskRuns['enqueue'] = (tx, { scheduleRunId, groupId, prompt, contextMode }) => {
    const refusal = this.refusals.get(prompt);
    if (refusal !== undefined) throw refusal;
    this.#store.db.prepare('INSERT INTO test_queue (id, group_id, prompt, context_mode, at) VALUES (?,?,?,?,?)').run(scheduleRunId, groupId, prompt, contextMode, tx.now);
  };

  withdraw: TaskRuns['withdraw'] = (_tx, scheduleRunId) => {
    this.#store.db.prepare('DELETE FROM test_queue WHERE id = ?').run(scheduleRunId);
  };

  /** In the order in which they came. */
  queued(): readonly (TaskRunRequest & { readonly at: number })[] {
    return this.#store.db
      .prepare('SELECT id AS scheduleRunId, group_id AS groupId, prompt, context_mode AS contextMode, at FROM test_queue ORDER BY seq')
      .all() as (TaskRunRequest & { readonly at: number })[];
  }
}

const MAIN: ScheduleGroup = { id: 'g-main', name: 'Home', folder: 'main', jid: 'console:home', isMain: true };
const FAMILY: ScheduleGroup = { id: 'g-family', name: 'Family', folder: 'family', jid: 'tg:-1001', isMain: false };
const WORK: ScheduleGroup = { id: 'g-work', name: 'Work', folder: 'work', jid: 'tg:-1002', isMain: false };

export class TestGroups implements ScheduleGroups {
  readonly all = new Map([MAIN, FAMILY, WORK].map((group) => [group.id, group]));

  list = (): readonly ScheduleGroup[] => [...this.all.values()];

  byId = (id: string): ScheduleGroup | null => this.all.get(id) ?? null;

  find = (wanted: string): ScheduleGroup => {
    const found = [...this.all.values()].find(({ id, name, folder, jid }) => [id, name, folder, jid].includes(wanted));
    if (found === undefined) throw new AppError('GROUP_NOT_FOUND', `There is no group '${wanted}'.`);
    return found;
  };
}

interface TestScheduleParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly queue: TaskRuns;
  readonly groups?: TestGroups;
  readonly config?: Partial<Config['schedule']>;
  readonly report?: (what: string, error: unknown) => void;
}

/** The schedule room on a database, in UTC unless `config` says otherwise. */
export function openTestSchedule({ store, clock, queue, groups = new TestGroups(), config = {}, report = fail }: TestScheduleParts): ScheduleRoom {
  return openSchedule({
    store,
    clock,
    guard: createGuard(store),
    config: { ...defaultConfig().schedule, time_zone: 'UTC', ...config },
    groups,
    runs: queue,
    notifications: new Notifications(store),
    report,
  });
}

function fail(what: string, error: unknown): never {
  throw new Error(what, { cause: error });
}

export interface ScheduleRigOptions {
  readonly config?: Partial<Config['schedule']>;
  readonly clock?: FakeClock;
}

/** The schedule room on a real database with a durable queue, groups `main`, `family` and `work`, and a clock that tests move. */
export function makeScheduleRig({ config = {}, clock = new FakeClock() }: ScheduleRigOptions = {}) {
  const temp = makeTempStore(clock);
  const { store } = temp;
  const queue = new TestQueue(store);
  const groups = new TestGroups();
  const reports: string[] = [];
  /** One run of the program: a second one on the same data is a restart. */
  const open = (changes: Partial<Config['schedule']> = {}) =>
    openTestSchedule({
      store,
      clock,
      queue,
      groups,
      config: { ...config, ...changes },
      report: (what, error) => void reports.push(`${what}: ${error instanceof Error ? error.message : String(error)}`),
    });
  const room = open();
  const end = (scheduleRunId: string, outcome: Partial<TaskRunEnd> = {}): boolean =>
    store.transact((tx) => room.outcomes.ended(tx, scheduleRunId, { status: 'succeeded', result: 'done', error: null, durationMs: 1200, ...outcome }));
  const setKillSwitch = (state: 'NORMAL' | 'ACTIVATED'): void =>
    store.transact((tx) => {
      if (state === 'ACTIVATED') room.cancelStep.run(tx, 'test');
      store.db.prepare("UPDATE system_state SET value = ? WHERE key = 'kill_switch_status'").run(JSON.stringify(state));
      tx.event({ kind: 'kill_switch', action: state === 'NORMAL' ? 'recovered' : 'activated', text: state });
    });
  return {
    ...room,
    clock,
    store,
    queue,
    groups,
    reports,
    open,
    end,
    setKillSwitch,
    /** Lets time pass and waits for what that starts. */
    pass: async (ms: number): Promise<void> => {
      clock.advance(ms);
      await room.scheduler.settled();
    },
    prompts: () => queue.queued().map(({ prompt }) => prompt),
    events: () => store.db.prepare("SELECT action, text, data FROM events WHERE kind = 'schedule' ORDER BY id").all() as { readonly action: string; readonly text: string; readonly data: string }[],
    notices: (): readonly Record<string, unknown>[] =>
      (store.db.prepare('SELECT type, context FROM notices ORDER BY id').all() as { readonly type: string; readonly context: string }[]).map(({ type, context }) => ({ type, ...(JSON.parse(context) as Record<string, unknown>) })),
    close: async () => {
      await room.scheduler.stop();
      temp.close();
    },
  };
}

export type ScheduleRig = ReturnType<typeof makeScheduleRig>;
