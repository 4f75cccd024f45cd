import { AppError } from '../base/errors.ts';
import { solanaAddressProblem } from './solana.ts';

export const OWNER_CHAINS = ['ethereum', 'solana'] as const;
export type OwnerChain = (typeof OWNER_CHAINS)[number];

/** Whom an agent belongs to: an account that can sign. */
export interface OwnerAddress {
  readonly chain: OwnerChain;
  readonly address: string;
}

const PROBLEMS = {
  form: 'it is not 0x and 40 hexadecimal digits',
  checksum: 'its checksum is wrong (a letter was mistyped)',
  capitals: 'it has lost the capitals that are its checksum (EIP-55); copy it from the wallet again',
  letters: 'it is not base58 (no 0, O, I or l)',
  length: 'it does not stand for 32 bytes',
  key: 'it is no public key (a mistyped letter, or the address of a program, which cannot sign)',
} as const;

/** Throws INPUT_INVALID for an address that nobody can have, because it would block every later recovery. */
export async function assertOwnerAddress({ chain, address }: OwnerAddress): Promise<void> {
  const problem = chain === 'solana' ? solanaAddressProblem(address) : (await import('./ethereum.ts')).ethereumAddressProblem(address);
  if (problem === null) return;
  const name = chain === 'solana' ? 'Solana' : 'Ethereum';
  throw new AppError('INPUT_INVALID', `This cannot be a ${name} address: ${PROBLEMS[problem]}.`, { field: 'address', chain, problem });
}
