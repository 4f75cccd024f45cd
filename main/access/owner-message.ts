import { iso } from '../base/clock.ts';
import { NONCE_LIFE_MS } from './nonces.ts';
import type { OwnerAddress, OwnerChain } from './owner-address.ts';

export const OWNER_PROOF_ACTIONS = ['verify_owner', 'change_owner', 'kill_switch', 'recover', 'cancel_recovery'] as const;
/** What an owner can consent to; a signature for one is worth nothing for another. */
export type OwnerProofAction = (typeof OWNER_PROOF_ACTIONS)[number];

/** Everything that stands in the text an owner signs. */
export interface OwnerMessageFields extends OwnerAddress {
  readonly action: OwnerProofAction;
  /** Where this Wheelhouse listens, as `http://127.0.0.1:3100`. */
  readonly origin: string;
  readonly nonce: string;
  /** When it was issued, in ms; it expires five minutes later. */
  readonly issuedAt: number;
}

const CHAINS: Readonly<Record<OwnerChain, { readonly account: string; readonly id: string }>> = {
  ethereum: { account: 'Ethereum', id: '1' },
  solana: { account: 'Solana', id: 'mainnet' },
};

/** The text to sign: EIP-4361 for Ethereum, the sign-in text of Solana wallets in the same form. */
export function ownerMessage({ chain, address, action, origin, nonce, issuedAt }: OwnerMessageFields): string {
  const { account, id } = CHAINS[chain];
  return [
    `${new URL(origin).host} wants you to sign in with your ${account} account:`,
    address,
    '',
    `Wheelhouse owner action: ${action}`,
    '',
    `URI: ${origin}`,
    'Version: 1',
    `Chain ID: ${id}`,
    `Nonce: ${nonce}`,
    `Issued At: ${iso(issuedAt)}`,
    `Expiration Time: ${iso(issuedAt + NONCE_LIFE_MS)}`,
  ].join('\n');
}

const LINES = ['domain', 'address', 'blank line', 'action', 'blank line', 'URI', 'version', 'chain ID', 'nonce', 'time of issue', 'expiry'] as const;

/** What of a text differs from the one that was to be signed; null when nothing does. */
export function messageDifference(expected: string, given: string): string | null {
  if (given === expected) return null;
  const [wanted, found] = [expected.split('\n'), given.split('\n')];
  const at = wanted.findIndex((line, index) => line !== found[index]);
  return at === -1 ? 'what follows the expiry' : LINES[at]!;
}
