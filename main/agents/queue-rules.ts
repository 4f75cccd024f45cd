import type { RunKind } from './types.ts';

/** The first attempt and five more, as in nanoclaw (reference §2, queue semantics). */
export const MAX_ATTEMPTS = 6;
const FIRST_RETRY_MS = 5000;
/** So that groups that failed together do not come back together. */
const JITTER = 0.2;

/** How long to wait after the failed attempt `attempt`: 5, 10, 20, 40, 80 s, and up to a fifth more. `random` is from 0 to 1. */
export function retryDelayMs(attempt: number, random: number): number {
  return Math.round(FIRST_RETRY_MS * 2 ** (attempt - 1) * (1 + JITTER * random));
}

/** A run in the queue. */
export interface Waiting {
  readonly runId: string;
  /** Its place in the order of arrival. */
  readonly seq: number;
  readonly groupId: string;
  readonly kind: RunKind;
  /** Wall time in ms before which it does not start. */
  readonly notBefore: number;
}

/** A run that holds a slot. */
export interface Holding {
  readonly runId: string;
  readonly groupId: string;
  readonly kind: RunKind;
  /** When its turn ended (any rising number); null while it works. */
  readonly idleSince: number | null;
  /** Whether it was asked to end. */
  readonly closing: boolean;
}

export interface QueueState {
  readonly now: number;
  readonly limit: number;
  /** Nothing may start: the kill switch is on, or Wheelhouse shuts down. */
  readonly locked: boolean;
  readonly waiting: readonly Waiting[];
  readonly live: readonly Holding[];
  readonly paused: ReadonlySet<string>;
  /** Groups whose agent is suspended. */
  readonly suspended: ReadonlySet<string>;
  /** When each group was served last (any rising number); groups that never were are absent. */
  readonly served: ReadonlyMap<string, number>;
}

/** Why a run waits: the first of these that holds. Null: it could start now. */
export type WaitReason = 'kill_switch' | 'agent_suspended' | 'group_paused' | 'retry' | 'group_busy' | 'behind' | 'limit';

/** Order within a group: tasks before messages, then by arrival. */
function byRank(a: Waiting, b: Waiting): number {
  if (a.kind !== b.kind) return a.kind === 'task' ? -1 : 1;
  return a.seq - b.seq;
}

/** What keeps a run from starting although a slot may be free; null: nothing but the limit can. */
function obstacle(run: Waiting, state: QueueState): WaitReason | null {
  if (state.locked) return 'kill_switch';
  if (state.suspended.has(run.groupId)) return 'agent_suspended';
  if (state.paused.has(run.groupId)) return 'group_paused';
  if (run.notBefore > state.now) return 'retry';
  return null;
}

/** The first run of each group that nothing but a slot, or the group itself, keeps waiting; in the order of service. */
function candidates(state: QueueState): readonly Waiting[] {
  const first = new Map<string, Waiting>();
  for (const run of state.waiting) {
    if (obstacle(run, state) !== null) continue;
    const other = first.get(run.groupId);
    if (other === undefined || byRank(run, other) < 0) first.set(run.groupId, run);
  }
  const served = (run: Waiting): number => state.served.get(run.groupId) ?? -Infinity;
  // Who was served longest ago comes first, so that a group with a long backlog cannot starve the others.
  return [...first.values()].sort((a, b) => (served(a) === served(b) ? a.seq - b.seq : served(a) < served(b) ? -1 : 1));
}

/** The run that starts next; null when none may. */
export function chooseNext(state: QueueState): Waiting | null {
  if (state.live.length >= state.limit) return null;
  const busy = new Set(state.live.map(({ groupId }) => groupId));
  return candidates(state).find(({ groupId }) => !busy.has(groupId)) ?? null;
}

/**
 * Idle runs that are to end because others wait (QUEUE-03): those whose own group has something to do that cannot be
 * handed to them, and as many more, longest idle first, as other groups lack slots. A run that works is never asked.
 */
export function chooseToClose(state: QueueState): readonly string[] {
  const due = candidates(state);
  const dueGroups = new Set(due.map(({ groupId }) => groupId));
  const idle = state.live.filter(({ idleSince, closing }) => idleSince !== null && !closing).sort((a, b) => a.idleSince! - b.idleSince!);
  const own = idle.filter(({ groupId }) => dueGroups.has(groupId));
  const busy = new Set(state.live.map(({ groupId }) => groupId));
  const others = due.filter(({ groupId }) => !busy.has(groupId)).length;
  const free = Math.max(0, state.limit - state.live.length);
  const ending = state.live.filter(({ closing }) => closing).length + own.length;
  // The slots of runs that end for their own group go back to that group at worst once; they still serve who waits longest.
  const lacking = Math.max(0, others - free - ending);
  const more = idle.filter((run) => !own.includes(run)).slice(0, lacking);
  return [...own, ...more].map(({ runId }) => runId);
}

/** Why each run of the queue waits, by its id. */
export function waitReasons(state: QueueState): ReadonlyMap<string, WaitReason | null> {
  const busy = new Set(state.live.map(({ groupId }) => groupId));
  const first = new Set(candidates(state).map(({ runId }) => runId));
  const full = state.live.length >= state.limit;
  return new Map(
    state.waiting.map((run) => {
      const reason = obstacle(run, state) ?? (busy.has(run.groupId) ? 'group_busy' : !first.has(run.runId) ? 'behind' : full ? 'limit' : null);
      return [run.runId, reason] as const;
    }),
  );
}
