import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Agent } from '../../../main/access/agents.ts';
import type { OwnerProof } from '../../../main/access/owner-proof.ts';
import { ownerTransition, resolveOwnerState } from '../../../main/access/owner-state.ts';
import { makeKillSwitchRig, PASSWORD, refusalOf } from '../../support/kill-switch-rig.ts';
import { ethereumKey, solanaKey, type OwnerKey } from '../../support/owner-keys.ts';

describe('the state of an owner', () => {
  test.each([
    [null, false, 'NONE'],
    [null, true, 'NONE'],
    ['', true, 'NONE'],
    ['0xabc', false, 'GRACE'],
    ['0xabc', true, 'LOCKED'],
  ] as const)('address %j, verified %s: %s', (ownerAddress, ownerVerified, state) => {
    expect(resolveOwnerState({ ownerAddress, ownerVerified })).toBe(state);
  });

  test.each([
    ['NONE', 'set', 'GRACE', 'master', 'OWNER_REGISTERED'],
    ['GRACE', 'set', 'GRACE', 'master', 'OWNER_ADDRESS_CHANGED'],
    ['GRACE', 'remove', 'NONE', 'master', 'OWNER_REMOVED'],
    ['GRACE', 'verify', 'LOCKED', 'owner', 'OWNER_VERIFIED'],
    ['LOCKED', 'set', 'LOCKED', 'both', 'OWNER_ADDRESS_CHANGED'],
  ] as const)('%s %s: %s, by %s', (from, action, to, needs, event) => {
    expect(ownerTransition(from, action)).toEqual({ to, needs, event });
  });

  test.each([
    ['NONE', 'remove', 'unchanged'],
    ['NONE', 'verify', 'NO_OWNER'],
    ['LOCKED', 'remove', 'OWNER_LOCKED'],
    ['LOCKED', 'verify', 'unchanged'],
  ] as const)('%s %s: %s', (from, action, outcome) => {
    expect(ownerTransition(from, action)).toBe(outcome);
  });
});

