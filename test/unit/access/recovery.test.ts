import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PasswordSource } from '../../../main/access/password-lockout.ts';
import type { RecoverRequest } from '../../../main/access/recovery.ts';
import { byName, makeKillSwitchRig, PASSWORD, PERSON, refusalOf, WEB } from '../../support/kill-switch-rig.ts';
import { ethereumKey, solanaKey, type OwnerKey } from '../../support/owner-keys.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

let rig: ReturnType<typeof makeKillSwitchRig>;
beforeEach(async () => {
  rig = makeKillSwitchRig();
  await rig.masterPassword.setFirst(PASSWORD);
});
afterEach(async () => {
  await rig.killSwitch.stop();
  rig.close();
});

type Asked = Partial<Omit<RecoverRequest, 'authorize'>> & { readonly password?: string | null; readonly source?: PasswordSource };
const recover = async ({ password = PASSWORD, source = PERSON, ...request }: Asked = {}) => rig.killSwitch.recover({ ...rig.withPassword(password, source), ...request });
const refusal = async (request: Asked = {}) => refusalOf(recover(request));
const remaining = (): number | null => rig.killSwitch.status().remainingSeconds;
const pull = (): void => void rig.killSwitch.activate({ reason: 'test', actor: 'admin' });

async function owned(key: OwnerKey, options: { readonly verified?: boolean } = {}) {
  const agent = rig.agents.add({ name: `agent of ${key.address.slice(0, 8)}`, role: 'FE' });
  await rig.owners.set(agent, key, { ...rig.withPassword(), proof: null });
  if (options.verified === true) rig.owners.verify(agent, await rig.proofs.check(await key.prove(await rig.proofs.challenge(key, 'verify_owner')), 'verify_owner'));
  return agent;
}
const signed = async (key: OwnerKey) => key.prove(await rig.proofs.challenge(key, 'recover'));

describe('K1: the first step', () => {
  test('without an owner waits a day', async () => {
    pull();
    expect(await recover()).toEqual({ status: 'RECOVERING', recoveryEligibleAt: '2026-11-21T09:00:00.000Z', waitSeconds: 86_400, hasOwner: false });
    expect(rig.state()).toMatchObject({
      kill_switch_status: '"RECOVERING"',
      recovery_eligible_at: String(Date.UTC(2026, 10, 21, 9) / 1000),
      recovery_wait_seconds: '86400',
    });
  });

  test.each([
    ['Ethereum', ethereumKey],
    ['Solana', solanaKey],
  ])('with an owner on %s takes the signature too, and waits half an hour', async (_chain, newKey) => {
    const key = newKey();
    const agent = await owned(key);
    pull();
    expect(await recover({ proof: await signed(key) })).toEqual({ status: 'RECOVERING', recoveryEligibleAt: '2026-11-20T09:30:00.000Z', waitSeconds: 1800, hasOwner: true });
    expect(rig.owners.of(agent.id).state).toBe('LOCKED');
    expect(rig.state()['recovery_wait_seconds']).toBe('1800');
  });

  test('waits as long as configured', async () => {
    rig.close();
    rig = makeKillSwitchRig({ waits: { owner: 300, noOwner: 3600 } });
    await rig.masterPassword.setFirst(PASSWORD);
    pull();
    expect(await recover()).toMatchObject({ waitSeconds: 3600 });
    rig.killSwitch.cancelRecovery(null);
    rig.clock.advance(3600_000);
    await recover();
    rig.clock.advance(3600_000);
    await recover();
    const key = ethereumKey();
    await owned(key);
    pull();
    expect(await recover({ proof: await signed(key) })).toMatchObject({ waitSeconds: 300 });
  });

  test('is in the log and announced to everybody, with the way to stop it', async () => {
    await rig.killSwitch.start();
    pull();
    await recover();
    await rig.killSwitch.stop();
    expect(rig.said.at(-1)).toMatchObject({ type: 'KILL_SWITCH_RECOVERY_STARTED', text: expect.stringContaining('cancel it now') });
    expect(rig.events().at(-1)).toMatchObject({ kind: 'kill_switch', action: 'recovery_started' });
  });
});

