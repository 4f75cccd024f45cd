import { AppError } from '../base/errors.ts';
import type { Store } from '../store/store.ts';

export type KillSwitchState = 'NORMAL' | 'ACTIVATED' | 'RECOVERING';

/** The one function that every service asks before it acts (DESIGN §6). */
export interface Guard {
  /** Read from the database on every call, because another process may have changed it. */
  state(): KillSwitchState;
  /** Throws SYSTEM_LOCKED unless the state is NORMAL. */
  assertOperational(): void;
}

const STATES: ReadonlyMap<string, KillSwitchState> = new Map([
  ['"NORMAL"', 'NORMAL'],
  ['"ACTIVATED"', 'ACTIVATED'],
  ['"RECOVERING"', 'RECOVERING'],
]);

/** The schema puts NORMAL into a fresh database, so a missing or damaged value means damage and counts as ACTIVATED. */
export function createGuard(store: Store): Guard {
  const read = store.db.prepare("SELECT value FROM system_state WHERE key = 'kill_switch_status'").pluck();
  const state = (): KillSwitchState => STATES.get(String(read.get())) ?? 'ACTIVATED';
  return {
    state,
    assertOperational() {
      const found = state();
      if (found === 'NORMAL') return;
      throw new AppError('SYSTEM_LOCKED', 'The kill switch is on: nothing may act until the owner has recovered the system.', { killSwitch: found });
    },
  };
}
