import type { Clock } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import type { Mutations } from './sqlite-mutations.ts';
import type { TellRole } from './tell-role.ts';
import type {
  AcquireLock, Caller, CheckLock, ForceReleaseLock, HeartbeatLock, LockAcquired, LockChecked, LockForced, LockList, LockReleased,
  LockRenewed, ReleaseLock,
} from './types.ts';

export interface LockOptions {
  /** Decides whether paths differ by case. */
  readonly platform: NodeJS.Platform;
  /** The clock of the store: reads judge expiry by it. */
  readonly clock: Clock;
  readonly tell: TellRole;
}

/**
 * Locks in SQLite. A ticket that gets its lease writes the event `lock`/`granted` with data
 * `{resource, mode, session_id, ticket, lease_id, fence, ttl_sec, expires_at}`: what a waiting call listens for.
 */
export class SqliteLocks {
  constructor(_store: Store, _mutations: Mutations, _options: LockOptions) {}

  acquireLock(_caller: Caller, _input: AcquireLock): LockAcquired {
    throw new Error('skeleton');
  }
  stopWaiting(_caller: Caller, _resource: string): void {}
  releaseLock(_caller: Caller, _input: ReleaseLock): LockReleased {
    throw new Error('skeleton');
  }
  heartbeatLock(_caller: Caller, _input: HeartbeatLock): LockRenewed {
    throw new Error('skeleton');
  }
  forceReleaseLock(_caller: Caller, _input: ForceReleaseLock): LockForced {
    throw new Error('skeleton');
  }
  checkLock(_caller: Caller, _input: CheckLock): LockChecked {
    throw new Error('skeleton');
  }
  listLocks(): LockList {
    throw new Error('skeleton');
  }
  /** Releases every lease and place of the session. */
  endSession(_tx: Tx, _sessionId: string, _reason: string): void {}
  /** Ends leases and places whose time is over and grants what became free. */
  sweep(_tx: Tx): void {}
  /** When {@link sweep} next has something to do, as wall time in ms; null when nothing is pending. */
  nextDue(): number | null {
    return null;
  }
}
