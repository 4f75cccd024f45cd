import type { AgentView, SessionView } from '../../preload/contract.ts';

export type SessionState = SessionView['state'];
export const SESSION_FILTERS = ['live', 'expired', 'revoked', 'all'] as const;
export type SessionFilter = (typeof SESSION_FILTERS)[number];

/** How a session stands now; the core says nothing at the moment when a token ends. */
export function stateAt({ state, expiresAt }: Pick<SessionView, 'state' | 'expiresAt'>, now: number): SessionState {
  return state === 'live' && expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : state;
}

/** Null: as often as needed. */
export function renewalsLeft({ maxRenewals, renewalCount }: Pick<SessionView, 'maxRenewals' | 'renewalCount'>): number | null {
  return maxRenewals === null ? null : Math.max(0, maxRenewals - renewalCount);
}

/** What was chosen for a limit of a new session: undefined leaves it to the settings, null is no limit. */
export interface Limit {
  /** Whether it is a choice at all, and not a number out of range. */
  readonly valid: boolean;
  readonly value: number | null | undefined;
}

/** A typed number within the range, times `factor`. */
export function chosenLimit(typed: string, { min, max, factor }: { readonly min: number; readonly max: number; readonly factor: number }): Limit {
  const number = /^\d{1,8}$/.test(typed.trim()) ? Number(typed) : NaN;
  return number >= min && number <= max ? { valid: true, value: number * factor } : { valid: false, value: undefined };
}

/** What is open while an agent is looked at: `agent-<id>`. */
export const AGENT = 'agent-';

/** An agent and those of its sessions that are looked for, newest first. */
export interface AgentSessions {
  readonly agent: AgentView;
  readonly sessions: readonly SessionView[];
}

/** Agents by name. Those without a matching session stay, so that they can get one, unless ended ones are looked for. */
export function sessionsByAgent(agents: readonly AgentView[], sessions: readonly SessionView[], filter: SessionFilter, now: number): readonly AgentSessions[] {
  return [...agents]
    .sort((a, b) => a.name.localeCompare(b.name))
    .map((agent) => ({
      agent,
      sessions: sessions
        .filter((session) => session.agentId === agent.id && (filter === 'all' || stateAt(session, now) === filter))
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
    }))
    .filter((group) => group.sessions.length > 0 || filter === 'live' || filter === 'all');
}

/** The filter in the address; anything unknown shows the live ones. */
export const readSessionFilter = (word: string | undefined): SessionFilter => SESSION_FILTERS.find((filter) => filter === word) ?? 'live';
