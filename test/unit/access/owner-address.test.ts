import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { decodeBase58 } from '../../../main/access/base58.ts';
import { assertOwnerAddress } from '../../../main/access/owner-address.ts';
import { encodeBase58 } from '../../support/base58.ts';
import { ethereumKey, solanaKey } from '../../support/owner-keys.ts';

const refuses = async (chain: 'ethereum' | 'solana', address: string): Promise<string> => {
  const error: unknown = await assertOwnerAddress({ chain, address }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'INPUT_INVALID', details: { field: 'address' } });
  return (error as Error).message;
};

describe('an Ethereum address', () => {
  test.each([
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
    '0x0000000000000000000000000000000000000001',
  ])('%s of EIP-55 is accepted', async (address) => {
    await assertOwnerAddress({ chain: 'ethereum', address });
  });

  test.each([
    ['0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed', 'has lost the capitals'],
    ['0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED', 'has lost the capitals'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee', 'checksum is wrong'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeaEd', 'checksum is wrong'],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe', '40 hexadecimal digits'],
    ['5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '40 hexadecimal digits'],
    ['0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', '40 hexadecimal digits'],
    ['vitalik.eth', '40 hexadecimal digits'],
    ['', '40 hexadecimal digits'],
  ])('%j is refused: %s', async (address, why) => {
    expect(await refuses('ethereum', address)).toContain(why);
  });
});

describe('a Solana address', () => {
  test.each(['vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPTg', '11111111111111111111111111111111'])('%s is accepted', async (address) => {
    await assertOwnerAddress({ chain: 'solana', address });
  });

  test('of any key pair is accepted', async () => {
    for (let n = 0; n < 20; n += 1) await assertOwnerAddress(solanaKey());
  });

  test('with a mistyped letter is found in about half of all cases, at once', async () => {
    let found = 0;
    for (let n = 0; n < 60; n += 1) {
      const key = Buffer.from(generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x!, 'base64url');
      key[n % 31]! ^= 1 + n;
      found += await assertOwnerAddress({ chain: 'solana', address: encodeBase58(key) }).then(
        () => 0,
        () => 1,
      );
    }
    expect(found).toBeGreaterThan(15);
    expect(found).toBeLessThan(45);
  });

  test.each([
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'is not base58'],
    ['vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPT0', 'is not base58'],
    ['vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPT', 'does not stand for 32 bytes'],
    ['vines1vzrYbzLMRdu58ou5XTby4qAqVRLmqo36NKPTg1', 'does not stand for 32 bytes'],
    ['1'.repeat(10_000), 'is not base58'],
    ['', 'does not stand for 32 bytes'],
    ['4Nd1mBQtrMJVYVfKf2PJy9NZUZdTAsp7D4xWLs4gDB4T', 'is no public key'],
  ])('%j is refused: %s', async (address, why) => {
    expect(await refuses('solana', address)).toContain(why);
  });

  test('of the other chain is refused by each', async () => {
    expect(await refuses('solana', ethereumKey().address)).toContain('base58');
    expect(await refuses('ethereum', solanaKey().address)).toContain('hexadecimal');
  });
});

describe('base58', () => {
  test.each([
    ['', ''],
    ['00', '1'],
    ['0000', '11'],
    ['61', '2g'],
    ['626262', 'a3gV'],
    ['516b6fcd0f', 'ABnLTmg'],
    ['00eb15231dfceb60925886b67d065299925915aeb172c06647', '1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L'],
    ['000111d38e5fc9071ffcd20b4a763cc9ae4f252bb4e48fd66a835e252ada93ff480d6dd43dc62a641155a5', '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'],
  ])('%s is %s', (hex, text) => {
    expect(encodeBase58(Buffer.from(hex, 'hex'))).toBe(text);
    expect(Buffer.from(decodeBase58(text)!).toString('hex')).toBe(hex);
  });

  test.each(['0', 'O', 'I', 'l', '+', ' a', 'é'])('%j is not', (text) => {
    expect(decodeBase58(text)).toBeNull();
  });
});
