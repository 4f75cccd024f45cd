import { AppError } from '../base/errors.ts';
import { iso, type Clock } from '../base/clock.ts';
import type { Store, Tx } from '../store/store.ts';
import { NONCE_LIFE_MS, type Nonces } from './nonces.ts';
import { assertOwnerAddress, type OwnerAddress } from './owner-address.ts';
import { messageDifference, ownerMessage, type OwnerProofAction } from './owner-message.ts';
import { isSignedBySolana } from './solana.ts';

/** What an owner sends: the signed text, its signature, and outside of it again what the text must say. */
export interface OwnerProof extends OwnerAddress {
  readonly action: string;
  readonly nonce: string;
  /** ISO 8601, as in the text. */
  readonly timestamp: string;
  readonly message: string;
  /** `0x` and hexadecimal digits for Ethereum, base58 for Solana. */
  readonly signature: string;
}

/** A text for an owner to sign; with the signature added it is an {@link OwnerProof}. */
export interface OwnerChallenge extends Omit<OwnerProof, 'signature'> {
  readonly action: OwnerProofAction;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** A signature that is right; what it allows happens in the transaction that spends it. */
export interface CheckedProof extends OwnerAddress {
  /** Uses the nonce up and notes that the owner can sign. Throws INVALID_NONCE, OWNER_MISMATCH; the transaction is then undone. */
  spend(tx: Tx): void;
}

export interface OwnerProofsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly nonces: Nonces;
  /** Where this Wheelhouse listens; throws NOT_RUNNING when it does not. */
  readonly origin: () => string;
}

const AGAIN = 'Ask for a new text to sign and sign that.';

/** Checks that an owner consents to one action, once, here and now (waiaas.md §5.2). */
export class OwnerProofs {
  readonly #parts: OwnerProofsParts;

  constructor(parts: OwnerProofsParts) {
    this.#parts = parts;
  }

  /** A text to sign, with a new nonce. Throws INPUT_INVALID for an address that nobody can have. */
  async challenge({ chain, address }: OwnerAddress, action: OwnerProofAction): Promise<OwnerChallenge> {
    await assertOwnerAddress({ chain, address });
    const { nonce } = this.#parts.nonces.issue();
    const issuedAt = this.#parts.clock.now();
    const message = ownerMessage({ chain, address, action, origin: this.#parts.origin(), nonce, issuedAt });
    return { chain, address, action, nonce, timestamp: iso(issuedAt), message, expiresAt: iso(issuedAt + NONCE_LIFE_MS) };
  }

  /**
   * Compares every field of the signed text with the request, then the signature with the address. Throws
   * INVALID_SIGNATURE naming what is wrong.
   */
  async check(proof: OwnerProof, action: OwnerProofAction): Promise<CheckedProof> {
    const { chain, address, nonce } = proof;
    if (proof.action !== action) {
      throw invalid('action', `The signature is for '${proof.action.slice(0, 40)}', this needs '${action}'. ${AGAIN}`);
    }
    const issuedAt = this.#issuedAt(proof.timestamp);
    const expected = ownerMessage({ chain, address, action, origin: this.#parts.origin(), nonce, issuedAt });
    const difference = messageDifference(expected, proof.message);
    if (difference !== null) throw invalid(difference, `The signed text is not the one for this request: the ${difference} differs. ${AGAIN}`);
    if (!(await isSignedBy(proof))) throw invalid('signature', `The signature does not fit the text and the address ${address}. Sign with that account, and exactly this text.`);
    return { chain, address, spend: (tx) => this.#spend(tx, { chain, address }, nonce) };
  }

  #issuedAt(timestamp: string): number {
    const issuedAt = Date.parse(timestamp);
    if (Number.isNaN(issuedAt) || iso(issuedAt) !== timestamp) {
      throw invalid('timestamp', 'The timestamp is not of the form 2026-11-20T09:00:00.000Z.');
    }
    if (Math.abs(this.#parts.clock.now() - issuedAt) >= NONCE_LIFE_MS) {
      throw invalid('timestamp', `The text was issued at ${timestamp}; it is good for five minutes. ${AGAIN}`);
    }
    return issuedAt;
  }

  #spend(tx: Tx, { chain, address }: OwnerAddress, nonce: string): void {
    const { db } = this.#parts.store;
    if (!this.#parts.nonces.spend(tx, nonce)) throw new AppError('INVALID_NONCE', `This text was used already, is older than five minutes, or does not come from here. ${AGAIN}`);
    const owned = db.prepare('SELECT id, name, role, owner_verified AS verified FROM agents WHERE owner_chain = ? AND owner_address = ?').all(chain, address) as {
      readonly id: string;
      readonly name: string;
      readonly role: string;
      readonly verified: 0 | 1;
    }[];
    if (owned.length === 0) throw new AppError('OWNER_MISMATCH', `No agent belongs to ${address}.`, { chain, address });
    for (const { id, name, role } of owned.filter(({ verified }) => verified === 0)) {
      db.prepare('UPDATE agents SET owner_verified = 1 WHERE id = ?').run(id);
      tx.event({
        kind: 'agent',
        action: 'owner_verified',
        role,
        subject: `agent:${id}`,
        text: `The owner of ${name} has signed; from now on that takes their consent to change`,
        data: { notice: 'OWNER_VERIFIED', name, chain, address },
      });
    }
  }
}

async function isSignedBy({ chain, address, message, signature }: OwnerProof): Promise<boolean> {
  if (chain === 'solana') return isSignedBySolana(address, message, signature);
  const { isSignedByEthereum } = await import('./ethereum.ts');
  return isSignedByEthereum(address, message, signature);
}

function invalid(field: string, message: string): AppError {
  return new AppError('INVALID_SIGNATURE', message, { field });
}
