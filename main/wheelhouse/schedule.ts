import type { CancelStep } from '../access/kill-switch.ts';
import type { Guard } from '../access/guard.ts';
import type { Groups } from '../agents/groups.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Config } from '../config/schema.ts';
import type { Notifications } from '../notify/notifications.ts';
import { adoptTask, type AdoptedTask } from '../schedule/adopt.ts';
import { AgentRequests } from '../schedule/agent-requests.ts';
import { Claims } from '../schedule/claims.ts';
import { Outcomes } from '../schedule/outcomes.ts';
import type { ScheduleGroups, TaskRuns } from '../schedule/ports.ts';
import { Revival } from '../schedule/revival.ts';
import { RunLog } from '../schedule/run-log.ts';
import { Schedule } from '../schedule/schedule.ts';
import { Scheduler } from '../schedule/scheduler.ts';
import { TaskRows } from '../schedule/task-rows.ts';
import type { ScheduleGroup } from '../schedule/types.ts';
import { isTimeZone, machineTimeZone } from '../schedule/zones.ts';
import { ScheduleModel } from '../server/schedule-model.ts';
import type { Store, Tx } from '../store/store.ts';

export interface ScheduleRoomOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly config: Config['schedule'];
  readonly groups: ScheduleGroupList;
  readonly runs: TaskRuns;
  readonly notifications: Pick<Notifications, 'enqueue'>;
  readonly report: (what: string, error: unknown) => void;
}

/** The port of the schedule, and for the windows all of them. */
export type ScheduleGroupList = ScheduleGroups & { list(): readonly ScheduleGroup[] };

/** The schedule room, put together. Nothing runs before `scheduler.start()`. */
export interface ScheduleRoom {
  readonly schedule: Schedule;
  readonly scheduler: Scheduler;
  /** Hears from the queue how runs went. */
  readonly outcomes: Outcomes;
  /** What agents ask, with their group as identity. */
  readonly requests: AgentRequests;
  /** Takes a task of an older system over. */
  readonly adopt: (tx: Tx, task: AdoptedTask) => boolean;
  readonly cancelStep: CancelStep;
  /** What windows and command line see of it. */
  readonly model: ScheduleModel;
}

/** Throws CONFIG_INVALID for a time zone that this machine does not know. */
export function openSchedule({ store, clock, guard, config, groups, runs, notifications, report }: ScheduleRoomOptions): ScheduleRoom {
  const zone = zoneOf(config.time_zone);
  const rows = new TaskRows(store);
  const log = new RunLog(store, { runs: config.runs_kept, days: config.run_days });
  const schedule = new Schedule({ store, clock, guard, rows, log, groups, runs, zone, missed: config.missed_runs });
  const revival = new Revival({ store, clock, guard, rows, log, groups, notifications, schedule, zone });
  const claims = new Claims({ store, guard, rows, log, groups, runs, notifications });
  return {
    schedule,
    scheduler: new Scheduler({ store, clock, rows, claims, revival, report }),
    outcomes: new Outcomes({ rows, log, groups, notifications, autoPauseFailures: config.auto_pause_failures }),
    requests: new AgentRequests(schedule),
    adopt: (tx, task) => adoptTask(tx, { rows, groups, zone, missed: config.missed_runs }, task),
    cancelStep: { name: 'scheduled_tasks_paused', run: (tx) => revival.haltAll(tx) },
    model: new ScheduleModel({ schedule, groups, zone, clock }),
  };
}

/** The groups as the schedule knows them. */
export function scheduleGroups(groups: Groups): ScheduleGroupList {
  return {
    list: () => groups.list(),
    byId: (id) => (groups.exists(id) ? groups.get(id) : null),
    find: (wanted) => groups.find(wanted),
  };
}

/** The IANA name that the setting means. Throws CONFIG_INVALID for a zone that this machine does not know. */
export function zoneOf(setting: string): string {
  if (setting === 'system') return machineTimeZone();
  if (isTimeZone(setting)) return setting;
  throw new AppError('CONFIG_INVALID', `schedule.time_zone is '${setting}', which is no time zone that is known here. Use "system" or an IANA name, for example Asia/Seoul.`, { key: 'schedule.time_zone' });
}
