import type { Store, Tx } from '../store/store.ts';
import type { Mutations } from './sqlite-mutations.ts';
import type { TellRole } from './tell-role.ts';
import type {
  Caller, ClaimTask, CreateTask, Idempotent, ReassignTask, Task, TaskClaimed, TaskCreated, TaskPage, TaskQuery, TaskUpdated, UpdateTask,
} from './types.ts';

export interface TaskOptions {
  /** A claim ends when its session gave no sign of life for this long; null means never. */
  readonly claimSilenceMs: number | null;
  /** The role that may reassign and reopen what is not its own. */
  readonly coordinator: string;
  readonly tell: TellRole;
}

/** The task board in SQLite. */
export class SqliteTasks {
  constructor(_store: Store, _mutations: Mutations, _options: TaskOptions) {}

  createTask(_caller: Caller, _input: CreateTask): TaskCreated {
    throw new Error('skeleton');
  }
  claimTask(_caller: Caller, _input: ClaimTask): TaskClaimed {
    throw new Error('skeleton');
  }
  claimNextTask(_caller: Caller, _input: Idempotent): TaskClaimed {
    throw new Error('skeleton');
  }
  updateTask(_caller: Caller, _input: UpdateTask): TaskUpdated {
    throw new Error('skeleton');
  }
  reassignTask(_caller: Caller, _input: ReassignTask): TaskUpdated {
    throw new Error('skeleton');
  }
  listTasks(_query: TaskQuery): TaskPage {
    throw new Error('skeleton');
  }
  getTasks(_ids: readonly number[]): readonly Task[] {
    throw new Error('skeleton');
  }
  /** Opens the session's claimed tasks again; `reason` is kept on them. */
  endSession(_tx: Tx, _sessionId: string, _reason: string): void {}
  /** Ends the claims of sessions that went silent. */
  sweep(_tx: Tx): void {}
  /** When the next claim goes silent, as wall time in ms; null when none is pending. */
  nextDue(): number | null {
    return null;
  }
}
