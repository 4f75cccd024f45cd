import { callerIn } from '../bus-contract/callers.ts';
import type { BusStore } from '../../../main/bus/store.ts';
import type { Caller } from '../../../main/bus/types.ts';
import type { Model } from '../linearizability.ts';

/** What a client does to one lock or one task, and what it is told. */
export type Action = 'acquire' | 'renew' | 'release' | 'claim' | 'give back';
export interface Told {
  readonly done: boolean;
  /** The client that holds the lock, as far as the answer tells. */
  readonly holder?: string | null;
  readonly fence?: number;
  readonly reentrant?: boolean;
}

/** Every client has a role of its own on the locks, so that `held_by` names the client. All share the tasks of FE. */
export function lockCaller(client: string): Caller {
  return callerIn(client, `session of ${client}`);
}
export function taskCaller(client: string): Caller {
  return callerIn('FE', `session of ${client}`);
}

/** Does it on the bus. `key` marks a repetition of the same call. */
export async function act(store: BusStore, client: string, action: Action, thing: string, key: string): Promise<Told> {
  const idempotency_key = key;
  switch (action) {
    case 'acquire': {
      const answer = await store.acquireLock(lockCaller(client), { resource: thing, ttl_sec: 3600, mode: 'exclusive', wait_sec: 0, idempotency_key });
      if (!answer.acquired) return { done: false, holder: answer.held_by };
      return { done: true, fence: answer.fence, reentrant: answer.reentrant };
    }
    case 'renew': {
      const answer = await store.heartbeatLock(lockCaller(client), { resource: thing, ttl_sec: 3600, idempotency_key });
      return answer.renewed ? { done: true, fence: answer.fence } : { done: false, holder: answer.held_by };
    }
    case 'release': {
      const answer = await store.releaseLock(lockCaller(client), { resource: thing, idempotency_key });
      return answer.released ? { done: true } : { done: false, holder: answer.held_by };
    }
    case 'claim': {
      const answer = await store.claimTask(taskCaller(client), { task_id: Number(thing), idempotency_key });
      return { done: answer.ok };
    }
    case 'give back':
      try {
        await store.updateTask(taskCaller(client), { task_id: Number(thing), status: 'open', idempotency_key });
        return { done: true };
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'FORBIDDEN') throw error;
        return { done: false };
      }
  }
}

interface LockState {
  readonly holder: string | null;
  /** Null while only an answer that never came told it. */
  readonly fence: number | null;
  /** The largest fence known to have been granted. */
  readonly last: number;
}

/** One lock, exclusive, without waiting or expiry. */
export const lockModel: Model<LockState, Action, Told> = {
  initial: { holder: null, fence: null, last: 0 },
  step(state, client, action, told) {
    const mine = state.holder === client;
    if (action === 'acquire' && state.holder === null) {
      if (told === null) return { holder: client, fence: null, last: state.last };
      if (!told.done || told.reentrant || told.fence! <= state.last) return null;
      return { holder: client, fence: told.fence!, last: told.fence! };
    }
    if (!mine) return told === null || (!told.done && told.holder === state.holder) ? state : null;
    if (told !== null && (!told.done || (action === 'acquire' && !told.reentrant))) return null;
    if (action === 'release') return { ...state, holder: null, fence: null };
    if (told === null || told.fence === state.fence) return state;
    return state.fence === null && told.fence! > state.last ? { ...state, fence: told.fence!, last: told.fence! } : null;
  },
  key: ({ holder, fence, last }) => `${holder} ${fence} ${last}`,
};

const NOBODY = '';

/** One task: open, or in progress by a client. Giving back what is open already changes nothing and succeeds. */
export const claimModel: Model<string, Action, Told> = {
  initial: NOBODY,
  step(holder, client, action, told) {
    const done = holder === NOBODY || holder === client;
    if (told !== null && told.done !== done) return null;
    if (!done) return holder;
    return action === 'claim' ? client : NOBODY;
  },
  key: (holder) => holder,
};
