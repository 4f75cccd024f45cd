import { AppError } from '../base/errors.ts';
import { solanaAddressProblem } from './solana.ts';

export const OWNER_CHAINS = ['ethereum', 'solana'] as const;
export type OwnerChain = (typeof OWNER_CHAINS)[number];

/** Whom an agent belongs to: an account that can sign. */
export interface OwnerAddress {
  readonly chain: OwnerChain;
  readonly address: string;
}

/** Throws INPUT_INVALID for an address that nobody can have, because it would block every later recovery. */
export async function assertOwnerAddress({ chain, address }: OwnerAddress): Promise<void> {
  const problem = chain === 'solana' ? solanaAddressProblem(address) : (await import('./ethereum.ts')).ethereumAddressProblem(address);
  if (problem === null) return;
  const name = chain === 'solana' ? 'Solana' : 'Ethereum';
  throw new AppError('INPUT_INVALID', `This cannot be a ${name} address: ${problem}.`, { field: 'address', chain });
}
