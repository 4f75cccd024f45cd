import { describe, expect, it } from 'vitest';
import type { KillSwitchView, RunView } from '../../../preload/contract.ts';
import { clockText, stepOf, waitEnd, waitText, whatStopped, whatStops } from '../../../renderer/state/kill-switch.ts';
import { snapshot } from './samples.ts';

const RECEIVED = Date.UTC(2026, 10, 20, 9);
const view = (more: Partial<KillSwitchView> = {}): KillSwitchView => ({ ...snapshot().killSwitch, ...more });
const recovering = (remainingSeconds: number | null, more: Partial<KillSwitchView> = {}): KillSwitchView => view({ state: 'RECOVERING', remainingSeconds, ...more });

describe('what can be done next', () => {
  it.each([
    ['stop', view()],
    ['stop', view({ masterPasswordSet: false })],
    ['begin', view({ state: 'ACTIVATED' })],
    ['set-password', view({ state: 'ACTIVATED', masterPasswordSet: false })],
    ['wait', recovering(1)],
    ['finish', recovering(0)],
    ['set-password', recovering(0, { masterPasswordSet: false })],
    ['damaged', recovering(null)],
  ] as const)('is %s', (step, given) => {
    expect(stepOf(given, RECEIVED, RECEIVED)).toBe(step);
  });

  it('becomes the finish at the second at which the wait is over, and not before', () => {
    expect(stepOf(recovering(1_800), RECEIVED, RECEIVED + 1_800_000 - 1)).toBe('wait');
    expect(stepOf(recovering(1_800), RECEIVED, RECEIVED + 1_800_000)).toBe('finish');
  });

  it('counts from the moment of hearing, whatever the clock of the core says', () => {
    expect(waitEnd(recovering(60, { recoveryEligibleAt: '2031-01-01T00:00:00.000Z' }), RECEIVED)).toBe(RECEIVED + 60_000);
    expect(waitEnd(view({ state: 'ACTIVATED', remainingSeconds: 60 }), RECEIVED)).toBeNull();
  });
});

describe('a wait', () => {
  it.each([
    [86_400_000, '24:00:00'],
    [1_799_001, '00:30:00'],
    [3_661_000, '01:01:01'],
    [1, '00:00:01'],
    [0, '00:00:00'],
    [-5_000, '00:00:00'],
  ])('of %i ms reads %s', (ms, text) => {
    expect(clockText(ms)).toBe(text);
  });

  it('is told in the largest unit without a rest', () => {
    expect([604_800, 86_400, 1_800, 305].map((seconds) => waitText(seconds, 'en'))).toEqual(['7 days', '24 hours', '30 minutes', '305 seconds']);
    expect(waitText(86_400, 'ko')).toBe('24시간');
  });
});

describe('what stops', () => {
  const agent = { id: 'a', name: 'a', role: 'BE', status: 'active', statusReason: null, createdAt: '2026-11-20T00:00:00Z', liveSessions: 2, lastSeenAt: null } as const;

  it('is counted over all agents', () => {
    const { status } = snapshot();
    expect(whatStops({ agents: [agent, { ...agent, id: 'b', status: 'suspended', liveSessions: 1 }], status: { ...status, working: 4 }, locks: [], runs: [null, '2026-11-20T00:00:00Z', null].map((endedAt) => ({ endedAt }) as RunView) })).toEqual({
      sessions: 3,
      agents: 1,
      claims: 4,
      locks: 0,
      runs: 2,
    });
  });

  it('is told afterwards by the latest activation', () => {
    const event = (id: number, action: string, data: Record<string, unknown>) => ({ id, ts: '2026-11-20T00:00:00Z', kind: 'kill_switch', action, role: null, subject: null, text: '', data });
    const events = [event(1, 'activated', { sessions_revoked: 9, agents_suspended: 9 }), event(2, 'activated', { reason: 'a drill', sessions_revoked: 2, agents_suspended: 1, lock_waits_ended: 3, messages_held_back: 0 }), event(3, 'recovery_started', {})];
    expect(whatStopped(events)).toEqual({ sessions: 2, agents: 1, cancelled: { lock_waits_ended: 3 } });
    expect(whatStopped([])).toBeNull();
  });
});
