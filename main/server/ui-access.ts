import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';

const LINK_LIFE_MS = 10 * 60_000;
/** Enough for a person; more are somebody's loop, and the oldest make room. */
const MAX_LINKS = 20;
const MAX_WINDOWS = 50;

/** Lets browser windows in: a link works once and for ten minutes, then a cookie stands for the window (DESIGN §13). */
export class UiAccess {
  readonly #clock: Clock;
  /** Hash of the key in a link to the monotonic time at which it ends. */
  readonly #links = new Map<string, number>();
  readonly #windows = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new key for a link. */
  newLinkKey(): string {
    const key = secret();
    makeRoom(this.#links, MAX_LINKS);
    this.#links.set(hash(key), this.#clock.monotonic() + LINK_LIFE_MS);
    return key;
  }

  /** Uses a link up and returns the secret for the window's cookie; null when the link was used, too old or never made. */
  open(linkKey: string): string | null {
    const id = hash(linkKey);
    const endsAt = this.#links.get(id);
    if (endsAt === undefined) return null;
    this.#links.delete(id);
    if (this.#clock.monotonic() >= endsAt) return null;
    const cookie = secret();
    makeRoom(this.#windows, MAX_WINDOWS);
    this.#windows.add(hash(cookie));
    return cookie;
  }

  /** A short name for the window that holds this cookie; null when it was not let in by this run of the core. */
  windowOf(cookie: string): string | null {
    const id = hash(cookie);
    return this.#windows.has(id) ? id.slice(0, 12) : null;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** Looking a hash up tells nothing about the secret by its timing. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function makeRoom(kept: Map<string, number> | Set<string>, max: number): void {
  for (const oldest of kept.keys()) {
    if (kept.size < max) return;
    kept.delete(oldest);
  }
}
