import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../../main/base/errors.ts';
import { SecretKey } from '../../../main/access/secret-key.ts';
import { makeAccess } from '../../support/access-rig.ts';

let rig: ReturnType<typeof makeAccess>;
beforeEach(() => (rig = makeAccess()));
afterEach(() => rig.close());

function setStatus(value: string): void {
  rig.store.db.prepare("UPDATE system_state SET value = ? WHERE key = 'kill_switch_status'").run(value);
}

describe('the guard', () => {
  test('a fresh database is NORMAL', () => {
    expect(rig.guard.state()).toBe('NORMAL');
    rig.guard.assertOperational();
  });

  test.each(['ACTIVATED', 'RECOVERING'])('%s refuses with SYSTEM_LOCKED and is seen at once, without a restart', (state) => {
    setStatus(JSON.stringify(state));
    expect(rig.guard.state()).toBe(state);
    expect(() => rig.guard.assertOperational()).toThrow(AppError);
    setStatus('"NORMAL"');
    rig.guard.assertOperational();
  });

  test.each(['', 'NORMAL', '"normal"', 'null', '{}', '"NORMAL', '" NORMAL"'])('a damaged value counts as locked: %j', (value) => {
    setStatus(value);
    expect(rig.guard.state()).toBe('ACTIVATED');
    expect(() => rig.guard.assertOperational()).toThrow(/kill switch/);
  });

  test('a missing row counts as locked', () => {
    rig.store.db.exec("DELETE FROM system_state WHERE key = 'kill_switch_status'");
    expect(rig.guard.state()).toBe('ACTIVATED');
  });

  test('while locked no agent and no session is made, but a session can be revoked', async () => {
    const alice = rig.agents.add({ name: 'alice', role: 'FE' });
    const { session } = await rig.sessions.create(alice);
    setStatus('"ACTIVATED"');
    expect(() => rig.agents.add({ name: 'bob', role: 'BE' })).toThrow(/kill switch/);
    await expect(rig.sessions.create(alice)).rejects.toThrow(/kill switch/);
    expect(await rig.sessions.revoke(session.id, 'emergency')).toMatchObject({ state: 'revoked' });
  });
});

describe('a secret key', () => {
  test('matches itself and nothing else', () => {
    const key = new SecretKey('0123456789abcdef');
    expect(key.matches('0123456789abcdef')).toBe(true);
    for (const wrong of ['', '0123456789abcdeF', '0123456789abcdef ', '0123456789abcde', 'x'.repeat(100_000)]) expect(key.matches(wrong)).toBe(false);
  });
});
