import { AppError } from '../base/errors.ts';
import { mayHandle, maySchedule, type Caller } from './request-rules.ts';
import type { Schedule } from './schedule.ts';
import type { ContextMode, ScheduledTask, TimingKind } from './types.ts';

/** A task as an agent asks for it. */
export interface AgentsTask {
  readonly groupId: string;
  readonly prompt: string;
  readonly kind: TimingKind;
  readonly value: string;
  readonly contextMode: ContextMode;
}

/** What agents ask of the schedule, by the authorisation table of IPC-02. */
export class AgentRequests {
  readonly #schedule: Schedule;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  /** Throws FORBIDDEN, GROUP_NOT_FOUND, INPUT_INVALID, SYSTEM_LOCKED. */
  create(caller: Caller, { groupId, ...task }: AgentsTask): ScheduledTask {
    if (!maySchedule(caller, groupId)) throw new AppError('FORBIDDEN', 'A group may schedule tasks for itself only; the main group may for all.', { group: groupId });
    return this.#schedule.create({ group: groupId, ...task }, { groupId: caller.id });
  }

  list(caller: Caller): readonly ScheduledTask[] {
    return this.#schedule.list(caller.isMain ? {} : { group: caller.id });
  }

  /** Throws SCHEDULE_NOT_FOUND, CONFLICT. */
  pause(caller: Caller, taskId: string): ScheduledTask {
    return this.#schedule.pause(this.#own(caller, taskId).id, 'agent');
  }

  /** Throws SCHEDULE_NOT_FOUND, CONFLICT, SYSTEM_LOCKED. */
  resume(caller: Caller, taskId: string): ScheduledTask {
    return this.#schedule.resume(this.#own(caller, taskId).id);
  }

  /** Throws SCHEDULE_NOT_FOUND. */
  cancel(caller: Caller, taskId: string): ScheduledTask {
    return this.#schedule.cancel(this.#own(caller, taskId).id);
  }

  /** A task of others is answered as one that is not there, so that agents learn nothing of each other. */
  #own(caller: Caller, taskId: string): ScheduledTask {
    const missing = new AppError('SCHEDULE_NOT_FOUND', `There is no scheduled task '${taskId.slice(0, 60)}' that this group may change. list_tasks names those it may.`, { task: taskId.slice(0, 60) });
    let task: ScheduledTask;
    try {
      task = this.#schedule.find(taskId);
    } catch (error) {
      throw error instanceof AppError && error.code === 'SCHEDULE_NOT_FOUND' ? missing : error;
    }
    if (!mayHandle(caller, task)) throw missing;
    return task;
  }
}
