import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OwnerAction, OwnerChallenge, OwnerProof } from '../../../preload/contract.ts';
import { adminOf, outcome } from '../../support/admin-http.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { ethereumKey, solanaKey, type OwnerKey } from '../../support/owner-keys.ts';
import { startCore, type TestCore } from '../../support/start-core.ts';

const PASSWORD = 'correct horse battery';
const MINUTE = 60_000;

let clock: FakeClock;
let core: TestCore;
let admin: ReturnType<typeof adminOf>;
let agentId: string;
beforeEach(async () => {
  clock = new FakeClock();
  core = await startCore({ clock });
  admin = adminOf(core);
  await core.call('masterPassword.set', { password: PASSWORD });
  ({ agentId } = await core.agent('alice', 'FE'));
});
afterEach(() => core.stop());

/** The text that the core wants signed, over HTTP as an owner gets it. */
async function challenge(key: OwnerKey, action: OwnerAction): Promise<OwnerChallenge> {
  const query = new URLSearchParams({ chain: key.chain, address: key.address, action });
  return (await admin.get(`/v1/auth/nonce?${query.toString()}`)).body as unknown as OwnerChallenge;
}
const signed = async (key: OwnerKey, action: OwnerAction) => key.prove(await challenge(key, action));
const change = async (owner: object | null, more: object = {}) => admin.send('PATCH', `/v1/agents/${agentId}`, { body: { masterPassword: PASSWORD, owner }, ...more });
const verify = async (proof: OwnerProof) => admin.post(`/v1/agents/${agentId}/owner/verify`, { proof });
const state = async () => (await core.call('owners.list', {})).owners[0]!.state;

describe.each([
  ['Ethereum', ethereumKey, solanaKey],
  ['Solana', solanaKey, ethereumKey],
] as const)('an owner on %s', (_chain, newKey, otherChain) => {
  test('goes the whole way over HTTP: registered, verified, replaced by consent, never removed', async () => {
    const [first, second] = [newKey(), newKey()];
    expect(await change({ address: first.address, chain: first.chain })).toMatchObject({ status: 200, body: { state: 'GRACE', address: first.address } });
    expect(await verify(await signed(first, 'verify_owner'))).toMatchObject({ status: 200, body: { state: 'LOCKED' } });

    expect(outcome(await change({ address: second.address }))).toBe('403 OWNER_AUTH_REQUIRED');
    expect(outcome(await change({ address: second.address }, { proof: await signed(second, 'change_owner') }))).toBe('403 OWNER_MISMATCH');
    expect(outcome(await change(null))).toBe('403 OWNER_LOCKED');
    expect(await change({ address: second.address }, { proof: await signed(first, 'change_owner') })).toMatchObject({ status: 200, body: { state: 'LOCKED', address: second.address } });
    expect(outcome(await change({ address: first.address }, { proof: await signed(first, 'change_owner') }))).toBe('403 OWNER_MISMATCH');
  });

  test('who has not signed is removed with the master password and nothing less', async () => {
    const key = newKey();
    expect(outcome(await change({ address: key.address }, { body: { owner: { address: key.address } } }))).toBe('401 MASTER_PASSWORD_REQUIRED');
    expect(outcome(await change({ address: key.address }, { body: { masterPassword: 'wrong password', owner: { address: key.address } } }))).toBe('401 INVALID_MASTER_PASSWORD');
    expect(await state()).toBe('NONE');
    await change({ address: key.address });
    expect(outcome(await change(null, { body: { owner: null } }))).toBe('401 MASTER_PASSWORD_REQUIRED');
    expect(await change(null)).toMatchObject({ status: 200, body: { state: 'NONE', address: null } });
  });

  test('proves nothing with a signature that was used, is old, is for something else, or is somebody else’s', async () => {
    const key = newKey();
    await change({ address: key.address });
    const old = await signed(key, 'verify_owner');
    clock.advance(5 * MINUTE);
    expect(outcome(await verify(old))).toBe('401 INVALID_SIGNATURE');
    expect(outcome(await verify(await signed(key, 'recover')))).toBe('401 INVALID_SIGNATURE');
    const text = await challenge(key, 'verify_owner');
    expect(outcome(await verify({ ...(await newKey().prove(text)), address: key.address }))).toBe('401 INVALID_SIGNATURE');
    expect(outcome(await verify(await signed(newKey(), 'verify_owner')))).toBe('403 OWNER_MISMATCH');
    expect(outcome(await verify(await signed(otherChain(), 'verify_owner')))).toBe('403 OWNER_MISMATCH');
    expect(outcome(await verify({ ...(await signed(key, 'verify_owner')), nonce: 'f'.repeat(32) }))).toBe('401 INVALID_SIGNATURE');
    expect(await state()).toBe('GRACE');

    const good = await signed(key, 'verify_owner');
    expect(await verify(good)).toMatchObject({ status: 200, body: { state: 'LOCKED' } });
    expect(outcome(await verify(good))).toBe('401 INVALID_NONCE');
  });
});

test('an address that nobody can have, or that has another form, is refused with what is wrong', async () => {
  const problems = {
    '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed': 'capitals',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee': 'checksum',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe': 'form',
    vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPT0: 'letters',
    vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPT: 'length',
    '4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T': 'key',
  };
  for (const [address, problem] of Object.entries(problems)) {
    const answer = await change({ address });
    expect([address, outcome(answer)]).toEqual([address, '400 INPUT_INVALID']);
    expect(answer.body.error?.details).toMatchObject({ field: 'address', problem });
  }
  for (const owner of [{}, { address: 7 }, { address: '' }, { address: 'x', chain: 'bitcoin' }, { address: 'x', more: 1 }, '0x', []]) {
    expect([owner, outcome(await change(owner as object))]).toEqual([owner, '400 INPUT_INVALID']);
  }
  expect(await state()).toBe('NONE');
});

test('without an owner there is nobody to verify, and of an unknown agent nothing', async () => {
  const key = ethereumKey();
  expect(outcome(await verify(await signed(key, 'verify_owner')))).toBe('404 NO_OWNER');
  expect(outcome(await admin.send('PATCH', '/v1/agents/nobody', { body: { masterPassword: PASSWORD, owner: null } }))).toBe('404 AGENT_NOT_FOUND');
});
