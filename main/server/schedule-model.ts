import { setImmediate as breathe } from 'node:timers/promises';
import { iso, type Clock } from '../base/clock.ts';
import type { LogEvent } from '../bus/types.ts';
import { nextRuns } from '../schedule/next-run.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { parseTiming } from '../schedule/timing.ts';
import type { ScheduledTask, ScheduleGroup } from '../schedule/types.ts';
import type { CallResult, ScheduledTaskView, SchedulePatch } from '../../preload/contract.ts';
import { scheduledTaskView } from './schedule-views.ts';

export interface ScheduleModelParts {
  readonly schedule: Schedule;
  readonly groups: { list(): readonly ScheduleGroup[]; byId(id: string): ScheduleGroup | null };
  /** The time zone of the settings, an IANA name. */
  readonly zone: string;
  readonly clock: Clock;
}

/** A timeline shows no more tasks, and of each no more runs. */
const UPCOMING_TASKS = 60;
const UPCOMING_RUNS = 60;
const HOUR_MS = 3_600_000;

/** What windows and command line see of the schedule, read from the room that owns it. */
export class ScheduleModel {
  readonly #parts: ScheduleModelParts;

  constructor(parts: ScheduleModelParts) {
    this.#parts = parts;
  }

  get zone(): string {
    return this.#parts.zone;
  }

  all(tasks: readonly ScheduledTask[] = this.#parts.schedule.list()): readonly ScheduledTaskView[] {
    const { schedule } = this.#parts;
    const groups = new Map(this.#parts.groups.list().map((group) => [group.id, group]));
    const latest = schedule.latestRuns();
    const open = schedule.tasksUnderWay();
    return tasks.map((task) =>
      scheduledTaskView(task, {
        group: groups.get(task.groupId) ?? null,
        asker: groups.get(task.createdBy) ?? null,
        lastRun: latest.get(task.id) ?? null,
        underWay: open.has(task.id),
      }),
    );
  }

  one(task: ScheduledTask): ScheduledTaskView {
    const { schedule, groups } = this.#parts;
    return scheduledTaskView(task, {
      group: groups.byId(task.groupId),
      asker: groups.byId(task.createdBy),
      lastRun: schedule.latestRunOf(task.id),
      underWay: schedule.isUnderWay(task.id),
    });
  }

  /** What lines of the log mean for the list; null when they are not about the schedule. */
  patchFor(events: readonly LogEvent[]): SchedulePatch | null {
    const ids = new Set(events.flatMap(({ kind, data }) => (kind === 'schedule' && typeof data['task'] === 'string' ? [data['task']] : [])));
    if (ids.size === 0) return null;
    const found = [...ids].map((id) => ({ id, task: this.#parts.schedule.get(id) }));
    return {
      changed: found.flatMap(({ task }) => (task === null ? [] : [this.one(task)])),
      gone: found.flatMap(({ id, task }) => (task === null ? [id] : [])),
    };
  }

  /** When the tasks that are next will run until `hours` from now. */
  async upcoming(hours: number): Promise<CallResult<'schedule.upcoming'>> {
    const { schedule, clock } = this.#parts;
    const now = clock.now();
    const until = now + hours * HOUR_MS;
    const next = schedule.list({ status: 'active' }).filter(({ nextRun }) => nextRun !== null && nextRun <= until);
    const tasks: CallResult<'schedule.upcoming'>['tasks'][number][] = [];
    for (const task of next.slice(0, UPCOMING_TASKS)) {
      const runs = [task.nextRun!, ...nextRuns(parseTiming(task, task.anchorAt), Math.max(now, task.nextRun!), UPCOMING_RUNS)].filter((at) => at <= until);
      tasks.push({ task_id: task.id, at: runs.slice(0, UPCOMING_RUNS).map(iso), has_more: runs.length > UPCOMING_RUNS });
      await breathe();
    }
    return { from: iso(now), until: iso(until), tasks };
  }
}