describe.each([
  ['Ethereum', ethereumKey, solanaKey],
  ['Solana', solanaKey, ethereumKey],
])('the owner of an agent, on %s', (_chain, newKey, otherChain) => {
  let rig: ReturnType<typeof makeKillSwitchRig>;
  let agent: Agent;
  let key: OwnerKey;
  beforeEach(async () => {
    rig = makeKillSwitchRig();
    await rig.masterPassword.setFirst(PASSWORD);
    agent = rig.agents.add({ name: 'alice', role: 'FE' });
    key = newKey();
  });
  afterEach(() => rig.close());

  const auth = (proof: OwnerProof | null = null, password = PASSWORD) => ({ ...rig.withPassword(password), proof });
  const verify = async (proof: OwnerProof) => rig.owners.verify(agent, await rig.proofs.check(proof, 'verify_owner'));
  const proofOf = async (who: OwnerKey, action: 'verify_owner' | 'change_owner') => who.prove(await rig.proofs.challenge(who, action));
  const actions = (): string[] => rig.events().filter(({ kind }) => kind === 'agent').map(({ action }) => action!);
  const lockedIn = async (): Promise<void> => {
    await rig.owners.set(agent, key, auth());
    await verify(await proofOf(key, 'verify_owner'));
  };

  test('is registered, changed and removed with the master password while nothing was signed', async () => {
    expect(rig.owners.of(agent.id)).toEqual({ agentId: agent.id, agentName: 'alice', state: 'NONE', chain: null, address: null });
    expect(rig.owners.any()).toBe(false);
    expect(await rig.owners.set(agent, key, auth())).toMatchObject({ state: 'GRACE', chain: key.chain, address: key.address });
    expect(rig.owners.any()).toBe(true);
    const next = otherChain();
    expect(await rig.owners.set(agent, next, auth())).toMatchObject({ state: 'GRACE', chain: next.chain, address: next.address });
    expect(await rig.owners.remove(agent, auth())).toMatchObject({ state: 'NONE', chain: null, address: null });
    expect(await rig.owners.remove(agent, auth())).toMatchObject({ state: 'NONE' });
    expect(actions()).toEqual(['added', 'owner_registered', 'owner_changed', 'owner_removed']);
  });

  test('registered again is no change', async () => {
    await rig.owners.set(agent, key, auth());
    await rig.owners.set(agent, key, auth());
    expect(actions()).toEqual(['added', 'owner_registered']);
  });

  test('is not touched by a wrong, missing or unset password', async () => {
    expect(await refusalOf(rig.owners.set(agent, key, auth(null, 'wrong password')))).toBe('INVALID_MASTER_PASSWORD 401');
    expect(await refusalOf(rig.owners.set(agent, key, auth(null, '')))).toBe('MASTER_PASSWORD_REQUIRED 401');
    await rig.owners.set(agent, key, auth());
    expect(await refusalOf(rig.owners.remove(agent, auth(null, 'wrong password')))).toBe('INVALID_MASTER_PASSWORD 401');
    expect(await refusalOf(rig.owners.set(agent, otherChain(), auth(null, 'wrong password')))).toBe('INVALID_MASTER_PASSWORD 401');
    expect(rig.owners.of(agent.id)).toMatchObject({ state: 'GRACE', address: key.address });
  });

  test('with an address that nobody can have is refused before anything else', async () => {
    expect(await refusalOf(rig.owners.set(agent, { ...key, address: `${key.address}0` }, auth(null, 'wrong password')))).toBe('INPUT_INVALID 400');
  });

  test('is locked in by a signature, once', async () => {
    await lockedIn();
    expect(rig.owners.of(agent.id).state).toBe('LOCKED');
    expect(rig.owners.anyVerified()).toBe(true);
    await verify(await proofOf(key, 'verify_owner'));
    expect(actions()).toEqual(['added', 'owner_registered', 'owner_verified']);
  });

  test('cannot be verified by anybody else, nor where there is none', async () => {
    expect(await refusalOf(verify(await proofOf(key, 'verify_owner')))).toBe('NO_OWNER 404');
    await rig.owners.set(agent, key, auth());
    expect(await refusalOf(verify(await proofOf(newKey(), 'verify_owner')))).toBe('OWNER_MISMATCH 403');
    expect(await refusalOf(verify(await proofOf(otherChain(), 'verify_owner')))).toBe('OWNER_MISMATCH 403');
    expect(await refusalOf(verify(await proofOf(key, 'change_owner')))).toBe('INVALID_SIGNATURE 401');
    expect(rig.owners.of(agent.id).state).toBe('GRACE');
  });

  test('locked in cannot be removed, and is replaced only with password and signature', async () => {
    await lockedIn();
    const next = otherChain();
    expect(await refusalOf(rig.owners.remove(agent, auth(await proofOf(key, 'change_owner'))))).toBe('OWNER_LOCKED 403');
    expect(await refusalOf(rig.owners.set(agent, next, auth()))).toBe('OWNER_AUTH_REQUIRED 403');
    expect(await refusalOf(rig.owners.set(agent, next, auth(await proofOf(key, 'verify_owner'))))).toBe('INVALID_SIGNATURE 401');
    expect(await refusalOf(rig.owners.set(agent, next, auth(await proofOf(next, 'change_owner'))))).toBe('OWNER_MISMATCH 403');
    expect(await refusalOf(rig.owners.set(agent, next, auth(await proofOf(key, 'change_owner'), 'wrong password')))).toBe('INVALID_MASTER_PASSWORD 401');
    expect(rig.owners.of(agent.id)).toMatchObject({ state: 'LOCKED', address: key.address });
    expect(await rig.owners.set(agent, next, auth(await proofOf(key, 'change_owner')))).toMatchObject({ state: 'LOCKED', address: next.address });
    expect(actions().at(-1)).toBe('owner_changed');
  });

  test('is not changed or verified by the owner of another agent, however good their signature is', async () => {
    await lockedIn();
    const other = rig.agents.add({ name: 'bob', role: 'BE' });
    const neighbour = newKey();
    await rig.owners.set(other, neighbour, auth());
    rig.owners.verify(other, await rig.proofs.check(await proofOf(neighbour, 'verify_owner'), 'verify_owner'));
    expect(await refusalOf(rig.owners.set(agent, newKey(), auth(await proofOf(neighbour, 'change_owner'))))).toBe('OWNER_MISMATCH 403');
    expect(await refusalOf(verify(await proofOf(neighbour, 'verify_owner')))).toBe('OWNER_MISMATCH 403');
    expect(rig.owners.of(agent.id)).toMatchObject({ state: 'LOCKED', address: key.address });
  });

  test('changed by somebody else in between is not changed again over their head', async () => {
    const outcomes = await Promise.allSettled([key, newKey()].map(async (who) => rig.owners.set(agent, who, auth())));
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'CONFLICT' } }]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: { address: rig.owners.of(agent.id).address } }]);
  });

  test('changed twice at once is changed once, also where there was one before', async () => {
    await rig.owners.set(agent, key, auth());
    const outcomes = await Promise.allSettled([newKey(), newKey()].map(async (who) => rig.owners.set(agent, who, auth())));
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('is not changed when the kill switch is pulled while the password is being checked', async () => {
    const authorize = async (): Promise<void> => void rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    expect(await refusalOf(rig.owners.set(agent, key, { authorize, proof: null }))).toBe('SYSTEM_LOCKED 503');
    expect(rig.owners.of(agent.id).state).toBe('NONE');
  });

  test('agrees to one change with one signature', async () => {
    await lockedIn();
    const second = rig.agents.add({ name: 'second', role: 'FE' });
    await rig.owners.set(second, key, auth());
    const proof = await proofOf(key, 'change_owner');
    rig.owners.verify(second, await rig.proofs.check(await proofOf(key, 'verify_owner'), 'verify_owner'));
    await rig.owners.set(agent, newKey(), auth(proof));
    expect(await refusalOf(rig.owners.set(second, newKey(), auth(proof)))).toBe('INVALID_NONCE 401');
    expect(rig.owners.of(second.id).address).toBe(key.address);
  });

  test('stays as it is while the kill switch is on', async () => {
    await rig.owners.set(agent, key, auth());
    rig.killSwitch.activate({ reason: 'test', actor: 'admin' });
    const refusals = [rig.owners.set(agent, newKey(), auth()), rig.owners.remove(agent, auth()), verify(await proofOf(key, 'verify_owner'))];
    for (const refused of refusals) expect(await refusalOf(refused)).toBe('SYSTEM_LOCKED 503');
    expect(rig.owners.of(agent.id)).toMatchObject({ state: 'GRACE', address: key.address });
  });
});
