/** Loaded when first needed: viem is large, and most installations have no owner with an Ethereum account. */
import { getAddress, verifyMessage } from 'viem/utils';

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;

/** Why no account has this address; null when one can. The mixed case is its checksum (EIP-55), so it is required. */
export function ethereumAddressProblem(address: string): 'form' | 'checksum' | 'capitals' | null {
  if (!ADDRESS.test(address)) return 'form';
  if (getAddress(address) === address) return null;
  const mixed = address.slice(2) !== address.slice(2).toLowerCase() && address.slice(2) !== address.slice(2).toUpperCase();
  return mixed ? 'checksum' : 'capitals';
}

/** Whether the account signed the text by `personal_sign` (EIP-191). Only accounts with a key of their own, no contracts. */
export async function isSignedByEthereum(address: string, message: string, signature: string): Promise<boolean> {
  if (!SIGNATURE.test(signature)) return false;
  try {
    return await verifyMessage({ address: address as `0x${string}`, message, signature: signature as `0x${string}` });
  } catch {
    // No key fits a signature with impossible numbers in it.
    return false;
  }
}
