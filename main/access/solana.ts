import { createPublicKey, verify } from 'node:crypto';
import { decodeBase58 } from './base58.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** No longer text can stand for so many bytes; decoding takes time that grows with the square of the length. */
const MAX_TEXT = 90;

/** Why no key pair can have this address; null when one can. Says nothing about whether somebody has it. */
export function solanaAddressProblem(address: string): 'letters' | 'length' | 'key' | null {
  const bytes = decoded(address);
  if (bytes === null) return 'letters';
  if (bytes.length !== KEY_BYTES) return 'length';
  return isOnCurve(bytes) ? null : 'key';
}

/** Whether the ed25519 key behind the address signed exactly these bytes; `signature` is base58. */
export function isSignedBySolana(address: string, message: string, signature: string): boolean {
  const [key, bytes] = [decoded(address), decoded(signature)];
  if (key?.length !== KEY_BYTES || bytes?.length !== SIGNATURE_BYTES) return false;
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') } });
  return verify(null, Buffer.from(message, 'utf-8'), publicKey, bytes);
}

function decoded(text: string): Uint8Array | null {
  return text.length > MAX_TEXT ? null : decodeBase58(text);
}

/** Curve25519's prime and the d of edwards25519 (RFC 8032 §5.1). */
const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** Half of all 32 byte strings are no point of the curve, so this finds every second typing error. */
function isOnCurve(key: Uint8Array): boolean {
  const littleEndian = Buffer.from(key).reverse();
  littleEndian[0]! &= 0x7f;
  const y = BigInt(`0x${littleEndian.toString('hex')}`);
  if (y >= P) return false;
  const square = y * y;
  const u = (square - 1n + P) % P;
  const v = (D * square + 1n) % P;
  // x² = u/v has a root exactly when u·v has one: u·v = (u/v)·v².
  const legendre = power((u * v) % P, (P - 1n) / 2n);
  return legendre === 0n || legendre === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [base, exponent]; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}
