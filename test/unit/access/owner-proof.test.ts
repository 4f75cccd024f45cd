import { createSiweMessage, parseSiweMessage } from 'viem/siwe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownerMessage } from '../../../main/access/owner-message.ts';
import type { OwnerProof } from '../../../main/access/owner-proof.ts';
import { makeKillSwitchRig, ORIGIN, PASSWORD, refusalOf } from '../../support/kill-switch-rig.ts';
import { ethereumKey, solanaKey, type OwnerKey } from '../../support/owner-keys.ts';

let rig: ReturnType<typeof makeKillSwitchRig>;
beforeEach(() => {
  rig = makeKillSwitchRig();
});
afterEach(() => rig.close());

/** Checks a proof and spends it, as every use does. */
async function use(proof: OwnerProof, action: 'recover' | 'verify_owner' = 'recover'): Promise<void> {
  const checked = await rig.proofs.check(proof, action);
  rig.store.transact((tx) => checked.spend(tx));
}

async function agentOf(key: OwnerKey, name = 'alice') {
  const agent = rig.agents.add({ name, role: 'FE' });
  if (!rig.masterPassword.isSet()) await rig.masterPassword.setFirst(PASSWORD);
  await rig.owners.set(agent, key, { ...rig.withPassword(), proof: null });
  return agent;
}

describe('the text to sign', () => {
  test('is EIP-4361: viem builds the same and reads every field back', () => {
    const { address } = ethereumKey();
    const issuedAt = Date.UTC(2026, 10, 20, 9, 0, 0, 123);
    const nonce = '0123456789abcdef0123456789abcdef';
    const fields = { domain: '127.0.0.1:3100', address: address as `0x${string}`, statement: 'Wheelhouse owner action: recover', uri: ORIGIN, version: '1', chainId: 1, nonce } as const;
    const dates = { issuedAt: new Date(issuedAt), expirationTime: new Date(issuedAt + 300_000) };
    const text = ownerMessage({ chain: 'ethereum', address, action: 'recover', origin: ORIGIN, nonce, issuedAt });
    expect(text).toBe(createSiweMessage({ ...fields, ...dates }));
    expect(parseSiweMessage(text)).toEqual({ ...fields, ...dates });
  });

  test('names Solana for Solana', () => {
    const { address } = solanaKey();
    const text = ownerMessage({ chain: 'solana', address, action: 'cancel_recovery', origin: 'http://[::1]:4000', nonce: 'n', issuedAt: 0 });
    expect(text.split('\n')).toEqual([
      '[::1]:4000 wants you to sign in with your Solana account:',
      address,
      '',
      'Wheelhouse owner action: cancel_recovery',
      '',
      'URI: http://[::1]:4000',
      'Version: 1',
      'Chain ID: mainnet',
      'Nonce: n',
      'Issued At: 1970-01-01T00:00:00.000Z',
      'Expiration Time: 1970-01-01T00:05:00.000Z',
    ]);
  });
});

