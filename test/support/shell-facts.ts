import type { ShellFacts } from '../../main/desktop/facts.ts';
import type { KillSwitchView, Lease, RenewalView, SessionView, StatusView } from '../../preload/contract.ts';

/** A quiet system; a test names what is different. */
export function makeFacts(status: Partial<StatusView> = {}, locks: readonly Lease[] = [], killSwitch: Partial<KillSwitchView> = {}): ShellFacts {
  return {
    status: { state: 'ok', problems: [], killSwitch: 'NORMAL', needsYou: 0, working: 0, ...status },
    killSwitch: {
      state: status.killSwitch ?? 'NORMAL',
      activatedAt: null,
      reason: null,
      actor: null,
      recoveryEligibleAt: null,
      remainingSeconds: null,
      waitSeconds: 1_800,
      hasOwner: false,
      masterPasswordSet: true,
      ...killSwitch,
    },
    locks,
    schedule: [],
    groups: [],
    runsAtWork: 0,
    sessions: [],
    renewals: [],
    settings: { language: 'system', theme: 'system' },
  };
}

export function makeSession(session: Partial<SessionView> = {}): SessionView {
  return {
    id: 'session-1',
    agentId: 'agent-1',
    agentName: 'Ada',
    role: 'BE',
    createdAt: '2026-11-20T08:00:00.000Z',
    expiresAt: '2026-11-27T08:00:00.000Z',
    revokedAt: null,
    revokeReason: null,
    ttlSec: 604_800,
    renewalCount: 1,
    maxRenewals: 30,
    lastRenewedAt: '2026-11-20T08:59:00.000Z',
    absoluteExpiresAt: null,
    rejectWindowSec: 3_600,
    lastUsedAt: '2026-11-20T08:59:00.000Z',
    lastClient: 'Claude Code',
    state: 'live',
    ...session,
  };
}

export function makeRenewal(renewal: Partial<RenewalView> = {}): RenewalView {
  return {
    id: 1,
    sessionId: 'session-1',
    agentId: 'agent-1',
    agentName: 'Ada',
    role: 'BE',
    renewalCount: 1,
    maxRenewals: 30,
    renewedAt: '2026-11-20T08:59:00.000Z',
    windowExpiresAt: '2026-11-20T09:59:00.000Z',
    decidedAt: null,
    state: 'open',
    sessionState: 'live',
    expiresAt: '2026-11-27T08:00:00.000Z',
    ...renewal,
  };
}

export function makeLease(lease: Partial<Lease> = {}): Lease {
  return {
    lease_id: 'lease-1',
    resource: 'schema',
    mode: 'exclusive',
    held_by: 'BE',
    session_id: 'session-1',
    agent_name: 'Ada',
    fence: 1,
    intent: 'adding a column',
    acquired_at: '2026-11-20T09:00:00.000Z',
    expires_at: '2026-11-20T09:05:00.000Z',
    ttl_remaining: 300,
    ...lease,
  };
}