describe('K2: where an owner is, the first step', () => {
  let key: OwnerKey;
  beforeEach(async () => {
    key = ethereumKey();
    await owned(key, { verified: true });
    pull();
  });
  const unmoved = async (request: Asked): Promise<string> => {
    const before = rig.state();
    const code = await refusal(request);
    expect(rig.state()).toEqual(before);
    return code;
  };

  test('without a signature is refused and changes nothing', async () => {
    expect(await unmoved({})).toBe('OWNER_AUTH_REQUIRED 401');
    expect(await unmoved({ withoutOwner: true })).toBe('OWNER_AUTH_REQUIRED 401');
    await expect(recover()).rejects.toMatchObject({ details: { withoutOwnerPossible: false } });
  });

  test('with a signature by another key, for another action, of a stranger, or used before is refused and changes nothing', async () => {
    const proof = await signed(key);
    const stranger = solanaKey();
    expect(await unmoved({ proof: { ...proof, signature: await ethereumKey().sign(proof.message) } })).toBe('INVALID_SIGNATURE 401');
    expect(await unmoved({ proof: await key.prove(await rig.proofs.challenge(key, 'cancel_recovery')) })).toBe('INVALID_SIGNATURE 401');
    expect(await unmoved({ proof: await signed(stranger) })).toBe('OWNER_MISMATCH 403');
    await recover({ proof });
    rig.killSwitch.cancelRecovery(null);
    expect(await unmoved({ proof })).toBe('INVALID_NONCE 401');
  });

  test('asks for the master password first', async () => {
    expect(await unmoved({ password: 'wrong password', source: WEB })).toBe('INVALID_MASTER_PASSWORD 401');
    expect(await unmoved({ password: 'wrong password', proof: await signed(key) })).toBe('INVALID_MASTER_PASSWORD 401');
    expect(await unmoved({ password: null, proof: await signed(key) })).toBe('MASTER_PASSWORD_REQUIRED 401');
  });

  test('the second takes the master password alone', async () => {
    await recover({ proof: await signed(key) });
    rig.clock.advance(30 * MINUTE);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });
});

describe('an owner who has never signed, whose address may be mistyped', () => {
  test('does not block the recovery for ever: the long wait takes the place of the signature, and everybody hears of it', async () => {
    await owned(ethereumKey());
    pull();
    await expect(recover()).rejects.toMatchObject({ code: 'OWNER_AUTH_REQUIRED', details: { withoutOwnerPossible: true } });
    expect(await recover({ withoutOwner: true })).toMatchObject({ waitSeconds: 86_400, hasOwner: false });
    expect(rig.events().at(-1)!['text']).toContain('WITHOUT the signature of an owner');
  });

  test('does where another owner has signed before', async () => {
    await owned(ethereumKey());
    await owned(solanaKey(), { verified: true });
    pull();
    expect(await refusal({ withoutOwner: true })).toBe('OWNER_AUTH_REQUIRED 401');
  });
});

describe('K3: while nothing is wrong', () => {
  test('there is nothing to recover from, whoever asks, and no password is looked at', async () => {
    for (const password of [PASSWORD, 'wrong password', null]) expect(await refusal({ password, source: WEB })).toBe('KILL_SWITCH_NOT_ACTIVE 409');
    for (let n = 0; n < 6; n += 1) await refusal({ password: 'wrong password', source: WEB });
    pull();
    expect(await recover({ source: WEB })).toMatchObject({ status: 'RECOVERING' });
  });

  test('there is no recovery to cancel, also while the kill switch is on', async () => {
    expect(await refusalOf(() => rig.killSwitch.cancelRecovery(null))).toBe('KILL_SWITCH_NOT_ACTIVE 409');
    pull();
    expect(await refusalOf(() => rig.killSwitch.cancelRecovery(null))).toBe('INVALID_RECOVERY_STATE 409');
    expect(await refusal({ step: 2 })).toBe('INVALID_RECOVERY_STATE 409');
  });
});

