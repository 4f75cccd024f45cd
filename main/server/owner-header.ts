import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { OWNER_CHAINS } from '../access/owner-address.ts';
import type { OwnerProof } from '../access/owner-proof.ts';
import { bearerToken } from './bearer.ts';

/** How base64url of a JSON object begins; a session token has a prefix of its own and the local key is hexadecimal. */
const PROOF = /^eyJ[A-Za-z0-9_-]+$/;

const short = z.string().max(200);
/** The form of a proof; what it says is checked by `OwnerProofs`. */
export const OWNER_PROOF = z.strictObject({
  chain: z.enum(OWNER_CHAINS),
  address: short,
  action: short,
  nonce: short,
  timestamp: short,
  message: z.string().max(2000),
  signature: short,
});

/** Whether an `Authorization` header carries the proof of an owner. */
export function carriesOwnerProof(header: string | null): boolean {
  const [scheme = '', token = ''] = (header ?? '').trim().split(/\s+/);
  return scheme.toLowerCase() === 'bearer' && PROOF.test(token);
}

/**
 * The proof in `Authorization: Bearer base64url(JSON)` (waiaas.md §5.2); null without the header. Throws
 * INVALID_SIGNATURE naming what is wrong with its form.
 */
export function ownerProofIn(header: string | null): OwnerProof | null {
  if (header === null) return null;
  const token = bearerToken(header);
  let parsed: unknown;
  try {
    parsed = PROOF.test(token) ? JSON.parse(Buffer.from(token, 'base64url').toString('utf-8')) : null;
  } catch {
    parsed = null;
  }
  const proof = OWNER_PROOF.safeParse(parsed);
  if (proof.success) return proof.data;
  const field = proof.error.issues[0]?.path.join('.') ?? '';
  throw new AppError(
    'INVALID_SIGNATURE',
    `The Authorization header is not the proof of an owner${field === '' ? '' : ` ('${field}' is wrong or missing)`}. It is Bearer and base64url of JSON with chain, address, action, nonce, timestamp, message and signature.`,
    { field },
  );
}
