import type { ShellFacts } from '../../main/desktop/facts.ts';
import type { KillSwitchView, Lease, StatusView } from '../../preload/contract.ts';

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
    settings: { language: 'system', theme: 'system' },
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
