import { randomUUID } from 'node:crypto';

/** A UUIDv7 (RFC 9562 §5.7): sorts by the millisecond it was made in. `nowMs` is wall time. */
export function uuidv7(nowMs: number): string {
  // A version 4 id has its random bits in the same places, and Node keeps them ready in bulk.
  const random = randomUUID();
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