describe('K4: the second step before its time', () => {
  beforeEach(async () => {
    pull();
    await recover();
  });

  test('is refused with what remains, which decreases and nothing else moves', async () => {
    const before = rig.state();
    for (const [ms, left] of [
      [0, 86_400],
      [1, 86_400],
      [999, 86_399],
      [MINUTE, 86_339],
    ] as const) {
      rig.clock.advance(ms);
      await expect(recover()).rejects.toMatchObject({
        code: 'RECOVERY_WAIT_REQUIRED',
        status: 409,
        retryable: true,
        details: { recoveryEligibleAt: '2026-11-21T09:00:00.000Z', remainingSeconds: left },
      });
    }
    expect(rig.state()).toEqual(before);
  });

  test('with wrong passwords moves neither state nor wait, and locks their source only', async () => {
    const before = rig.state();
    for (let n = 1; n <= 4; n += 1) expect(await refusal({ password: 'wrong password', source: WEB })).toBe('INVALID_MASTER_PASSWORD 401');
    expect(await refusal({ password: 'wrong password', source: WEB })).toBe('TOO_MANY_ATTEMPTS 429');
    expect(await refusal({ source: WEB })).toBe('TOO_MANY_ATTEMPTS 429');
    expect(rig.state()).toEqual(before);
    expect(await refusal()).toBe('RECOVERY_WAIT_REQUIRED 409');
  });

  test('that asks for the first step is told that there is one already, with what remains', async () => {
    rig.clock.advance(MINUTE);
    await expect(recover({ step: 1 })).rejects.toMatchObject({ code: 'RECOVERY_ALREADY_STARTED', status: 409, retryable: false, details: { remainingSeconds: 86_340 } });
    const key = ethereumKey();
    await expect(recover({ proof: await signed(key) })).rejects.toMatchObject({ code: 'RECOVERY_ALREADY_STARTED', details: { remainingSeconds: 86_340 } });
    expect(remaining()).toBe(86_340);
  });

  test('is told so before anybody looks for a signature', async () => {
    rig.store.db.exec("UPDATE system_state SET value = '\"NORMAL\"' WHERE key = 'kill_switch_status'");
    const key = ethereumKey();
    await owned(key);
    pull();
    await recover({ proof: await signed(key) });
    expect(await refusal({ step: 1 })).toBe('RECOVERY_ALREADY_STARTED 409');
    const other = await signed(ethereumKey());
    expect(await refusal({ proof: { ...other, signature: '0x' } })).toBe('RECOVERY_ALREADY_STARTED 409');
  });
});

describe('K5: the second step in time', () => {
  test('at exactly the announced moment ends it, a millisecond before does not', async () => {
    pull();
    await recover();
    rig.clock.advance(DAY - 1);
    expect(await refusal()).toBe('RECOVERY_WAIT_REQUIRED 409');
    rig.clock.advance(1);
    expect(await recover()).toEqual({ status: 'NORMAL', recovered: true, timestamp: '2026-11-21T09:00:00.000Z', agentsReactivated: 0 });
    rig.guard.assertOperational();
  });

  test('gives back what the kill switch took from agents, and nothing else: sessions stay revoked', async () => {
    const alice = rig.agents.add({ name: 'alice', role: 'FE' });
    const carol = rig.agents.add({ name: 'carol', role: 'AI' });
    const { token } = await rig.sessions.create(alice);
    rig.store.db.prepare("UPDATE agents SET status = 'suspended', status_reason = 'by hand: KILL_SWITCH: drill' WHERE id = ?").run(carol.id);
    pull();
    await recover();
    rig.clock.advance(DAY);
    expect(await recover()).toMatchObject({ agentsReactivated: 1 });
    expect(byName(rig.agents.list()).map(({ name, status, statusReason }) => [name, status, statusReason])).toEqual([
      ['alice', 'active', null],
      ['carol', 'suspended', 'by hand: KILL_SWITCH: drill'],
    ]);
    expect(await refusalOf(rig.sessions.verify(token))).toBe('SESSION_REVOKED 401');
    await rig.sessions.verify((await rig.sessions.create(rig.agents.find('alice'))).token);
  });

  test('leaves nothing of it behind, and the kill switch can be pulled again', async () => {
    pull();
    await recover();
    rig.clock.advance(DAY);
    await recover();
    expect(rig.state()).toMatchObject({
      kill_switch_status: '"NORMAL"',
      kill_switch_activated_at: 'null',
      kill_switch_reason: 'null',
      kill_switch_actor: 'null',
      recovery_eligible_at: 'null',
      recovery_wait_seconds: 'null',
    });
    expect(await refusal()).toBe('KILL_SWITCH_NOT_ACTIVE 409');
    rig.killSwitch.activate({ reason: 'again', actor: 'system' });
    expect(await recover()).toMatchObject({ recoveryEligibleAt: '2026-11-22T09:00:00.000Z' });
  });

  test('of two at once, one ends it and the other is told that it is over', async () => {
    pull();
    await recover();
    rig.clock.advance(DAY);
    const outcomes = await Promise.allSettled([recover(), recover()]);
    expect(outcomes).toMatchObject([{ status: 'fulfilled', value: { status: 'NORMAL' } }, { status: 'rejected', reason: { code: 'KILL_SWITCH_NOT_ACTIVE' } }]);
  });
});

