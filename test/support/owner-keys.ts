import { generateKeyPairSync, sign } from 'node:crypto';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { OwnerAddress } from '../../main/access/owner-address.ts';
import type { OwnerChallenge, OwnerProof } from '../../main/access/owner-proof.ts';
import { encodeBase58 } from './base58.ts';

/** Somebody with a key: signs texts as a wallet does. */
export interface OwnerKey extends OwnerAddress {
  sign(text: string): Promise<string>;
  /** The challenge with the signature of its text. */
  prove<C extends OwnerChallenge>(challenge: C): Promise<Omit<C, 'expiresAt'> & Pick<OwnerProof, 'signature'>>;
}

/** A new Ethereum account; viem signs. */
export function ethereumKey(): OwnerKey {
  const account = privateKeyToAccount(generatePrivateKey());
  return withProve({ chain: 'ethereum', address: account.address, sign: async (text) => account.signMessage({ message: text }) });
}

/** A new Solana account; node:crypto signs. */
export function solanaKey(): OwnerKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const address = encodeBase58(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'));
  return withProve({ chain: 'solana', address, sign: async (text) => encodeBase58(sign(null, Buffer.from(text), privateKey)) });
}

function withProve(key: Omit<OwnerKey, 'prove'>): OwnerKey {
  return {
    ...key,
    async prove({ expiresAt: _unsent, ...challenge }) {
      return { ...challenge, signature: await key.sign(challenge.message) };
    },
  };
}
