import { parseOptions } from '@node-rs/argon2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MasterPassword, PASSWORD_COST } from '../../../main/access/master-password.ts';
import { makeKillSwitchRig, PASSWORD, PERSON, refusalOf, WEB } from '../../support/kill-switch-rig.ts';

let rig: ReturnType<typeof makeKillSwitchRig>;
let master: MasterPassword;
beforeEach(() => {
  rig = makeKillSwitchRig();
  master = rig.masterPassword;
});
afterEach(() => rig.close());

describe('the first master password', () => {
  test('is set once, is right afterwards, and everything else is wrong', async () => {
    expect(master.isSet()).toBe(false);
    await master.setFirst(PASSWORD);
    expect(master.isSet()).toBe(true);
    await master.verify(PASSWORD, WEB);
    for (const wrong of [`${PASSWORD} `, PASSWORD.toUpperCase(), 'incorrect horse']) expect(await refusalOf(master.verify(wrong, PERSON))).toBe('INVALID_MASTER_PASSWORD 401');
    expect(await refusalOf(master.setFirst('another password'))).toBe('MASTER_PASSWORD_ALREADY_SET 409');
    await master.verify(PASSWORD, WEB);
  });

  test('of two at once, one wins', async () => {
    const both = await Promise.allSettled([master.setFirst('first password'), master.setFirst('second password')]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await master.verify('first password', WEB);
  });

  test('is missed with the cure, before anything is counted', async () => {
    for (let n = 0; n < 6; n += 1) await expect(master.verify(PASSWORD, WEB)).rejects.toMatchObject({ code: 'MASTER_PASSWORD_NOT_SET', status: 409, message: expect.stringContaining('wheelhouse master-password set') });
  });

  test.each([null, ''])('%j is no password', async (password) => {
    await master.setFirst(PASSWORD);
    expect(await refusalOf(master.verify(password, WEB))).toBe('MASTER_PASSWORD_REQUIRED 401');
  });

  test.each(['short', '1234567', 'x'.repeat(1025), '한글일곱자네요'])('%j has a length that no password has, which is no attempt', async (password) => {
    await expect(master.setFirst(password)).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(/8 to 1024 characters; this has \d+/) });
    await master.setFirst(PASSWORD);
    for (let n = 0; n < 6; n += 1) expect(await refusalOf(master.verify(password, WEB))).toBe('INPUT_INVALID 400');
  });

  test('eight letters of any script are enough, however the system composes them', async () => {
    await master.setFirst('비밀번호여덟글자'.normalize('NFD'));
    await master.verify('비밀번호여덟글자', WEB);
  });
});

describe('what is kept of it', () => {
  test('is an Argon2id hash of 64 MiB, three passes, four lanes by default, and no text of it anywhere', async () => {
    const real = new MasterPassword({ store: rig.store, clock: rig.clock, revokeSessions: () => 0 });
    await real.setFirst(PASSWORD);
    const hash = rig.state()['master_password']!;
    expect(hash).toMatch(/^\$argon2id\$v=19\$/);
    expect(parseOptions(hash)).toMatchObject({ memoryCost: 65_536, timeCost: 3, parallelism: 4, outputLen: 32, saltLen: 16 });
    expect(PASSWORD_COST).toEqual({ memoryKib: 65_536, passes: 3, lanes: 4 });
    expect(JSON.stringify([rig.state(), rig.events()])).not.toContain(PASSWORD);
    await real.verify(PASSWORD, WEB);
  });

  test('does not stop the event loop while it is checked', async () => {
    const real = new MasterPassword({ store: rig.store, clock: rig.clock, revokeSessions: () => 0 });
    const setting = real.setFirst(PASSWORD);
    let turns = 0;
    let done = false;
    void setting.then(() => (done = true));
    while (!done) {
      await new Promise((next) => setImmediate(next));
      turns += 1;
    }
    expect(turns).toBeGreaterThan(10);
  });

  test('fits nobody when it is damaged, and the cure is said', async () => {
    rig.setState('master_password', 'scribble');
    await expect(master.verify(PASSWORD, WEB)).rejects.toMatchObject({ code: 'DATABASE_CORRUPT', message: expect.stringContaining('master-password reset') });
    expect(await refusalOf(master.setFirst(PASSWORD))).toBe('MASTER_PASSWORD_ALREADY_SET 409');
  });
});