describe('K6: two first steps at once', () => {
  test('start one recovery; the other is told so', async () => {
    pull();
    const outcomes = await Promise.allSettled([recover(), recover()]);
    expect(outcomes).toMatchObject([
      { status: 'fulfilled', value: { status: 'RECOVERING', waitSeconds: 86_400 } },
      { status: 'rejected', reason: { code: 'RECOVERY_ALREADY_STARTED', details: { remainingSeconds: 86_400 } } },
    ]);
  });

  test('each with its own signature, too', async () => {
    const key = solanaKey();
    await owned(key);
    pull();
    const proofs = [await signed(key), await signed(key)];
    const outcomes = await Promise.allSettled(proofs.map(async (proof) => recover({ proof })));
    const ends: string[] = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.status : outcome.reason.code));
    expect(ends.toSorted()).toEqual(['RECOVERING', 'RECOVERY_ALREADY_STARTED']);
  });
});

describe('K7: a restart in the middle', () => {
  beforeEach(async () => {
    await rig.killSwitch.start();
    pull();
    await recover();
    rig.clock.advance(60 * MINUTE);
  });
  const restart = async (): Promise<void> => {
    await rig.killSwitch.stop();
    rig.killSwitch = rig.start();
    await rig.killSwitch.start();
  };
  const crash = async (): Promise<void> => {
    rig.killSwitch = rig.start();
    await rig.killSwitch.start();
  };

  test.each([
    ['an orderly one', restart],
    ['a crash', crash],
  ])('keeps state and deadline: %s', async (_what, again) => {
    rig.clock.advance(30_000);
    await again();
    expect(rig.killSwitch.status()).toMatchObject({ state: 'RECOVERING', recoveryEligibleAt: '2026-11-21T09:00:00.000Z', remainingSeconds: 86_400 - 3630 });
  });

  test('counts the time in between while the machine ran', async () => {
    await rig.killSwitch.stop();
    rig.clock.advance(DAY - 60 * MINUTE);
    rig.killSwitch = rig.start();
    await rig.killSwitch.start();
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });

  test('writes down what is left once a minute, not more often, and only while it matters', async () => {
    let writes = 0;
    rig.store.db.function('noticed', () => {
      writes += 1;
    });
    rig.store.db.exec("CREATE TEMP TRIGGER notice AFTER INSERT ON system_state WHEN new.key = 'recovery_progress' BEGIN SELECT noticed(); END");
    rig.clock.advance(10 * MINUTE);
    expect(writes).toBe(10);
    rig.killSwitch.cancelRecovery(null);
    writes = 0;
    rig.clock.advance(10 * MINUTE);
    expect(writes).toBe(0);
  });
});

describe('K8: what is stored about the recovery, missing or damaged,', () => {
  test.each([
    ['recovery_eligible_at', null],
    ['recovery_eligible_at', 'null'],
    ['recovery_eligible_at', '"soon"'],
    ['recovery_eligible_at', 'NaN'],
    ['recovery_eligible_at', '0'],
    ['recovery_wait_seconds', null],
    ['recovery_wait_seconds', '-1'],
    ['recovery_has_owner', null],
    ['recovery_progress', null],
    ['recovery_progress', '{"left_ms":0}'],
  ])('%s = %j, lets nobody through; cancelling and starting again does', async (key, value) => {
    pull();
    await recover();
    rig.setState(key, value);
    rig.clock.advance(100 * DAY);
    await expect(recover()).rejects.toMatchObject({ code: 'INVALID_RECOVERY_STATE', status: 409, message: expect.stringContaining('cancel-recovery') });
    expect(rig.killSwitch.status()).toMatchObject({ state: 'RECOVERING', recoveryEligibleAt: null, remainingSeconds: null });
    rig.killSwitch.cancelRecovery(null);
    expect(await recover()).toMatchObject({ waitSeconds: 86_400 });
    rig.clock.advance(DAY);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });
});

