import { createHash, timingSafeEqual } from 'node:crypto';

/** A secret that is only ever compared: the shared key of seed 001 and the key of the local command line. */
export class SecretKey {
  readonly #digest: Buffer;

  constructor(key: string) {
    this.#digest = digest(key);
  }

  /** Takes the same time whatever the candidate is, and however long. */
  matches(candidate: string): boolean {
    return timingSafeEqual(this.#digest, digest(candidate));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
