import { describe, expect, test } from 'vitest';
import { callerFor, principalOf } from '../../../../main/server/mcp/callers.ts';
import type { Identity } from '../../../../main/server/identity.ts';

const ROLES = ['FE', 'BE'];
const caller = { role: 'BE', sessionId: 's-1', agentName: 'backend', verified: true, person: false };
const session: Identity = { kind: 'session', caller, expiresAt: null };
const shared: Identity = { kind: 'shared-key' };

describe('who makes a call', () => {
  test.each([undefined, '', 'BE'])('a session is itself whether it names its role or not: %s', (role) => {
    expect(callerFor(session, 'role', role, ROLES)).toBe(caller);
  });

  test('a session cannot be another role', () => {
    expect(() => callerFor(session, 'from_role', 'FE', ROLES)).toThrow(expect.objectContaining({ code: 'ROLE_MISMATCH' }));
  });

  test('the shared key is whom it says it is, unverified, with a session of its own for each role', () => {
    expect(callerFor(shared, 'role', 'FE', ROLES)).toEqual({ role: 'FE', sessionId: 'shared:FE', agentName: null, verified: false, person: false });
  });

  test.each([
    [undefined, 'INPUT_INVALID'],
    ['', 'INPUT_INVALID'],
    ['fe', 'ROLE_UNKNOWN'],
    [['FE'], 'INPUT_INVALID'],
    ['F'.repeat(1_000_000), 'INPUT_INVALID'],
  ])('the shared key with %o is refused', (role, code) => {
    expect(() => callerFor(shared, 'role', role, ROLES)).toThrow(expect.objectContaining({ code }));
  });

  test('streams belong to the session, or to the one shared key', () => {
    expect([principalOf(session), principalOf(shared)]).toEqual(['s-1', 'shared-key']);
  });
});