describe('K9: a clock that is moved', () => {
  beforeEach(async () => {
    await rig.killSwitch.start();
    pull();
    await recover();
  });
  const restartAfter = async (change: () => void): Promise<void> => {
    await rig.killSwitch.stop();
    change();
    rig.killSwitch = rig.start();
    await rig.killSwitch.start();
  };

  test.each([
    ['forward', 40 * DAY],
    ['back', -40 * DAY],
  ])('%s while running neither skips nor prolongs the wait', async (_direction, by) => {
    rig.clock.advance(60 * MINUTE);
    rig.clock.jump(by);
    expect(remaining()).toBe(86_400 - 3600);
    rig.clock.advance(DAY - 60 * MINUTE - 1);
    expect(await refusal()).toBe('RECOVERY_WAIT_REQUIRED 409');
    rig.clock.advance(1);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });

  test.each([
    ['forward', 40 * DAY],
    ['back', -40 * DAY],
  ])('%s while the program is stopped neither skips the wait nor adds more than the pause', async (_direction, by) => {
    rig.clock.advance(60 * MINUTE);
    await restartAfter(() => {
      rig.clock.advance(5 * MINUTE);
      rig.clock.jump(by);
    });
    expect(remaining()).toBe(by > 0 ? 86_400 - 3900 : 86_400 - 3600);
    rig.clock.advance(DAY);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });

  test('back after a restart, before anybody has looked, takes nothing away', async () => {
    rig.clock.advance(60 * MINUTE);
    await restartAfter(() => undefined);
    rig.clock.advance(30_000);
    rig.clock.jump(-40 * DAY);
    expect(remaining()).toBe(86_400 - 3630);
  });

  test('makes the announced time follow, so that what is shown stays true', async () => {
    rig.clock.jump(10 * DAY);
    expect(rig.killSwitch.status().recoveryEligibleAt).toBe('2026-12-01T09:00:00.000Z');
    rig.clock.advance(MINUTE);
    expect(rig.state()['recovery_eligible_at']).toBe(String(Date.UTC(2026, 11, 1, 9) / 1000));
  });

  test('by sleep counts: the machine was there', async () => {
    rig.clock.sleep(8 * 60 * MINUTE);
    expect(remaining()).toBe(16 * 3600);
  });

  test('by being switched off does not count, whatever the clock says afterwards', async () => {
    rig.clock.advance(60 * MINUTE);
    await restartAfter(() => rig.clock.reboot(400 * DAY));
    expect(remaining()).toBe(86_400 - 3600);
    rig.clock.advance(DAY - 60 * MINUTE);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });

  test('by being switched off after an orderly stop loses nothing of the time before', async () => {
    rig.clock.advance(60 * MINUTE + 59_000);
    await restartAfter(() => rig.clock.reboot(0));
    expect(remaining()).toBe(86_400 - 3659);
  });

  test('when the power fails, at most a minute is lost', async () => {
    rig.clock.advance(60 * MINUTE + 59_000);
    rig.clock.reboot(0);
    rig.killSwitch = rig.start();
    await rig.killSwitch.start();
    expect(remaining()).toBe(86_400 - 3600);
  });
});

describe('K10: owners while the wait runs', () => {
  test('an owner who appears does not change it: what counted at the first step counts', async () => {
    pull();
    await recover();
    const agent = rig.store.db.prepare("INSERT INTO agents (id, name, role, created_at, owner_chain, owner_address, owner_verified) VALUES ('x','x','FE',1,'solana','vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPTg',1)");
    agent.run();
    expect(rig.killSwitch.status()).toMatchObject({ hasOwner: false, waitSeconds: 86_400 });
    rig.clock.advance(DAY);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });

  test('an owner who disappears does not either', async () => {
    const key = ethereumKey();
    await owned(key);
    pull();
    await recover({ proof: await signed(key) });
    rig.store.db.exec('UPDATE agents SET owner_verified = 0, owner_address = NULL, owner_chain = NULL');
    expect(rig.killSwitch.status()).toMatchObject({ hasOwner: true, waitSeconds: 1800 });
    rig.clock.advance(30 * MINUTE);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
  });
});