describe.each([
  ['Ethereum', ethereumKey],
  ['Solana', solanaKey],
])('the proof of an owner on %s', (_chain, newKey) => {
  let key: OwnerKey;
  let proof: OwnerProof;
  beforeEach(async () => {
    key = newKey();
    await agentOf(key);
    proof = await key.prove(await rig.proofs.challenge(key, 'recover'));
  });

  test('is accepted once', async () => {
    await use(proof);
    expect(await refusalOf(use(proof))).toBe('INVALID_NONCE 401');
  });

  test('of two uses at once, one is accepted', async () => {
    const outcomes = await Promise.allSettled([use(proof), use(proof)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('is worth nothing for another action', async () => {
    expect(await refusalOf(use(proof, 'verify_owner'))).toBe('INVALID_SIGNATURE 401');
    await expect(rig.proofs.check({ ...proof, action: 'verify_owner' }, 'verify_owner')).rejects.toMatchObject({ details: { field: 'action' } });
  });

  test('made by another key is refused, and so is the address of another key', async () => {
    const thief = newKey();
    expect(await refusalOf(use({ ...proof, signature: await thief.sign(proof.message) }))).toBe('INVALID_SIGNATURE 401');
    await expect(use({ ...proof, address: thief.address })).rejects.toMatchObject({ code: 'INVALID_SIGNATURE', details: { field: 'address' } });
    const own = await thief.prove(await rig.proofs.challenge(thief, 'recover'));
    expect(await refusalOf(use(own))).toBe('OWNER_MISMATCH 403');
  });

  test('with any field outside that differs from the signed text is refused, and the field is named', async () => {
    const other = rig.nonces.issue().nonce;
    const changes: readonly (readonly [Partial<OwnerProof>, string])[] = [
      [{ action: 'verify_owner' }, 'action'],
      [{ nonce: other }, 'nonce'],
      [{ timestamp: new Date(Date.parse(proof.timestamp) + 1).toISOString() }, 'time of issue'],
      [{ chain: key.chain === 'solana' ? 'ethereum' : 'solana' }, 'domain'],
      [{ message: proof.message.replace('127.0.0.1:3100 wants', 'evil.example wants') }, 'domain'],
      [{ message: proof.message.replace(`URI: ${ORIGIN}`, 'URI: http://evil.example') }, 'URI'],
      [{ message: proof.message.replace('action: recover', 'action: cancel_recovery') }, 'action'],
      [{ message: proof.message.replace('Version: 1', 'Version: 2') }, 'version'],
      [{ message: proof.message.replace(/Chain ID: .*/, 'Chain ID: 5') }, 'chain ID'],
      [{ message: proof.message.replace(/Expiration Time: .*/, 'Expiration Time: 2099-01-01T00:00:00.000Z') }, 'expiry'],
      [{ message: proof.message.replace(/\nExpiration Time: .*/, '') }, 'expiry'],
      [{ message: `${proof.message}\nResources:\n- http://evil.example` }, 'what follows the expiry'],
      [{ message: `${proof.message} ` }, 'expiry'],
      [{ message: '' }, 'domain'],
    ];
    for (const [change, field] of changes) {
      await expect(use({ ...proof, ...change }), field).rejects.toMatchObject({ code: 'INVALID_SIGNATURE', details: { field } });
      // Also when the changed text is signed properly.
      const signature = await key.sign(change.message ?? proof.message);
      await expect(use({ ...proof, ...change, signature }), field).rejects.toMatchObject({ code: 'INVALID_SIGNATURE', details: { field } });
    }
    await use(proof);
  });

  test.each(['', '0x', '0x00', `0x${'00'.repeat(65)}`, `0x${'ff'.repeat(65)}`, '1'.repeat(64), 'O0Il', 'z'.repeat(5000), '서명'])('with the signature %j is refused', async (signature) => {
    await expect(use({ ...proof, signature })).rejects.toMatchObject({ code: 'INVALID_SIGNATURE', details: { field: 'signature' } });
  });

  test('is good for five minutes, before and after', async () => {
    rig.clock.advance(299_999);
    await rig.proofs.check(proof, 'recover');
    rig.clock.advance(1);
    await expect(use(proof)).rejects.toMatchObject({ code: 'INVALID_SIGNATURE', details: { field: 'timestamp' }, message: expect.stringContaining('five minutes') });
    rig.clock.jump(-600_000);
    await expect(use(proof)).rejects.toMatchObject({ details: { field: 'timestamp' } });
  });

  test.each(['', 'yesterday', '2026-11-20', '2026-11-20T09:00:00Z', '1795165200000'])('with the timestamp %j is refused', async (timestamp) => {
    await expect(use({ ...proof, timestamp })).rejects.toMatchObject({ details: { field: 'timestamp' } });
  });

  test('made for another address of this machine is refused: the port may be another program’s now', async () => {
    const { nonce, timestamp } = proof;
    const elsewhere = ownerMessage({ ...key, action: 'recover', origin: 'http://127.0.0.1:4000', nonce, issuedAt: Date.parse(timestamp) });
    await expect(use({ ...proof, message: elsewhere, signature: await key.sign(elsewhere) })).rejects.toMatchObject({ details: { field: 'domain' } });
  });

  test('with a nonce that was never issued is refused', async () => {
    const nonce = 'f'.repeat(32);
    const message = proof.message.replace(proof.nonce, nonce);
    expect(await refusalOf(use({ ...proof, nonce, message, signature: await key.sign(message) }))).toBe('INVALID_NONCE 401');
  });

  test('locks every agent of that owner in, and no other', async () => {
    const second = await agentOf(key, 'second');
    const other = await agentOf(newKey(), 'other');
    await use(proof);
    expect(Object.fromEntries(rig.owners.list().map(({ agentName, state }) => [agentName, state]))).toEqual({ alice: 'LOCKED', second: 'LOCKED', other: 'GRACE' });
    expect(rig.owners.of(second.id).state).toBe('LOCKED');
    expect(rig.owners.of(other.id).state).toBe('GRACE');
    expect(rig.events().filter(({ action }) => action === 'owner_verified')).toHaveLength(2);
  });
});

describe('a challenge', () => {
  test('is refused for an address that nobody can have', async () => {
    expect(await refusalOf(rig.proofs.challenge({ chain: 'solana', address: 'x' }, 'recover'))).toBe('INPUT_INVALID 400');
  });

  test('has everything that the proof needs, and says how long it is good', async () => {
    const key = ethereumKey();
    const { message, ...rest } = await rig.proofs.challenge(key, 'kill_switch');
    expect(rest).toEqual({
      chain: 'ethereum',
      address: key.address,
      action: 'kill_switch',
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      timestamp: '2026-11-20T09:00:00.000Z',
      expiresAt: '2026-11-20T09:05:00.000Z',
    });
    expect(message).toContain(rest.nonce);
  });
});

describe('nonces', () => {
  const spend = (nonce: string): boolean => rig.store.transact((tx) => rig.nonces.spend(tx, nonce));
  const kept = (): Record<string, unknown>[] => rig.store.db.prepare('SELECT * FROM nonces').all() as Record<string, unknown>[];

  test('differ, are good once, and only until their five minutes are over', () => {
    const [first, second, third] = [rig.nonces.issue(), rig.nonces.issue(), rig.nonces.issue()];
    expect(new Set([first.nonce, second.nonce, third.nonce]).size).toBe(3);
    expect(spend(first.nonce)).toBe(true);
    expect(spend(first.nonce)).toBe(false);
    rig.clock.advance(299_999);
    expect(spend(second.nonce)).toBe(true);
    rig.clock.advance(1);
    expect(spend(third.nonce)).toBe(false);
  });

  test('are stored as hashes only, and not for ever', () => {
    const { nonce } = rig.nonces.issue();
    expect(JSON.stringify(kept())).not.toContain(nonce);
    expect(kept()).toHaveLength(1);
    rig.clock.advance(300_000);
    rig.nonces.issue();
    expect(kept()).toHaveLength(1);
  });

  test('stay good when the change that uses one is undone', () => {
    const { nonce } = rig.nonces.issue();
    expect(() =>
      rig.store.transact((tx) => {
        rig.nonces.spend(tx, nonce);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(spend(nonce)).toBe(true);
  });

  test('that nobody uses make room for newer ones', () => {
    const oldest = rig.nonces.issue().nonce;
    const insert = rig.store.db.prepare('INSERT INTO nonces (hash, expires_at) VALUES (?,?)');
    rig.store.db.transaction(() => {
      for (let n = 0; n < 50_000; n += 1) insert.run(`filler ${n}`, Number.MAX_SAFE_INTEGER);
    })();
    const newest = rig.nonces.issue().nonce;
    expect(kept().length).toBe(50_000);
    expect(spend(oldest)).toBe(false);
    expect(spend(newest)).toBe(true);
  });
});
