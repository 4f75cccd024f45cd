import type { KillSwitchView, LogEvent, Snapshot } from '../../preload/contract.ts';

/** What the person can do next about the kill switch. */
export type KillSwitchStep =
  | 'stop'
  /** A recovery needs a password, and there is none yet. */
  | 'set-password'
  | 'begin'
  | 'wait'
  | 'finish'
  /** What was stored about the recovery is damaged: it can only be cancelled. */
  | 'damaged';

/** When the wait of a recovery ends by this machine's clock, in ms since 1970; null when there is none that could end. */
export function waitEnd({ state, remainingSeconds }: Pick<KillSwitchView, 'state' | 'remainingSeconds'>, receivedAt: number): number | null {
  return state === 'RECOVERING' && remainingSeconds !== null ? receivedAt + remainingSeconds * 1_000 : null;
}

/** `receivedAt`: when this machine heard of `view`; the clock of the core may be another. */
export function stepOf(view: KillSwitchView, receivedAt: number, now: number): KillSwitchStep {
  if (view.state === 'NORMAL') return 'stop';
  const end = waitEnd(view, receivedAt);
  if (view.state === 'RECOVERING' && end === null) return 'damaged';
  if (end !== null && end > now) return 'wait';
  if (!view.masterPasswordSet) return 'set-password';
  return end === null ? 'begin' : 'finish';
}

/** `hh:mm:ss`, rounded up so that it reads 00:00:00 only when the time is over. */
export function clockText(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1_000));
  return [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** A wait in the words of the language, in the largest unit that leaves no rest: `7 days`, `30분`; a single day as `24 hours`. */
export function waitText(seconds: number, locale: string): string {
  const days = seconds % 86_400 === 0 && seconds > 86_400;
  const [size, unit] = days ? [86_400, 'day'] : seconds % 3_600 === 0 ? [3_600, 'hour'] : seconds % 60 === 0 ? [60, 'minute'] : [1, 'second'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}

export interface Stoppable {
  readonly sessions: number;
  readonly agents: number;
  readonly claims: number;
  readonly locks: number;
  /** Runs of agents in their groups, those in the queue too. */
  readonly runs: number;
}

/** What an activation would end now. */
export function whatStops({ agents, status, locks, runs }: Pick<Snapshot, 'agents' | 'status' | 'locks' | 'runs'>): Stoppable {
  return {
    sessions: agents.reduce((sum, agent) => sum + agent.liveSessions, 0),
    agents: agents.filter((agent) => agent.status === 'active').length,
    claims: status.working,
    locks: locks.length,
    runs: runs.filter(({ endedAt }) => endedAt === null).length,
  };
}

export interface Stopped extends Pick<Stoppable, 'sessions' | 'agents'> {
  /** What other rooms have cancelled, by the name of their step; without what there was none of. */
  readonly cancelled: Readonly<Record<string, number>>;
}

/** What the last activation ended, from the newest events; null when it is older than they are. */
export function whatStopped(events: readonly LogEvent[]): Stopped | null {
  const data = events.findLast(({ kind, action }) => kind === 'kill_switch' && action === 'activated')?.data;
  const { sessions_revoked: sessions, agents_suspended: agents, ...others } = data ?? {};
  if (typeof sessions !== 'number' || typeof agents !== 'number') return null;
  const counts = Object.entries(others).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0);
  return { sessions, agents, cancelled: Object.fromEntries(counts) };
}