describe('attempts', () => {
  beforeEach(async () => master.setFirst(PASSWORD));

  test('four wrong ones count up, the fifth locks for half an hour, and the right one is refused meanwhile', async () => {
    for (const failedAttempts of [1, 2, 3, 4]) await expect(master.verify('wrong password', WEB)).rejects.toMatchObject({ code: 'INVALID_MASTER_PASSWORD', details: { failedAttempts } });
    expect(await refusalOf(master.verify('wrong password', WEB))).toBe('TOO_MANY_ATTEMPTS 429');
    expect(await refusalOf(master.verify(PASSWORD, WEB))).toBe('TOO_MANY_ATTEMPTS 429');
    await master.verify(PASSWORD, PERSON);
    rig.clock.advance(30 * 60_000);
    await master.verify(PASSWORD, WEB);
    await expect(master.verify('wrong password', WEB)).rejects.toMatchObject({ details: { failedAttempts: 1 } });
    expect(rig.events().filter(({ action }) => action === 'master_password_locked')).toHaveLength(1);
  });

  test('of many at once five are checked', async () => {
    const refusals = await Promise.all(Array.from({ length: 20 }, async () => refusalOf(master.verify('wrong password', WEB))));
    expect(refusals.filter((refusal) => refusal === 'TOO_MANY_ATTEMPTS 429').length).toBeGreaterThanOrEqual(15);
    expect(await refusalOf(master.verify(PASSWORD, WEB))).toBe('TOO_MANY_ATTEMPTS 429');
  });
});

describe('changing it', () => {
  beforeEach(async () => master.setFirst(PASSWORD));

  test('takes the present one', async () => {
    expect(await refusalOf(master.change(rig.withPassword('wrong password', WEB).authorize, 'new password'))).toBe('INVALID_MASTER_PASSWORD 401');
    expect(await refusalOf(master.change(rig.withPassword(null, WEB).authorize, 'new password'))).toBe('MASTER_PASSWORD_REQUIRED 401');
    expect(await refusalOf(master.change(rig.withPassword(PASSWORD, WEB).authorize, 'short'))).toBe('INPUT_INVALID 400');
    await master.change(rig.withPassword(PASSWORD, WEB).authorize, 'new password');
    await master.verify('new password', WEB);
    expect(await refusalOf(master.verify(PASSWORD, WEB))).toBe('INVALID_MASTER_PASSWORD 401');
  });

  test('of two at once one wins and the other is told', async () => {
    const both = await Promise.allSettled([master.change(rig.withPassword(PASSWORD, PERSON).authorize, 'first password'), master.change(rig.withPassword(PASSWORD, PERSON).authorize, 'second password')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: expect.stringMatching(/CONFLICT|INVALID_MASTER_PASSWORD/) } });
  });
});

describe('a forgotten one', () => {
  test('is replaced; every session ends, agents and everything else stay', async () => {
    await master.setFirst(PASSWORD);
    const alice = rig.agents.add({ name: 'alice', role: 'FE' });
    const { token } = await rig.sessions.create(alice);
    expect(await rig.killSwitch.resetMasterPassword('a new password')).toEqual({ sessionsRevoked: 1 });
    await master.verify('a new password', WEB);
    expect(await refusalOf(rig.sessions.verify(token))).toBe('SESSION_REVOKED 401');
    expect(rig.agents.list()).toMatchObject([{ name: 'alice', status: 'active' }]);
    expect(rig.killSwitch.status().state).toBe('NORMAL');
    expect(rig.events().at(-1)).toMatchObject({ action: 'master_password_reset' });
  });

  test('does not shorten a recovery: the wait begins anew', async () => {
    await master.setFirst(PASSWORD);
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    await rig.killSwitch.recover(rig.withPassword(PASSWORD, WEB));
    rig.clock.advance(86_400_000);
    await rig.killSwitch.resetMasterPassword('a new password');
    expect(rig.killSwitch.status()).toMatchObject({ state: 'ACTIVATED', recoveryEligibleAt: null });
    expect(await rig.killSwitch.recover(rig.withPassword('a new password', WEB))).toMatchObject({ status: 'RECOVERING', waitSeconds: 86_400 });
  });
});