describe('K10: a configuration that changes while the wait runs', () => {
  test.each([
    ['shorter', { owner: 300, noOwner: 3600 }],
    ['longer', { owner: 86_400, noOwner: 604_800 }],
  ])('to a %s wait counts for the next recovery only', async (_what, waits) => {
    pull();
    await recover();
    await rig.killSwitch.stop();
    const again = rig.start({ waits });
    await again.start();
    expect(again.status()).toMatchObject({ waitSeconds: 86_400, remainingSeconds: 86_400 });
    rig.clock.advance(DAY - 1);
    expect(await refusalOf(again.recover(rig.withPassword()))).toBe('RECOVERY_WAIT_REQUIRED 409');
    rig.clock.advance(1);
    expect(await again.recover(rig.withPassword())).toMatchObject({ status: 'NORMAL' });
    again.activate({ reason: 'again', actor: 'admin' });
    expect(await again.recover(rig.withPassword())).toMatchObject({ waitSeconds: waits.noOwner });
    await again.stop();
  });
});

describe('K11: no step waits inside its request', () => {
  test('each is answered while the clock stands still', async () => {
    const now = rig.clock.monotonic();
    pull();
    expect(await recover()).toMatchObject({ status: 'RECOVERING' });
    expect(await refusal()).toBe('RECOVERY_WAIT_REQUIRED 409');
    expect(await refusal({ password: 'wrong password' })).toBe('INVALID_MASTER_PASSWORD 401');
    expect(rig.clock.monotonic()).toBe(now);
    rig.clock.advance(DAY);
    expect(await recover()).toMatchObject({ status: 'NORMAL' });
    expect(rig.clock.monotonic()).toBe(now + DAY);
  });
});

describe('K12: cancelling the recovery', () => {
  test('keeps the kill switch on; the next one waits from its own beginning', async () => {
    await rig.killSwitch.start();
    pull();
    await recover();
    rig.clock.advance(DAY - 1);
    expect(rig.killSwitch.cancelRecovery(null)).toMatchObject({ state: 'ACTIVATED', activatedAt: '2026-11-20T09:00:00.000Z', reason: 'test', recoveryEligibleAt: null });
    expect(rig.state()).toMatchObject({ recovery_eligible_at: 'null', recovery_wait_seconds: 'null' });
    rig.clock.advance(1);
    expect(await recover()).toMatchObject({ status: 'RECOVERING', recoveryEligibleAt: '2026-11-22T09:00:00.000Z' });
    expect(remaining()).toBe(86_400);
    expect(await refusal()).toBe('RECOVERY_WAIT_REQUIRED 409');
    await rig.killSwitch.stop();
    expect(rig.said.map(({ type }) => type)).toEqual(['KILL_SWITCH_ACTIVATED', 'KILL_SWITCH_RECOVERY_STARTED', 'KILL_SWITCH_RECOVERY_CANCELLED', 'KILL_SWITCH_RECOVERY_STARTED']);
    expect(rig.events().map(({ action }) => action)).toContain('recovery_cancelled');
  });

  test('is possible for an owner by signature, for nobody else’s', async () => {
    const key = ethereumKey();
    await owned(key);
    pull();
    await recover({ proof: await signed(key) });
    const cancel = async (who: OwnerKey) => rig.killSwitch.cancelRecovery(await rig.proofs.check(await who.prove(await rig.proofs.challenge(who, 'cancel_recovery')), 'cancel_recovery'));
    expect(await refusalOf(cancel(solanaKey()))).toBe('OWNER_MISMATCH 403');
    expect(rig.killSwitch.status().state).toBe('RECOVERING');
    expect(await cancel(key)).toMatchObject({ state: 'ACTIVATED' });
  });
});

describe('without a master password', () => {
  test('recovering says how to set one, and works afterwards', async () => {
    rig.setState('master_password', null);
    pull();
    await expect(recover()).rejects.toMatchObject({ code: 'MASTER_PASSWORD_NOT_SET', message: expect.stringContaining('wheelhouse master-password set') });
    await rig.masterPassword.setFirst('a first password');
    expect(await recover({ password: 'a first password' })).toMatchObject({ status: 'RECOVERING' });
  });
});
