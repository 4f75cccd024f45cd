import { beforeEach, describe, expect, test } from 'vitest';
import { LOCK_MS, PasswordLockout, PERSON, type PasswordSource } from '../../../main/access/password-lockout.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { refusalOf } from '../../support/kill-switch-rig.ts';

const from = (name: string): PasswordSource => ({ kind: 'remote', name });
const WEB = from('address 127.0.0.1');

let clock: FakeClock;
let lockout: PasswordLockout;
beforeEach(() => {
  clock = new FakeClock();
  lockout = new PasswordLockout(clock);
});

/** One wrong password; the refusal that the caller gets. */
async function fail(source: PasswordSource): Promise<string> {
  return refusalOf(() => {
    lockout.begin(source);
    throw lockout.refusal(source);
  });
}

describe('wrong passwords from one source', () => {
  test('are counted: four are refused with what is left, the fifth locks', async () => {
    for (const attemptsLeft of [4, 3, 2, 1]) {
      lockout.begin(WEB);
      const refusal = lockout.refusal(WEB);
      expect(refusal).toMatchObject({ code: 'INVALID_MASTER_PASSWORD', details: { failedAttempts: 5 - attemptsLeft, attemptsLeft } });
    }
    lockout.begin(WEB);
    expect(lockout.refusal(WEB)).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429, retryable: true, details: { retryAfterSec: 1800 } });
  });

  test('lock for thirty minutes from the fifth, not longer for trying on, and whatever the wall clock does', async () => {
    for (let n = 0; n < 5; n += 1) await fail(WEB);
    clock.advance(LOCK_MS - 1);
    clock.jump(LOCK_MS * 10);
    expect(() => lockout.begin(WEB)).toThrow(expect.objectContaining({ code: 'TOO_MANY_ATTEMPTS', details: { retryAfterSec: 1 } }));
    clock.jump(-LOCK_MS * 20);
    clock.advance(1);
    expect(await fail(WEB)).toBe('INVALID_MASTER_PASSWORD 401');
    expect(lockout.refusal(WEB).details).toMatchObject({ failedAttempts: 1 });
  });

  test('are forgotten after a right one, and half an hour after the last', async () => {
    for (let n = 0; n < 4; n += 1) await fail(WEB);
    lockout.begin(WEB);
    lockout.succeed(WEB);
    expect(await fail(WEB)).toBe('INVALID_MASTER_PASSWORD 401');
    expect(lockout.refusal(WEB).details).toMatchObject({ failedAttempts: 1 });
    for (let n = 0; n < 3; n += 1) await fail(WEB);
    clock.advance(LOCK_MS);
    await fail(WEB);
    expect(lockout.refusal(WEB).details).toMatchObject({ failedAttempts: 1 });
  });

  test('count while they are being checked, so that many at once get no more tries', () => {
    for (let n = 0; n < 5; n += 1) lockout.begin(WEB);
    expect(() => lockout.begin(WEB)).toThrow(expect.objectContaining({ code: 'TOO_MANY_ATTEMPTS' }));
  });

  test('do not count when nothing was learned about the password', async () => {
    for (let n = 0; n < 10; n += 1) {
      lockout.begin(WEB);
      lockout.withdraw(WEB);
    }
    expect(await fail(WEB)).toBe('INVALID_MASTER_PASSWORD 401');
  });
});

describe('others', () => {
  test('are not locked out: another address, and never the person at the machine', async () => {
    for (let n = 0; n < 5; n += 1) await fail(WEB);
    expect(await fail(from('address 10.0.0.7'))).toBe('INVALID_MASTER_PASSWORD 401');
    for (let n = 0; n < 20; n += 1) expect(await fail(PERSON)).toBe('INVALID_MASTER_PASSWORD 401');
  });
});
