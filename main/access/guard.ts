import { AppError } from '../base/errors.ts';
import type { Store } from '../store/store.ts';
import { KillSwitchRecords } from './kill-switch-records.ts';
import { KILL_SWITCH_KEYS, parseState, type KillSwitchState } from './kill-switch-state.ts';

/** The one function that every service asks before it acts (DESIGN §6). */
export interface Guard {
  /** Read from the database on every call, because another process may have changed it. */
  state(): KillSwitchState;
  /** When it was pulled (ISO 8601) and why; null in NORMAL, and where that is lost. */
  since(): { readonly activatedAt: string | null; readonly reason: string | null };
  /** Throws SYSTEM_LOCKED, with when and why, unless the state is NORMAL. */
  assertOperational(): void;
}

export function createGuard(store: Store): Guard {
  const read = store.db.prepare('SELECT value FROM system_state WHERE key = ?').pluck().bind(KILL_SWITCH_KEYS.status);
  const records = new KillSwitchRecords(store);
  const state = (): KillSwitchState => parseState(read.get() as string | undefined);
  const since = (): ReturnType<Guard['since']> => {
    const { activatedAt, reason } = records.read();
    return { activatedAt, reason };
  };
  return {
    state,
    since,
    assertOperational() {
      const found = state();
      if (found === 'NORMAL') return;
      throw new AppError('SYSTEM_LOCKED', 'The kill switch is on: nothing may act until the owner has recovered the system.', { killSwitch: found, ...since() });
    },
  };
}
