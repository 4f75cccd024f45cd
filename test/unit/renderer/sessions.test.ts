import { describe, expect, it } from 'vitest';
import type { AgentView, SessionView } from '../../../preload/contract.ts';
import { chosenLimit, readSessionFilter, renewalsLeft, sessionsByAgent, stateAt } from '../../../renderer/state/sessions.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const at = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();

const agent = (name: string): AgentView => ({ id: `id-${name}`, name, role: 'FE', status: 'active', statusReason: null, createdAt: at(-900), liveSessions: 0, lastSeenAt: null });
const session = (id: string, of: string, more: Partial<SessionView> = {}): SessionView => ({
  id,
  agentId: `id-${of}`,
  agentName: of,
  role: 'FE',
  createdAt: at(-60),
  expiresAt: at(60),
  revokedAt: null,
  revokeReason: null,
  ttlSec: 7_200,
  renewalCount: 0,
  maxRenewals: 30,
  lastRenewedAt: null,
  absoluteExpiresAt: null,
  rejectWindowSec: 3_600,
  lastUsedAt: null,
  lastClient: null,
  state: 'live',
  ...more,
});

describe('the state of a session', () => {
  it('turns to expired at exactly the end of its token', () => {
    expect(stateAt(session('a', 'x', { expiresAt: at(1) }), NOW)).toBe('live');
    expect(stateAt(session('a', 'x', { expiresAt: at(0) }), NOW)).toBe('expired');
  });

  it('stays live without an end, and revoked whatever the time', () => {
    expect(stateAt(session('a', 'x', { expiresAt: null }), NOW)).toBe('live');
    expect(stateAt(session('a', 'x', { expiresAt: at(-9), state: 'revoked' }), NOW)).toBe('revoked');
  });
});

it('counts the renewals that are left, and knows no limit from none left', () => {
  expect([session('a', 'x', { renewalCount: 12 }), session('b', 'x', { maxRenewals: 0 }), session('c', 'x', { maxRenewals: null })].map(renewalsLeft)).toEqual([18, 0, null]);
});

describe('the list', () => {
  const agents = [agent('fe-2'), agent('be-1')];
  const sessions = [
    session('old', 'fe-2', { createdAt: at(-90) }),
    session('new', 'fe-2', { createdAt: at(-10) }),
    session('over', 'fe-2', { expiresAt: at(-1) }),
    session('gone', 'be-1', { state: 'revoked', revokedAt: at(-5) }),
  ];
  const shown = (filter: Parameters<typeof sessionsByAgent>[2]) => sessionsByAgent(agents, sessions, filter, NOW).map((group) => [group.agent.name, ...group.sessions.map(({ id }) => id)]);

  it('has live sessions under their agents, the newest first, and agents that have none', () => {
    expect(shown('live')).toEqual([['be-1'], ['fe-2', 'new', 'old']]);
  });

  it('has only the agents with a session of the state that is looked for', () => {
    expect(shown('revoked')).toEqual([['be-1', 'gone']]);
    expect(shown('expired')).toEqual([['fe-2', 'over']]);
    expect(shown('all')).toEqual([
      ['be-1', 'gone'],
      ['fe-2', 'new', 'over', 'old'],
    ]);
  });

  it('shows live ones for a filter it does not know', () => {
    expect([readSessionFilter(undefined), readSessionFilter('dead'), readSessionFilter('revoked')]).toEqual(['live', 'live', 'revoked']);
  });
});

describe('a limit with a number of one’s own', () => {
  const minutes = { min: 5, max: 10_080, factor: 60 };
  it.each([
    ['5', 300],
    [' 90 ', 5_400],
    ['10080', 604_800],
  ])('%j is %d seconds', (typed, value) => {
    expect(chosenLimit(typed, minutes)).toEqual({ valid: true, value });
  });

  it.each(['', '4', '10081', '1.5', '-5', '5e1', '0x10', 'many', '99999999999'])('%j is none', (typed) => {
    expect(chosenLimit(typed, minutes).valid).toBe(false);
  });
});
