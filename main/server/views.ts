import { iso } from '../base/clock.ts';
import type { Agent } from '../access/agents.ts';
import type { Renewal } from '../access/renewals.ts';
import type { Session } from '../access/session-rows.ts';
import type { AgentView, RenewalView, SessionView } from '../../preload/contract.ts';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** An agent as windows and the command line see it. */
export function agentView(agent: Agent, liveSessions: number, lastSeenAt: string | null): AgentView {
  const { id, name, role, status, statusReason, createdAt } = agent;
  return { id, name, role, status, statusReason, createdAt: iso(createdAt), liveSessions, lastSeenAt };
}

/** A session as windows and the command line see it. It has no token to show: only its hash is kept. */
export function sessionView(session: Session): SessionView {
  const { createdAt, expiresAt, revokedAt, lastRenewedAt, absoluteExpiresAt, lastUsedAt, ...rest } = session;
  return {
    ...rest,
    createdAt: iso(createdAt),
    expiresAt: isoOrNull(expiresAt),
    revokedAt: isoOrNull(revokedAt),
    lastRenewedAt: isoOrNull(lastRenewedAt),
    absoluteExpiresAt: isoOrNull(absoluteExpiresAt),
    lastUsedAt: isoOrNull(lastUsedAt),
  };
}

/** A renewal as windows and the command line see it. */
export function renewalView({ id, session, count, renewedAt, windowExpiresAt, decidedAt, state }: Renewal): RenewalView {
  const { agentId, agentName, role, maxRenewals, expiresAt } = session;
  return {
    id,
    sessionId: session.id,
    agentId,
    agentName,
    role,
    renewalCount: count,
    maxRenewals,
    renewedAt: iso(renewedAt),
    windowExpiresAt: isoOrNull(windowExpiresAt),
    decidedAt: isoOrNull(decidedAt),
    state,
    sessionState: session.state,
    expiresAt: isoOrNull(expiresAt),
  };
}
