import type { GroupView, RunView } from '../../preload/contract.ts';

/** How a group stands, as one word. */
export type GroupState = 'working' | 'idle' | 'waiting' | 'paused' | 'quiet';

export interface GroupNow {
  readonly group: GroupView;
  readonly state: GroupState;
  readonly live: RunView | null;
  /** In the order of arrival. */
  readonly waiting: readonly RunView[];
  /** The run that ended last; null: none that is known here. */
  readonly last: RunView | null;
}

export const isLive = ({ state }: RunView): boolean => state === 'starting' || state === 'running';
export const hasEnded = ({ state }: RunView): boolean => state !== 'queued' && state !== 'starting' && state !== 'running';

/** Each group with what runs and waits for it. `runs`: the newest first. */
export function groupsNow(groups: readonly GroupView[], runs: readonly RunView[]): readonly GroupNow[] {
  return groups.map((group) => {
    const own = runs.filter(({ groupId }) => groupId === group.id);
    const live = own.find(isLive) ?? null;
    const waiting = own.filter(({ state }) => state === 'queued').toReversed();
    return { group, live, waiting, last: own.find(hasEnded) ?? null, state: stateOf(group, live, waiting) };
  });
}

function stateOf({ paused }: GroupView, live: RunView | null, waiting: readonly RunView[]): GroupState {
  if (live !== null) return live.idle ? 'idle' : 'working';
  if (paused) return 'paused';
  return waiting.length > 0 ? 'waiting' : 'quiet';
}

/** How long a run took or takes, in seconds; null before it began. */
export function runSeconds({ startedAt, endedAt }: RunView, now: number): number | null {
  if (startedAt === null) return null;
  return Math.max(0, Math.round(((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt)) / 1000));
}
